"""Which organisations began or ceased to take part in projects and MOUs between two meetings."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Subquery
from django.utils.translation import gettext as _

from meetings.since import Change, Interval, Section
from mous.models import MOU, Signatory
from mous.since import is_active_on, is_signed_in
from organisations.models import Organisation
from projects.courses import OVER, RUNNING, Course
from projects.models import Partner, Project
from publishing.sides import visible
from publishing.snapshots import versions_of


@dataclass
class Part:
    """What one organisation takes part in, by reference: already before the interval, and since.

    `running` and `still_running` are what was running when the interval began, and what is at its end.
    """

    before: set[str] = field(default_factory=set)
    since: set[str] = field(default_factory=set)
    running: set[str] = field(default_factory=set)
    still_running: set[str] = field(default_factory=set)
    left: set[str] = field(default_factory=set)

    def add(self, reference: str, is_since: bool, was_running: bool, is_running: bool) -> None:
        (self.since if is_since else self.before).add(reference)
        if was_running and not is_since:
            self.running.add(reference)
        if is_running:
            self.still_running.add(reference)


def _partners(interval: Interval, user):
    """Return partner rows with the moment at which each was entered."""
    entered = visible(Partner.history.filter(id=OuterRef("pk")), user).order_by("history_id")
    rows = visible(Partner.objects.all(), user).annotate(entered=Subquery(entered.values("history_date")[:1]))
    return rows.values_list("project", "organisation", "entered")


def _deleted(interval: Interval, user) -> Iterator[tuple[int, int]]:
    """Yield (project, organisation) of partner rows of before the interval that were deleted in it."""
    older = Partner.history.filter(id=OuterRef("id"), history_date__lt=interval.start)
    # Nothing of what was done while the other side kept the project to itself.
    gone = versions_of(Partner, user).filter(
        history_type="-", history_date__gte=interval.start, history_date__lt=interval.end
    )
    yield from gone.filter(Exists(older)).values_list("project_id", "organisation_id")


def _project_part(course: Course) -> tuple[bool, bool, bool] | None:
    """Return (since, was running, is running) of a project, or None if nobody takes part in it yet."""
    project, over = course.project, course.project.stage in OVER
    if course.comes_later:
        return None
    if course.is_new or (project.meeting_id is None and course.interval.holds(course.started_on[0])):
        return True, False, not over
    if project.stage not in (*RUNNING, *OVER):
        return None
    ended_later = over and course.over_on[0] is not None and course.over_on[0] > course.interval.until
    was_running = not over or course.ended_here or ended_later
    return False, was_running, not over or ended_later


def _mou_part(mou: MOU, interval: Interval) -> tuple[bool, bool, bool] | None:
    """Return (since, was running, is running) of an MOU, or None if it was not signed by the last day."""
    if mou.signed_on is None or mou.signed_on > interval.until:
        return None
    return (
        is_signed_in(mou, interval),
        is_active_on(mou, interval.after),
        is_active_on(mou, interval.until),
    )


def parts(projects: list[Project], mous: list[MOU], interval: Interval, user) -> dict[int, Part]:
    """Return what each organisation takes part in, by its key; three queries."""
    found: dict[int, Part] = defaultdict(Part)
    courses = {project.pk: Course(project, interval) for project in projects}
    still = set()
    for key, body, entered in _partners(interval, user):
        still.add((key, body))
        course = courses.get(key)
        part = course and _project_part(course)
        if not part:
            continue
        # The day of a row counts where the project was on record before; else all of it was entered at once.
        older = entered and course.project.created_at < interval.start
        if older and entered >= interval.end:
            continue
        came_later = older and entered >= interval.start
        found[body].add(course.project.reference, part[0] or bool(came_later), *part[1:])
    for key, body in _deleted(interval, user):
        if key in courses and (key, body) not in still:
            found[body].left.add(courses[key].project.reference)
            found[body].before.add(courses[key].project.reference)
    signed = {mou.pk: mou for mou in mous}
    for key, body in visible(Signatory.objects.all(), user).values_list("mou", "organisation"):
        if key in signed and (part := _mou_part(signed[key], interval)):
            found[body].add(signed[key].reference, *part)
    return found


def _listed(bodies: dict[int, Organisation], references: dict[int, set[str]], words: str) -> list[Change]:
    rows = [
        Change(
            body,
            body.reference,
            body.listed_name,
            note=words % {"references": ", ".join(sorted(references[key]))},
        )
        for key, body in bodies.items()
        if references.get(key)
    ]
    return sorted(rows, key=lambda row: row.code)


def partner_sections(projects: list[Project], mous: list[MOU], interval: Interval, user) -> list[Section]:
    """Return which organisations joined and left in the interval; four queries."""
    taking_part = parts(projects, mous, interval, user)
    joined = {key: part.since for key, part in taking_part.items() if not part.before}
    gone = {key: part.left for key, part in taking_part.items()}
    over = {key: part.running for key, part in taking_part.items() if not part.left and not part.still_running}
    bodies = visible(Organisation.objects.filter(merged_into=None), user).defer("search_text")
    bodies = bodies.in_bulk([key for key in taking_part if joined.get(key) or gone[key] or over.get(key)])
    return [
        Section(
            "partners_joined",
            _("Partners that joined"),
            _("Organisations in projects and MOUs of this time that were in none before."),
            _("No organisation joined."),
            _listed(bodies, joined, _("In %(references)s")),
        ),
        Section(
            "partners_left",
            _("Partners that left"),
            _("Taken out of a project in this time, or all projects and MOUs of the organisation ended."),
            _("No organisation left."),
            sorted(
                [
                    *_listed(bodies, gone, _("Taken out of %(references)s")),
                    *_listed(bodies, over, _("Was in %(references)s, now over")),
                ],
                key=lambda row: row.code,
            ),
        ),
    ]
