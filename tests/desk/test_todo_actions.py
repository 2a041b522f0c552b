"""Follow-up actions as a list of their own: what is due, and the rights of their meeting."""

import datetime

import pytest
from django.utils.timezone import localdate

from meetings.models import Action, Meeting
from publishing.authorship import acting
from tests.factories import make_meeting, published
from tests.people import AUDITOR, MANAGER, OTHER_MANAGER, ROLES, SHENZHEN_OFFICER, SINGAPORE_OFFICER, person
from tests.test_admin import codes

pytestmark = pytest.mark.django_db

LIST = "/admin/meetings/action/"


def add(meeting, number: int, days: int | None = None, **fields) -> Action:
    due = None if days is None else localdate() + datetime.timedelta(days=days)
    fields = {"text_en": "Write", "owner_side": "singapore"} | fields
    with acting(person(SINGAPORE_OFFICER)):
        return meeting.actions.create(number=number, due_on=due, **fields)


def form_of(action: Action, **changes) -> dict:
    kept = ("meeting_id", "number", "text_en", "owner_side", "visibility", "state")
    return {name.removesuffix("_id"): getattr(action, name) for name in kept} | changes


@pytest.fixture
def meeting():
    return make_meeting(4)


def listed(client, query: str) -> list[int]:
    return [action.number for action in client.get(LIST + query).context["cl"].result_list]


def test_who_may_list_and_add(client):
    assert set(codes(client, LIST).values()) == {200}
    adding = {SINGAPORE_OFFICER: 200, SHENZHEN_OFFICER: 200, MANAGER: 200, OTHER_MANAGER: 200, AUDITOR: 403}
    assert codes(client, f"{LIST}add/") == adding
    client.logout()
    assert client.get(LIST)["Location"] == f"/admin/login/?next={LIST}"


def test_due_on_each_side_of_each_boundary(client, meeting):
    for number, days in enumerate((-1, 0, 30, 31, None), 1):
        add(meeting, number, days)
    add(meeting, 6, -1, state="done")
    add(meeting, 7, -1, state="dropped")
    add(meeting, 8, -2, state="in_progress")
    client.force_login(person(AUDITOR))
    assert listed(client, "?due=overdue") == [8, 1]
    assert listed(client, "?due=soon") == [2, 3]
    assert listed(client, "?due=later") == [4]
    assert listed(client, "?due=no_date") == [5]
    assert client.get(f"{LIST}?due=never")["Location"] == f"{LIST}?e=1"


def test_due_at_a_meeting_is_due_on_its_day(client, meeting):
    coming = make_meeting(5, phase="planned", starts_on=localdate() + datetime.timedelta(days=3))
    add(meeting, 1, due_meeting=coming)
    add(meeting, 2, due_meeting=make_meeting(6, starts_on=None))
    client.force_login(person(SINGAPORE_OFFICER))
    assert (listed(client, "?due=soon"), listed(client, "?due=no_date")) == ([1], [2])
    assert "Fifth JIC meeting" in client.get(LIST).text


def test_action_of_one_side_is_nowhere_on_the_other(client, meeting):
    kept = add(meeting, 1, -1, visibility="own_side", text_en="Kept apart")
    client.force_login(person(SHENZHEN_OFFICER))
    assert listed(client, "") == []
    assert client.get(f"{LIST}{kept.pk}/change/", follow=True).text.count("Kept apart") == 0
    assert client.get(f"{LIST}{kept.pk}/history/").status_code == 404
    client.force_login(person(SINGAPORE_OFFICER))
    assert listed(client, "") == [1]


def test_action_of_a_meeting_kept_by_one_side_is_nowhere_on_the_other(client):
    meeting = Meeting.objects.create(number=5, kept_by="singapore")
    add(meeting, 1, -1)
    client.force_login(person(SHENZHEN_OFFICER))
    assert listed(client, "") == []


def test_officer_closes_an_action(client, meeting):
    action = add(meeting, 1, -1)
    client.force_login(person(SINGAPORE_OFFICER))
    data = form_of(action, state="done", closing_note="Sent.")
    assert client.post(f"{LIST}{action.pk}/change/", data).status_code == 302
    action.refresh_from_db()
    assert (action.state, action.closing_note) == ("done", "Sent.")
    assert action.history.first().history_user == person(SINGAPORE_OFFICER)


def test_action_of_a_published_meeting_is_changed_by_managers_only(client, meeting):
    action = add(published(meeting), 1, -1)
    address = f"{LIST}{action.pk}/change/"
    given = {}
    for who in ROLES:
        client.force_login(person(who))
        given[who] = client.post(address, form_of(action, state="done")).status_code
    assert given == {
        SINGAPORE_OFFICER: 403,
        SHENZHEN_OFFICER: 403,
        MANAGER: 302,
        OTHER_MANAGER: 302,
        AUDITOR: 403,
    }


def test_officer_adds_no_action_to_a_published_meeting(client, meeting):
    published(meeting)
    client.force_login(person(SINGAPORE_OFFICER))
    data = {"meeting": meeting.pk, "number": 1, "owner_side": "singapore", "visibility": "both_sides"}
    answer = client.post(f"{LIST}add/", data | {"state": "open"})
    assert "The record is published: only a manager changes it." in answer.text
    assert not Action.objects.exists()


def test_meeting_of_the_other_side_is_not_chosen_by_hand(client):
    kept = Meeting.objects.create(number=5, kept_by="shenzhen")
    client.force_login(person(SINGAPORE_OFFICER))
    data = {"meeting": kept.pk, "number": 1, "owner_side": "singapore", "visibility": "both_sides"}
    answer = client.post(f"{LIST}add/", data | {"state": "open"})
    assert "Select a valid choice" in answer.text
    assert not Action.objects.exists()


def test_list_asks_as_much_for_three_as_for_one(client, meeting, django_assert_max_num_queries):
    add(meeting, 1, -1)
    client.force_login(person(MANAGER))
    client.get(LIST)
    with django_assert_max_num_queries(100) as one:
        client.get(LIST)
    for number in (2, 3):
        add(make_meeting(), number, -1)
    with django_assert_max_num_queries(len(one)):
        client.get(LIST)
