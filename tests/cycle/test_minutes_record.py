"""The page of record: everything in one form, nothing lost, nothing of the other side."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from meetings.models import Decision
from publishing.authorship import acting
from tests.cycle.minutes import SECRET, agreed, by_singapore, held, items, record_page, sign_in
from tests.desk.forms import form_on, open_form, send
from tests.factories import make_meeting, make_organisation, published
from tests.people import (
    AUDITOR,
    MANAGER,
    OTHER_MANAGER,
    SHENZHEN_OFFICER,
    SINGAPORE_OFFICER,
    person,
)
from tests.serving import once

pytestmark = [once, pytest.mark.django_db]
EVERYBODY = [SINGAPORE_OFFICER, SHENZHEN_OFFICER, MANAGER, OTHER_MANAGER, AUDITOR]


def decided(meeting, **fields) -> Decision:
    with by_singapore():
        return meeting.decisions.create(agenda_item=items(meeting)[0], **{"text_en": "Agreed"} | fields)


@pytest.mark.parametrize("name", EVERYBODY)
def test_everybody_on_the_staff_reads_the_record_and_all_but_the_auditor_write(client, name):
    meeting = held()
    sign_in(client, name)
    page = client.get(record_page(meeting))
    assert page.status_code == 200 and "Smart mobility" in page.text
    assert ("Save the record" in page.text) == (name != AUDITOR)
    client.post(record_page(meeting), {f"item-{items(meeting)[0].pk}-noted_en": "Written"})
    assert (items(meeting)[0].noted_en == "Written") == (name != AUDITOR)


def test_a_stranger_is_asked_to_sign_in(client):
    assert client.get(record_page(held())).status_code == 302


def test_one_act_saves_what_was_noted_decided_and_who_does_what(client):
    meeting, next_one = held(), make_meeting(6, phase="planned", starts_on=None)
    keppel = make_organisation("Keppel")
    sign_in(client, SINGAPORE_OFFICER)
    data, key = open_form(client, record_page(meeting)), items(meeting)[0].pk
    answer = send(
        client,
        record_page(meeting),
        data,
        **{
            f"item-{key}-noted_en": "Pilots run.\r\nTwo sites.",
            f"item-{key}-noted_zh": "试点进行中。",
            f"item-{key}-notes_singapore": "Ask the ministry",
            f"new-{key}-d-0-text_en": "Extend the pilot.",
            f"new-{key}-a-0-text_zh": "提交报告。",
            f"new-{key}-a-0-owner_side": "shenzhen",
            f"new-{key}-a-0-organisation": "keppel",
            f"new-{key}-a-0-due_meeting": "JIC6",
            "new-0-d-0-text_en": "Thanks to the hosts.",
        },
    )
    assert answer.status_code == 302
    item, action = items(meeting)[0], meeting.actions.get()
    assert (item.noted_en, item.noted_zh) == ("Pilots run.\nTwo sites.", "试点进行中。")
    assert item.notes_singapore == "Ask the ministry"
    assert [(str(one), one.agenda_item_id) for one in meeting.decisions.all()] == [
        ("JIC5-D1", key),
        ("JIC5-D2", None),
    ]
    assert (str(action), action.agenda_item, action.organisation) == ("JIC5-A1", item, keppel)
    assert (action.due_meeting, action.owner_side, action.visibility) == (next_one, "shenzhen", "both_sides")
    moments = {one.history.latest().history_date for one in (item, action, *meeting.decisions.all())}
    assert len(moments) == 1


def test_several_new_lines_may_be_sent_at_once(client):
    meeting = held()
    sign_in(client, SINGAPORE_OFFICER)
    lines = {f"new-0-d-{number}-text_en": f"Decision {number}" for number in (0, 1, 7)}
    send(client, record_page(meeting), open_form(client, record_page(meeting)), **lines)
    assert [one.text_en for one in meeting.decisions.all()] == ["Decision 0", "Decision 1", "Decision 7"]


def test_what_is_wrong_is_told_and_all_that_was_typed_is_shown_again(client):
    meeting = held()
    sign_in(client, SINGAPORE_OFFICER)
    data = open_form(client, record_page(meeting))
    typed = {
        "new-0-a-0-text_en": "Typed at length",
        "new-0-a-0-organisation": "Nobody at all",
        "new-0-a-0-due_on": "1999-01-01",
        f"item-{items(meeting)[0].pk}-noted_en": "Noted at length",
    }
    page = send(client, record_page(meeting), data, **typed)
    for words in ("Nothing was saved yet", "is not known", "The due date is before the meeting", "required"):
        assert words in page.text
    assert not meeting.actions.exists() and items(meeting)[0].noted_en == ""
    assert "Typed at length" in page.text and "Noted at length" in page.text
    assert page.text.count("Nobody at all") >= 1


def test_a_date_that_is_none_is_told(client):
    meeting = held()
    sign_in(client, SINGAPORE_OFFICER)
    data = open_form(client, record_page(meeting))
    lines = {"new-0-a-0-text_en": "Do", "new-0-a-0-owner_side": "singapore", "new-0-a-0-due_on": "soon"}
    assert "Enter a valid date" in send(client, record_page(meeting), data, **lines).text


def test_the_text_of_a_decision_is_not_emptied(client):
    meeting = held()
    decision = decided(meeting)
    sign_in(client, SINGAPORE_OFFICER)
    data = open_form(client, record_page(meeting))
    page = send(client, record_page(meeting), data, **{f"decision-{decision.pk}-text_en": ""})
    assert "at least one language" in page.text


def test_a_second_click_writes_once_and_a_second_form_asks(client):
    meeting = held()
    sign_in(client, SINGAPORE_OFFICER)
    data = open_form(client, record_page(meeting))
    for _click in range(2):
        send(client, record_page(meeting), data, **{"new-0-d-0-text_en": "Once"})
    again = send(client, record_page(meeting), data, **{"new-0-d-0-text_en": "Once more"})
    assert "saved before" in again.text
    assert [one.text_en for one in meeting.decisions.all()] == ["Once"]


# Two at once ---------------------------------------------------------------------------------------


def test_two_officers_in_two_languages_never_meet(client):
    meeting = held()
    decision = decided(meeting)
    sign_in(client, SHENZHEN_OFFICER)
    data = open_form(client, record_page(meeting))
    with by_singapore():
        decision.text_en = "Agreed at last"
        decision.save()
    answer = send(client, record_page(meeting), data, **{f"decision-{decision.pk}-text_zh": "商定。"})
    decision.refresh_from_db()
    assert answer.status_code == 302
    assert (decision.text_en, decision.text_zh) == ("Agreed at last", "商定。")


def test_the_same_text_changed_by_two_is_shown_with_both_and_saved_the_second_time(client):
    meeting = held()
    decision = decided(meeting)
    name = f"decision-{decision.pk}-text_en"
    sign_in(client, SHENZHEN_OFFICER)
    data = open_form(client, record_page(meeting))
    with by_singapore():
        decision.text_en = "Theirs"
        decision.save()
    page = send(client, record_page(meeting), data, **{name: "Mine"})
    decision.refresh_from_db()
    assert decision.text_en == "Theirs"
    assert "It now says:" in page.text and "Theirs" in page.text and ">\nMine</textarea>" in page.text
    assert send(client, record_page(meeting), form_on(page.text)).status_code == 302
    decision.refresh_from_db()
    assert decision.text_en == "Mine"


def test_what_was_typed_into_a_line_that_is_gone_is_shown(client):
    meeting = held()
    decision = decided(meeting)
    sign_in(client, SHENZHEN_OFFICER)
    data = open_form(client, record_page(meeting))
    key = decision.pk
    with by_singapore():
        decision.delete()
    page = send(client, record_page(meeting), data, **{f"decision-{key}-text_en": "Typed in vain"})
    assert "Typed in vain" in page.text and "removed or frozen" in page.text


def test_minutes_frozen_meanwhile_lose_nothing(client):
    meeting = held()
    decision = decided(meeting)
    sign_in(client, SHENZHEN_OFFICER)
    data = open_form(client, record_page(meeting))
    agreed(meeting)
    page = send(client, record_page(meeting), data, **{f"decision-{decision.pk}-text_en": "Typed too late"})
    decision.refresh_from_db()
    assert decision.text_en == "Agreed" and "Typed too late" in page.text


def test_what_was_typed_before_a_session_ended_is_there_again(client):
    meeting = held()
    sign_in(client, SINGAPORE_OFFICER)
    data = open_form(client, record_page(meeting))
    session = client.session
    data["new-0-d-0-text_en"] = "Typed before"
    session["typed"] = {record_page(meeting): data.urlencode()}
    session.save()
    page = client.get(record_page(meeting)).text
    assert "Typed before" in page and "Your session had ended" in page and not meeting.decisions.exists()


# Sides and rights ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [SHENZHEN_OFFICER, OTHER_MANAGER])
def test_the_other_side_never_sees_own_notes_nor_kept_rows(client, name):
    meeting = held()
    own = {"visibility": "own_side", "owner_side": "singapore"}
    with by_singapore():
        item = items(meeting)[0]
        item.notes_singapore = SECRET
        item.save()
        kept = meeting.agenda_items.create(title_en=SECRET, **own)
        meeting.decisions.create(text_en=SECRET, agenda_item=kept, **own)
        meeting.actions.create(text_en=SECRET, **own)
        meeting.decisions.create(text_en="Shared", agenda_item=kept)
    sign_in(client, name)
    pages = [
        record_page(meeting),
        f"/admin/meetings/meeting/{meeting.pk}/change/",
        f"/admin/meetings/meeting/{meeting.pk}/history/",
        f"/admin/meetings/meeting/add/?copy={meeting.pk}",
        f"/admin/meetings/agendaitem/{item.pk}/change/",
        "/admin/meetings/meeting/sheets/agendaitem-record.csv",
        "/admin/changes/",
    ]
    for address in pages:
        answer = client.get(address, follow=True)
        text = b"".join(answer) if answer.streaming else answer.content
        assert SECRET not in text.decode(), address
    assert "Shared" in client.get(record_page(meeting)).text
    client.post(record_page(meeting), {f"item-{item.pk}-notes_singapore": "Forged"})
    item.refresh_from_db()
    assert item.notes_singapore == SECRET


def test_the_own_notes_stay_when_the_other_side_saves_the_meeting(client):
    meeting = held()
    with by_singapore():
        item = items(meeting)[0]
        item.notes_singapore = SECRET
        item.save()
    sign_in(client, SHENZHEN_OFFICER)
    address = f"/admin/meetings/meeting/{meeting.pk}/change/"
    data = open_form(client, address)
    assert "agenda_items-0-notes_shenzhen" in data and "agenda_items-0-notes_singapore" not in data
    answer = send(client, address, data, **{"agenda_items-0-notes_shenzhen": "Unsere", "venue_en": "Hall"})
    assert answer.status_code == 302
    item.refresh_from_db()
    assert (item.notes_singapore, item.notes_shenzhen) == (SECRET, "Unsere")


def test_of_a_published_meeting_officers_write_what_is_not_public(client):
    meeting = held()
    public, shared = items(meeting)
    with by_singapore():
        public.visibility = "public"
        public.save()
    published(meeting)
    sign_in(client, SHENZHEN_OFFICER)
    page = client.get(record_page(meeting)).text
    assert "It is public: only a manager changes it." in page
    posted = {
        f"item-{public.pk}-noted_en": "Not theirs",
        f"item-{public.pk}-notes_shenzhen": "Their own",
        f"item-{shared.pk}-noted_en": "Theirs",
    }
    data = open_form(client, record_page(meeting))
    page = send(client, record_page(meeting), data, **posted)
    assert "Not theirs" in page.text
    posted.pop(f"item-{public.pk}-noted_en")
    assert send(client, record_page(meeting), data, **posted).status_code == 302
    public, shared = items(meeting)
    assert (public.noted_en, public.notes_shenzhen, shared.noted_en) == ("", "Their own", "Theirs")
    meeting.refresh_from_db()
    assert meeting.is_published


def test_a_manager_writes_what_is_public(client):
    meeting = held()
    with by_singapore():
        item = items(meeting)[0]
        item.visibility = "public"
        item.save()
    published(meeting)
    sign_in(client, OTHER_MANAGER)
    data = open_form(client, record_page(meeting))
    send(client, record_page(meeting), data, **{f"item-{item.pk}-noted_en": "Public words"})
    assert items(meeting)[0].noted_en == "Public words"


def test_a_public_action_does_not_name_an_unpublished_body(client):
    meeting = held()
    make_organisation("Unpublished body")
    with by_singapore():
        action = meeting.actions.create(text_en="Do", owner_side="singapore", visibility="public")
    published(meeting)
    sign_in(client, MANAGER)
    data = open_form(client, record_page(meeting))
    page = send(client, record_page(meeting), data, **{f"action-{action.pk}-organisation": "Unpublished body"})
    action.refresh_from_db()
    assert action.organisation is None and "is not published" in page.text


def test_an_action_under_an_item_of_one_side_is_that_sides(client):
    meeting = held()
    with by_singapore():
        kept = meeting.agenda_items.create(title_en="Ours", visibility="own_side", owner_side="singapore")
    sign_in(client, SINGAPORE_OFFICER)
    data = open_form(client, record_page(meeting))
    line = {f"new-{kept.pk}-a-0-text_en": "Do", f"new-{kept.pk}-a-0-owner_side": "shenzhen"}
    assert "keeps this item to itself" in send(client, record_page(meeting), data, **line).text
    line[f"new-{kept.pk}-a-0-owner_side"] = "singapore"
    assert send(client, record_page(meeting), data, **line).status_code == 302
    assert meeting.actions.get().visibility == "own_side"


def test_a_link_to_a_body_that_the_other_side_keeps_is_not_lost(client):
    meeting = held(kept_by="singapore")
    kept = make_organisation(SECRET, kept_by="singapore")
    with by_singapore():
        action = meeting.actions.create(text_en="Do", owner_side="singapore", organisation=kept)
    sign_in(client, SINGAPORE_OFFICER)
    data = open_form(client, record_page(meeting))
    send(client, record_page(meeting), data, **{f"action-{action.pk}-text_en": "Do it"})
    action.refresh_from_db()
    assert (action.text_en, action.organisation) == ("Do it", kept)


def test_queries_do_not_grow_with_the_rows(client):
    meeting = held()
    sign_in(client, SINGAPORE_OFFICER)

    def count() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(record_page(meeting)).status_code == 200
        return len(queries)

    def more() -> None:
        with acting(person(SINGAPORE_OFFICER)):
            item = meeting.agenda_items.create(title_en="More")
            meeting.decisions.create(text_en="More", agenda_item=item)
            body = {"organisation": make_organisation(), "owner_side": "singapore"}
            meeting.actions.create(text_en="More", agenda_item=item, due_meeting=make_meeting(), **body)

    more()
    few = count()
    more()
    more()
    assert count() == few


def test_a_meeting_without_an_agenda_is_told_where_to_add_it(client):
    sign_in(client, SINGAPORE_OFFICER)
    meeting = make_meeting(6)
    assert f"/meeting/{meeting.pk}/desk/agenda/" in client.get(record_page(meeting)).text.split("desk-empty")[1]
    assert "No agenda item is on record yet" not in client.get(record_page(held())).text
