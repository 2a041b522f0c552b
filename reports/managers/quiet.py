"""Running projects of which nothing was heard since the last meeting of the Committee."""

from collections import Counter
from urllib.parse import urlencode

from django.db.models import Max
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from initiative.dates import Precision, show
from listing.columns import Column, Kind
from listing.filters import NOT_STATED
from meetings.models import Meeting
from meetings.since import Interval, interval
from projects.courses import Course, without_news
from projects.filters import ProjectFilter
from projects.models import Milestone, Partner, ProgressReport, Project
from publishing.sides import visible
from publishing.todo import page_address
from reports.managers.cells import NONE, Lines, pair, pair_columns
from reports.managers.choosing import (
    SIDES,
    Choosing,
    choice,
    meeting_field,
    on_side,
    pillar_field,
    standing,
    track_field,
    tracks_of,
)
from reports.managers.frame import Bar, Cell, Picture, Report, register, text

DATES = {
    "stage_as_of": gettext_lazy("Stage as of"),
    "targeted_on": gettext_lazy("Target date"),
    "last_report_on": gettext_lazy("Last progress report"),
    "last_milestone_on": gettext_lazy("Last milestone reached"),
}


class QuietForm(Choosing):
    track = track_field()
    pillar = pillar_field()
    meeting = meeting_field()
    side = choice(gettext_lazy("Side of a partner"), SIDES)
    field_order = ["track", "pillar", "meeting", "side", "unpublished"]


def since_last_meeting(chosen: dict, user) -> Interval | None:
    """Return the time since the last meeting of the Committee that was held; None where there is none dated."""
    held = Meeting.objects.filter(kind=Meeting.Kind.JIC, phase=Meeting.Phase.HELD, starts_on__lte=localdate())
    last = standing(held, chosen, user).order_by("-starts_on", "-pk").first()
    return interval(last, None, user) if last else None


def quiet(chosen: dict, user) -> list[Course]:
    """Return the projects of the report, by reference; four queries."""
    since = since_last_meeting(chosen, user)
    if since is None:
        return []
    found = standing(Project.objects.filter(track__in=tracks_of(chosen)), chosen, user)
    for name in ("pillar", "meeting"):
        if chosen[name]:
            found = ProjectFilter.base_filters[name].filter(found, [chosen[name]])
    if chosen["side"]:
        found = found.filter(on_side(Partner, "project", chosen["side"]))
    return without_news(found.order_by("reference_number", "pk"), since, user)


def _last(model, column: str, courses: list[Course], user) -> dict:
    """Return the last day in `column` of the rows of each project, by key; one query."""
    rows = visible(model.objects.filter(project__in=[one.project.pk for one in courses]), user).order_by()
    return dict(rows.values_list("project").annotate(last=Max(column)))


def _rows(courses: list[Course], user) -> list[list[Cell]]:
    reports = _last(ProgressReport, "meeting__starts_on", courses, user)
    milestones = _last(Milestone, "reached_on", courses, user)
    rows = []
    for course in courses:
        here = course.project
        page = here.get_absolute_url() if here.is_published else page_address(here)
        meeting = here.meeting
        days = {
            "stage_as_of": (here.stage_as_of, Precision.DAY),
            "targeted_on": (here.targeted_on, here.targeted_on_precision),
            "last_report_on": (reports.get(here.pk), Precision.DAY),
            "last_milestone_on": (milestones.get(here.pk), Precision.DAY),
        }
        rows.append(
            [
                Cell(here.reference, page),
                *pair(here.title_en, here.title_zh, page),
                Cell(meeting.slug if meeting else "", shown=str(meeting.title) if meeting else NONE),
                Cell(here.stage, shown=here.get_stage_display()),
                *(Cell(day, shown=show(day, how) if day else NONE) for day, how in days.values()),
                Cell("yes" if course.target_passed else "", shown=_("yes") if course.target_passed else NONE),
                Cell(here.status, shown=here.get_status_display()),
            ]
        )
    return rows


class Quiet(Report):
    key = "no-news"
    title = gettext_lazy("Projects without news since the last meeting")
    about = gettext_lazy(
        "Projects launched or in progress that were so at the last meeting of the Committee already. Since"
        " then: no progress report, not even one for the coming meeting, no milestone reached, and no change"
        " of stage."
    )
    empty = gettext_lazy(
        "No running project is without news since the last meeting of the Committee that is on record as held."
    )
    position = 40
    form_class = QuietForm

    def columns(self, chosen):
        return (
            text("reference", gettext_lazy("Reference"), gettext_lazy("Reference")),
            *pair_columns(
                "title",
                gettext_lazy("Title (English)"),
                gettext_lazy("Title (Chinese)"),
                gettext_lazy("Project"),
            ),
            text("meeting", gettext_lazy("Launch meeting (address)"), gettext_lazy("Launch meeting")),
            text("stage", gettext_lazy("Stage"), gettext_lazy("Stage")),
            *(Column(key, label, kind=Kind.DATE, page=label) for key, label in DATES.items()),
            text("target_passed", gettext_lazy("Target date passed"), gettext_lazy("Target date passed")),
            text("status", gettext_lazy("Publication status"), gettext_lazy("Status")),
        )

    def rows(self, chosen, user):
        return Lines(quiet(chosen, user), lambda part: _rows(part, user))

    def picture(self, chosen, rows):
        return drawn(chosen, [course.project for course in rows.found])

    def notes(self, chosen, rows):
        if not rows:
            return []
        since = rows.found[0].interval
        told = {"meeting": since.earlier.title, "day": show(since.after, Precision.DAY)}
        return [_("Since: %(meeting)s, %(day)s.") % told]


def _latest_first(one: tuple[int | None, Meeting | None]) -> tuple:
    key, meeting = one
    held = meeting.starts_on if meeting else None
    return meeting is None, -held.toordinal() if held else 0, key or 0


def drawn(chosen: dict, projects: list[Project]) -> Picture:
    """Return the figure: how many by launch meeting, the latest first."""
    meetings = {one.meeting_id: one.meeting for one in projects}
    numbers = Counter(one.meeting_id for one in projects)
    ordered = sorted(meetings.items(), key=_latest_first)
    asked = {name: "on" if value is True else value for name, value in chosen.items() if value}
    bars = []
    for key, meeting in ordered:
        query = urlencode(asked | {"meeting": meeting.slug if meeting else NOT_STATED})
        label = str(meeting.title) if meeting else _("No launch meeting")
        bars.append(Bar(label, [numbers[key]], f"{report.address}?{query}"))
    return Picture(bars, [("s1", _("projects"))], _("Projects without news, by launch meeting."))


report = Quiet()
register(report)
