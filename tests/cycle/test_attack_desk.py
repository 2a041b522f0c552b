"""The desk of a meeting under attack: looking and forged posts write nothing, what is kept stays kept."""

import datetime
import re

import pytest
from django.contrib.auth import get_user_model
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate

from meetings import desk
from meetings.models import Action, Meeting
from projects.models import Milestone, Partner, Project
from publishing.authorship import acting
from publishing.models import Publication
from tests.cycle.minutes import sign_in, with_record
from tests.cycle.updates import DAY, make_round, running
from tests.desk.forms import change_address, open_form, send
from tests.factories import make_meeting, make_organisation, make_project, published
from tests.people import AUDITOR, MANAGER, SHENZHEN_OFFICER, SINGAPORE_OFFICER, person
from tests.serving import once_there

pytestmark = [once_there, pytest.mark.django_db]
HOUR = datetime.timedelta(hours=1)

# Everything that some button of the desk sends.
ANYTHING = {
    "title_en": "Forged",
    "visibility": "both_sides",
    "step": "circulate",
    "call_off": "1",
    "approve": "all",
    "set_hour": "1",
    "day": "2099-01-01",
    "time": "10:00",
    "closes_on": "2099-01-01",
    "what": "revoke",
    "clear": "picked",
    "stage": "launched",
    "_aside": "1",
    "reason": "x",
    "kind-0": "noted",
    "item-0": "1",
    "new-0-d-0-text_en": "Forged",
}
VALUES = dict.fromkeys(["format", "kind", "form"], "docx")
VALUES |= {"language": "en", "document": "list", "which": "both"}


def addresses(meeting: Meeting) -> list[str]:
    """Return every address of the meeting's desk; keys in it are those of the scene's only rows."""
    found = [reverse("admin:desk", args=[meeting.pk])]
    keys = {"paper": meeting.papers.first(), "pk": meeting.update_round.requests.first()}
    for page in desk.pages():
        for route in page.views:
            filled = re.sub(
                r"<(?:\w+:)?(\w+)>",
                lambda name: str(keys[name[1]].pk) if name[1] in keys else VALUES[name[1]],
                route,
            )
            found.append(f"{page.address(meeting)}{filled}")
    return found


@pytest.fixture(name="meeting")
def meeting_with_everything():
    running()
    meeting = with_record(5)
    make_round(meeting)
    return meeting


def written() -> tuple:
    """Return what tells that something was written."""
    kept = [Meeting.objects.values_list("agenda_final_at", "release", "kept_by").get(number=5)]
    return Publication.objects.get().version, *kept, Project.history.count(), Action.history.count()


def test_looking_at_the_desk_writes_nothing(client, meeting):
    sign_in(client, MANAGER)
    before = written()
    codes = {client.get(address, ANYTHING).status_code for address in addresses(meeting)}
    assert codes <= {200, 302, 400, 404, 405}
    assert written() == before


@pytest.mark.parametrize("who", [AUDITOR, None, "forged"])
def test_who_may_not_write_writes_nothing_by_any_address_of_the_desk(meeting, who):
    client = Client(enforce_csrf_checks=who == "forged")
    if who:
        sign_in(client, MANAGER if who == "forged" else who)
    before, round = written(), meeting.update_round
    codes = {client.post(address, ANYTHING).status_code for address in addresses(meeting)}
    assert written() == before
    round.refresh_from_db()
    assert (round.closed_at, round.requests.get().revoked_at) == (None, None)
    assert codes <= ({403} if who == "forged" else {200, 302, 400, 403, 404, 405})


def test_the_desk_of_a_meeting_that_one_side_keeps_is_not_there_for_the_other(client, meeting):
    meeting.kept_by = "singapore"
    meeting.save()
    sign_in(client, SHENZHEN_OFFICER)
    before = written()
    for address in addresses(meeting):
        assert client.get(address).status_code == 404
        assert client.post(address, ANYTHING).status_code == 404
    assert written() == before


@pytest.mark.parametrize("at_once", [True, False])
def test_what_was_in_a_kept_draft_and_went_before_it_was_shared_stays_unread(client, at_once):
    today = localdate()
    before, later = make_meeting(4, starts_on=today - 2 * DAY), make_meeting(5, starts_on=today)
    secret = make_organisation("Secretive Ltd")
    project = make_project("Meters", (secret, "singapore"), kept_by="singapore", stage="in_progress")
    with acting(person(SINGAPORE_OFFICER)):
        milestone = project.milestones.create(title_en="Secretive step")
    for kind in (Project, Partner, Milestone):
        kind.history.update(history_date=timezone.now() - 9 * DAY)
    with acting(person(SINGAPORE_OFFICER)), transaction.atomic():
        project.partners.get().delete()
        milestone.delete()
        project.title_en, project.kept_by, project.meeting = "Meters for all", "", None
        project.save()
    if not at_once:
        for kind in (Milestone, Partner):
            kind.history.filter(history_type="-").update(history_date=timezone.now() - HOUR)
    sign_in(client, SHENZHEN_OFFICER)
    since = reverse("admin:desk_since", args=[later.pk]) + f"?earlier={before.pk}&later={later.pk}"
    pages = [
        reverse("admin:projects_project_history", args=[project.pk]),
        since,
        reverse("admin:desk_since_file", args=[later.pk, "csv"]) + f"?earlier={before.pk}&later={later.pk}",
        reverse("admin:desk_deliverables", args=[later.pk]),
    ]
    told = {page: client.get(page) for page in pages}
    assert {answer.status_code for answer in told.values()} == {200}
    # The body itself is on record for both sides; that it was in the draft is not.
    assert not [page for page, answer in told.items() if "Secretive" in answer.text]
    sign_in(client, SINGAPORE_OFFICER)
    assert "Secretive" in client.get(since).text


def test_officers_write_nothing_that_the_public_reads_of_a_published_meeting(client, meeting):
    published(meeting)
    with acting(person(MANAGER)):
        for row in (*meeting.agenda_items.all(), *meeting.decisions.all(), *meeting.actions.all()):
            row.visibility = "public"
            row.save()
    public = Client().get(meeting.get_absolute_url()).text
    sign_in(client, SINGAPORE_OFFICER)
    for address in addresses(meeting):
        keys = {f"decision-{meeting.decisions.get().pk}-text_en": "Forged"}
        keys |= {f"action-{meeting.actions.get().pk}-text_en": "Forged", "move": "1:down", "order-1": "9"}
        client.post(address, ANYTHING | keys)
    action = reverse("admin:meetings_action_follow_up", args=[meeting.actions.get().pk])
    client.post(action, {"follow-text": "x", "follow-state": "done", "follow-was": "open"})
    now = Client().get(meeting.get_absolute_url()).text
    strip = re.compile(r"<time.*?</time>|\d{1,2} \w+ 20\d\d|20\d\d-\d\d-\d\d\S*")
    assert strip.sub("", now) == strip.sub("", public)
    assert get_user_model().objects.get(username=SINGAPORE_OFFICER)


def test_an_item_with_notes_of_the_other_side_is_not_deleted_with_them(client, meeting):
    with acting(person(SINGAPORE_OFFICER)):
        item = meeting.agenda_items.create(title_en="Shared", notes_singapore="Ours alone")
    place = list(meeting.agenda_items.all()).index(item)
    asked = {f"agenda_items-{place}-DELETE": "on"}
    page = change_address(meeting)
    sign_in(client, SHENZHEN_OFFICER)
    answer = send(client, page, open_form(client, page), **asked)
    assert answer.status_code == 200 and "keeps something of its own" in answer.text
    assert "Ours alone" not in answer.text
    client.post(reverse("admin:meetings_meeting_delete", args=[meeting.pk]), {"post": "yes"})
    assert meeting.agenda_items.filter(pk=item.pk).exists()
    sign_in(client, SINGAPORE_OFFICER)
    assert send(client, page, open_form(client, page), **asked).status_code == 302
