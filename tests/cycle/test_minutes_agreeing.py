"""The minutes: cleared by each side in its own language, frozen with their files, and reopened."""

import datetime
import io
import json

import pypdf
import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError
from django.urls import reverse

from meetings.minutes.agreeing import clear, reopen
from meetings.minutes.content import changes, content, digest
from meetings.minutes.freezing import is_frozen
from meetings.minutes.models import Minutes
from meetings.models import Meeting, Paper
from publishing.workflow import Refused
from tests.crawling import crawl
from tests.cycle.minutes import (
    SECRET,
    agreed,
    by_singapore,
    held,
    in_chinese,
    items,
    minutes_page,
    sign_in,
    word_text,
)
from tests.desk.forms import change_address, open_form, send
from tests.factories import make_meeting, published
from tests.people import (
    AUDITOR,
    MANAGER,
    OTHER_MANAGER,
    SHENZHEN_OFFICER,
    SINGAPORE_OFFICER,
    person,
)
from tests.serving import once_there

pytestmark = [once_there, pytest.mark.django_db]
EVERYBODY = [SINGAPORE_OFFICER, SHENZHEN_OFFICER, MANAGER, OTHER_MANAGER, AUDITOR]


def recorded(**fields) -> Meeting:
    """Return a meeting with an item noted, a decision and an action, and what one side keeps."""
    earlier = make_meeting(4, starts_on=datetime.date(2022, 12, 14))
    meeting = held(**fields)
    first, second = items(meeting)
    with by_singapore():
        earlier.actions.create(text_en="Still to be done", owner_side="shenzhen")
        earlier.actions.create(text_en="Done long ago", owner_side="shenzhen", state="done")
        first.noted_en, first.noted_zh = "Pilots run.", "试点进行中。"
        first.notes_singapore = SECRET
        first.save()
        meeting.decisions.create(agenda_item=first, text_en="Extend the pilot.", text_zh="延长试点。")
        meeting.actions.create(
            agenda_item=second, text_en="Report.", owner_side="shenzhen", due_on=datetime.date(2027, 6, 30)
        )
        own = {"visibility": "own_side", "owner_side": "singapore"}
        meeting.agenda_items.create(title_en=SECRET, **own)
        meeting.decisions.create(text_en=SECRET, **own)
        meeting.actions.create(text_en=SECRET, **own)
    return meeting


def press(client, meeting, step: str, **fields):
    return client.post(minutes_page(meeting), {"step": step} | fields, follow=True)


def clear_by_hand(client, meeting, who: str, suffix: str):
    sign_in(client, who)
    seen = open_form(client, minutes_page(meeting))["seen"]
    return press(client, meeting, f"clear-{suffix}", seen=seen)


# What they say ---------------------------------------------------------------------------------------


def test_the_content_is_the_same_in_every_language_and_says_nothing_of_one_side():
    meeting = recorded()
    found = content(meeting)
    with in_chinese():
        assert digest(content(Meeting.objects.get(pk=meeting.pk))) == digest(found)
    assert SECRET not in json.dumps(found)
    assert digest(json.loads(json.dumps(found))) == digest(found)
    assert [one["code"] for one in found["arising"]] == ["JIC4-A1"]
    assert [one["name_en"] for one in found["delegations"]] == ["Li Na", "Tan Wei"]


@pytest.mark.parametrize("name", EVERYBODY)
def test_everybody_on_the_staff_reads_the_draft(client, name):
    meeting = recorded()
    sign_in(client, name)
    page = client.get(minutes_page(meeting)).text
    assert "in preparation" in page and "Extend the pilot." in page and SECRET not in page
    file = client.get(reverse("admin:desk_minutes_draft", args=[meeting.pk, "en", "docx"])).content
    assert "Draft minutes" in word_text(file) and SECRET not in word_text(file)


def test_a_stranger_gets_neither_page_nor_file(client):
    meeting = recorded()
    for address in (minutes_page(meeting), reverse("admin:desk_minutes_draft", args=[meeting.pk, "en", "pdf"])):
        assert client.get(address).status_code == 302


@pytest.mark.parametrize(("language", "ending"), [("fr", "docx"), ("en", "odt")])
def test_another_file_is_not_there(client, language, ending):
    sign_in(client, AUDITOR)
    address = reverse("admin:desk_minutes_draft", args=[recorded().pk, language, ending])
    assert client.get(address).status_code == 404


def test_a_text_in_one_language_only_is_told(client):
    meeting = recorded()
    sign_in(client, AUDITOR)
    page = client.get(minutes_page(meeting)).text
    assert "JIC5-A1: English only" in page and "JIC5-D1: English only" not in page


def test_the_name_of_a_suppressed_person_is_in_no_minutes():
    meeting = recorded()
    with by_singapore():
        somebody = meeting.attendances.first().person
        somebody.suppressed = True
        somebody.save()
    assert somebody.name_en not in json.dumps(content(meeting))


# Steps -----------------------------------------------------------------------------------------------


def test_circulating_is_noted_with_person_and_moment(client):
    meeting = recorded()
    sign_in(client, SINGAPORE_OFFICER)
    page = press(client, meeting, "circulate").text
    assert "circulated" in page and Minutes.objects.get().circulated_by == person(SINGAPORE_OFFICER)


@pytest.mark.parametrize(
    ("who", "suffix"),
    [
        (SINGAPORE_OFFICER, "zh"),
        (SHENZHEN_OFFICER, "en"),
        (OTHER_MANAGER, "en"),
        (AUDITOR, "en"),
        (AUDITOR, "zh"),
    ],
)
def test_nobody_clears_the_text_of_the_other_side(client, who, suffix):
    meeting = recorded()
    sign_in(client, who)
    page = press(client, meeting, f"clear-{suffix}", seen=digest(content(meeting)))
    assert "cleared by a person of the side that writes it" in page.text
    assert not Minutes.objects.exists()


def test_an_auditor_neither_circulates_nor_reopens(client):
    meeting = recorded()
    agreed(meeting)
    sign_in(client, AUDITOR)
    press(client, meeting, "reopen", reason="Because")
    assert is_frozen(meeting.pk)
    assert "Press one of the buttons" in press(client, meeting, "burn").text


def test_both_sides_clear_and_the_minutes_are_frozen_with_four_files(client):
    meeting = recorded()
    page = clear_by_hand(client, meeting, SINGAPORE_OFFICER, "en").text
    assert "cleared by one side: Singapore" in page and not is_frozen(meeting.pk)
    page = clear_by_hand(client, meeting, SHENZHEN_OFFICER, "zh").text
    assert "agreed by both sides and frozen (version 1)" in page
    minutes = Minutes.objects.get()
    assert [(one["language"], one["format"]) for one in minutes.files] == [
        ("en", "docx"),
        ("en", "pdf"),
        ("zh-hans", "docx"),
        ("zh-hans", "pdf"),
    ]
    papers = {(paper.language, paper.ending): paper for paper in meeting.papers.all()}
    assert {paper.visibility for paper in papers.values()} == {"both_sides"}
    assert all(paper.sha256 in page and paper.uploaded_by for paper in papers.values())
    english, chinese = (word_text(papers[language, "DOCX"].file.read()) for language in ("en", "zh-hans"))
    for words in ("Pilots run.", "JIC5-D1", "Report.", "Still to be done", "Tan Wei", "Agreed minutes"):
        assert words in english
    assert "Done long ago" not in english + chinese and SECRET not in english + chinese
    assert "延长试点。" in chinese and "智慧出行" in chinese
    for language, text in (("en", "Extend the pilot."), ("zh-hans", "延长试点")):
        pages = pypdf.PdfReader(io.BytesIO(papers[language, "PDF"].file.read())).pages
        assert text in "".join(page.extract_text() for page in pages).replace("\n", "")


def test_a_change_makes_a_clearing_lapse_and_is_told(client):
    meeting = recorded()
    clear_by_hand(client, meeting, SINGAPORE_OFFICER, "en")
    decision = meeting.decisions.get(number=1)
    with by_singapore():
        decision.text_zh = "延长一年。"
        decision.save()
    sign_in(client, AUDITOR)
    page = client.get(minutes_page(meeting)).text
    for words in ("cleared, and changed since", "延长试点。", "延长一年。", "JIC5-D1 (Chinese)"):
        assert words in page
    page = clear_by_hand(client, meeting, SHENZHEN_OFFICER, "zh").text
    assert "cleared by one side: Shenzhen" in page and not is_frozen(meeting.pk)
    clear_by_hand(client, meeting, SINGAPORE_OFFICER, "en")
    assert is_frozen(meeting.pk)


def test_what_changed_while_somebody_read_it_is_not_cleared():
    meeting = recorded()
    seen = digest(content(meeting))
    with by_singapore():
        meeting.decisions.create(text_en="One more")
    with pytest.raises(Refused, match="changed while you looked"):
        clear(meeting, "en", seen, person(SINGAPORE_OFFICER))


def test_what_changed_of_persons_is_told_without_their_names():
    before = content(recorded())
    after = json.loads(json.dumps(before))
    after["delegations"][0]["name_en"] = "Somebody else"
    assert [(one.field, one.old, one.new) for one in changes(before, after)] == [("Delegations", "", "changed")]


def test_a_meeting_that_one_side_keeps_is_not_cleared():
    meeting = held(kept_by="singapore")
    with pytest.raises(Refused, match="Share it first"):
        clear(meeting, "en", digest(content(meeting)), person(SINGAPORE_OFFICER))


# Frozen ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "name"),
    [
        ("agenda_items", "noted_en"),
        ("agenda_items", "title_zh"),
        ("decisions", "text_zh"),
        ("actions", "text_en"),
    ],
)
def test_frozen_texts_do_not_change(rows, name):
    meeting = recorded()
    agreed(meeting)
    row = getattr(meeting, rows).exclude(visibility="own_side").first()
    setattr(row, name, "Something else")
    for write in (row.full_clean, row.save):
        with pytest.raises(ValidationError, match="agreed and frozen"):
            write()


def test_nothing_shared_is_added_deleted_or_hidden_once_frozen():
    meeting = recorded()
    agreed(meeting)
    decision = meeting.decisions.get(number=1)
    with pytest.raises(ValidationError):
        meeting.actions.create(text_en="Late", owner_side="singapore")
    with pytest.raises(ProtectedError), transaction.atomic():
        decision.delete()
    decision.visibility, decision.owner_side = "own_side", "singapore"
    with pytest.raises(ValidationError):
        decision.save()


def test_the_state_of_an_action_its_notes_and_what_one_side_keeps_stay_changeable():
    meeting = recorded()
    agreed(meeting)
    with by_singapore():
        action = meeting.actions.get(number=1)
        action.state, action.closing_note = "done", "Reported."
        action.save()
        item = items(meeting)[0]
        item.notes_singapore = "More"
        item.save()
        meeting.decisions.create(text_en="Ours", visibility="own_side", owner_side="singapore")
        decision = meeting.decisions.get(number=1)
        decision.visibility = "public"
        decision.save()
    assert meeting.actions.get(number=1).state == "done" and is_frozen(meeting.pk)


def test_the_form_of_the_meeting_refuses_in_words(client):
    meeting = recorded()
    agreed(meeting)
    sign_in(client, SINGAPORE_OFFICER)
    data = open_form(client, change_address(meeting))
    changed = send(client, change_address(meeting), data, **{"decisions-0-text_en": "Other"})
    deleted = send(client, change_address(meeting), data, **{"decisions-0-DELETE": "on"})
    for page in (changed, deleted):
        assert page.status_code == 200 and "agreed and frozen" in page.text
    assert send(client, change_address(meeting), data, venue_en="Hall").status_code == 302


def test_the_page_of_an_action_refuses_deletion_in_words(client):
    meeting = recorded()
    agreed(meeting)
    action = meeting.actions.get(number=1)
    sign_in(client, MANAGER)
    address = reverse("admin:meetings_action_delete", args=[action.pk])
    assert "agreed and frozen" in client.get(address).text
    client.post(address, {"post": "yes"})
    assert meeting.actions.filter(number=1).exists()


def test_the_agreed_files_are_not_deleted(client):
    meeting = recorded()
    agreed(meeting)
    sign_in(client, OTHER_MANAGER)
    for paper in meeting.papers.all():
        assert (
            client.post(reverse("admin:meetings_paper_delete", args=[paper.pk]), {"post": "yes"}).status_code
            == 403
        )
    assert meeting.papers.count() == 4


def test_a_draft_meeting_goes_with_its_minutes():
    meeting = held()
    agreed(meeting)
    with by_singapore():
        meeting.delete()
    assert not Minutes.objects.exists()


# Reopened --------------------------------------------------------------------------------------------


def test_a_manager_reopens_with_a_reason_and_the_next_files_are_another_version(client):
    meeting = recorded()
    agreed(meeting)
    first = {paper.pk: paper.sha256 for paper in meeting.papers.all()}
    sign_in(client, MANAGER)
    assert "Say why" in press(client, meeting, "reopen", reason=" ").text
    page = press(client, meeting, "reopen", reason="A name was misspelt.").text
    assert "A name was misspelt." in page and "superseded" in page and not is_frozen(meeting.pk)
    with by_singapore():
        decision = meeting.decisions.get(number=1)
        decision.text_en = "Extend the pilots."
        decision.save()
    minutes = agreed(meeting)
    assert (minutes.version, len(minutes.files), meeting.papers.count()) == (2, 8, 8)
    kept = Paper.objects.in_bulk(first)
    assert {key: paper.sha256 for key, paper in kept.items()} == first


@pytest.mark.parametrize("who", [SINGAPORE_OFFICER, SHENZHEN_OFFICER, AUDITOR])
def test_only_a_manager_reopens(who):
    meeting = recorded()
    agreed(meeting)
    with pytest.raises(Refused, match="Only a manager"):
        reopen(meeting, "Because", person(who))


def test_agreeing_on_a_published_meeting_changes_nothing_of_it():
    meeting = published(recorded())
    before = Meeting.objects.values("changed_at", "changed_by", "status").get(pk=meeting.pk)
    agreed(meeting)
    assert Meeting.objects.values("changed_at", "changed_by", "status").get(pk=meeting.pk) == before


def test_a_paper_that_happens_to_have_the_title_is_no_hindrance():
    meeting = recorded()
    with by_singapore():
        title = "Agreed minutes, Fifth JIC meeting (PDF)"
        meeting.papers.create(
            title=title, language="en", version=3, visibility="both_sides", owner_side="shenzhen"
        )
    assert agreed(meeting).version == 4


# The public --------------------------------------------------------------------------------------------


def test_nothing_of_the_minutes_is_public(client):
    meeting = recorded(outcome_en="What the public reads.")
    agreed(meeting)
    published(meeting)
    seen = ""
    for _address, _response, text in crawl(
        "/en/meetings/", "/en/meetings/5/", "/zh-hans/meetings/5/", "/sitemap.xml"
    ):
        seen += text
    assert "What the public reads." in seen
    for words in (
        "Extend the pilot",
        "延长试点",
        "Pilots run",
        "Agreed minutes",
        "商定纪要",
        "JIC5-A1",
        SECRET,
    ):
        assert words not in seen, words
    for paper in meeting.papers.all():
        assert client.get(paper.public_address()).status_code == 404
