"""The numbers behind the figures: counted projects by meeting, pillar, sector, tier and stage, and over time.

Every number carries the address of the list that holds its rows. By pillar, sector, tier and stage they are
the facets of the list of projects, so that figure and list cannot differ.
"""

import datetime
from dataclasses import dataclass

from django.db.models import Count
from django.http import QueryDict
from django.urls import reverse

from initiative.models import Pillar, Track
from listing.facets import facet
from meetings.models import AnnouncedFigure, Meeting
from mous.models import MOU
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
    """A JIC meeting's counted projects by pillar, beside what was announced of it (None: no number was)."""

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
    """Totals up to and with one JIC meeting; announced ones are None where nobody announced any."""

    meeting: Meeting
    on: datetime.date
    projects: int
    mous: int
    projects_announced: int | None
    mous_announced: int | None


def held_meetings() -> list[Meeting]:
    """Return the published JIC meetings that were held, in the order of their numbers."""
    held = Meeting.objects.published().filter(kind=Meeting.Kind.JIC, phase=Meeting.Phase.HELD)
    return list(held.order_by("number"))


def address(kind: str, meetings: list[Meeting], **filters: str) -> str:
    """Return the address of the list of `kind` that holds what the Committee counts at `meetings`."""
    query = QueryDict(mutable=True)
    query["track"] = Track.JIC
    query.setlist("meeting", [meeting.slug for meeting in meetings])
    query.update(filters)
    return f"{reverse(f'{kind}:list')}?{query.urlencode()}"


def shares(meetings: list[Meeting]) -> dict[str, list[Share]]:
    """Return the counted projects by each of BY_FACET; rows without a project are left out."""
    query = QueryDict(address("projects", meetings).partition("?")[2])
    filterset = ProjectFilter(query, queryset=Project.objects.published())
    if not meetings or not filterset.is_valid():
        return {name: [] for name in BY_FACET}
    total = filterset.qs.count()
    colours = {pillar.code: f"p{pillar.position}" for pillar in Pillar.objects.all()}
    return {
        name: [
            Share(
                one.value,
                one.label,
                one.count,
                total,
                address("projects", meetings, **{name: one.value}),
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
    counted = Project.objects.counted().order_by()
    rows = counted.values_list("meeting", "pillar__position").annotate(n=Count("pk"))
    pillars: dict[int, list[tuple[int, int]]] = {}
    for meeting, position, count in sorted(rows, key=lambda row: (row[1] is None, row[1])):
        pillars.setdefault(meeting, []).append((position or 0, count))
    announced = _announced(AnnouncedFigure.Measure.PROJECTS, AnnouncedFigure.Scope.MEETING)
    return [
        AtMeeting(
            meeting, pillars.get(meeting.pk, []), announced.get(meeting.pk), address("projects", [meeting])
        )
        for meeting in meetings
    ]


def growth(meetings: list[Meeting]) -> list[Moment]:
    """Return the totals after each meeting that has a date."""
    projects = dict(Project.objects.counted().order_by().values_list("meeting").annotate(n=Count("pk")))
    mous = dict(MOU.objects.counted().order_by().values_list("meeting").annotate(n=Count("pk")))
    cumulative = AnnouncedFigure.Scope.CUMULATIVE
    projects_announced = _announced(AnnouncedFigure.Measure.PROJECTS, cumulative)
    mous_announced = _announced(AnnouncedFigure.Measure.MOUS, cumulative)
    moments, total_projects, total_mous = [], 0, 0
    for meeting in meetings:
        total_projects += projects.get(meeting.pk, 0)
        total_mous += mous.get(meeting.pk, 0)
        if meeting.starts_on:
            moments.append(
                Moment(
                    meeting,
                    meeting.starts_on,
                    total_projects,
                    total_mous,
                    projects_announced.get(meeting.pk),
                    mous_announced.get(meeting.pk),
                )
            )
    return moments
