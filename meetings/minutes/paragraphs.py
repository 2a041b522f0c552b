"""The paragraphs of an uploaded Word or PDF file, as plain texts; a fault is told in words."""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

import docx
import pypdf
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from docx.table import Table
from pypdf.errors import PyPdfError

from listing.folding import has_chinese
from publishing.filetypes import DAMAGED, DOCX, PDF

# What is read of one file; the rest is left out, and the page says so.
PARAGRAPHS, CHARACTERS, PAGES = 400, 4_000, 200
UNPACKED = 40 * 1024 * 1024  # bytes that the parts of a Word file may unpack to
# A line that begins a paragraph of its own: a number, a bullet, a code.
BEGINS = re.compile(
    r"\s*(\d{1,2}[.)、．]|[一二三四五六七八九十]{1,3}、|[（(]\w{1,3}[)）]|[•●▪–-]\s|[A-Z]{2,5}\d+-[DA]\d+)"
)
ENDS = re.compile(r"[.。!！?？:：;；]\s*$")


@dataclass(frozen=True)
class Reading:
    """What was read of a file; `is_cut` says that there is more in it."""

    paragraphs: list[str]
    is_cut: bool


def read_paragraphs(file, content_type: str) -> Reading:
    """Return the paragraphs of an opened file. Raises ValidationError in words where there is no text."""
    readers = {DOCX: _word, PDF: _pdf}
    if content_type not in readers:
        raise ValidationError(
            _("Only Word (DOCX) and PDF files are read. Save it as one of these and upload that.")
        )
    found, is_cut = [], False
    try:
        for text in readers[content_type](file):
            text = _tidy(text)
            if text and len(found) == PARAGRAPHS:
                is_cut = True
                break
            is_cut = is_cut or len(text) > CHARACTERS
            found += [text[:CHARACTERS]] if text else []
    except (*DAMAGED, PyPdfError, RecursionError, TypeError, AttributeError) as damaged:
        raise ValidationError(
            _("This file cannot be read. Open it, save it anew without a password, and upload that.")
        ) from damaged
    if not found:
        raise ValidationError(
            _(
                "No text is found in this file: it may be a scan. Upload the file that it was printed from, "
                "or enter the record by hand."
            )
        )
    return Reading(found, is_cut)


def _tidy(text: str) -> str:
    """Return a text without control characters, its spaces as one."""
    return re.sub(r"[\x00-\x1f\x7f\s]+", " ", text).strip()


def _word(file) -> Iterator[str]:
    """Yield the paragraphs of a Word file, and the lines of its tables, cell by cell."""
    with zipfile.ZipFile(file) as archive:
        if sum(part.file_size for part in archive.infolist()) > UNPACKED:
            raise ValidationError(_("This file unpacks to too much. Save a smaller one."))
    file.seek(0)
    yield from _blocks(docx.Document(file))


def _blocks(holder) -> Iterator[str]:
    for block in holder.iter_inner_content():
        if isinstance(block, Table):
            yield from _cells(block)
        else:
            yield block.text


def _cells(table: Table) -> Iterator[str]:
    told = set()
    for row in table.rows:
        for cell in row.cells:
            if cell._tc not in told:  # a merged cell stands in every place that it covers
                told.add(cell._tc)
                yield from _blocks(cell)


def _pdf(file) -> Iterator[str]:
    """Yield the paragraphs of a PDF: its lines, joined where a sentence goes on."""
    reader = pypdf.PdfReader(file)
    if reader.is_encrypted and not reader.decrypt(""):
        raise ValueError("encrypted")
    held: list[str] = []
    for number, page in enumerate(reader.pages):
        if number == PAGES:
            break
        for line in (page.extract_text() or "").splitlines():
            if held and (not line.strip() or BEGINS.match(line) or ENDS.search(held[-1])):
                yield _joined(held)
                held = []
            if line.strip():
                held.append(line.strip())
    if held:
        yield _joined(held)


def _joined(lines: list[str]) -> str:
    """Return lines as one text; Chinese puts no space where a line ended."""
    text = ""
    for line in lines:
        between = "" if not text or (has_chinese(text[-1]) and has_chinese(line[0])) else " "
        text += between + line
    return text
