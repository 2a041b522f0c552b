"""Announced figures beside what is on record: the same count, by the same definition."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.urls import reverse

from meetings.models import AnnouncedFigure, Meeting

# The related name that holds what a measure counts. Park entry agreements are kept among the MOUs.
COUNTED = {
    AnnouncedFigure.Measure.PROJECTS: "projects",
    AnnouncedFigure.Measure.MOUS: "mous",
    AnnouncedFigure.Measure.AGREEMENTS: "mous",
}


@dataclass(frozen=True)
class Comparison:
    """One announced figure, the number of records that answer to it, and the address that lists them."""

    figure: AnnouncedFigure
    recorded: int
    address: str

    @property
    def gap(self) -> int:
        return self.figure.value - self.recorded

    @property
    def surplus(self) -> int:
        return -self.gap


def _rows(figure: AnnouncedFigure) -> tuple[QuerySet, dict[str, list[str]]]:
    """Return the records that a figure is about, and the filter of their listing."""
    name = COUNTED[AnnouncedFigure.Measure(figure.measure)]
    rows = getattr(Meeting, name).rel.related_model.objects.counted(figure.track)
    meetings = Meeting.objects.published().filter(pk=figure.meeting_id)
    if figure.scope == AnnouncedFigure.Scope.CUMULATIVE:
        meetings = Meeting.objects.published().filter(
            kind=Meeting.Kind.JIC, starts_on__lte=figure.meeting.starts_on
        )
    rows = rows.filter(meeting__in=meetings)
    query = {
        "track": [figure.track],
        "meeting": list(meetings.order_by("starts_on").values_list("slug", flat=True)),
    }
    if figure.tier:
        rows, query["tier"] = rows.filter(tier=figure.tier), [figure.tier]
    return rows, query


def compare(figure: AnnouncedFigure) -> Comparison:
    """Set one announced figure beside the records that answer to it. Two queries."""
    rows, query = _rows(figure)
    pairs = "&".join(f"{name}={value}" for name, values in query.items() for value in values)
    address = f"{reverse(f'{COUNTED[AnnouncedFigure.Measure(figure.measure)]}:list')}?{pairs}"
    return Comparison(figure, rows.count(), address)


def latest_total(measure: str) -> Comparison | None:
    """Return the newest cumulative figure announced for a measure, beside the record; None if there is none."""
    figures = AnnouncedFigure.objects.filter(
        measure=measure,
        track="jic",
        tier="",
        scope=AnnouncedFigure.Scope.CUMULATIVE,
        meeting__status="published",
    )
    figure = figures.select_related("meeting").order_by("-meeting__starts_on", "-pk").first()
    return compare(figure) if figure else None
