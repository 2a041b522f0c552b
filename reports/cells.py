"""Cells that several reports share: a text in both languages, a number with its list, the rows of a list."""

from collections.abc import Callable

from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils.translation import gettext, override

from listing.columns import Column, values
from publishing.bilingual import LANGUAGE_TAGS
from publishing.models import Status
from publishing.todo import page_address
from reports.frame import Cell

LANGUAGES = {"en": "en", "zh": "zh-hans"}


def pair(english: str, chinese: str, address: str = "") -> list[Cell]:
    """Return a text's two cells: files hold what is on record, the page the other language where one is not."""
    return [
        Cell(english or "", address, shown=english or chinese, lang="" if english else LANGUAGE_TAGS["zh"]),
        Cell(chinese or "", address, shown=chinese or english, lang="" if chinese else LANGUAGE_TAGS["en"]),
    ]


def words(text, address: str = "") -> list[Cell]:
    """Return the two cells of a text of the interface, a lazy one or a label, in both languages."""
    found = []
    for code in LANGUAGES.values():
        with override(code):
            found.append(str(text))
    return pair(*found, address)


def pair_columns(key: str, label_en, label_zh, page) -> list[Column]:
    """Return the columns of a text in two languages, of which the page shows its own under one heading."""
    return [
        Column(f"{key}_en", label_en, page=page, language="en", imported=False),
        Column(f"{key}_zh", label_zh, page=page, language="zh", imported=False),
    ]


def number(value: int, address: str) -> Cell:
    """Return the cell of a number, which leads to what it counts; none leads nowhere."""
    return Cell(value, address if value else "")


def labelled(choices) -> Callable[[object], object]:
    """Return a function that gives the label of a stored value, and "–" of none."""
    labels = dict(choices)
    return lambda value: labels.get(value, value) if value not in (None, "") else "–"


def page_of(model, status: str, pk: int, public: str) -> str:
    """Return the page of a record: the public one at address `public` where there is one, else the officers'."""
    return public if status == Status.PUBLISHED else page_address(model(pk=pk))


def listed(queryset: QuerySet, columns: list[Column], kind: str, shown: dict[str, Callable]) -> list[list[Cell]]:
    """Return the rows of a list of MOUs or projects (`kind`: their addresses), each leading to its page; one query.

    `columns` are those of the public list or like them; `shown` says by key how a stored value is shown.
    """
    detail = reverse(f"{kind}:detail", args=["SCI-X-0"])
    known = (Column("_pk", "", F("pk")), Column("_status", "", "status"), Column("_reference", "", "reference"))
    found = []
    for pk, status, reference, *cells in values(queryset, (*known, *columns)):
        address = page_of(queryset.model, status, int(pk), detail.replace("SCI-X-0", reference))
        found.append([_cell(column, value, address, shown) for column, value in zip(columns, cells, strict=True)])
        _lend(columns, found[-1])
    return found


def _cell(column: Column, value, address: str, shown: dict[str, Callable]) -> Cell:
    linked = address if column.key in ("reference", "title_en", "title_zh") else ""
    how = shown.get(column.key)
    return Cell(value, linked, shown=how(value) if how else None)


def _lend(columns: list[Column], cells: list[Cell]) -> None:
    """Show a title that one language lacks in the other, marked as such."""
    at = {column.key: place for place, column in enumerate(columns)}
    if "title_en" in at and "title_zh" in at:
        english, chinese = cells[at["title_en"]], cells[at["title_zh"]]
        cells[at["title_en"]], cells[at["title_zh"]] = pair(english.value, chinese.value, english.address)


def count_words(number: int) -> str:
    return gettext("%(count)s in all") % {"count": number}
