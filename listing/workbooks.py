"""Reading an uploaded Excel workbook: the first sheet as a CSV file would hold it, or why that cannot be."""

import io
import re
import zipfile

import openpyxl
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from openpyxl.utils import get_column_letter

from listing.cells import cell_text
from listing.excel import CELL_LIMIT, units
from listing.sheets import Sheet, SheetError

# A sheet with so many empty rows one after the other has ended, whatever lies below.
MOST_EMPTY_ROWS = 200
MOST_COLUMNS = 200
# What a workbook may hold once unpacked (zipfile holds each part to the size that it declares), and how
# many times its packed size that may be where it is not small.
MOST_UNPACKED = 100 * 1024 * 1024  # bytes
SMALL = 10 * 1024 * 1024  # bytes
MOST_TIMES = 200
# Excel before 2007, and any workbook behind a password, is a file of this kind instead of a ZIP archive.
OLE_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP_SIGNATURE = b"PK\x03\x04"
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=[\"']([A-Z0-9:]{2,25})[\"']")
BLOCK = 1024 * 1024
# The sheets of our own files that explain them.
EXPLAINED, ABOUT = "columns", "about"


def refuse_unreadable(data: bytes) -> None:
    """Raise SheetError where a file is no Excel workbook, is locked, or unpacks to more than it may."""
    if data.startswith(OLE_SIGNATURE):
        raise SheetError(
            _("This Excel file is of the old kind (.xls) or has a password. Save it as .xlsx without one.")
        )
    try:
        parts = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError, OSError):
        raise SheetError(_("This is not an Excel file. Save it as .xlsx, or as “CSV UTF-8”.")) from None
    if any(part.flag_bits & 0x1 for part in parts):
        raise SheetError(_("The file has a password. Save it without one."))
    unpacked = sum(part.file_size for part in parts)
    if unpacked > MOST_UNPACKED or (unpacked > SMALL and unpacked > MOST_TIMES * len(data)):
        raise SheetError(
            _("Unpacked, the file is far larger than a sheet of ours. Copy the rows into our template.")
        )


def _refuse_cell(cell, text: str) -> None:
    """Raise SheetError where a cell holds what would be lost or changed if it were read as text."""
    if cell.data_type == "f":
        raise SheetError(
            _("Cell %(cell)s holds a formula. Replace formulas by their values (Paste special, Values).")
            % {"cell": cell.coordinate}
        )
    if cell.data_type == "e":
        raise SheetError(
            _("Cell %(cell)s holds the error %(error)s. Correct it, or empty the cell.")
            % {"cell": cell.coordinate, "error": text}
        )
    if len(text) >= CELL_LIMIT // 2 and units(text) >= CELL_LIMIT:
        raise SheetError(
            _("The text in cell %(cell)s is as long as Excel can hold; its end may be lost. Use a CSV file.")
            % {"cell": cell.coordinate}
        )


def _texts(cells) -> list[str]:
    row = []
    for cell in cells:
        text = cell_text(cell.value)
        if text:
            _refuse_cell(cell, text)
        row.append(text)
    return row


def _refuse_merged(sheet) -> None:
    with sheet._get_source() as part:
        before = b""
        while block := part.read(BLOCK):
            if match := _MERGED.search(before + block):
                raise SheetError(
                    _("The cells %(range)s are merged. Unmerge them, and fill in each cell.")
                    % {"range": match[1].decode()}
                )
            before = block[-200:]


def _rows(sheet):
    """Yield the number and the texts of every row that is not empty."""
    empty = 0
    for number, cells in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS + 1), 1):
        row = _texts(cells)
        empty = 0 if any(row) else empty + 1
        if empty > MOST_EMPTY_ROWS:
            return
        if any(row):
            yield number, row


def _read(sheet, notes: list[str]) -> Sheet:
    read = _rows(sheet)
    number, headers = next(read, (1, []))
    headers = [name.strip() for name in headers]
    if number > 1:
        raise SheetError(_("The first row is empty. It must hold the names of the columns."))
    while headers and not headers[-1]:
        headers.pop()
    if len(headers) > MOST_COLUMNS:
        raise SheetError(_("The sheet has more than %(most)s columns.") % {"most": MOST_COLUMNS})
    found = Sheet(headers, notes)
    for number, row in read:
        if any(row[len(headers) :]):
            at = next(at for at, text in enumerate(row) if text and at >= len(headers))
            raise SheetError(
                _("Cell %(cell)s stands in a column without a heading. Give the column a name, or empty it.")
                % {"cell": f"{get_column_letter(at + 1)}{number}"}
            )
        found.take(number, [*row, *[""] * len(headers)][: len(headers)])
    return found


def read_xlsx(data: bytes) -> Sheet:
    """Return the rows of the first sheet of a workbook. Raises SheetError."""
    refuse_unreadable(data)
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=False)
        if not book.worksheets:
            raise SheetError(_("The workbook holds no sheet with cells."))
        first, others = book.worksheets[0], len({*book.sheetnames[1:]} - {EXPLAINED, ABOUT})
        notes = []
        if others:
            words = ngettext(
                "Only the first sheet, “%(name)s”, was read; %(others)s other was not.",
                "Only the first sheet, “%(name)s”, was read; %(others)s others were not.",
                others,
            )
            notes.append(words % {"name": first.title, "others": others})
        found = _read(first, notes)
        _refuse_merged(first)
    except SheetError:
        raise
    except Exception as error:
        # What openpyxl raises of a broken file is anything from KeyError to an XML error.
        raise SheetError(
            _("The Excel file is damaged: it cannot be read. Open it, save it anew and try again.")
        ) from error
    return found
