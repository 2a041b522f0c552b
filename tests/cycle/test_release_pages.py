"""The page on which managers set the hour and approve: who may what, what it says, what it refuses."""

import datetime
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from publishing.approvals import plan_release
from publishing.releases import Release
from publishing.releasing import release_due
from publishing.snapshots import as_number
from tests.cycle.releases import TOMORROW, approved, in_review, prepared, statuses, the_hour_comes
from tests.factories import make_meeting, make_mou, make_project, published
from tests.listing.pages import text_of
from tests.people import (
    AUDITOR,
    MANAGER,
    OTHER_MANAGER,
    ROLES,
    SHENZHEN_OFFICER,
    SINGAPORE_OFFICER,
    person,
)
from tests.serving import once

pytestmark = [once, pytest.mark.django_db]
ACTING = (MANAGER, OTHER_MANAGER)
HOUR = {"set_hour": "1", "day": "2031-12-14", "time": "10:00"}


@pytest.fixture
def found():
    return prepared()


def address(meeting) -> str:
    return reverse("admin:desk_release", args=[meeting.pk])


def signed_in(name: str) -> Client:
    client = Client()
    client.force_login(person(name))
    return client


def seen_on(page: str) -> list[str]:
    return re.findall(r'name="seen" value="([^"]+)"', page)


def key_of(record) -> str:
    return f"{record._meta.model_name}-{record.pk}"


def press(client, meeting, **data) -> str:
    """Press a button of the page as it is now, and return what the page then says."""
    versions = seen_on(client.get(address(meeting)).text)
    return text_of(client.post(address(meeting), {"seen": versions} | data, follow=True).text)


@pytest.mark.parametrize("name", ROLES)
def test_everybody_sees_what_goes_public_and_managers_act(found, name):
    approved(found)
    page = signed_in(name).get(address(found.meeting)).text
    assert all(record.reference in page for record in found.records)
    buttons = set(re.findall(r'<button type="submit" name="(\w+)"', page)) - {"set_language"}
    assert buttons == ({"set_hour", "call_off", "approve", "take_out"} if name in ACTING else set())


def test_a_stranger_is_asked_to_sign_in(client, found):
    answer = client.get(address(found.meeting))
    assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, "/admin/login/")
    client.post(address(found.meeting), HOUR)
    assert not Release.objects.exists()


@pytest.mark.parametrize("name", [SINGAPORE_OFFICER, SHENZHEN_OFFICER, AUDITOR])
def test_a_forged_button_changes_nothing(found, name):
    client = signed_in(name)
    client.post(address(found.meeting), HOUR)
    assert not Release.objects.exists()
    release = approved(found)
    for data in ({"call_off": "1"}, {"take_out": key_of(found.mou)}, HOUR):
        client.post(address(found.meeting), data)
    release.refresh_from_db()
    found.mou.refresh_from_db()
    assert (release.state, release.made_by, found.mou.release) == ("waiting", person(MANAGER), release)


def test_the_hour_is_entered_and_shown_in_utc_8(found):
    client = signed_in(MANAGER)
    assert "The release is set for 14 December 2031, 10:00 (UTC+8)." in press(client, found.meeting, **HOUR)
    assert Release.objects.get().at == datetime.datetime(2031, 12, 14, 2, tzinfo=datetime.UTC)
    page = client.get(address(found.meeting)).text
    assert 'value="2031-12-14"' in page and 'value="10:00"' in page


@pytest.mark.parametrize(
    ("day", "time", "told"),
    [
        ("2020-01-01", "10:00", "This hour is past."),
        ("0001-01-01", "00:00", "This hour is past."),
        ("14 December", "10:00", "Enter a valid date."),
        ("2031-02-30", "10:00", "Enter a valid date."),
        ("2031-12-14", "25:00", "Enter a valid time."),
        ("", "", "This field is required."),
    ],
)
def test_an_hour_that_is_none_or_past_is_refused_in_words(found, day, time, told):
    words = press(signed_in(MANAGER), found.meeting, set_hour="1", day=day, time=time)
    assert told in words
    assert not Release.objects.exists()


def test_the_last_day_there_is_can_be_entered_and_shown(found):
    words = press(signed_in(MANAGER), found.meeting, set_hour="1", day="9999-12-31", time="23:59")
    assert "31 December 9999, 23:59 (UTC+8)" in words


def test_approve_all_tells_what_was_refused(found):
    draft = make_mou("Only a draft", meeting=found.meeting)
    client = signed_in(MANAGER)
    press(client, found.meeting, **HOUR)
    words = press(client, found.meeting, approve="all")
    assert "4 records approved." in words
    assert f"{draft.reference} “Only a draft” is not approved:" in words
    assert "Approved, to go public at that hour: 4 of 5 listed below." in words


def test_one_is_approved_and_taken_out(found):
    client = signed_in(MANAGER)
    press(client, found.meeting, **HOUR)
    words = press(client, found.meeting, approve=key_of(found.mou))
    assert "1 record approved." in words
    assert "“Awaited Ltd” must go with it" in words
    assert "As it stands, nothing would go public." in words
    assert "is no longer in the release" in press(client, found.meeting, take_out=key_of(found.mou))
    found.mou.refresh_from_db()
    assert found.mou.release is None


def test_what_was_changed_after_the_page_was_made_is_not_approved(found):
    client = signed_in(MANAGER)
    press(client, found.meeting, **HOUR)
    seen = seen_on(client.get(address(found.meeting)).text)
    found.mou.refresh_from_db()
    found.mou.save()
    answer = client.post(address(found.meeting), {"approve": key_of(found.mou), "seen": seen}, follow=True)
    assert "It was changed while you looked at this." in answer.text
    found.mou.refresh_from_db()
    assert found.mou.release_approved_by is None


@pytest.mark.parametrize(
    "data", [{"approve": "mou-0"}, {"take_out": "x"}, {"approve": ""}, {"seen": "a:b"}, {}]
)
def test_a_button_that_names_nothing_is_refused_in_words(found, data):
    client = signed_in(MANAGER)
    press(client, found.meeting, **HOUR)
    words = text_of(client.post(address(found.meeting), data, follow=True).text)
    assert "What you chose is not among these records any longer." in words


def test_without_an_hour_nothing_is_approved(found):
    words = press(signed_in(MANAGER), found.meeting, approve="all")
    assert "No release waits for its hour. Set an hour first." in words


def test_a_change_voids_the_approval_and_the_form_says_so_before(found):
    approved(found)
    change = reverse("admin:mous_mou_change", args=[found.mou.pk])
    assert "Saving a change here voids the approval" in signed_in(SINGAPORE_OFFICER).get(change).text
    found.mou.refresh_from_db()
    found.mou.save()
    assert "waits to be approved again" in signed_in(SINGAPORE_OFFICER).get(change).text
    page = text_of(signed_in(MANAGER).get(address(found.meeting)).text)
    assert "Not ready: 1 of 4 in the release." in page
    assert "Not as it stands: changed since" in page


def test_a_failed_release_is_told_on_its_page_and_on_the_index(found):
    release = approved(found)
    found.mou.refresh_from_db()
    found.mou.save()
    the_hour_comes(release)
    release_due()
    index = signed_in(MANAGER).get("/admin/")
    section = next(one for one in index.context["sections"] if one.key == "releases")
    assert (section.total, section.tone) == (1, "late")
    assert address(found.meeting) in index.text
    listed = signed_in(MANAGER).get("/admin/meetings/meeting/?going=failed")
    assert listed.context["cl"].result_count == 1
    page = text_of(signed_in(MANAGER).get(address(found.meeting)).text)
    assert "failed: nothing of it went public." in page
    assert "It was changed after it was approved" in page


def test_called_off_on_the_page(found):
    approved(found)
    client = signed_in(OTHER_MANAGER)
    client.post(address(found.meeting), {"call_off": "1"})
    assert Release.objects.get().state == "called_off"
    assert statuses(found) == {"in_review"}
    assert client.post(address(found.meeting), {"call_off": "1"}, follow=True).status_code == 200


def test_afterwards_the_page_says_that_it_happened(found):
    the_hour_comes(approved(found))
    page = text_of(signed_in(AUDITOR).get(address(found.meeting)).text)
    assert re.search(r"The last release, of .* \(UTC\+8\): released\.", page)
    assert "Everything entered for this meeting is public" in page


def test_what_one_side_keeps_is_not_listed_for_the_other(found):
    kept = make_project("Kept project", kept_by="singapore", meeting=found.meeting)
    pages = {name: signed_in(name).get(address(found.meeting)).text for name in (*ROLES,)}
    assert {name: kept.reference in page for name, page in pages.items()} == {
        SINGAPORE_OFFICER: True,
        SHENZHEN_OFFICER: False,
        MANAGER: True,
        OTHER_MANAGER: False,
        AUDITOR: True,
    }


def test_a_release_of_a_meeting_that_one_side_keeps_since_is_not_on_the_others_index():
    meeting = make_meeting(95)
    plan_release(meeting, timezone.now() + TOMORROW, by=person(MANAGER))
    meeting.kept_by = "singapore"
    meeting.save()
    assert 'id="releases"' in signed_in(MANAGER).get("/admin/").text
    assert 'id="releases"' not in signed_in(OTHER_MANAGER).get("/admin/").text
    assert signed_in(OTHER_MANAGER).get(address(meeting)).status_code == 404


def test_versions_are_compared_to_the_microsecond(found):
    found.mou.refresh_from_db()
    assert f"{key_of(found.mou)}:{as_number(found.mou.changed_at)}" in seen_on(
        signed_in(MANAGER).get(address(found.meeting)).text
    )


def test_the_page_asks_the_same_with_four_records_and_with_many(found, django_assert_num_queries):
    approved(found)
    client = signed_in(MANAGER)
    client.get(address(found.meeting))
    with CaptureQueriesContext(connection) as few:
        client.get(address(found.meeting))
    for number in range(4):
        in_review(make_project(f"More {number}", (found.body, "singapore"), meeting=found.meeting))
        make_mou(f"More {number}", (found.body, "shenzhen"), meeting=found.meeting)
    assert len(few) < 80
    with django_assert_num_queries(len(few)):
        client.get(address(found.meeting))


def test_a_public_meeting_has_releases_too():
    meeting = published(make_meeting(94))
    mou = make_mou("Later", meeting=meeting)
    in_review(mou)
    client = signed_in(MANAGER)
    press(client, meeting, **HOUR)
    assert "go public at that hour: 1 of 1" in press(client, meeting, approve="all")
    release_due(datetime.datetime(2032, 1, 1, tzinfo=datetime.UTC))
    mou.refresh_from_db()
    assert mou.is_published
