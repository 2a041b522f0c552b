"""The agenda on a meeting's desk: who reads what, draft and final, its order, its files and the calendar."""

import datetime

import pytest
from django.urls import reverse
from icalendar import Calendar

from meetings.calling.agenda import matters_arising
from meetings.models import AgendaItem, Meeting
from publishing.authorship import acting
from tests.cycle.calling import OWN_SINGAPORE, SHENZHENS, SINGAPORES, add_paper, called, words_of
from tests.factories import make_meeting, published
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
ALLOWED = (SINGAPORE_OFFICER, SHENZHEN_OFFICER, MANAGER, OTHER_MANAGER)


@pytest.fixture
def scene():
    return called()


def at(meeting, what: str = "", **route) -> str:
    return reverse(f"admin:desk_agenda{what}", kwargs={"key": meeting.pk} | route)


def file_at(meeting, language="en", format="docx", own=False) -> str:
    return at(meeting, "_file", language=language, format=format) + ("?own" if own else "")


def page(client, meeting, who=SINGAPORE_OFFICER) -> str:
    client.force_login(person(who))
    return client.get(at(meeting)).text


def secrets_in(text: str) -> set[str]:
    return {one for one in (SINGAPORES, SHENZHENS) if one in text}


# Who reads what ----------------------------------------------------------------------------------

SEEN = {
    SINGAPORE_OFFICER: {SINGAPORES},
    MANAGER: {SINGAPORES},
    SHENZHEN_OFFICER: {SHENZHENS},
    OTHER_MANAGER: {SHENZHENS},
    AUDITOR: {SINGAPORES, SHENZHENS},
}


@pytest.mark.parametrize("who", ROLES)
def test_page_shows_each_what_their_side_may_see(client, scene, who):
    own = {"visibility": "own_side", "language": "both"}
    add_paper(scene.meeting, scene.pumps, f"{SINGAPORES} paper", owner_side="singapore", **own)
    add_paper(scene.meeting, scene.pumps, f"{SHENZHENS} paper", owner_side="shenzhen", **own)
    text = page(client, scene.meeting, who)
    assert secrets_in(text) == SEEN[who]
    assert "JIC4-A1" in text and "JIC4-A2" not in text


def test_stranger_is_asked_to_sign_in(client, scene):
    for address in (at(scene.meeting), file_at(scene.meeting), at(scene.meeting, "_calendar", language="en")):
        assert client.get(address).status_code == 302
    for what in ("_add", "_order", "_final", "_draft"):
        assert "Log in" in client.post(at(scene.meeting, what), follow=True).text
    scene.meeting.refresh_from_db()
    assert scene.meeting.agenda_final_at is None


@pytest.mark.parametrize("format", ["docx", "pdf"])
@pytest.mark.parametrize("who", [SINGAPORE_OFFICER, SHENZHEN_OFFICER, AUDITOR])
def test_file_for_both_sides_tells_nothing_of_either(client, scene, who, format):
    client.force_login(person(who))
    text = words_of(client.get(file_at(scene.meeting, format=format)))
    assert (secrets_in(text), "Pumps" in text, "Write the report" in text) == (set(), True, True)


@pytest.mark.parametrize("format", ["docx", "pdf"])
@pytest.mark.parametrize("who", [SINGAPORE_OFFICER, OTHER_MANAGER])
def test_own_file_tells_what_the_own_side_keeps(client, scene, who, format):
    client.force_login(person(who))
    text = words_of(client.get(file_at(scene.meeting, format=format, own=True)))
    assert secrets_in(text) == SEEN[who]
    assert f"for the {person(who).side.title()} side alone" in text


def test_who_works_for_both_sides_has_no_own_file(client, scene):
    client.force_login(person(AUDITOR))
    assert client.get(file_at(scene.meeting, own=True)).status_code == 404
    assert "?own" not in client.get(at(scene.meeting)).text


def test_actions_of_a_meeting_that_one_side_keeps_are_in_no_file_for_both(client, scene):
    with acting(person(SINGAPORE_OFFICER)):
        kept = make_meeting(3, kept_by="singapore", starts_on=datetime.date(2020, 1, 1))
        kept.actions.create(number=1, text_en="Only ours", owner_side="singapore")
    assert "Only ours" in page(client, scene.meeting)
    assert "Only ours" not in words_of(client.get(file_at(scene.meeting)))


def test_items_are_numbered_alike_for_both_sides(client, scene):
    for who in (SINGAPORE_OFFICER, SHENZHEN_OFFICER):
        client.force_login(person(who))
        lines = client.get(at(scene.meeting)).context["lines"]
        assert [(line.number, line.item.title_en) for line in lines if line.number] == [
            ("1", "Pumps"),
            ("2", "Valves"),
        ]


# What it says -------------------------------------------------------------------------------------


def test_agenda_in_english_and_in_chinese(client, scene):
    add_paper(scene.meeting, scene.pumps, "Brief", language="both")
    client.force_login(person(SINGAPORE_OFFICER))
    english = words_of(client.get(file_at(scene.meeting)))
    chinese = words_of(client.get(file_at(scene.meeting, "zh-hans")))
    for words in (
        "Draft agenda",
        "Fifth JIC meeting",
        "4 March 2027",
        "Tan",
        "for decision",
        "Brief (version 1",
    ):
        assert words in english, words
    for words in ("水泵", "陈", "撰写报告", "2027年3月4日", "新加坡"):
        assert words in chinese, words


def test_presenter_is_shown_in_the_other_language_where_there_is_only_that(scene):
    item = AgendaItem(presenter="Tan")
    assert (item.presented_by, item.presented_by.lang) == ("Tan", "en")
    item = AgendaItem(presenter_zh="陈")
    assert (item.presented_by, item.presented_by.lang) == ("陈", "zh-Hans")


def test_meeting_with_nothing_on_record_says_so_in_words(client):
    meeting = make_meeting(7, phase="planned", starts_on=None)
    text = page(client, meeting)
    for words in (
        "No action of an earlier meeting is open.",
        "No agenda item is on record yet.",
        "There is no calendar file yet",
    ):
        assert words in text
    told = words_of(client.get(file_at(meeting, format="pdf")))
    assert "No agenda item is on record yet." in told and "not yet set" in told


def test_unknown_language_or_format_is_not_found(client, scene):
    client.force_login(person(SINGAPORE_OFFICER))
    for language, format in (("fr", "pdf"), ("en", "xlsx"), ("en", "exe")):
        assert client.get(file_at(scene.meeting, language, format)).status_code == 404


def test_page_asks_as_many_queries_for_many_items_as_for_few(client, scene, django_assert_max_num_queries):
    page(client, scene.meeting)
    with acting(person(SINGAPORE_OFFICER)):
        for number in range(12):
            item = scene.meeting.agenda_items.create(position=10 + number, title_en=f"Item {number}")
            add_paper(scene.meeting, item, f"Paper {number}")
            scene.last.actions.create(number=10 + number, text_en="More", owner_side="shenzhen")
    with django_assert_max_num_queries(30):
        client.get(at(scene.meeting))


# Matters arising ----------------------------------------------------------------------------------


def test_matters_arising_are_what_earlier_meetings_left_open(scene):
    later = make_meeting(6, starts_on=datetime.date(2028, 1, 1), phase="planned")
    later.actions.create(number=1, text_en="Later", owner_side="singapore", state="in_progress")
    user = person(SHENZHEN_OFFICER)
    assert [str(one) for one in matters_arising(scene.meeting, user)] == ["JIC4-A1", "JIC4-A4"]
    scene.meeting.starts_on = None
    assert [str(one) for one in matters_arising(scene.meeting, user)] == ["JIC4-A1", "JIC4-A4"]


# Draft and final ----------------------------------------------------------------------------------


def mark(client, meeting, what="final"):
    return client.post(at(meeting, f"_{what}"), follow=True)


@pytest.mark.parametrize("who", ALLOWED)
def test_officers_and_managers_make_the_agenda_final_and_a_draft_again(client, scene, who):
    client.force_login(person(who))
    mark(client, scene.meeting)
    meeting = Meeting.objects.get(pk=scene.meeting.pk)
    assert (meeting.agenda_final_by, meeting.history.first().history_user) == (person(who), person(who))
    assert meeting.history.first().history_change_reason == "The agenda was made final."
    mark(client, scene.meeting, "draft")
    meeting.refresh_from_db()
    assert (meeting.agenda_final_at, meeting.agenda_final_by) == (None, None)


def test_auditor_makes_nothing_final(client, scene):
    client.force_login(person(AUDITOR))
    for what in ("_final", "_draft", "_add", "_order"):
        assert client.post(at(scene.meeting, what)).status_code == 403
    assert "Make it final" not in client.get(at(scene.meeting)).text


def test_nothing_is_changed_by_following_a_link(client, scene):
    client.force_login(person(SINGAPORE_OFFICER))
    for what in ("_final", "_draft", "_add", "_order"):
        assert client.get(at(scene.meeting, what)).url == at(scene.meeting)
    scene.meeting.refresh_from_db()
    assert scene.meeting.agenda_final_at is None


def test_final_agenda_is_called_so_and_its_author_stays(client, scene):
    scene.meeting.refresh_from_db()
    before = scene.meeting.changed_by, scene.meeting.changed_at
    client.force_login(person(MANAGER))
    mark(client, scene.meeting)
    scene.meeting.refresh_from_db()
    assert (scene.meeting.changed_by, scene.meeting.changed_at) == before
    text = words_of(client.get(file_at(scene.meeting)))
    assert text.startswith("Agenda\n") and "Draft agenda" not in text


def test_change_after_it_was_made_final_is_told(client, scene):
    client.force_login(person(SINGAPORE_OFFICER))
    mark(client, scene.meeting)
    told = "It was changed since it was made final."
    assert told not in client.get(at(scene.meeting)).text
    with acting(person(SINGAPORE_OFFICER)):
        # What is noted at the meeting, and what one side keeps, are no change of the agenda.
        scene.valves.noted_en = "All agreed."
        scene.valves.save()
        scene.meeting.agenda_items.create(position=0, title_en="Ours", **OWN_SINGAPORE)
    assert told not in client.get(at(scene.meeting)).text
    with acting(person(SINGAPORE_OFFICER)):
        scene.valves.title_en = "Valves and pipes"
        scene.valves.save()
    assert told in client.get(at(scene.meeting)).text
    assert told in words_of(client.get(file_at(scene.meeting)))
    mark(client, scene.meeting)
    assert told not in client.get(at(scene.meeting)).text


@pytest.mark.parametrize("change", ["deleted", "moved", "added"])
def test_item_deleted_moved_or_added_is_a_change_too(client, scene, change):
    client.force_login(person(SINGAPORE_OFFICER))
    mark(client, scene.meeting)
    with acting(person(SINGAPORE_OFFICER)):
        if change == "deleted":
            scene.valves.delete()
        elif change == "moved":
            scene.valves.position = 0
            scene.valves.save()
        else:
            scene.meeting.agenda_items.create(position=9, title_en="More")
    assert "It was changed since it was made final." in client.get(at(scene.meeting)).text


def test_agenda_without_an_item_of_both_sides_is_not_made_final(client):
    meeting = make_meeting(7, phase="planned")
    meeting.agenda_items.create(title_en="Ours", **OWN_SINGAPORE)
    client.force_login(person(SINGAPORE_OFFICER))
    assert "add one first" in mark(client, meeting).text
    meeting.refresh_from_db()
    assert meeting.agenda_final_at is None


# Adding and ordering ------------------------------------------------------------------------------


def new(**fields) -> dict:
    return {"title_en": "Smart lamps", "kind": "discussion", "visibility": "both_sides"} | fields


def test_item_is_added_after_the_others(client, scene):
    client.force_login(person(SHENZHEN_OFFICER))
    client.post(at(scene.meeting, "_add"), new(presenter_zh="李"))
    item = scene.meeting.agenda_items.get(title_en="Smart lamps")
    assert (item.position, item.kind, item.presenter_zh, item.owner_side) == (5, "discussion", "李", "")
    assert item.history.get().history_user == person(SHENZHEN_OFFICER)


def test_item_of_ones_own_side_is_kept_by_it(client, scene):
    client.force_login(person(SHENZHEN_OFFICER))
    client.post(at(scene.meeting, "_add"), new(visibility="own_side"))
    assert scene.meeting.agenda_items.get(title_en="Smart lamps").owner_side == "shenzhen"


BAD = (
    ({"title_en": " "}, "Enter the title in at least one language."),
    ({"title_en": "Pumps", "title_zh": "水泵"}, "An item of this title is on the agenda already."),
    ({"title_en": "a" * 301}, "at most 300 characters"),
    ({"visibility": "public"}, "public is not one of the available choices"),
    ({"kind": "x"}, "x is not one of the available choices"),
)


def test_bad_item_is_refused_in_words_and_kept_in_the_form(client, scene):
    client.force_login(person(SINGAPORE_OFFICER))
    for fields, words in BAD:
        answer = client.post(at(scene.meeting, "_add"), new(presenter="Kept words", **fields))
        assert words in answer.text and "Kept words" in answer.text
    assert scene.meeting.agenda_items.count() == 4


def test_title_that_the_other_side_keeps_is_not_told(client, scene):
    client.force_login(person(SHENZHEN_OFFICER))
    client.post(at(scene.meeting, "_add"), new(title_en=f"{SINGAPORES} item"))
    assert scene.meeting.agenda_items.filter(title_en=f"{SINGAPORES} item").count() == 2


def test_items_are_moved_and_numbered_by_hand(client, scene):
    client.force_login(person(SINGAPORE_OFFICER))

    def titles():
        shown = client.get(at(scene.meeting)).context["lines"]
        return [line.item.title_en for line in shown]

    pumps, ours, valves = titles()
    client.post(at(scene.meeting, "_order"), {"move": f"{scene.valves.pk}:up"})
    assert titles() == [pumps, valves, ours]
    client.post(at(scene.meeting, "_order"), {f"order-{scene.pumps.pk}": "9"})
    assert titles() == [valves, ours, pumps]
    answer = client.post(at(scene.meeting, "_order"), {f"order-{scene.pumps.pk}": "x"}, follow=True)
    assert "“x” is not a place in the order" in answer.text
    assert titles() == [valves, ours, pumps]


def test_order_of_what_is_public_is_changed_by_who_publishes(client, scene):
    with acting(person(SINGAPORE_OFFICER)):
        scene.pumps.visibility = "public"
        scene.pumps.save()
    published(scene.meeting)
    client.force_login(person(SINGAPORE_OFFICER))
    assert client.post(at(scene.meeting, "_order"), {}).status_code == 403
    client.force_login(person(MANAGER))
    assert client.post(at(scene.meeting, "_order"), {}).status_code == 302


def test_paper_is_added_to_its_item(client, scene):
    text = page(client, scene.meeting)
    address = f"/admin/meetings/paper/add/?meeting={scene.meeting.pk}&amp;agenda_item={scene.pumps.pk}"
    assert address in text
    form = client.get(address.replace("&amp;", "&")).context["adminform"].form
    assert form.initial["agenda_item"] == scene.pumps.pk
    client.force_login(person(SHENZHEN_OFFICER))
    kept = f"/admin/meetings/paper/add/?meeting={scene.meeting.pk}&agenda_item={scene.singapores.pk}"
    assert client.get(kept).status_code == 404


# The calendar file --------------------------------------------------------------------------------


def event(client, meeting, language="en"):
    answer = client.get(at(meeting, "_calendar", language=language))
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    return Calendar.from_ical(answer.content).events[0]


@pytest.mark.parametrize("who", [SINGAPORE_OFFICER, SHENZHEN_OFFICER, AUDITOR])
def test_calendar_file_of_a_meeting_that_is_not_published(client, scene, who):
    client.force_login(person(who))
    found = event(client, scene.meeting)
    assert (str(found["summary"]), str(found["location"])) == ("Fifth JIC meeting", "Singapore")
    assert "1. Pumps\n2. Valves" in found["description"] and not secrets_in(found["description"])
    assert (found.start.isoformat(), found["status"]) == ("2027-03-04", "TENTATIVE")
    chinese = event(client, scene.meeting, "zh-hans")
    assert "1. 水泵" in chinese["description"] and chinese["location"] == "新加坡"


def test_meeting_moved_keeps_its_uid_and_raises_the_sequence(client, scene):
    client.force_login(person(SINGAPORE_OFFICER))
    before = event(client, scene.meeting)
    with acting(person(SINGAPORE_OFFICER)):
        scene.meeting.refresh_from_db()
        scene.meeting.starts_on = datetime.date(2028, 3, 4)
        scene.meeting.save()
    after = event(client, scene.meeting)
    assert (after["uid"], after.start.isoformat()) == (before["uid"], "2028-03-04")
    assert after["sequence"] > before["sequence"]


@pytest.mark.parametrize("dates", [{"starts_on": None}, {"starts_on_precision": "month"}])
def test_meeting_without_a_day_has_no_calendar_file_and_says_so(client, dates):
    meeting = make_meeting(7, phase="planned", **dates)
    client.force_login(person(SINGAPORE_OFFICER))
    answer = client.get(at(meeting, "_calendar", language="en"), follow=True)
    assert "There is no calendar file yet: the meeting has no date to the day." in answer.text
