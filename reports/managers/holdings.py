"""What is on record: each kind of record by its publication status."""

from django.db.models import Count
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from initiative.counting import MEASURES
from listing.columns import Column
from publishing.models import Status
from publishing.sides import visible
from publishing.todo import list_address
from reports.managers.frame import Bar, Cell, Picture, Report, number, register, text

STATUSES = tuple(Status)


class Holdings(Report):
    key = "holdings"
    title = _("Records by status")
    about = _("Every record on which work is or was done, by its publication status, as far as you may see it.")
    position = 80

    def columns(self, chosen) -> tuple[Column, ...]:
        statuses = (number(status.value, status.label) for status in STATUSES)
        return text("kind", _("Kind"), _("Kind")), *statuses, number("all", _("All"))

    def rows(self, chosen, user):
        return [self._row(key, measure, user) for key, measure in MEASURES.items()]

    @staticmethod
    def _row(key, measure, user) -> list[Cell]:
        model = measure.filterset._meta.model
        rows = visible(model._base_manager.all(), user).order_by()
        found = dict(rows.values_list("status").annotate(n=Count("pk")))
        cells = [Cell(found.get(one, 0), list_address(model, status__exact=one)) for one in STATUSES]
        name = Cell(key, shown=capfirst(model._meta.verbose_name_plural))
        return [name, *cells, Cell(sum(found.values()), list_address(model))]

    def holds_unpublished(self, chosen):
        return True

    def picture(self, chosen, rows):
        series = [(f"s{at}", status.label) for at, status in enumerate(STATUSES, 1)]
        bars = [Bar(row[0].shown, [cell.value for cell in row[1:-1]], row[-1].address) for row in rows]
        return Picture(bars, series, _("Records by kind; the colours are the publication status."))


register(Holdings())
