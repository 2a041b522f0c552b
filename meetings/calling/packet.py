"""Which papers go into the packet of a meeting, in which language, and what of each can be set as pages."""

import tempfile
from dataclasses import dataclass
from typing import BinaryIO

from django.utils.translation import gettext as _
from pypdf import PdfReader, PdfWriter

from meetings.calling.agenda import AgendaLine, agenda_lines
from meetings.models import Meeting, Paper
from publishing.bilingual import LocalText

PDF = "application/pdf"
# What the files of one packet may come to; more than that is taken one by one.
MOST_BYTES = 200 * 1024 * 1024
# What is kept in memory before it goes to a temporary file.
IN_MEMORY = 16 * 1024 * 1024


@dataclass
class PacketPaper:
    """A paper in its place in the packet. `pdf` holds its pages; where there are none, `reason` says why."""

    number: int
    line: AgendaLine
    paper: Paper
    notes: list[str]
    pdf: BinaryIO | None = None
    pages: int = 0
    reason: str = ""
    content: bytes | None = None
    page: int = 0

    @property
    def title(self) -> LocalText:
        """Return the title, marked with the language of the paper."""
        title = LocalText(self.paper.title)
        title.lang = self.paper.lang
        return title

    @property
    def item(self) -> str:
        """Return the agenda item in words."""
        if self.line.item is None:
            return ""
        told = {"number": self.line.number, "title": self.line.item.title}
        return _("Agenda item %(number)s: %(title)s") % told if self.line.number else str(self.line.item.title)


def in_language(papers: list[Paper], language: str) -> list[Paper]:
    """Return the latest version of each title in a language, or of the other where there is only that."""
    titles: dict = {}
    for paper in papers:
        titles.setdefault((paper.title, paper.owner_side), []).append(paper)
    both = Paper.Language.BOTH
    found = []
    for versions in titles.values():
        fitting = [paper for paper in versions if paper.language in (language, both)] or versions
        found.append(max(fitting, key=lambda paper: (paper.version, paper.language == language, -paper.pk)))
    return found


def notes_on(paper: Paper, papers: list[Paper], language: str) -> list[str]:
    """Return in words where the paper is not what a reader of the language would expect."""
    found = []
    if paper.language not in (language, Paper.Language.BOTH):
        found.append(_("not on record in the language of this packet"))
    same = [one for one in papers if (one.title, one.owner_side) == (paper.title, paper.owner_side)]
    newest = max(same, key=lambda one: one.version)
    if newest.version > paper.version:
        told = {"version": newest.version, "language": newest.get_language_display()}
        found.append(_("version %(version)s is on record in %(language)s") % told)
    return found


def packet_papers(meeting: Meeting, user, language: str, own: bool) -> list[PacketPaper]:
    """Return the papers of a packet in the order of the agenda, none of them read yet."""
    found = []
    for line in agenda_lines(meeting, user, own):
        for paper in in_language(line.papers, language):
            notes = notes_on(paper, line.papers, language)
            found.append(PacketPaper(len(found) + 1, line, paper, notes))
    return found


def total_size(papers: list[PacketPaper]) -> int:
    return sum(one.paper.size or 0 for one in papers)


def read(one: PacketPaper) -> None:
    """Read a paper: its pages if it is a PDF that can be read, else its bytes and why it is only attached."""
    file = one.paper.file
    if not (file and file.storage.exists(file.name)):
        one.reason = _("This file is not where it was stored. Tell whoever runs this site.")
        return
    with file.open("rb") as stored:
        if one.paper.content_type == PDF:
            one.pdf, one.reason = _pages(stored)
        else:
            one.reason = _("This kind of file is not set as pages.")
        if one.pdf:
            one.pages = len(PdfReader(one.pdf).pages)
        else:
            stored.seek(0)
            one.content = stored.read()


def _pages(stored: BinaryIO) -> tuple[BinaryIO | None, str]:
    """Return the pages of a PDF as a file of its own, or None and why not."""
    copy = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  read after this
    # A broken PDF may fail anywhere in the library, with any exception: written once, it is known to be sound.
    try:
        reader = PdfReader(stored)
        if reader.is_encrypted:
            return None, _("This PDF is protected by a password.")
        writer = PdfWriter()
        writer.append(reader, import_outline=False)
        if not writer.pages:
            raise ValueError
        writer.write(copy)
    except Exception:
        return None, _("This file cannot be read as a PDF.")
    copy.seek(0)
    return copy, ""
