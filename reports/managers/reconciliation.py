"""Announced and recorded: the managers' report on every announced figure beside what is on record."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from initiative.models import Track
from listing.columns import Column, Kind
from meetings.figures import WARNINGS, Comparison, compare, warned
from meetings.models import AnnouncedFigure, Meeting
from meetings.todo import public
from publishing.sides import visible
from reports.managers.frame import Bar, Filters, Picture, Report, number, register, text
from reports.managers.reconciliation_cells import cells

SUM = gettext_lazy("Sum of the figures announced for the single meetings: worked out here, not announced")
ALL = [("", gettext_lazy("All"))]


class FigureFilters(Filters):
    """Which announced figures: of a meeting, a measure, a track, and what is to be looked into."""

    meeting = forms.ModelChoiceField(
        Meeting.objects.none(),
        label=gettext_lazy("Meeting"),
        to_field_name="reference",
        empty_label=gettext_lazy("All"),
        required=False,
    )
    measure = forms.ChoiceField(label=gettext_lazy("Measure"), required=False)
    track = forms.ChoiceField(label=gettext_lazy("Track"), required=False)
    only = forms.ChoiceField(label=pgettext_lazy("figures", "Only"), required=False)

    def __init__(self, data, user):
        super().__init__(data, user)
        announced = public(visible(AnnouncedFigure.objects.all(), user)).values("meeting")
        self.fields["meeting"].queryset = visible(Meeting.objects.filter(pk__in=announced), user)
        self.fields["measure"].choices = [*ALL, *AnnouncedFigure.Measure.choices]
        self.fields["track"].choices = [*ALL, *Track.choices]
        differ = ("differs", gettext_lazy("what differs in any way"))
        self.fields["only"].choices = [*ALL, differ, *((key, words) for key, (words, _is) in WARNINGS.items())]


def _rank(one: Comparison) -> tuple:
    """Return what sorts figures of single meetings before totals, each in the order of time."""
    figure, held = one.figure, one.figure.meeting.starts_on
    is_total = figure.scope == AnnouncedFigure.Scope.CUMULATIVE
    tracks = list(Track)
    return (
        is_total,
        held.toordinal() if held else 0,
        figure.meeting_id,
        tracks.index(figure.track),
        figure.measure,
        figure.tier,
        figure.pk,
    )


def comparisons(chosen: dict, user) -> list[Comparison]:
    """Return the figures of published meetings that the filters leave, beside the record."""
    figures = public(visible(AnnouncedFigure.objects.all(), user)).prefetch_related("citations__source")
    figures = figures.filter(**{name: chosen[name] for name in ("meeting", "measure", "track") if chosen[name]})
    compared = sorted(compare(list(figures)), key=_rank)
    only = chosen["only"]
    if only == "differs":
        return [one for one in compared if one.differs]
    return warned(compared, only) if only else compared


class Reconciliation(Report):
    key = "reconciliation"
    title = gettext_lazy("Announced and recorded")
    about = gettext_lazy(
        "Each figure announced of a published meeting beside the published records that answer to it, with all"
        " its sources. Beside a total stands the sum of the figures announced for the single meetings: worked"
        " out here, announced by nobody. What is announced for the Demonstration Zone is counted apart."
    )
    position = 70
    empty = gettext_lazy("No announced figure answers to this.")
    form_class = FigureFilters

    def columns(self, chosen) -> tuple[Column, ...]:
        sources, explanation = gettext_lazy("Sources"), gettext_lazy("Explanation of the gap")
        return (
            text("meeting", gettext_lazy("Meeting"), pgettext("announced", "Figure")),
            text("meeting_title_en", gettext_lazy("Title of the meeting (English)")),
            text("meeting_title_zh", gettext_lazy("Title of the meeting (Chinese)")),
            text("measure", gettext_lazy("Measure")),
            text("track", gettext_lazy("Track")),
            text("tier", gettext_lazy("Tier")),
            text("scope", gettext_lazy("Scope")),
            Column("as_of", gettext_lazy("As of"), kind=Kind.DATE),
            number("announced", pgettext("number", "Announced")),
            text("also_announced", gettext_lazy("Other figures announced for the same")),
            number("recorded", pgettext("number", "Recorded")),
            number("difference", gettext_lazy("Announced less recorded"), _("Difference")),
            number("sum_of_meetings", SUM, _("Sum of the single meetings")),
            text("sum_parts", gettext_lazy("Announced for each of these meetings; “?”: not on record here")),
            Column("sum_difference", gettext_lazy("Announced less that sum"), kind=Kind.INTEGER),
            text("sources_en", gettext_lazy("Sources (English)"), sources, language="en"),
            text("sources_zh", gettext_lazy("Sources (Chinese)"), sources, language="zh"),
            text(
                "explanation_en", gettext_lazy("Explanation of the gap (English)"), explanation, language="en"
            ),
            text(
                "explanation_zh", gettext_lazy("Explanation of the gap (Chinese)"), explanation, language="zh"
            ),
            text("explanation_published", gettext_lazy("Explanation published")),
        )

    def rows(self, chosen, user):
        return [cells(one, user) for one in comparisons(chosen, user)]

    def picture(self, chosen, rows):
        at = {column.key: place for place, column in enumerate(self.columns(chosen))}
        bars = []
        for row in rows:
            announced, recorded = row[at["announced"]].value, row[at["recorded"]]
            both = min(announced, recorded.value)
            parts = [both, announced - both, recorded.value - both]
            bars.append(Bar(row[0].shown, parts, recorded.address))
        series = [
            ("s1", _("on record here")),
            ("outline", _("announced, not on record here")),
            ("s2", _("on record here beyond what was announced")),
        ]
        return Picture(bars, series, _("A bar is as long as the larger of the two numbers."))

    def notes(self, chosen, rows):
        return [
            _("Sources that support a figure and sources that differ stand side by side; none is preferred."),
            _("Figures of tracks, tiers and measures are never added to each other."),
        ]


register(Reconciliation())
