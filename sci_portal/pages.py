"""What standing pages show beside their text: a function for each page that shows something."""

from django.conf import settings
from django.utils.translation import pgettext_lazy

from initiative.models import Track
from listing.columns import Kind
from meetings.figures import compare
from meetings.models import AnnouncedFigure, Attendance
from meetings.views import MeetingList
from mous.models import MOU
from mous.views import MOUList
from organisations.views import OrganisationList
from projects.models import Project
from projects.views import ProjectList
from publishing.models import Status

KINDS = {
    Kind.TEXT: pgettext_lazy("kind of column", "text"),
    Kind.INTEGER: pgettext_lazy("kind of column", "whole number"),
    Kind.DATE: pgettext_lazy("kind of column", "date"),
}


def co_chairs() -> dict:
    """Return the co-chairs of published meetings as (meeting, attendances), oldest first."""
    public = {"meeting__status": Status.PUBLISHED} | Attendance.public_while()
    rows = Attendance.objects.filter(role=Attendance.Role.CO_CHAIR, **public)
    chaired: dict = {}
    for row in rows.select_related("meeting", "person").order_by("meeting__starts_on", "meeting", "position"):
        chaired.setdefault(row.meeting, []).append(row)
    return {"chaired": list(chaired.items())}


def _compared(**conditions) -> list:
    """Return the figures of published meetings beside the record, oldest meeting first."""
    figures = AnnouncedFigure.objects.filter(meeting__status=Status.PUBLISHED, **conditions)
    figures = figures.select_related("meeting").prefetch_related("citations__source")
    return compare(
        list(figures.order_by("meeting__starts_on", "meeting", "-scope", "track", "measure", "tier", "pk"))
    )


def zone() -> dict:
    """Return what is on record of the Demonstration Zone: its own project, and what is of its track."""
    own = Project.objects.published().filter(reference=settings.ZONE_PROJECT).select_related("meeting")
    of_track = {"track": Track.ZONE}
    return {
        "project": own.prefetch_related("milestones", "citations__source").first(),
        "comparisons": _compared(**of_track),
        "projects": Project.objects.published()
        .filter(**of_track)
        .select_related("pillar")
        .prefetch_related("partners__organisation"),
        "mous": MOU.objects.published().filter(**of_track).prefetch_related("signatories__organisation"),
    }


def definitions() -> dict:
    """Return every announced figure beside the record, by meeting and to date, and the columns of the files."""
    meetings: dict = {}
    to_date = []
    for one in _compared():
        if one.figure.scope == AnnouncedFigure.Scope.CUMULATIVE:
            to_date.insert(0, one)
        else:
            meetings.setdefault(one.figure.meeting, []).append(one)
    files = [
        (view.title, view.name, [(column, KINDS[column.kind]) for column in view.columns])
        for view in (ProjectList, MOUList, OrganisationList, MeetingList)
    ]
    return {"to_date": to_date, "meetings": list(meetings.items()), "files": files}


def contact() -> dict:
    return {"email": settings.CONTACT_EMAIL}


# By slug; the template is templates/pages/_<slug>.html.
BLOCKS = {"about": co_chairs, "zone": zone, "data": definitions, "contact": contact}
