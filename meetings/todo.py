"""Announced and recorded on the to-do index: which figures differ, as a filter of their list and a section."""

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy, pgettext, pgettext_lazy

from initiative.models import Track
from meetings.figures import Comparison, compare
from meetings.models import AnnouncedFigure
from publishing.list_filters import ChoiceFilter
from publishing.models import Status
from publishing.todo import MOST, Cell, Line, Number, Numeric, Section, list_address, page_address


def public(figures):
    """Return the figures that the public reads: those of published meetings."""
    return figures.filter(meeting__status=Status.PUBLISHED).select_related("meeting")


class DifferenceFilter(ChoiceFilter):
    title = gettext_lazy("announced and recorded")
    parameter_name = "differs"

    def lookups(self, request, model_admin):
        return [("1", pgettext_lazy("figures", "differ")), ("0", pgettext_lazy("figures", "agree"))]

    def queryset(self, request, queryset):
        if self.value() is None:
            return queryset
        wanted = self.value() == "1"
        compared = compare(list(public(AnnouncedFigure.objects.all())))
        return queryset.filter(pk__in=[one.figure.pk for one in compared if bool(one.gap) == wanted])


def figure_name(figure: AnnouncedFigure) -> str:
    """Return what a figure is of: "projects launched · key · to date · JIC4"."""
    parts = [
        capfirst(figure.get_measure_display()),
        figure.get_track_display() if figure.track != Track.JIC else "",
        figure.get_tier_display(),
        figure.get_scope_display() if figure.scope == AnnouncedFigure.Scope.CUMULATIVE else "",
        figure.meeting.code,
    ]
    return " · ".join(filter(None, parts))


def _difference(one: Comparison) -> Cell:
    if not one.gap:
        return Cell(_("No difference"))
    words = _("%(gap)s not on record here") if one.gap > 0 else _("%(gap)s more on record here")
    return Cell(words % {"gap": abs(one.gap)}, tone="warn")


def _order(one: Comparison) -> tuple:
    """Return what sorts differences first, those of the newest meeting before the others."""
    held = one.figure.meeting.starts_on
    return not one.gap, -held.toordinal() if held else 0, one.figure.measure, one.figure.pk


def _line(one: Comparison) -> Line:
    cells = [
        Cell(figure_name(one.figure), page_address(one.figure)),
        Cell(one.figure.value, numeric=True),
        Cell(one.recorded, one.address, count=True, numeric=True),
        Cell(share=(min(one.recorded, one.figure.value), max(one.figure.value, 1))),
        _difference(one),
    ]
    return Line(cells, _order(one))


def figure_section(admin, request) -> Section:
    """Return the section of the index that sets announced figures beside what is on record."""
    compared = compare(list(public(admin.get_queryset(request))))
    section = Section(
        "figures",
        _("Announced and recorded"),
        [
            pgettext("announced", "Figure"),
            Numeric(pgettext("number", "Announced")),
            Numeric(pgettext("number", "Recorded")),
            pgettext("share on record", "Entered"),
            _("Difference"),
        ],
        _("No figure has been announced of a published meeting."),
        60,
        ngettext_lazy("figure that differs from the record", "figures that differ from the record", "count"),
        tone="warn",
    )
    section.numbers.append(
        Number(
            sum(bool(one.gap) for one in compared),
            capfirst(_("announced figures")),
            list_address(AnnouncedFigure, differs=1),
        )
    )
    section.lines = [_line(one) for one in sorted(compared, key=_order)[:MOST]]
    return section
