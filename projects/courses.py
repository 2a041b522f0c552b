"""The course of a project between two meetings: whether it is new, started, over or stalled."""

import datetime
from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery

from initiative.dates import Precision
from meetings.models import Meeting
from meetings.since import LIVE, Change, Interval, last_day
from projects.models import Milestone, ProgressReport, Project
from publishing.sides import visible

RUNNING = (Project.Stage.LAUNCHED, Project.Stage.IN_PROGRESS)
# What a list of courses shows, or the rules ask: of many projects the texts would weigh more than all else.
READ = (
    "reference",
    "reference_number",
    "title_en",
    "title_zh",
    "status",
    "meeting",
    "stage",
    "stage_as_of",
    "started_on",
    "started_on_precision",
    "targeted_on",
    "targeted_on_precision",
    "ended_on",
    "ended_on_precision",
)
OVER = (Project.Stage.COMPLETED, Project.Stage.DISCONTINUED)


def _stage_before(moment: datetime.datetime, user) -> Subquery:
    """Return the stage that a project had at a moment, by its history; None if it was not entered yet."""
    versions = visible(Project.history.filter(id=OuterRef("pk"), history_date__lt=moment), user)
    return Subquery(versions.order_by("-history_date", "-history_id").values("stage")[:1])


def live_projects(interval: Interval, user) -> list[Project]:
    """Return the projects that `user` may see, with what was done for them in the interval; two queries."""
    milestones = Milestone.objects.filter(
        project=OuterRef("pk"), reached_on__gt=interval.after, reached_on__lte=interval.until
    )
    reports = ProgressReport.objects.filter(project=OuterRef("pk"), meeting__in=interval.held)
    meetings = visible(Meeting.objects.all(), user)
    return list(
        visible(Project.objects.filter(status__in=LIVE), user)
        .defer("search_text")
        .prefetch_related(Prefetch("meeting", meetings))
        .annotate(
            stage_at_start=_stage_before(interval.start, user),
            stage_at_end=_stage_before(interval.end, user),
            has_reached=Exists(visible(milestones, user)),
            has_report=Exists(visible(reports, user)),
        )
    )


def without_news(projects: QuerySet, interval: Interval, user) -> list["Course"]:
    """Return those of `projects` that run and of which nothing was heard in the interval (`Course.is_quiet`).

    A report to a meeting that is still to come is news. Two queries, of the columns READ; the database
    leaves out what had news.
    """
    milestones = Milestone.objects.filter(project=OuterRef("pk"), reached_on__gt=interval.after)
    coming = Q(meeting__starts_on__gt=interval.after) | Q(meeting__starts_on=None)
    reports = ProgressReport.objects.filter(coming, project=OuterRef("pk"))
    found = (
        projects.filter(stage__in=RUNNING)
        .annotate(
            has_reached=Exists(visible(milestones, user).filter(reached_on__lte=interval.until)),
            has_report=Exists(visible(reports, user)),
        )
        .filter(has_reached=False, has_report=False)
        .annotate(stage_at_start=_stage_before(interval.start, user), stage_at_end=F("stage"))
    )
    found = found.only(*READ).prefetch_related(Prefetch("meeting", visible(Meeting.objects.all(), user)))
    courses = [Course(project, interval) for project in found]
    return [course for course in courses if course.is_quiet]


@dataclass(frozen=True)
class Course:
    """The course of one project in an interval; the rules are those that the page prints."""

    project: Project
    interval: Interval

    @property
    def is_new(self) -> bool:
        return self.project.meeting_id in self.interval.held

    @property
    def comes_later(self) -> bool:
        """Return whether the project's meeting is after the interval."""
        held_on = self.project.meeting and last_day(self.project.meeting)
        return bool(held_on and held_on > self.interval.until and not self.is_new)

    @property
    def stage_changed(self) -> bool:
        """Return whether its stage is dated in the interval, or the history shows another one at its start.

        "Launched" is dated by the report of the launch, which may come days after the meeting.
        """
        before, after = self.project.stage_at_start, self.project.stage_at_end
        dated = self.project.stage != Project.Stage.LAUNCHED and self.interval.holds(self.project.stage_as_of)
        return dated or bool(before and before != after)

    @property
    def started_on(self) -> tuple[datetime.date | None, str]:
        """Return (day, precision) of its start: the start date, else since when it is in progress."""
        project = self.project
        if project.started_on:
            return project.started_on, project.started_on_precision
        return (project.stage_as_of if project.stage == Project.Stage.IN_PROGRESS else None), Precision.DAY

    @property
    def over_on(self) -> tuple[datetime.date | None, str]:
        """Return (day, precision) of its end, if it is over: the day of its stage, else the end date."""
        project = self.project
        if project.stage not in OVER:
            return None, Precision.DAY
        if project.stage_as_of:
            return project.stage_as_of, Precision.DAY
        return project.ended_on, project.ended_on_precision

    @property
    def ended_here(self) -> bool:
        """Return whether it was completed or discontinued in the interval, by its dates or by the history."""
        day = self.over_on[0]
        if self.project.stage not in OVER or day:
            return self.interval.holds(day)
        before, after = self.project.stage_at_start, self.project.stage_at_end
        return before is not None and before not in OVER and after in OVER

    @property
    def runs_throughout(self) -> bool:
        """Return whether it was launched by the earlier meeting and is not over on the last day."""
        if self.is_new or self.comes_later or self.interval.holds(self.started_on[0]):
            return False
        if self.project.stage in OVER:
            over = self.over_on[0]
            return bool(over and over > self.interval.until)
        return self.project.stage in RUNNING

    @property
    def target_passed(self) -> bool:
        target = self.project.targeted_on
        return target is not None and target <= self.interval.until

    @property
    def stalled(self) -> bool:
        """Return whether nothing moved: `projects.since.stalled_definition`, which the page prints."""
        if not self.runs_throughout or self.project.has_report or self.stage_changed:
            return False
        return self.target_passed or not self.project.has_reached

    @property
    def is_quiet(self) -> bool:
        """Return whether there was no news at all; what is quiet is stalled too."""
        heard = self.project.has_report or self.project.has_reached or self.stage_changed
        return self.runs_throughout and not heard

    def change(self, day, precision: str, note: str) -> Change:
        return Change(self.project, self.project.reference, self.project.title, day, precision, note)
