"""A meeting with what belongs to it, approved to go public together; and the moment at which it does."""

import datetime
from types import SimpleNamespace

from django.utils import timezone

from publishing.approvals import approve_for_release, note_next_release, plan_release
from publishing.models import Publication
from publishing.releases import Release
from publishing.workflow import move
from tests.factories import make_meeting, make_mou, make_organisation, make_project
from tests.people import MANAGER, SINGAPORE_OFFICER, person

TOMORROW = datetime.timedelta(days=1)


def in_review(*records) -> None:
    for record in records:
        move(record, "in_review", by=person(SINGAPORE_OFFICER))


def prepared(words: str = "Awaited", number: int = 97) -> SimpleNamespace:
    """Make a meeting, an MOU, a project and a body that name each other, whose every text is `words`."""
    body = make_organisation(f"{words} Ltd", summary_en=words)
    meeting = make_meeting(number, outcome_en=words, city_en=words)
    mou = make_mou(f"{words} MOU", (body, "singapore"), summary_en=words, meeting=meeting, occasion="at")
    project = make_project(
        f"{words} project", (body, "shenzhen"), summary_en=words, meeting=meeting, stage="launched"
    )
    found = SimpleNamespace(body=body, meeting=meeting, mou=mou, project=project)
    found.records = [project, mou, meeting, body]
    in_review(*found.records)
    return found


def approved(found: SimpleNamespace, after: datetime.timedelta = TOMORROW) -> Release:
    """Set an hour and approve all of it as the manager."""
    release = plan_release(found.meeting, timezone.now() + after, by=person(MANAGER))
    for record in found.records:
        approve_for_release(record, release, by=person(MANAGER))
    return release


def the_hour_comes(release: Release) -> None:
    """Let the hour of a release lie a minute back."""
    Release.objects.filter(pk=release.pk).update(at=timezone.now() - datetime.timedelta(minutes=1))
    note_next_release(Publication.objects.get(pk=1))


def statuses(found: SimpleNamespace) -> set[str]:
    for record in found.records:
        record.refresh_from_db()
    return {record.status for record in found.records}
