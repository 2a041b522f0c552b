"""Numbers under attack: JIC5-D3 is given once, whichever way somebody types, imports or deletes."""

import pytest
from django.core.exceptions import ValidationError

from meetings.imports import DecisionImport
from meetings.models import Decision, Meeting
from publishing.restoring import bring_back, deleted
from tests.cycle.minutes import by_singapore, sign_in
from tests.desk.forms import add_row, change_address, open_form, send
from tests.factories import make_meeting
from tests.listing.uploads import problems, sheet
from tests.people import SINGAPORE_OFFICER, person

pytestmark = pytest.mark.django_db


@pytest.fixture(name="meeting")
def meeting_with_a_deleted_decision():
    meeting = make_meeting(5)
    with by_singapore():
        for text in ("One", "Two"):
            meeting.decisions.create(text_en=text)
        meeting.decisions.get(number=2).delete()
    return meeting


def test_the_form_does_not_give_a_deleted_number_again(client, meeting):
    sign_in(client, SINGAPORE_OFFICER)
    data = add_row(open_form(client, change_address(meeting)), "decisions", number="2", text_en="Another")
    answer = send(client, change_address(meeting), data)
    assert answer.status_code == 200 and "not used again" in answer.text
    assert [one.number for one in meeting.decisions.all()] == [1]


def test_a_sheet_does_not_give_a_deleted_number_again(meeting):
    row = {"meeting": meeting.reference, "number": "2", "text_en": "Another", "visibility": "both_sides"}
    refused = problems(DecisionImport, sheet(DecisionImport, row))
    assert [one[1] for one in refused] == ["number"]
    assert [one.number for one in meeting.decisions.all()] == [1]


def test_what_was_deleted_comes_back_under_its_number(meeting):
    version = deleted(Decision, person(SINGAPORE_OFFICER)).get()
    with by_singapore():
        bring_back(Decision, version)
    assert [str(one) for one in meeting.decisions.all()] == ["JIC5-D1", "JIC5-D2"]


def test_a_meeting_does_not_change_the_number_that_its_decisions_bear(client, meeting):
    meeting.number = 6
    with pytest.raises(ValidationError, match="JIC5"):
        meeting.full_clean()
    with by_singapore(), pytest.raises(ValidationError):
        meeting.save()
    sign_in(client, SINGAPORE_OFFICER)
    answer = send(client, change_address(meeting), open_form(client, change_address(meeting)), number="6")
    assert answer.status_code == 200
    assert str(Decision.objects.get()) == "JIC5-D1"


def test_a_meeting_without_decisions_may_be_another():
    meeting = make_meeting(5)
    meeting.number = 6
    with by_singapore():
        meeting.save()
    assert Meeting.objects.get().code == "JIC6"


def test_a_meeting_entered_anew_goes_on_with_the_numbers_of_the_one_deleted(meeting):
    with by_singapore():
        meeting.delete()
        again = make_meeting(5)
        assert str(again.decisions.create(text_en="New")) == "JIC5-D3"
        with pytest.raises(ValidationError):
            again.decisions.create(number=1, text_en="Another")
