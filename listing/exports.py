"""The rows of a listing as CSV, Excel and JSON, from the same columns as its page."""

import csv
import datetime
import io
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping

from django.conf import settings
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.timezone import localdate, localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from listing.columns import Column, Kind, values
from listing.excel import WRAPPED, Sheet, workbook
from listing.folding import pinyin
from listing.guard import guard

BOM = "\ufeff"
CHUNK = 1000
# Kinds of file that hold rows of cells.
SHEETS = ("csv", "xlsx")
# So much of a file's name tells the filters, in characters.
LONGEST_FILTERS = 80


def _plain(value) -> str:
    """Return a cell as text: "" for nothing, ISO for dates and times."""
    if isinstance(value, datetime.datetime):
        return localtime(value).isoformat(timespec="seconds")
    return "" if value is None else str(value)


def _guarded(row: Iterable) -> list[str]:
    return [guard(_plain(value)) for value in row]


def table(keys: list[str], rows: Iterable[Iterable]) -> bytes:
    """Return a small table as CSV, under the same rules as the lists."""
    return b"".join(_blocks(keys, rows))


def _blocks(keys: list[str], rows: Iterable[Iterable]) -> Iterator[bytes]:
    """Yield a table as CSV in blocks: UTF-8 with a byte order mark, so that Excel reads Chinese."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    buffer.write(BOM)
    writer.writerow(keys)
    for count, row in enumerate(rows, 1):
        writer.writerow(_guarded(row))
        if count % CHUNK == 0:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def keys_of(columns: Iterable[Column]) -> list[str]:
    return [column.key for column in columns]


def rows_csv(columns: Iterable[Column], rows: Iterable[Iterable]) -> Iterator[bytes]:
    """Yield rows of plain values as CSV, under the keys of the columns."""
    return _blocks(keys_of(columns), rows)


def rows_xlsx(
    columns: Iterable[Column],
    rows: Iterable[Iterable],
    about: list[tuple[str, str]],
    look: dict = WRAPPED,
    frozen: int = 1,
) -> bytes:
    """Return rows of plain values as Excel; a sheet says what they are (`about`) and what each column means.

    Raises listing.excel.TooManyRows.
    """
    meanings = [(column.key, str(column.label)) for column in columns]
    return workbook(Sheet(keys_of(columns), rows, look=look, frozen=frozen), [*about, *meanings])


def rows_file(
    suffix: str, columns: Iterable[Column], rows: Iterable[Iterable], about: list[tuple[str, str]]
) -> Iterator[bytes] | bytes:
    """Return rows of plain values as a file of a kind in SHEETS. Raises listing.excel.TooManyRows."""
    return rows_csv(columns, rows) if suffix == "csv" else rows_xlsx(columns, rows, about)


def to_csv(queryset: QuerySet, columns: tuple[Column, ...]) -> Iterator[bytes]:
    """Yield a list as CSV in blocks, read from the database in blocks too."""
    return rows_csv(columns, values(queryset, columns).iterator(CHUNK))


def to_xlsx(
    queryset: QuerySet, columns: tuple[Column, ...], about: list[tuple[str, str]], frozen: int = 1
) -> bytes:
    """Return a list as Excel, with the first columns `frozen`. Raises listing.excel.TooManyRows."""
    return rows_xlsx(columns, values(queryset, columns).iterator(CHUNK), about, look={}, frozen=frozen)


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


def about_sheet(contents: str, *more: tuple[str, str]) -> list[tuple[str, str]]:
    """Return what a workbook says of itself, label and text: also when it was made, and how it is read."""
    return [
        *(about(contents) | {"date": (_("Made at"), moment_words())}).values(),
        *more,
        (_("Empty cells"), _("Nothing is on record here. It never means “none”.")),
        (
            _("Texts that look like formulas"),
            _("They begin with one apostrophe more, so that no program runs them."),
        ),
    ]


def moment_words() -> str:
    """Return the present moment with its distance from world time: "2026-11-23 12:21 (UTC+8)"."""
    now = localtime()
    hours = now.utcoffset() / datetime.timedelta(hours=1)
    return f"{now:%Y-%m-%d %H:%M} (UTC{hours:+g})"


def file_name(stem: str, query: Mapping[str, list[str]] | QueryDict | None = None) -> str:
    """Return the name of a file without ending: what it holds, its filters and today, in plain ASCII.

    What is chosen stands there by its codes, as in the address, Chinese as pinyin; how a page is sorted and
    cut is left out. Filters that would make the name too long are only said to be there.
    """
    pairs = query.lists() if isinstance(query, QueryDict) else (query or {}).items()
    told = [
        f"{_plain_word(name)}-{'-'.join(words)}"
        for name, chosen in pairs
        if name not in ("sort", "page", "per_page") and (words := [*filter(None, map(_plain_word, chosen))])
    ]
    filters = "".join(f"_{one}" for one in told)
    if len(filters) > LONGEST_FILTERS:
        filters = "_filtered"
    return f"sci-{stem}{filters}-{localdate().isoformat()}"


def _plain_word(text: str) -> str:
    """Return a word of a file's name: ASCII letters, digits and hyphens."""
    spelled = unicodedata.normalize("NFKD", pinyin(text[:LONGEST_FILTERS]))
    bare = "".join(sign for sign in spelled if not unicodedata.combining(sign))
    return re.sub("[^A-Za-z0-9]+", "-", bare).strip("-")


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


CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}


def format_names() -> list[tuple[str, str]]:
    return [("csv", "CSV"), ("xlsx", _("Excel")), ("json", "JSON")]
