"""The numbers behind the figures: counted projects by meeting, pillar, sector, tier and stage, and over time.

Every number carries the address of the list that holds its rows. By pillar, sector, tier and stage they are
the facets of the list of what is counted, so that figure and list cannot differ.
"""

import datetime
from dataclasses import dataclass
from itertools import accumulate

from django.db.models import F, Q
from django.http import QueryDict

from initiative.counting import COMMITTEE, MEASURES, Figure, address, counted, tally
from initiative.models import Pillar, Track
from listing.facets import facet
from meetings.models import AnnouncedFigure, Meeting
from projects.filters import ProjectFilter
from projects.models import Project

# Figures that are facets of the list of projects, in the order of the page.
BY_FACET = ("pillar", "sector", "tier", "stage")


@dataclass(frozen=True)
class Share:
    """One row of a figure: its value and label, how many projects, of how many, and where they are."""

    value: str
    label: str
    count: int
    total: int
    address: str
    css: str = ""  # of a pillar: its colour and line pattern

    @property
    def percent(self) -> int:
        return round(100 * self.count / self.total) if self.total else 0


@dataclass(frozen=True)
class AtMeeting:
    """A meeting's counted projects by pillar, beside what was announced of it (None: no number was)."""

    meeting: Meeting
    by_pillar: list[tuple[int, int]]  # (position of the pillar, 0 for none; projects)
    announced: int | None
    address: str

    @property
    def recorded(self) -> int:
        return sum(count for _position, count in self.by_pillar)

    @property
    def unrecorded(self) -> int:
        return max(0, (self.announced or 0) - self.recorded)


@dataclass(frozen=True)
class Moment:
    """Totals up to and with one meeting; announced ones are None where nobody announced any."""

    meeting: Meeting
    on: datetime.date
    projects: Figure
    mous: Figure
    projects_announced: int | None
    mous_announced: int | None


def meetings_of_counts() -> list[Meeting]:
    """Return the published JIC meetings that were held, and others that launched counted projects, by date.

    Without the others the meetings' projects would not add up to the total.
    """
    held = Q(pk__in=counted("meetings").values("pk")) | Q(pk__in=counted("projects").values("meeting"))
    rows = Meeting.objects.published().filter(held)
    return list(rows.order_by(F("starts_on").asc(nulls_last=True), "number", "pk"))


def shares() -> dict[str, list[Share]]:
    """Return the counted projects by each of BY_FACET; rows without a project are left out."""
    filterset = ProjectFilter(
        QueryDict(address("projects").partition("?")[2]), queryset=Project.objects.published()
    )
    filterset.is_valid()
    total = filterset.qs.count()
    colours = {pillar.code: f"p{pillar.position}" for pillar in Pillar.objects.all()}
    return {
        name: [
            Share(
                one.value,
                one.label,
                one.count,
                total,
                address("projects", **{name: [one.value]}),
                colours.get(one.value, "") if name == "pillar" else "",
            )
            for one in facet(filterset, name).values
            if one.count
        ]
        for name in BY_FACET
    }


def _announced(measure: str, scope: str) -> dict[int, int]:
    """Return the numbers announced for the Committee's track, by the meeting's key."""
    figures = AnnouncedFigure.objects.filter(measure=measure, scope=scope, track=Track.JIC, tier="")
    return dict(figures.order_by("pk").values_list("meeting", "value"))


def by_meeting(meetings: list[Meeting]) -> list[AtMeeting]:
    """Return each meeting's counted projects by pillar, in the order of the pillars, those without last."""
    rows = tally("projects", COMMITTEE, "meeting", "pillar__position")
    pillars: dict[int, list[tuple[int, int]]] = {}
    for row in sorted(rows, key=lambda row: (row["pillar__position"] is None, row["pillar__position"])):
        pillars.setdefault(row["meeting"], []).append((row["pillar__position"] or 0, row["n"]))
    announced = _announced(AnnouncedFigure.Measure.PROJECTS, AnnouncedFigure.Scope.MEETING)
    return [
        AtMeeting(
            meeting,
            pillars.get(meeting.pk, []),
            announced.get(meeting.pk),
            address("projects", meeting=[meeting.slug]),
        )
        for meeting in meetings
    ]


def _up_to(key: str, meetings: list[Meeting]) -> list[Figure]:
    """Return what is counted of a kind up to and with each meeting, in their order."""
    at = {row["meeting"]: row["n"] for row in tally(key, COMMITTEE, "meeting")}
    totals = accumulate(at.get(meeting.pk, 0) for meeting in meetings)
    slugs = [meeting.slug for meeting in meetings]
    return [
        Figure(total, MEASURES[key], address(key, meeting=slugs[:number]))
        for number, total in enumerate(totals, 1)
    ]


def growth(meetings: list[Meeting]) -> list[Moment]:
    """Return the totals after each meeting that has a date."""
    dated = [meeting for meeting in meetings if meeting.starts_on]
    cumulative = AnnouncedFigure.Scope.CUMULATIVE
    projects_announced = _announced(AnnouncedFigure.Measure.PROJECTS, cumulative)
    mous_announced = _announced(AnnouncedFigure.Measure.MOUS, cumulative)
    return [
        Moment(
            meeting,
            meeting.starts_on,
            projects,
            mous,
            projects_announced.get(meeting.pk),
            mous_announced.get(meeting.pk),
        )
        for meeting, projects, mous in zip(dated, _up_to("projects", dated), _up_to("mous", dated), strict=True)
    ]
