"""The packet of a meeting as one PDF: cover, contents, agenda, delegation lists, then paper after paper."""

import io
import tempfile
from itertools import pairwise
from typing import BinaryIO

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject

from documents.blocks import Document, Fields, Heading, NewPage, Table, Text
from documents.pdf import to_pdf
from meetings.calling.agenda import agenda_blocks, agenda_label, finality
from meetings.calling.delegations import delegation_blocks, delegations, label_of
from meetings.calling.handouts import label_for, when_and_where
from meetings.calling.packet import IN_MEMORY, PacketPaper
from meetings.models import Meeting

# The parts before the papers: contents, agenda, delegation lists.
PARTS = 3
# The contents name pages, and their length may move them: so often they are set again.
MOST_TRIES = 4


class Packet:
    """One packet being made; call it while its language is active, with papers that were read."""

    def __init__(self, meeting: Meeting, user, language: str, own: bool, papers: list[PacketPaper]):
        self.meeting, self.user, self.language, self.own = meeting, user, language, own
        self.papers = papers
        self.slips = [one for one in papers if one.pdf is None]
        self.names = attachment_names(self.slips)
        lists = delegation_blocks(delegations(meeting), level=2)
        self.parts = [agenda_blocks(meeting, user, own, level=2), lists]
        # Where the parts begin, and how many pages the papers make it; settled by setting the pages.
        self.starts, self.total = [1] * PARTS, 1

    def write(self) -> BinaryIO:
        """Return the packet as an open file, to be read from its beginning."""
        own_pages = self._settled()
        writer = PdfWriter(clone_from=io.BytesIO(own_pages))
        # What the pages of ours say of themselves does not hold of the papers; the bookmarks are made anew.
        for name in ("/Metadata", "/Outlines"):
            writer.root_object.pop(NameObject(name), None)
        for one in self.papers:
            if one.pdf:
                writer.merge(position=one.page - 1, fileobj=PdfReader(one.pdf), import_outline=False)
        for title, page in self._bookmarks():
            writer.add_outline_item(title=title, page_number=page - 1)
        for one in self.slips:
            if one.content is not None:
                writer.add_attachment(filename=self.names[one.number], data=one.content)
        file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  the answer closes it
        writer.write(file)
        file.seek(0)
        return file

    def _settled(self) -> bytes:
        """Return our own pages, set until their numbers say where they stand."""
        for _try in range(MOST_TRIES):
            before = (self.starts, self.total, [one.page for one in self.papers])
            pages = to_pdf(self._document())
            self._number(PdfReader(io.BytesIO(pages)))
            if before == (self.starts, self.total, [one.page for one in self.papers]):
                break
        return pages

    def _number(self, reader: PdfReader) -> None:
        """Number the parts and the papers, by where the headings of our own pages stand."""
        tops = [one for one in reader.outline if not isinstance(one, list)]
        begins = [reader.get_destination_page_number(one) for one in tops] + [len(reader.pages)]
        lengths = [after - begin for begin, after in pairwise(begins)]
        self.starts = [begin + 1 for begin in begins[:PARTS]]
        for one, length in zip(self.slips, lengths[PARTS:], strict=True):
            one.pages = length
        page = begins[PARTS] + 1
        for one in self.papers:
            one.page, page = page, page + one.pages
        self.total = page - 1

    def _document(self) -> Document:
        cover = [Fields(when_and_where(self.meeting)), Text(finality(self.meeting), quiet=True)]
        agenda, lists = self.parts
        return Document(
            title=self.meeting.title,
            language=self.language,
            label=label_for(_("Meeting papers"), self.user, self.own),
            pages=self.total,
            blocks=[
                *cover,
                *[NewPage(), Heading(pgettext("of a packet", "Contents")), self._contents()],
                *[NewPage(), Heading(agenda_label(self.meeting)), *agenda],
                *[NewPage(), Heading(label_of("both")), *lists],
                *[block for one in self.slips for block in self._slip(one)],
            ],
        )

    def _contents(self) -> Table:
        headings = [
            pgettext("of a paper", "No."),
            _("Title"),
            _("Version"),
            _("Language"),
            pgettext("of a packet", "Page"),
        ]
        names = [agenda_label(self.meeting), label_of("both")]
        parts = [["", name, "", "", page] for name, page in zip(names, self.starts[1:], strict=True)]
        papers = [
            [
                one.number,
                [one.title, one.item],
                one.paper.version,
                [one.paper.get_language_display(), *one.notes],
                [one.page, pgettext("paper", "attached") if one.content is not None else ""],
            ]
            for one in self.papers
        ]
        if self.papers:
            return Table(headings, [*parts, *papers], [1, 8, 2, 4, 2])
        nothing = ["", _("No paper is on record for this packet."), "", "", ""]
        return Table(headings, [*parts, nothing], [1, 8, 2, 4, 2])

    def _slip(self, one: PacketPaper) -> list:
        """Return the page that stands for a paper whose own pages cannot."""
        attached = _("It is attached to this PDF as “%(name)s”.") % {"name": self.names[one.number]}
        return [
            NewPage(one.page),
            Heading(f"{one.number}. {one.paper.title}"),
            Fields(
                [
                    (_("Agenda item"), one.line.item.title if one.line.item else ""),
                    (_("Version"), str(one.paper.version)),
                    (_("Language"), [one.paper.get_language_display(), *one.notes]),
                    (_("File name"), one.paper.file_name),
                    (pgettext("of a file", "Size"), filesizeformat(one.paper.size) if one.paper.size else ""),
                ]
            ),
            Text(one.reason),
            Text(attached if one.content is not None else ""),
        ]

    def _bookmarks(self) -> list[tuple[str, int]]:
        names = [pgettext("of a packet", "Contents"), agenda_label(self.meeting), label_of("both")]
        papers = [(f"{one.number}. {one.paper.title}", one.page) for one in self.papers]
        return [*zip(names, self.starts, strict=True), *papers]


def attachment_names(papers: list[PacketPaper]) -> dict[int, str]:
    """Return the name under which each paper is attached, by its number; no two are the same."""
    names, taken = {}, set()
    for one in papers:
        name = one.paper.file_name or str(one.number)
        name = f"{one.number}-{name}" if name in taken else name
        taken.add(name)
        names[one.number] = name
    return names
