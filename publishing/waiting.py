"""What every kind of record adds to the to-do index: drafts, what is in review, what is incomplete."""

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy, pgettext

from publishing import gaps
from publishing.list_filters import GapFilter, MineFilter
from publishing.models import Publishable, Status
from publishing.todo import MOST, Cell, Line, Number, Numeric, Section, list_address, moment_cell, record_cell


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

    def _at_work(self, request) -> models.QuerySet:
        """Return the records that the person may see; what was merged into another is nobody's work."""
        merges = any(field.name == "merged_into" for field in self.opts.fields)
        return self.get_queryset(request).filter(**({"merged_into": None} if merges else {}))

    def _number(self, queryset, **query) -> Number:
        words = capfirst(self.opts.verbose_name_plural)
        return Number(queryset.count(), words, list_address(self.model, **query))

    def _newest(self, queryset, order: str) -> models.QuerySet:
        """Return the few records shown, with their gaps; gaps are asked of these alone."""
        first = queryset.order_by(order, "pk").values("pk")[:MOST]
        return gaps.with_gaps(self.model._base_manager.filter(pk__in=first)).select_related("changed_by")

    def _drafts(self, request) -> Section:
        mine = self._at_work(request).filter(status=Status.DRAFT, changed_by=request.user)
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
        waiting, query = self._at_work(request).filter(status=Status.IN_REVIEW), {}
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
