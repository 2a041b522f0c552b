"""Reading an uploaded CSV file: UTF-8 with or without a byte order mark, or GB18030; lines kept for reports."""

import csv
import io

from django.utils.translation import gettext as _
from tablib import Dataset

csv.field_size_limit(10_000_000)
# One import holds the lock that every writer needs: longer ones would keep the others waiting.
MOST_ROWS = 2000


class SheetError(Exception):
    """The file cannot be read; the message says why and what to do."""


class Sheet(Dataset):
    """The rows of a file, with where in it each begins, and what the reader of the file should be told."""

    def __init__(self, headers: list[str], notes: list[str] | None = None):
        super().__init__(headers=headers)
        self.lines: list[int] = []
        self.notes = notes or []

    def take(self, line: int, row: list[str]) -> None:
        """Add the row that begins on `line` of the file. Raises SheetError where there are too many."""
        if len(self.lines) == MOST_ROWS:
            raise SheetError(_("The sheet has more than %(most)s rows. Split it.") % {"most": MOST_ROWS})
        self.append(row)
        self.lines.append(line)


def decode(data: bytes) -> tuple[str, str]:
    """Return the text and the encoding it was read in ("utf-8" or "gb18030"). Raises SheetError."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            raise SheetError(_("The file holds null characters. Save it as “CSV UTF-8” and try again."))
        return text, encoding.removesuffix("-sig")
    raise SheetError(_("The file is neither UTF-8 nor GB18030 text. Save it as “CSV UTF-8” and try again."))


def read_csv(text: str) -> Sheet:
    """Return the rows of a CSV file. Raises SheetError."""
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        sheet = Sheet([name.strip() for name in next(reader, [])])
        before = reader.line_num
        for row in reader:
            start, before = before + 1, reader.line_num
            if not any(row):
                continue
            if len(row) != sheet.width:
                raise SheetError(
                    _("Line %(line)s has %(have)s cells, the header has %(want)s.")
                    % {"line": start, "have": len(row), "want": sheet.width}
                )
            sheet.take(start, row)
    except csv.Error as error:
        raise SheetError(_("Line %(line)s: %(error)s") % {"line": reader.line_num, "error": error}) from error
    return sheet
