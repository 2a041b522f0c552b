"""The rows of a listing as CSV, Excel and JSON, from the same columns as its page."""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator

import xlsxwriter
from django.conf import settings
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.timezone import localdate
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from listing.columns import Column, Kind, values
from listing.guard import guard

BOM = "\ufeff"
CHUNK = 1000
# Excel cannot hold more in one cell.
CELL_LIMIT = 32_767


def _plain(value) -> str:
    """Return a cell as text: "" for nothing, ISO for dates."""
    return "" if value is None else str(value)


def _guarded(row: Iterable) -> list[str]:
    return [guard(_plain(value)) for value in row]


def table(keys: list[str], rows: Iterable[Iterable]) -> bytes:
    """Return a small table as CSV, under the same rules as the lists."""
    buffer = io.StringIO()
    buffer.write(BOM)
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(keys)
    writer.writerows(_guarded(row) for row in rows)
    return buffer.getvalue().encode()


def table_xlsx(keys: list[str], rows: Iterable[Iterable]) -> bytes:
    """Return a small table as Excel, every cell a text."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"constant_memory": True, "strings_to_urls": False}) as book:
        bold, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
        sheet = book.add_worksheet("data")
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(keys) - 1, 24, wrap)
        for line, row in enumerate([keys, *map(_guarded, rows)]):
            for at, cell in enumerate(row):
                sheet.write_string(line, at, cell[:CELL_LIMIT], wrap if line else bold)
    return stream.getvalue()


def rows_csv(columns: tuple[Column, ...], rows: Iterable[Iterable]) -> Iterator[bytes]:
    """Yield rows of values as CSV in blocks: UTF-8 with a byte order mark, so that Excel reads Chinese."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    buffer.write(BOM)
    writer.writerow([column.key for column in columns])
    for count, row in enumerate(rows, 1):
        writer.writerow(_guarded(row))
        if count % CHUNK == 0:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def to_csv(queryset: QuerySet, columns: tuple[Column, ...]) -> Iterator[bytes]:
    return rows_csv(columns, values(queryset, columns).iterator(CHUNK))


def rows_xlsx(columns: tuple[Column, ...], rows: Iterable[Iterable], about: list[tuple[str, str]]) -> bytes:
    """Return a workbook: the rows, and a sheet that says what they are (`about`: label and text)."""
    stream = io.BytesIO()
    options = {
        "in_memory": False,
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(stream, options) as book:
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
        sheet = book.add_worksheet("data")
        sheet.freeze_panes(1, 1)
        for at, column in enumerate(columns):
            sheet.set_column(at, at, 14 if column.kind is not Kind.TEXT else 24)
            sheet.write_string(0, at, column.key, bold)
        for line, row in enumerate(rows, 1):
            for at, (column, value) in enumerate(zip(columns, row, strict=True)):
                if value is None:
                    continue
                if column.kind is Kind.DATE:
                    sheet.write_datetime(line, at, value, day)
                elif column.kind is Kind.INTEGER:
                    sheet.write_number(line, at, value)
                else:
                    sheet.write_string(line, at, guard(str(value))[:CELL_LIMIT])
        notes = book.add_worksheet("about")
        notes.set_column(0, 0, 28)
        notes.set_column(1, 1, 90)
        lines = [*about, *((column.key, str(column.label)) for column in columns)]
        for line, (label, text) in enumerate(lines):
            notes.write_string(line, 0, str(label), bold)
            notes.write_string(line, 1, str(text))
    return stream.getvalue()


def to_xlsx(queryset: QuerySet, columns: tuple[Column, ...], about: list[tuple[str, str]]) -> bytes:
    return rows_xlsx(columns, values(queryset, columns).iterator(CHUNK), about)


def to_json(queryset: QuerySet, columns: tuple[Column, ...], about: dict[str, str]) -> Iterator[bytes]:
    """Yield one object: `about` first, then `results`, a list of objects keyed by column."""
    head = json.dumps(about, ensure_ascii=False)
    yield f'{head[:-1]}, "results": ['.encode()
    for count, row in enumerate(values(queryset, columns).iterator(CHUNK)):
        cells = {
            column.key: value if column.kind is Kind.INTEGER else _plain(value) or None
            for column, value in zip(columns, row, strict=True)
        }
        yield (", " * bool(count) + json.dumps(cells, ensure_ascii=False)).encode()
    yield b"]}\n"


def about(contents: str) -> dict[str, tuple[str, str]]:
    """Return what a file says of itself: stable key to label and text, in the page's language."""
    lines = {
        "site": (_("Site"), settings.SITE_NAMES[get_language()]),
        "contents": (_("Contents"), contents),
        "date": (_("Date"), localdate().isoformat()),
    }
    if not settings.OFFICIAL:
        notice = _("Unofficial record made from public sources; not issued or endorsed by either side")
        lines["notice"] = (_("Notice"), notice)
    return lines


# The longest name of a file, without its day and ending.
NAME_LIMIT = 80


def file_name(stem: str, query: QueryDict | None = None) -> str:
    """Return the name of a file without ending: what it holds, its filters and today, in plain ASCII.

    What is chosen stands there by its codes, as in the address; how the page is sorted and cut is left out.
    """
    told = [
        f"{name}-{value}"
        for name, values in (query or QueryDict()).lists()
        if name not in ("sort", "page", "per_page")
        for value in values
    ]
    plain = re.sub(r"[^A-Za-z0-9_-]+", "", "_".join([f"sci-{stem}", *filter(None, told)]).replace(" ", "-"))
    return f"{plain[:NAME_LIMIT].rstrip('_-')}-{localdate().isoformat()}"


CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}


def format_names() -> list[tuple[str, str]]:
    return [("csv", "CSV"), ("xlsx", _("Excel")), ("json", "JSON")]
