"""Reading an uploaded sheet: UTF-8 with or without a byte order mark, or GB18030; lines kept for the report."""

import csv
import io

from django.utils.translation import gettext as _
from tablib import Dataset

csv.field_size_limit(10_000_000)


class SheetError(Exception):
    """The file cannot be read; the message says why and what to do."""


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


def read_csv(text: str) -> tuple[Dataset, list[int]]:
    """Return the rows of a CSV file, and the line of the file on which each begins. Raises SheetError."""
    reader = csv.reader(io.StringIO(text, newline=""))
    dataset, lines = Dataset(), []
    try:
        dataset.headers = [name.strip() for name in next(reader, [])]
        before = reader.line_num
        for row in reader:
            start, before = before + 1, reader.line_num
            if not any(row):
                continue
            if len(row) != len(dataset.headers):
                raise SheetError(
                    _("Line %(line)s has %(have)s cells, the header has %(want)s.")
                    % {"line": start, "have": len(row), "want": len(dataset.headers)}
                )
            dataset.append(row)
            lines.append(start)
    except csv.Error as error:
        raise SheetError(_("Line %(line)s: %(error)s") % {"line": reader.line_num, "error": error}) from error
    return dataset, lines
