"""What the to-do index is made of: sections with their numbers, lines and cells, and where they lead."""

from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlencode

from django.db import models
from django.urls import reverse
from django.utils.timezone import localtime

from publishing.models import Publishable

# Rows that a section of the index shows at most; the lists behind its numbers hold all.
MOST = 8


@dataclass(frozen=True)
class Cell:
    """One cell of a section's table.

    `lead` is a reference before the text, `items` stand below each other, `note` is a line below the text,
    `tone` "late", "soon" or "warn", `side` a key of a side, `share` (part, whole) of a bar; a `count` is a
    number whose address lists what it counts, `iso` the date that `text` says.
    """

    text: object = ""
    address: str = ""
    lead: str = ""
    lang: str = ""
    note: str = ""
    tone: str = ""
    side: str = ""
    iso: str = ""
    moment: datetime | None = None
    share: tuple[int, int] | None = None
    count: bool = False
    numeric: bool = False
    items: tuple[str, ...] = ()


class Numeric(str):
    """The heading of a column of numbers."""

    numeric = True


@dataclass(frozen=True)
class Line:
    """A row of a section's table; lines of several kinds of record are sorted by `order`."""

    cells: list[Cell]
    order: tuple = ()


@dataclass(frozen=True)
class Number:
    """A number and the address of the list that holds exactly what it counts."""

    value: int
    words: str
    address: str
    tallied: bool = True


@dataclass
class Section:
    """A part of the index. Sections of one key, from several kinds of record, are shown as one.

    `tally` says, with the sum of the tallied numbers, what stands at the top of the index; None: nothing.
    """

    key: str
    title: str
    columns: list[str]
    empty: str
    position: int
    tally: object = None
    tone: str = ""
    note: str = ""
    most: int | None = MOST
    numbers: list[Number] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)

    @property
    def total(self) -> int:
        return sum(number.value for number in self.numbers if number.tallied)

    @property
    def tally_words(self) -> str:
        return self.tally % {"count": self.total} if self.tally else ""

    @property
    def address(self) -> str:
        """Return where the number at the top leads: to its list, or to the section that parts it by kind."""
        tallied = [number for number in self.numbers if number.tallied and number.value]
        return tallied[0].address if len(tallied) == 1 else f"#{self.key}"

    @property
    def shown(self) -> list[Line]:
        return sorted(self.lines, key=lambda line: line.order)[: self.most]


def list_address(model: type[models.Model], **query) -> str:
    """Return the address of the officers' list of `model` with these filters."""
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    return f"{address}?{urlencode(query, safe=',')}" if query else address


def page_address(instance: models.Model, page: str = "change") -> str:
    meta = instance._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_{page}", args=[instance.pk])


def record_cell(record: Publishable) -> Cell:
    """Return the cell that names a record and leads to its page."""
    title = getattr(record, "title", None) or getattr(record, "name", "")
    return Cell(title, page_address(record), lead=record.reference, lang=getattr(title, "lang", ""))


def moment_cell(moment: datetime) -> Cell:
    return Cell(moment=localtime(moment))
