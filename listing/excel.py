"""Writing Excel workbooks: a sheet of rows under a heading that stays, and one that says what they are."""

import datetime
import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import chain, islice
from unicodedata import east_asian_width

import xlsxwriter
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from listing.guard import guard

# What Excel can hold: rows under the heading, and in one cell units of UTF-16.
MOST_ROWS = 1_048_575
CELL_LIMIT = 32_767
# Earlier days Excel does not know, or counts differently.
FIRST_DAY = datetime.date(1900, 3, 1)
# Columns are as wide as their first rows need, within bounds, in characters.
MEASURED, NARROW, WIDE = 100, 10, 60
# Rows wait on disk, not in memory; nothing in a text is taken for a formula, a link or a number.
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
# Looks of a cell: so that Excel makes no number, date or formula of what is typed; and for reading.
AS_TEXT, WRAPPED = {"num_format": "@"}, {"text_wrap": True, "valign": "top"}


class TooManyRows(Exception):
    """Excel cannot hold so many rows; the message says what to do."""


def refuse_too_many(count: int) -> None:
    """Raise TooManyRows, in words, if a sheet of Excel cannot hold `count` rows."""
    if count > MOST_ROWS:
        words = _(
            "A sheet of Excel holds at most %(most)s rows under its heading, and this list has more. "
            "Download the CSV file, or filter the list first."
        )
        raise TooManyRows(words % {"most": MOST_ROWS})


def units(text: str) -> int:
    """Return how long Excel takes a text to be: in units of UTF-16."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str) -> str:
    """Return what a cell can hold of a text that is too long; its end says that it is cut.

    It is as long as a cell can be, which is what an import refuses to read.
    """
    mark = _(" … [cut here: a cell of Excel holds no more; the CSV file has the whole text]")
    room = CELL_LIMIT - units(mark)
    kept = text.encode("utf-16-le", "surrogatepass")[: 2 * room].decode("utf-16-le", "ignore")
    return kept + " " * (room - units(kept)) + mark


@dataclass
class Sheet:
    """A sheet of a workbook: its columns and rows, and how they look.

    `look` is that of every cell, `looks` what differs in some columns, by key. Columns without `widths` are
    as wide as their first rows need.
    """

    keys: list[str]
    rows: Iterable[Iterable]
    name: str = "data"
    look: dict = field(default_factory=dict)
    looks: dict[str, dict] = field(default_factory=dict)
    widths: list[int] | None = None
    filtered: bool = True
    # How many columns, from the first, stay in sight.
    frozen: int = 1
    # How many texts were longer than a cell can hold; known once the sheet is written.
    cut: int = 0

    def write(self, book: xlsxwriter.Workbook) -> None:
        """Write the sheet into `book`. Raises TooManyRows."""
        sheet = book.add_worksheet(self.name)
        sheet.freeze_panes(1, self.frozen)
        formats = [self._formats(book, key) for key in self.keys]
        bold = book.add_format({"bold": True, "valign": "top"})
        rows = iter(self.rows)
        first = [list(row) for row in islice(rows, MEASURED)]
        for at, key in enumerate(self.keys):
            width = self.widths[at] if self.widths else _width([f"{key}  ", *(row[at] for row in first)])
            sheet.set_column(at, at, width, formats[at]["text"])
            sheet.write_string(0, at, guard(key), bold)
        line = 0
        for line, row in enumerate(chain(first, rows), 1):
            refuse_too_many(line)
            for at, value in enumerate(row):
                self._write(sheet, line, at, value, formats[at])
        if self.filtered:
            sheet.autofilter(0, 0, line, len(self.keys) - 1)

    def _formats(self, book, key: str) -> dict:
        look = self.look | self.looks.get(key, {})
        kinds = {
            "text": look,
            "day": look | {"num_format": "yyyy-mm-dd"},
            "moment": look | {"num_format": "yyyy-mm-dd hh:mm:ss"},
        }
        return {kind: book.add_format(one) for kind, one in kinds.items()}

    def _write(self, sheet, line: int, at: int, value, formats: dict) -> None:
        """Write one cell: days, times and numbers as such, all else as guarded text."""
        if isinstance(value, str) and value:
            sheet.write_string(line, at, self._text(value), formats["text"])
        elif value is None or value == "":
            if self.looks:  # an empty cell shows how it looks, too
                sheet.write_blank(line, at, None, formats["text"])
        elif isinstance(value, int) and not isinstance(value, bool):
            sheet.write_number(line, at, value, formats["text"])
        elif isinstance(value, datetime.datetime):
            # Excel knows no zones: times are those of the site's.
            sheet.write_datetime(line, at, localtime(value).replace(tzinfo=None), formats["moment"])
        elif isinstance(value, datetime.date) and value >= FIRST_DAY:
            sheet.write_datetime(line, at, value, formats["day"])
        else:
            sheet.write_string(line, at, self._text(str(value)), formats["text"])

    def _text(self, value: str) -> str:
        # A line break within a cell of Excel is this one sign.
        text = guard(value.replace("\r\n", "\n"))
        if len(text) <= CELL_LIMIT // 2 or units(text) <= CELL_LIMIT:
            return text
        self.cut += 1
        return cut(text)


def _width(values: list) -> int:
    """Return how wide a column must be for the longest line of its cells, within bounds."""
    lines = chain.from_iterable(str(value or "")[:1000].splitlines() for value in values)
    widths = (sum(1 + (east_asian_width(sign) in "WF") for sign in line[:WIDE]) for line in lines)
    return min(WIDE, max(NARROW, max(widths, default=0) + 2))


def _cut_note(count: int) -> tuple[str, str]:
    words = ngettext(
        "%(count)s text is longer than a cell of Excel can hold; its end says that it is cut. "
        "The CSV file has it whole.",
        "%(count)s texts are longer than a cell of Excel can hold; their ends say that they are cut. "
        "The CSV file has them whole.",
        count,
    )
    return _("Cut texts"), words % {"count": count}


def workbook(sheet: Sheet, about: list[tuple[str, str]] = (), *others: Sheet) -> bytes:
    """Return a workbook: the sheet, one called "about" with labels and what each says, and any others.

    Raises TooManyRows.
    """
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, OPTIONS) as book:
        sheet.write(book)
        if sheet.cut or about:
            lines = [_cut_note(sheet.cut), *about] if sheet.cut else about
            _write_about(book, lines)
        for other in others:
            other.write(book)
    return stream.getvalue()


def _write_about(book: xlsxwriter.Workbook, lines: Iterable[tuple[str, str]]) -> None:
    notes, label = book.add_worksheet("about"), book.add_format(WRAPPED | {"bold": True})
    wrapped = book.add_format(WRAPPED)
    notes.set_column(0, 0, 30)
    notes.set_column(1, 1, 90)
    for line, texts in enumerate(lines):
        for at, (text, look) in enumerate(zip(texts, (label, wrapped), strict=True)):
            notes.write_string(line, at, guard(str(text))[:CELL_LIMIT], look)
