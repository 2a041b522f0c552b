"""What waits for a person: the sections of the to-do index, and those that every kind of record adds."""

from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlencode

from django.db import models
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy, pgettext

from publishing import gaps
from publishing.list_filters import GapFilter, MineFilter
from publishing.models import Publishable, Status

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


class RecordTodo:
    """What every kind of record adds to the index and to its own list; for a ModelAdmin of records."""

    # The number of all records beside the number of those found would be one more count.
    show_full_result_count = False

    def get_list_filter(self, request):
        return [GapFilter, MineFilter, *super().get_list_filter(request)]

    def todo(self, request) -> list[Section]:
        """Return what this kind of record asks of the person; nothing of what they may not see."""
        if not self.has_view_permission(request):
            return []
        found = [self._incomplete(request), self._in_review(request)]
        return [self._drafts(request), *found] if self.has_change_permission(request) else found

    def _number(self, queryset, **query) -> Number:
        words = capfirst(self.opts.verbose_name_plural)
        return Number(queryset.count(), words, list_address(self.model, **query))

    def _newest(self, queryset, order: str) -> models.QuerySet:
        """Return the few records shown, with their gaps; gaps are asked of these alone."""
        first = queryset.order_by(order, "pk").values("pk")[:MOST]
        return gaps.with_gaps(self.model._base_manager.filter(pk__in=first)).select_related("changed_by")

    def _drafts(self, request) -> Section:
        mine = self.get_queryset(request).filter(status=Status.DRAFT, changed_by=request.user)
        section = Section(
            "drafts",
            _("Drafts waiting for me"),
            [_("Record"), _("Still to do"), _("Seen by"), _("Last changed")],
            _("No draft waits for you."),
            20,
            ngettext_lazy("draft waiting for me", "drafts waiting for me", "count"),
        )
        section.numbers.append(self._number(mine, status__exact=Status.DRAFT, mine=1))
        for record in self._newest(mine, "-changed_at"):
            cells = [record_cell(record), needs(record), seen_by(record), moment_cell(record.changed_at)]
            section.lines.append(Line(cells, (-record.changed_at.timestamp(), record.reference)))
        return section

    def _in_review(self, request) -> Section:
        waiting, query = self.get_queryset(request).filter(status=Status.IN_REVIEW), {}
        title, empty = _("In review"), _("Nothing is in review.")
        tally = ngettext_lazy("record in review", "records in review", "count")
        if self.may_publish(request):
            # The author of the last change does not publish it.
            waiting, query = waiting.exclude(changed_by=request.user), {"mine": 0}
            title, empty = _("Waiting for my review"), _("Nothing waits for your review.")
            tally = ngettext_lazy("record for me to review", "records for me to review", "count")
        section = Section(
            "review",
            title,
            [_("Record"), _("Still to do"), capfirst(_("author of the last change")), _("Last changed")],
            empty,
            30,
            tally,
        )
        section.numbers.append(self._number(waiting, status__exact=Status.IN_REVIEW, **query))
        for record in self._newest(waiting, "changed_at"):
            cells = [record_cell(record), needs(record), author(record), moment_cell(record.changed_at)]
            section.lines.append(Line(cells, (record.changed_at.timestamp(), record.reference)))
        return section

    def _incomplete(self, request) -> Section:
        section = Section(
            "incomplete",
            _("What is incomplete and why"),
            [_("Still to do"), _("Kind of record"), _("Publishing"), Numeric(_("Records"))],
            _("No record lacks anything."),
            50,
            most=None,
        )
        numbers = gaps.counts(self.get_queryset(request))
        for place, gap in enumerate(self.model.gaps()):
            if number := numbers[gap.key]:
                address = list_address(self.model, gap=gap.key)
                effect = _("Not possible before this is done") if gap.blocks else _("Possible all the same")
                cells = [
                    Cell(gap.name),
                    Cell(capfirst(self.opts.verbose_name_plural)),
                    Cell(effect, tone="warn" if gap.blocks else ""),
                    Cell(number, address, count=True, numeric=True),
                ]
                section.lines.append(Line(cells, (not gap.blocks, self.opts.label, place)))
        return section


def needs(record: Publishable) -> Cell:
    """Return the cell that says what a record `with_gaps` lacks: what blocks it, else what does not."""
    found = gaps.annotated_gaps(record)
    blocking = tuple(gap.name for gap in found if gap.blocks)
    if blocking:
        return Cell(items=blocking, tone="warn")
    if found:
        return Cell(items=tuple(gap.name for gap in found))
    return Cell(pgettext("still to do", "Nothing"))


def seen_by(record: Publishable) -> Cell:
    if record.kept_by:
        return Cell(record.get_kept_by_display(), side=record.kept_by)
    return Cell(pgettext("visibility", "Both sides"))


def author(record: Publishable) -> Cell:
    """Return the cell that names the author of the last change and their side."""
    person = record.changed_by
    if person is None:
        return Cell("–")
    return Cell(
        person.get_full_name() or person.get_username(),
        side=person.side,
        note=person.get_side_display(),
    )
