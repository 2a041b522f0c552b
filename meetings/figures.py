"""Announced figures beside what is on record: the same count, by the same definition."""

from dataclasses import dataclass

from django.db.models import Count

from initiative.counting import Counting, address
from initiative.models import Track
from meetings.models import AnnouncedFigure, Meeting

# The related name that holds what a measure counts. Park entry agreements are kept among the MOUs.
COUNTED = {
    AnnouncedFigure.Measure.PROJECTS: "projects",
    AnnouncedFigure.Measure.MOUS: "mous",
    AnnouncedFigure.Measure.AGREEMENTS: "mous",
}


def counted_name(figure: AnnouncedFigure) -> str:
    return COUNTED[AnnouncedFigure.Measure(figure.measure)]


@dataclass(frozen=True)
class Comparison:
    """One announced figure, the number of records that answer to it, and the meetings it is about."""

    figure: AnnouncedFigure
    recorded: int
    meetings: list[Meeting]

    @property
    def address(self) -> str:
        """Return the address of the public list that holds exactly what is recorded."""
        filters = {"meeting": [meeting.slug for meeting in self.meetings]}
        if self.figure.tier:
            filters["tier"] = [self.figure.tier]
        return address(COUNTED[self.figure.measure], Counting(tracks=(self.figure.track,)), **filters)

    @property
    def gap(self) -> int:
        return self.figure.value - self.recorded

    @property
    def surplus(self) -> int:
        return -self.gap


def _tally(name: str) -> list[dict]:
    """Return the counted records of one kind, by meeting, track and (of projects) tier; one query."""
    rows = getattr(Meeting, name).rel.related_model.objects.counted(*Track)
    tier = {"tier"} & {field.name for field in rows.model._meta.fields}
    return list(rows.order_by().values("meeting", "track", *tier).annotate(n=Count("pk")))


def _meetings(figure: AnnouncedFigure, held: list[Meeting]) -> list[Meeting]:
    """Return the meetings that a figure is about, of the published ones."""
    if figure.scope == AnnouncedFigure.Scope.MEETING or not figure.meeting.starts_on:
        return [meeting for meeting in held if meeting.pk == figure.meeting_id]
    earlier = [m for m in held if m.kind == Meeting.Kind.JIC and m.starts_on]
    return [meeting for meeting in earlier if meeting.starts_on <= figure.meeting.starts_on]


def compare(figures: list[AnnouncedFigure]) -> list[Comparison]:
    """Set announced figures beside the records that answer to them; three queries however many there are."""
    if not figures:
        return []
    held = list(Meeting.objects.published().order_by("starts_on"))
    tallies = {name: _tally(name) for name in sorted(set(COUNTED.values()))}
    found = []
    for figure in figures:
        name, about = counted_name(figure), _meetings(figure, held)
        keys = {meeting.pk for meeting in about}
        recorded = sum(
            row["n"]
            for row in tallies[name]
            if row["meeting"] in keys
            and row["track"] == figure.track
            and (not figure.tier or row.get("tier") == figure.tier)
        )
        found.append(Comparison(figure, recorded, about))
    return found


def latest_total(measure: str) -> Comparison | None:
    """Return the newest cumulative figure announced for a measure, beside the record, or None."""
    figures = AnnouncedFigure.objects.filter(
        measure=measure,
        track=Track.JIC,
        tier="",
        scope=AnnouncedFigure.Scope.CUMULATIVE,
        meeting__status="published",
    )
    newest = figures.select_related("meeting").order_by("-meeting__starts_on", "-pk")[:1]
    return next(iter(compare(list(newest))), None)
