"""Cells and rows that several reports share: a text in both languages, a number with its list, lazy rows."""

from collections.abc import Callable, Iterator, Sequence

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import override

from initiative.dates import show
from listing.columns import Column, Kind, values
from publishing.bilingual import LANGUAGE_TAGS
from publishing.models import Status
from publishing.todo import page_address
from reports.managers.frame import Cell

LANGUAGES = {"en": "en", "zh": "zh-hans"}
NONE = "–"


def pair(english: str, chinese: str, address: str = "") -> list[Cell]:
    """Return a text's two cells: files hold what is on record, the page the other language where one is not."""
    return [
        Cell(english or "", address, english or chinese, "" if english or not chinese else LANGUAGE_TAGS["zh"]),
        Cell(chinese or "", address, chinese or english, "" if chinese or not english else LANGUAGE_TAGS["en"]),
    ]


def words(text, address: str = "") -> list[Cell]:
    """Return the two cells of a text of the interface, a lazy one, in both languages, as a line begins."""
    found = []
    for code in LANGUAGES.values():
        with override(code):
            found.append(capfirst(str(text)))
    return pair(*found, address)


def pair_columns(key: str, label_en, label_zh, page) -> list[Column]:
    """Return the columns of a text in two languages, of which the page shows its own under one heading."""
    return [
        Column(f"{key}_en", label_en, page=page, language="en", imported=False),
        Column(f"{key}_zh", label_zh, page=page, language="zh", imported=False),
    ]


def count(value: int, address: str) -> Cell:
    """Return the cell of a number, which leads to what it counts; none leads nowhere."""
    return Cell(value, address) if value else Cell(0, shown="0")


def added_up(rows: Sequence[list[Cell]], label: list[Cell], addresses: list[str]) -> list[Cell]:
    """Return the row of sums: `label` over the cells before the numbers, each sum with its address."""
    first = len(label)
    sums = [sum(row[first + at].value for row in rows) for at in range(len(addresses))]
    return [*label, *(count(*one) for one in zip(sums, addresses, strict=True))]


def labelled(choices) -> Callable[[object], str]:
    """Return a function that gives the label of a stored value, and "–" of none."""
    labels = {key: str(label) for key, label in choices}
    return lambda value: labels.get(value, str(value)) if value else NONE


class Lines(Sequence):
    """The rows of a long list, made as far as they are read: a page of it, or one block after the other.

    `found` is a list, or a queryset in its order; `make` gives the rows of a part of it.
    """

    BLOCK = 2000

    def __init__(self, found: list | QuerySet, make: Callable[[list | QuerySet], list]):
        self.found, self.make = found, make
        self.length = found.count() if isinstance(found, QuerySet) else len(found)

    def __len__(self) -> int:
        return self.length

    def __getitem__(self, part):
        if isinstance(part, slice):
            return self.make(self.found[part])
        return self.make(self.found[part : part + 1])[0]

    def __iter__(self) -> Iterator:
        for begins in range(0, self.length, self.BLOCK):
            yield from self[begins : begins + self.BLOCK]


def listed(found: QuerySet, columns: list[Column], kind: str, shown: dict[str, Callable]) -> Lines:
    """Return the rows of a list of MOUs or projects (`kind`: their addresses), each leading to its page.

    `columns` are those of the public list or like them; `shown` says by key how a stored value is shown.
    """
    detail = reverse(f"{kind}:detail", args=["SCI-X-0"])
    known = [Column("pk", "", kind=Kind.INTEGER), Column("status", ""), Column("reference", "")]
    own = [column for column in known if column.key not in {one.key for one in columns}] + list(columns)

    def make(part: QuerySet) -> list[list[Cell]]:
        rows = []
        for row in values(part, own):
            told = {column.key: value for column, value in zip(own, row, strict=True)}
            address = detail.replace("SCI-X-0", told["reference"])
            if told["status"] != Status.PUBLISHED:
                address = page_address(found.model(pk=told["pk"]))
            rows.append(_cells(columns, told, address, shown))
        return rows

    return Lines(found, make)


def _cells(columns: list[Column], told: dict, address: str, shown: dict[str, Callable]) -> list[Cell]:
    titles = dict(zip(("title_en", "title_zh"), pair(told["title_en"], told["title_zh"], address), strict=True))
    found = []
    for column in columns:
        value = told[column.key]
        if column.key in titles:
            found.append(titles[column.key])
        elif column.key == "reference":
            found.append(Cell(value, address))
        elif column.kind is Kind.DATE:
            precision = told.get(f"{column.key}_precision") or "day"
            found.append(Cell(value, shown=show(value, precision) if value else NONE))
        else:
            words = shown[column.key](value) if column.key in shown else "" if value else NONE
            found.append(Cell(value, shown=words))
    return found
