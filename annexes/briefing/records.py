"""The projects and MOUs that a pack tells of, read at once with what belongs to them."""

import datetime
from dataclasses import dataclass

from django.db.models import Prefetch, prefetch_related_objects
from django.utils.timezone import localdate

from meetings.models import Meeting
from meetings.since import LIVE
from mous.models import MOU, Signatory
from mous.since import live_mous
from organisations.models import Organisation
from projects.models import Partner, ProgressReport, Project
from publishing.sides import visible


@dataclass(frozen=True)
class Records:
    """What `read_records` found, and the day for which it is told: the meeting's, or today if that is past."""

    projects: list[Project]
    mous: list[MOU]
    day: datetime.date


def read_records(meeting: Meeting, user) -> Records:
    """Return the projects and MOUs that `user` may see, with partners, reports, signatories; eight queries."""
    bodies = visible(Organisation._base_manager.all(), user).values("pk")
    partners = Partner.objects.filter(organisation__in=bodies).select_related("organisation")
    signatories = Signatory.objects.filter(organisation__in=bodies).select_related("organisation")
    meetings = visible(Meeting.objects.all(), user)
    reports = ProgressReport.objects.filter(meeting__in=meetings.values("pk")).select_related("meeting")
    projects = (
        visible(Project.objects.filter(status__in=LIVE), user)
        .defer("search_text")
        .prefetch_related(
            Prefetch("partners", visible(partners, user)),
            Prefetch("progress_reports", visible(reports, user).order_by("meeting__starts_on", "pk")),
        )
    )
    mous = live_mous(user)
    prefetch_related_objects(mous, Prefetch("signatories", visible(signatories, user)))
    return Records(list(projects), mous, max(meeting.starts_on or localdate(), localdate()))
