"""Announced and recorded on the to-do index: which figures differ, as filters of their list and a section."""

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy, pgettext, pgettext_lazy

from initiative.models import Track
from meetings.figure_words import contradiction_words, difference_words, sum_difference_words
from meetings.figures import WARNINGS, Comparison, compare, warned
from meetings.models import AnnouncedFigure
from publishing.list_filters import ChoiceFilter
from publishing.models import Status
from publishing.sides import visible
from publishing.todo import MOST, Cell, Line, Number, Numeric, Section, list_address, page_address


def public(figures):
    """Return the figures that the public reads: those of published meetings."""
    return figures.filter(meeting__status=Status.PUBLISHED).select_related("meeting")


def compared_for(figures) -> list[Comparison]:
    """Return the public ones of some figures beside the record, read with what their sources say."""
    return compare(list(public(figures).prefetch_related("citations")))


class ComparedFilter(ChoiceFilter):
    """A filter of announced figures by what the comparison with the record says of them."""

    def meant(self, compared: list[Comparison]) -> list[Comparison]:
        """Return the comparisons that the chosen value means."""
        raise NotImplementedError

    def queryset(self, request, queryset):
        if self.value() is None:
            return queryset
        compared = compared_for(visible(AnnouncedFigure.objects.all(), request.user))
        return queryset.filter(pk__in=[one.figure.pk for one in self.meant(compared)])


class DifferenceFilter(ComparedFilter):
    title = gettext_lazy("announced and recorded")
    parameter_name = "differs"

    def lookups(self, request, model_admin):
        return [("1", pgettext_lazy("figures", "differ")), ("0", pgettext_lazy("figures", "agree"))]

    def meant(self, compared):
        return [one for one in compared if bool(one.gap) == (self.value() == "1")]


class WarningFilter(ComparedFilter):
    title = gettext_lazy("to look into")
    parameter_name = "warning"

    def lookups(self, request, model_admin):
        return [(key, words) for key, (words, _is_meant) in WARNINGS.items()]

    def meant(self, compared):
        return warned(compared, self.value())


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
    """Return how a figure differs from the record, and below it from other figures."""
    beside = sum_difference_words(one) if one.sum_gap else ""
    sources = _("Sources contradict each other") if one.is_contradicted else ""
    note = pgettext("between parts", ", ").join(filter(None, [beside, contradiction_words(one) or sources]))
    return Cell(difference_words(one), note=note, tone="warn" if one.gap else "")


def _order(one: Comparison) -> tuple:
    """Return what sorts differences first, those of the newest meeting before the others."""
    held = one.figure.meeting.starts_on
    return not one.gap, not one.differs, -held.toordinal() if held else 0, one.figure.measure, one.figure.pk


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
    compared = compared_for(admin.get_queryset(request))
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
    differ = sum(bool(one.gap) for one in compared)
    section.numbers.append(
        Number(differ, capfirst(_("announced figures")), list_address(AnnouncedFigure, differs=1))
    )
    section.numbers += [
        Number(len(warned(compared, key)), capfirst(words), list_address(AnnouncedFigure, warning=key), False)
        for key, (words, _is_meant) in WARNINGS.items()
    ]
    section.lines = [_line(one) for one in sorted(compared, key=_order)[:MOST]]
    return section
