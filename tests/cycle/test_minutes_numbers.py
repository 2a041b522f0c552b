"""Numbers of decisions and actions: given by the program, never changed, never used again."""

import pytest
from django.core.exceptions import ValidationError

from meetings.imports import ActionImport, DecisionImport
from meetings.models import Action, Decision
from publishing.authorship import acting
from tests.cycle.minutes import by_singapore, held, items, sign_in
from tests.desk.forms import add_row, change_address, open_form, send
from tests.desk.sheets import offer
from tests.factories import make_meeting
from tests.listing.uploads import confirm, problems, sheet
from tests.people import SINGAPORE_OFFICER, person

pytestmark = pytest.mark.django_db


def add(meeting, **fields) -> Decision:
    with acting(person(SINGAPORE_OFFICER)):
        return meeting.decisions.create(text_en="Agreed", **fields)


def test_the_first_is_one_and_each_meeting_counts_by_itself():
    meeting, other = make_meeting(5), make_meeting(6)
    found = [str(add(meeting)), str(add(meeting)), str(add(other))]
    assert found == ["JIC5-D1", "JIC5-D2", "JIC6-D1"]


def test_actions_and_decisions_count_apart():
    meeting = make_meeting(5)
    add(meeting)
    with by_singapore():
        assert str(meeting.actions.create(text_en="Do", owner_side="shenzhen")) == "JIC5-A1"


def test_the_number_of_a_deleted_decision_is_not_used_again():
    meeting = make_meeting(5)
    add(meeting)
    add(meeting).delete()
    assert add(meeting).number == 3


def test_an_explicit_number_stays_and_the_next_is_above_it():
    meeting = make_meeting(5)
    assert (add(meeting, number=7).number, add(meeting).number) == (7, 8)


def test_a_number_is_never_changed():
    decision = add(make_meeting(5))
    decision.number = 9
    with pytest.raises(ValidationError, match="it stays 1"):
        decision.save()
    with pytest.raises(ValidationError, match="it stays 1"):
        decision.full_clean()


def test_a_decision_does_not_move_to_another_meeting():
    decision, other = add(make_meeting(5)), make_meeting(6)
    decision.meeting = other
    with pytest.raises(ValidationError, match="meeting that numbered it"):
        decision.save()


def test_the_form_of_the_meeting_gives_the_number_and_does_not_change_it(client):
    meeting = make_meeting(5)
    add(meeting)
    sign_in(client, SINGAPORE_OFFICER)
    data = open_form(client, change_address(meeting))
    data = add_row(data, "decisions", number="", text_en="The second")
    data = add_row(data, "actions", number="", text_en="To do", owner_side="singapore")
    answer = send(client, change_address(meeting), data, **{"decisions-0-number": "8"})
    assert answer.status_code == 302, answer.context["errors"]
    assert [str(one) for one in meeting.decisions.all()] == ["JIC5-D1", "JIC5-D2"]
    assert [str(one) for one in meeting.actions.all()] == ["JIC5-A1"]


def test_the_page_of_an_action_shows_its_number_only(client):
    meeting = make_meeting(5)
    with by_singapore():
        action = meeting.actions.create(text_en="Do", owner_side="singapore")
    sign_in(client, SINGAPORE_OFFICER)
    data = open_form(client, change_address(action))
    assert not {"number", "meeting"} & set(data)
    send(client, change_address(action), data, number="9", text_en="Do it")
    action.refresh_from_db()
    assert (action.number, action.text_en) == (1, "Do it")


def test_a_new_action_by_its_own_form_gets_a_number(client):
    meeting = held()
    sign_in(client, SINGAPORE_OFFICER)
    data = open_form(client, "/admin/meetings/action/add/")
    fields = {"meeting": str(meeting.pk), "agenda_item": str(items(meeting)[0].pk), "owner_side": "singapore"}
    answer = send(client, "/admin/meetings/action/add/", data, text_en="Do", **fields)
    assert answer.status_code == 302
    assert str(Action.objects.get()) == "JIC5-A1"


def test_an_agenda_item_of_another_meeting_is_refused():
    other = held()
    action = Action(meeting=make_meeting(6), agenda_item=items(other)[0], text_en="Do", owner_side="singapore")
    with pytest.raises(ValidationError, match="agenda item of this meeting"):
        action.full_clean()


SHARED = {"visibility": "both_sides"}


@pytest.mark.parametrize(("cell", "numbers"), [("4", [1, 4]), ("1", [1])])
def test_a_sheet_keeps_the_numbers_that_it_gives(client, cell, numbers):
    meeting = make_meeting(5)
    add(meeting)
    sign_in(client, SINGAPORE_OFFICER)
    row = {"meeting": meeting.reference, "number": cell, "text_en": "By sheet"} | SHARED
    confirm(
        client,
        "meetings/meeting",
        offer(client, "meetings/meeting", DecisionImport, sheet(DecisionImport, row)),
    )
    assert [one.number for one in meeting.decisions.all()] == numbers
    assert meeting.decisions.get(number=int(cell)).text_en == "By sheet"


def test_a_sheet_without_a_number_is_refused_in_words():
    meeting = make_meeting(5)
    row = {"meeting": meeting.reference, "text_en": "By sheet"} | SHARED
    refused = problems(DecisionImport, sheet(DecisionImport, row))
    assert [one[1] for one in refused] == ["number"] and not meeting.decisions.exists()


def test_an_action_finds_its_agenda_item_in_a_sheet(client):
    meeting = held()
    sign_in(client, SINGAPORE_OFFICER)
    row = {"meeting": meeting.reference, "number": "2", "agenda_item": "2. E-invoicing", "text_en": "Do"}
    file = sheet(ActionImport, row | SHARED | {"owner_side": "shenzhen", "state": "open"})
    confirm(client, "meetings/meeting", offer(client, "meetings/meeting", ActionImport, file))
    assert meeting.actions.get().agenda_item == items(meeting)[1]
