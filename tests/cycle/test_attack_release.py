"""A release under attack: what was approved is changed through something else, or loses its meeting."""

import pytest
from django.db import transaction
from django.db.models import ProtectedError
from django.urls import reverse

from meetings.models import Meeting
from organisations.models import Person
from publishing.authorship import acting
from publishing.releasing import release_due
from tests.cycle.releases import approved, prepared, statuses, the_hour_comes
from tests.cycle.updates import running
from tests.factories import make_source
from tests.people import MANAGER, OTHER_MANAGER, SINGAPORE_OFFICER, person

pytestmark = pytest.mark.django_db


def by_officer():
    return acting(person(SINGAPORE_OFFICER))


@pytest.fixture(name="found")
def prepared_for_release():
    found = prepared()
    with by_officer():
        found.person = Person.objects.create(name_en="Tan Wei")
        found.meeting.attendances.create(person=found.person, side="singapore")
    found.source = found.mou.citations.get().source
    found.release = approved(found)
    return found


def comes(found) -> set[str]:
    the_hour_comes(found.release)
    release_due()
    return statuses(found)


def test_untouched_it_goes(found):
    assert comes(found) == {"published"}


@pytest.mark.parametrize("name", ["person", "source"])
def test_a_person_or_source_changed_after_the_approval_holds_all_of_it_back(found, name):
    row = getattr(found, name)
    with by_officer():
        if name == "person":
            row.name_en = "Never approved"
        else:
            row.title = "Never approved"
        row.save()
    assert comes(found) == {"in_review"}
    found.release.refresh_from_db()
    assert "changed after it was approved" in found.release.problems_en


def test_a_person_named_nowhere_voids_nothing(found):
    with by_officer():
        Person.objects.create(name_en="Somebody")
        make_source()
    assert comes(found) == {"published"}


@pytest.mark.parametrize("change", ["added", "changed", "deleted"])
def test_a_progress_report_that_would_go_public_unseen_holds_it_back(change):
    found, project = prepared(), running()
    place = {"meeting": found.meeting, "visibility": "both_sides"}
    with by_officer():
        report = project.progress_reports.create(**place, text_en="As approved") if change != "added" else None
    found.release = approved(found)
    with by_officer():
        if change == "added":
            project.progress_reports.create(**place, text_en="Never approved")
        elif change == "changed":
            report.text_en = "Never approved"
            report.save()
        else:
            report.delete()
    assert comes(found) == {"in_review"}


def test_a_meeting_whose_release_waits_is_not_deleted(found, client):
    meeting = Meeting.objects.get(pk=found.meeting.pk)
    with by_officer():
        for record in (found.mou, found.project):
            record.refresh_from_db()
            record.meeting = None
            record.occasion = "not_stated" if hasattr(record, "occasion") else None
            record.save()
    with by_officer(), pytest.raises(ProtectedError, match="release"), transaction.atomic():
        meeting.delete()
    client.force_login(person(MANAGER))
    page = reverse("admin:meetings_meeting_delete", args=[meeting.pk])
    assert "call it off first" in client.post(page, {"post": "yes"}).text
    assert Meeting.objects.filter(pk=meeting.pk).exists()


def test_an_approval_of_who_may_publish_no_longer_is_worth_nothing(found):
    person(MANAGER).groups.clear()
    assert comes(found) == {"in_review"}


def test_the_other_manager_reads_and_calls_off(found, client):
    client.force_login(person(OTHER_MANAGER))
    client.post(reverse("admin:desk_release", args=[found.meeting.pk]), {"call_off": "1"})
    assert comes(found) == {"in_review"}
