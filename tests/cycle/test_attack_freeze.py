"""Frozen minutes under attack: every other way to change, hide or lose what both sides agreed."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from meetings.imports import DecisionImport
from meetings.minutes.agreeing import reopen
from meetings.models import Decision, Meeting
from publishing.restoring import bring_back, deleted
from tests.cycle.minutes import agreed, by_singapore, held, items, sign_in, with_record
from tests.listing.uploads import problems, sheet
from tests.people import MANAGER, OTHER_MANAGER, SHENZHEN_OFFICER, SINGAPORE_OFFICER, person
from tests.serving import once

pytestmark = [once, pytest.mark.django_db]


def desk(name: str, meeting, *keys) -> str:
    return reverse(f"admin:desk_{name}", args=[meeting.pk, *keys])


def test_putting_the_agenda_in_order_is_refused_in_words(client):
    meeting = held()
    agreed(meeting)
    first = items(meeting)[0]
    sign_in(client, SINGAPORE_OFFICER)
    page = client.post(desk("agenda_order", meeting), {"move": f"{first.pk}:down"}, follow=True).text
    assert "frozen" in page
    assert items(meeting)[0] == first


def test_one_more_item_is_refused_in_words_and_an_own_one_is_not(client):
    meeting = held()
    agreed(meeting)
    sign_in(client, SINGAPORE_OFFICER)
    new = {"title_en": "Late", "visibility": "both_sides"}
    assert "frozen" in client.post(desk("agenda_add", meeting), new).text
    client.post(desk("agenda_add", meeting), new | {"visibility": "own_side"})
    assert [one.visibility for one in meeting.agenda_items.filter(title_en="Late")] == ["own_side"]


@pytest.mark.parametrize("who", [SHENZHEN_OFFICER, OTHER_MANAGER])
def test_the_agreed_files_are_not_hidden_from_the_other_side(client, who):
    meeting = held()
    agreed(meeting)
    paper = meeting.papers.first()
    paper.visibility = "own_side"
    with pytest.raises(ValidationError, match="both sides"):
        paper.full_clean()
    sign_in(client, who)
    page = reverse("admin:meetings_paper_change", args=[paper.pk])
    sent = {name: getattr(paper, name) for name in ("title", "language", "version")}
    client.post(page, sent | {"meeting": meeting.pk, "visibility": "own_side"})
    assert {one.visibility for one in meeting.papers.all()} == {"both_sides"}


def test_the_agreed_files_do_not_go_in_a_list_of_papers(client):
    meeting = held()
    agreed(meeting)
    sign_in(client, SHENZHEN_OFFICER)
    keys = list(meeting.papers.values_list("pk", flat=True))
    chosen = {"action": "delete_selected", "_selected_action": keys, "post": "yes"}
    client.post(reverse("admin:meetings_paper_changelist"), chosen)
    assert meeting.papers.count() == 4


def test_a_meeting_that_went_with_its_frozen_minutes_comes_back_whole():
    meeting = held()
    with by_singapore():
        meeting.decisions.create(text_en="Extend the pilot.")
    agreed(meeting)
    with by_singapore():
        meeting.delete()
        bring_back(Meeting, deleted(Meeting, person(MANAGER)).get())
    found = Meeting.objects.get()
    assert (found.minutes.is_frozen, found.decisions.count(), found.agenda_items.count()) == (True, 1, 2)


def test_a_number_of_no_item_breaks_nothing(client):
    meeting = with_record(5)
    sign_in(client, SINGAPORE_OFFICER)
    page = desk("record_mark", meeting, meeting.papers.get().pk)
    assert client.post(page, {"kind-0": "noted", "item-0": "1" * 18 + "x"}).status_code == 200
    assert client.post(page, {"kind-0": "noted", "item-0": "9" * 5000}).status_code == 200


def test_reopening_asks_for_a_manager_and_a_reason(client):
    meeting = held()
    agreed(meeting)
    sign_in(client, SINGAPORE_OFFICER)
    client.post(desk("minutes", meeting), {"step": "reopen", "reason": "x"})
    assert Meeting.objects.get().minutes.is_frozen
    reopen(meeting, "A name was wrong.", person(MANAGER))
    assert not Meeting.objects.get().minutes.is_frozen


def test_neither_a_sheet_nor_bringing_back_changes_what_is_frozen():
    meeting = with_record(5)
    with by_singapore():
        gone = meeting.decisions.create(text_en="Taken out before")
        gone.delete()
    agreed(meeting)
    row = {"meeting": meeting.reference, "number": "1", "text_en": "Forged", "visibility": "both_sides"}
    assert problems(DecisionImport, sheet(DecisionImport, row))
    assert problems(DecisionImport, sheet(DecisionImport, row | {"number": "7"}))
    with by_singapore(), pytest.raises(ValidationError, match="frozen"):
        bring_back(Decision, deleted(Decision, person(MANAGER)).get())
    assert [one.text_en for one in meeting.decisions.all()] == ["Extend the pilot."]


def test_minutes_with_characters_that_no_font_has_are_frozen_all_the_same():
    meeting = held()
    with by_singapore():
        meeting.decisions.create(text_en="Go \U0001f600 \ufffe \u202e on", text_zh="行\x07")
    assert agreed(meeting).is_frozen
    assert meeting.papers.count() == 4
