"""Announced figures beside what is on record, beside each other, and a total beside the sum of the meetings."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from initiative.counting import EVERY_TRACK, Counting, address, tally
from initiative.models import Citation, Track
from meetings.models import AnnouncedFigure, Meeting

# What initiative/counting.py counts for a measure. Park entry agreements are kept among the MOUs.
COUNTED = {
    AnnouncedFigure.Measure.PROJECTS: "projects",
    AnnouncedFigure.Measure.MOUS: "mous",
    AnnouncedFigure.Measure.AGREEMENTS: "mous",
}
BY = {"projects": ("meeting", "track", "tier"), "mous": ("meeting", "track")}


@dataclass(frozen=True)
class SumOfMeetings:
    """The figures announced for the single meetings up to a total, added up here: never an announced figure.

    `parts` holds each meeting with the different values announced for it, none where none is on record.
    """

    parts: list[tuple[Meeting, list[int]]]

    @property
    def lacking(self) -> list[Meeting]:
        """Return the meetings for which no figure is on record; their part is not 0, it is not known."""
        return [meeting for meeting, values in self.parts if not values]

    @property
    def disputed(self) -> list[Meeting]:
        """Return the meetings for which more than one value was announced."""
        return [meeting for meeting, values in self.parts if len(values) > 1]

    @property
    def value(self) -> int | None:
        """Return the sum; None where a meeting has no figure on record, or more than one."""
        if not self.parts or any(len(values) != 1 for _meeting, values in self.parts):
            return None
        return sum(values[0] for _meeting, values in self.parts)


@dataclass(frozen=True)
class Comparison:
    """One announced figure beside the records that answer to it.

    `meetings` are those it is about; `rivals` the other values announced for the same; `summed` stands
    beside a total only. Whether sources contradict each other is asked of prefetched citations.
    """

    figure: AnnouncedFigure
    recorded: int
    meetings: list[Meeting]
    rivals: list[int] = field(default_factory=list)
    summed: SumOfMeetings | None = None

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
    def sum_gap(self) -> int | None:
        """Return how much more the total is than the sum of the meetings; None where there is no sum."""
        if self.summed is None or self.summed.value is None:
            return None
        return self.figure.value - self.summed.value

    @property
    def announced(self) -> list[int]:
        """Return every value announced for the same, as equals."""
        return sorted([self.figure.value, *self.rivals])

    @property
    def is_contradicted(self) -> bool:
        """Return whether another value was announced for the same, or a source differs."""
        stances = [citation.stance for citation in self.figure.citations.all()]
        return bool(self.rivals) or Citation.Stance.DIFFERS in stances

    @property
    def differs(self) -> bool:
        return bool(self.gap or self.sum_gap or self.is_contradicted)

    @property
    def is_explained(self) -> bool:
        """Return whether everybody can read an explanation."""
        return self.figure.explanation_published and bool(self.figure.explanation)


def _same(figure) -> tuple:
    """Return what two figures of one meeting have in common that contradict each other."""
    return figure.measure, figure.track, figure.tier, figure.scope


def _held() -> tuple[list[Meeting], dict]:
    """Return the published meetings, and the values announced by (meeting, what is counted); one query."""
    names = ("measure", "track", "tier", "scope", "value")
    rows = Meeting.objects.published().annotate(**{name: F(f"figures__{name}") for name in names})
    meetings, values = {}, defaultdict(list)
    for meeting in rows.order_by("number", "starts_on", "pk", "value"):
        meetings[meeting.pk] = meeting
        if meeting.measure:
            values[meeting.pk, _same(meeting)].append(meeting.value)
    return list(meetings.values()), values


def _up_to(own: Meeting, published: list[Meeting]) -> list[Meeting]:
    """Return the JIC meetings held up to and with a meeting; itself alone where none is known."""
    found = [m for m in published if m.kind == Meeting.Kind.JIC and m.phase == Meeting.Phase.HELD]
    if own.kind == Meeting.Kind.JIC and own.number:
        found = [m for m in found if m.number < own.number] + [m for m in published if m.pk == own.pk]
    else:
        found = [m for m in found if m.starts_on and own.starts_on and m.starts_on <= own.starts_on]
    return found or [m for m in published if m.pk == own.pk]


def compare(figures: list[AnnouncedFigure]) -> list[Comparison]:
    """Set figures of published meetings beside the record and beside each other; three queries for any number.

    The figures come with their meeting; their citations where is_contradicted is asked of many.
    """
    if not figures:
        return []
    published, values = _held()
    tallies = {key: tally(key, EVERY_TRACK, *BY[key]) for key in sorted(set(COUNTED.values()))}
    return [_compared(figure, published, values, tallies[COUNTED[figure.measure]]) for figure in figures]


def _compared(figure: AnnouncedFigure, published: list[Meeting], values: dict, rows: list[dict]) -> Comparison:
    is_total = figure.scope == AnnouncedFigure.Scope.CUMULATIVE
    if is_total:
        about = _up_to(figure.meeting, published)
    else:
        about = [meeting for meeting in published if meeting.pk == figure.meeting_id]
    keys = {meeting.pk for meeting in about}
    recorded = sum(
        row["n"]
        for row in rows
        if row["meeting"] in keys
        and row["track"] == figure.track
        and (not figure.tier or row.get("tier") == figure.tier)
    )
    rivals = [value for value in values.get((figure.meeting_id, _same(figure)), []) if value != figure.value]
    single = (figure.measure, figure.track, figure.tier, AnnouncedFigure.Scope.MEETING)
    parts = [(meeting, values.get((meeting.pk, single), [])) for meeting in about]
    return Comparison(figure, recorded, about, rivals, SumOfMeetings(parts) if is_total else None)


# What asks for an officer's attention: key, words of the filter, and which comparisons are meant.
WARNINGS = {
    "unexplained": (
        _("difference without a published explanation"),
        lambda one: (one.gap or one.sum_gap) and not one.is_explained,
    ),
    "sum": (_("total differs from the sum of the meetings"), lambda one: one.sum_gap),
    "sources": (_("sources contradict each other"), lambda one: one.is_contradicted),
}


def warned(compared: list[Comparison], key: str) -> list[Comparison]:
    """Return the comparisons that a warning is about; KeyError where there is no such warning."""
    _words, is_meant = WARNINGS[key]
    return [one for one in compared if is_meant(one)]


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
