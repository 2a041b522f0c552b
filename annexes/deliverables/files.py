"""The files of the deliverables list: the list itself, the signing run sheet, Annex A and Annex B."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override, pgettext

from annexes.deliverables import tables
from annexes.deliverables.reading import DeliverablesList
from documents.answers import attachment, document_response
from documents.blocks import Document, Heading, Table, Text, lines_of
from listing.excel import WRAPPED, Sheet, workbook
from listing.exports import about_sheet, file_name

LANGUAGES = ("en", "zh-hans")
FORMATS = ("docx", "pdf", "xlsx")


@dataclass(frozen=True)
class File:
    """A file that the page offers; `shared` ones leave out the drafts of one side."""

    title: str
    blocks: Callable[[DeliverablesList], list]
    sheet: Callable[[DeliverablesList], Table]
    shared: bool = True
    landscape: bool = True


def _filled(table: Table) -> list:
    return [table] if table.rows else [Text(pgettext("of a list", "Nothing yet."))]


def _labels(file: "File", found: DeliverablesList) -> list[str]:
    """Return what a file says above its title: that it goes to one side only, that numbers may change."""
    kept = _("With drafts of one side: not for the other side")
    draft = _("Draft: the numbers are not given yet")
    is_draft_annex = file in (FILES["annex-a"], FILES["annex-b"]) and not found.is_numbered
    return [kept] * found.has_kept + [draft] * is_draft_annex


def _list_blocks(found: DeliverablesList) -> list:
    return [
        Heading(_("MOUs")),
        *_filled(tables.mou_table(found)),
        Heading(_("Projects")),
        *_filled(tables.project_table(found)),
    ]


def _one(table: Callable[[DeliverablesList], Table]) -> Callable:
    return lambda found: _filled(table(found))


FILES = {
    "list": File(gettext_lazy("Deliverables list"), _list_blocks, tables.sheet, shared=False),
    "list-for-both": File(gettext_lazy("Deliverables list"), _list_blocks, tables.sheet),
    "run-sheet": File(gettext_lazy("Signing run sheet"), _one(tables.run_sheet), tables.run_sheet),
    "annex-a": File(
        gettext_lazy("Annex A: list of MOUs"), _one(tables.annex_a), tables.annex_a, landscape=False
    ),
    "annex-b": File(
        gettext_lazy("Annex B: list of projects"), _one(tables.annex_b), tables.annex_b, landscape=False
    ),
}


def file_of(meeting, user, key: str, language: str, form: str) -> HttpResponse:
    """Return one of FILES as `user` may read it. Raises Http404 for a file, language or format there is not."""
    if key not in FILES or language not in LANGUAGES or form not in FORMATS:
        raise Http404
    file = FILES[key]
    found = DeliverablesList.read(meeting, user, shared=file.shared)
    name = f"{meeting.code}-{key}-{language[:2]}"
    with override(language):
        if form == "xlsx":
            return _workbook(file, found, name)
        return document_response(_document(file, found, language), form, name)


def _document(file: File, found: DeliverablesList, language: str) -> Document:
    return Document(
        str(file.title),
        language,
        [*file.blocks(found), Text(_("An empty cell: not on record here."), quiet=True)],
        subtitle=found.meeting.title,
        label="".join(_labels(file, found)),
        landscape=file.landscape,
    )


def _workbook(file: File, found: DeliverablesList, name: str) -> HttpResponse:
    table = file.sheet(found)
    rows = [[_cell(cell) for cell in row] for row in table.rows]
    notes = [(_("Note"), label) for label in _labels(file, found)]
    about = about_sheet(f"{file.title}: {found.meeting.title}", *notes)
    content = workbook(Sheet(list(map(str, table.headings)), rows, look=WRAPPED), about)
    return attachment(content, "xlsx", file_name(name))


def _cell(cell) -> int | str:
    """Return what a cell of a document says as a cell of a sheet: a number as such, lines under each other."""
    return cell if isinstance(cell, int) else "\n".join(lines_of(cell))
