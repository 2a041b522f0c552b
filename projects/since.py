"""What became of projects between two meetings, and all that came since; nothing lower can tell it."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from initiative.dates import Precision
from meetings.since import Change, Interval, Section, actions, decisions, figures
from mous.since import live_mous, mou_sections
from projects.courses import OVER, RUNNING, Course, live_projects
from projects.models import Project
from projects.taking_part import partner_sections


def stalled_definition() -> str:
    """Return the rule of what stalled means, in the words of the page."""
    return _(
        "Launched at or before the earlier meeting and still running; since that meeting no progress report"
        " and no change of stage; and the target date has passed or no milestone was reached since."
    )


def _new(one: Course) -> Change:
    meeting = one.interval.held[one.project.meeting_id]
    if one.project.stage in (*RUNNING, *OVER):
        words = _("Launched at %(meeting)s")
    else:
        words = _("For %(meeting)s: %(stage)s")
    note = words % {"meeting": meeting.code, "stage": one.project.get_stage_display()}
    return one.change(meeting.starts_on, meeting.starts_on_precision, note)


def _stalled(one: Course) -> Change:
    project = one.project
    if one.target_passed:
        words = pgettext("of a stalled project", "Target date passed")
        return one.change(project.targeted_on, project.targeted_on_precision, words)
    return one.change(None, Precision.DAY, _("No milestone reached"))


def project_sections(projects: list[Project], interval: Interval) -> list[Section]:
    """Return which projects are new, started, finished and stalled in the interval; no query."""
    courses = [Course(project, interval) for project in projects]

    def listed(rows):
        return sorted(rows, key=lambda row: row.order)

    return [
        Section(
            "projects_new",
            _("New projects"),
            _("Launched at the meetings in this time, or proposed for them."),
            _("No project is new."),
            listed(_new(one) for one in courses if one.is_new),
        ),
        Section(
            "projects_started",
            _("Projects started"),
            _("Start date in this time; without one, in progress since a day in this time."),
            _("No project started."),
            listed(
                one.change(*one.started_on, one.project.get_stage_display())
                for one in courses
                if interval.holds(one.started_on[0])
            ),
        ),
        Section(
            "projects_finished",
            _("Projects finished"),
            _("Completed or discontinued in this time, by the day of the stage or the end date."),
            _("No project was completed or discontinued."),
            listed(
                one.change(*one.over_on, one.project.get_stage_display()) for one in courses if one.ended_here
            ),
        ),
        Section(
            "projects_stalled",
            _("Projects stalled"),
            stalled_definition(),
            _("No project is stalled."),
            listed(_stalled(one) for one in courses if one.stalled),
        ),
    ]


def since(interval: Interval, user) -> list[Section]:
    """Return everything that came in an interval, as `user` may see it; a constant number of queries."""
    projects, mous = live_projects(interval, user), live_mous(user)
    return [
        *project_sections(projects, interval),
        *mou_sections(mous, interval),
        *partner_sections(projects, mous, interval, user),
        figures(interval, user),
        decisions(interval, user),
        *actions(interval, user),
    ]
