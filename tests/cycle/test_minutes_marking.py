"""Agreed minutes uploaded and marked: read, guessed, written only when confirmed, told in words where not."""

import io

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from documents.blocks import Bullets, Document, Text
from documents.pdf import to_pdf
from meetings.minutes import paragraphs
from meetings.minutes.marking import guess
from meetings.minutes.paragraphs import read_paragraphs
from meetings.models import Paper
from publishing.filetypes import DOCX, PDF
from tests.cycle.minutes import SECRET, agreed, by_singapore, held, items, record_page, sign_in, word_file
from tests.desk.forms import open_form, send
from tests.desk.samples import PDF as EMPTY_PDF
from tests.desk.samples import PNG, add_file, office, upload
from tests.factories import published
from tests.people import AUDITOR, MANAGER, SHENZHEN_OFFICER, SINGAPORE_OFFICER
from tests.serving import once

pytestmark = [once, pytest.mark.django_db]
ENGLISH = (
    "Minutes",
    "1. Smart mobility",
    "The Committee noted that pilots run.",
    "JIC5-D3: The pilot is extended.",
    "Action: Shenzhen to report by June.",
    "Tea was served.",
)


def upload_page(meeting) -> str:
    return reverse("admin:desk_record_upload", args=[meeting.pk])


def uploaded(client, meeting, content: bytes, name: str = "minutes.docx", language: str = "en"):
    """Upload a file as an officer would; return the page that comes."""
    data = {"file": upload(name, content), "language": language}
    return client.post(upload_page(meeting), data, follow=True)


def mark_page(meeting) -> str:
    return reverse("admin:desk_record_mark", args=[meeting.pk, Paper.objects.latest("pk").pk])


def confirmed(client, meeting, **changes):
    """Confirm the guesses of the last upload with some of them changed."""
    return send(client, mark_page(meeting), open_form(client, mark_page(meeting)), follow=True, **changes)


# Reading -------------------------------------------------------------------------------------------


def test_a_word_file_gives_its_paragraphs_and_cells_in_order():
    file = io.BytesIO(word_file("First.", "", " Second\tpart. ", cells=["A cell", "一格"]))
    reading = read_paragraphs(file, DOCX)
    assert (reading.paragraphs, reading.is_cut) == (["First.", "Second part.", "A cell", "一格"], False)


def test_a_pdf_gives_paragraphs_not_lines():
    long = "The Committee agreed that the pilot of smart pumps in two housing estates is extended by one year. "
    document = Document("Minutes", "en", [Text(long * 2), Bullets(["JIC5-D1: 延长试点一年。"])])
    reading = read_paragraphs(io.BytesIO(to_pdf(document)), PDF)
    assert any(text.startswith("The Committee agreed") and "one year" in text for text in reading.paragraphs)
    assert any("延长试点一年" in text for text in reading.paragraphs)


def test_a_long_file_is_cut_and_says_so(monkeypatch):
    monkeypatch.setattr(paragraphs, "PARAGRAPHS", 2)
    reading = read_paragraphs(io.BytesIO(word_file("One.", "Two.", "Three.")), DOCX)
    assert (reading.paragraphs, reading.is_cut) == (["One.", "Two."], True)


@pytest.mark.parametrize(
    ("content", "kind", "words"),
    [
        (word_file(""), DOCX, "it may be a scan"),
        (office(DOCX), DOCX, "cannot be read"),
        (EMPTY_PDF, PDF, "cannot be read|may be a scan"),
        (b"%PDF-1.7 broken", PDF, "cannot be read|may be a scan"),
        (b"", "text/plain", "Only Word"),
    ],
)
def test_a_file_without_text_is_told_in_words(content, kind, words):
    with pytest.raises(ValidationError, match=words):
        read_paragraphs(io.BytesIO(content), kind)


# Guessing ------------------------------------------------------------------------------------------


def test_the_first_guess_knows_codes_labels_and_items():
    meeting = held()
    first, second = items(meeting)
    texts = [
        *ENGLISH,
        "2. E-invoicing",
        "议定事项1：延长试点。",
        "跟进事项：新加坡方提交报告。",
        "JIC4-D1: Of another meeting.",
    ]
    found = [
        (mark.kind, mark.item, mark.number, mark.owner_side) for mark in guess(texts, meeting, [first, second])
    ]
    assert found == [
        ("", None, None, ""),
        ("", None, None, ""),
        ("noted", first.pk, None, ""),
        ("decision", first.pk, 3, ""),
        ("action", first.pk, None, "shenzhen"),
        ("", first.pk, None, ""),
        ("", None, None, ""),
        ("decision", second.pk, None, ""),
        ("action", second.pk, None, "singapore"),
        ("", second.pk, None, ""),
    ]
    assert guess(texts, meeting, [])[3].text == "The pilot is extended."


# Uploading and confirming ----------------------------------------------------------------------------


def test_nothing_is_written_before_it_is_confirmed(client):
    meeting = held()
    sign_in(client, SINGAPORE_OFFICER)
    page = uploaded(client, meeting, word_file(*ENGLISH))
    assert page.status_code == 200 and "The pilot is extended." in page.text
    paper = Paper.objects.get()
    assert (paper.visibility, paper.owner_side, paper.version) == ("both_sides", "singapore", 1)
    assert not meeting.decisions.exists() and items(meeting)[0].noted_en == ""


def test_what_is_confirmed_is_on_record_once(client):
    meeting = held()
    sign_in(client, SINGAPORE_OFFICER)
    uploaded(client, meeting, word_file(*ENGLISH))
    for _click in range(2):
        page = confirmed(client, meeting, **{"due_on-4": "2027-06-30"})
    assert "Written into the record: 0" in page.text
    assert items(meeting)[0].noted_en == "The Committee noted that pilots run."
    decision, action = meeting.decisions.get(), meeting.actions.get()
    assert (str(decision), decision.text_en, decision.agenda_item) == (
        "JIC5-D3",
        "The pilot is extended.",
        items(meeting)[0],
    )
    assert (str(action), action.owner_side, str(action.due_on)) == ("JIC5-A1", "shenzhen", "2027-06-30")


def test_the_text_in_chinese_joins_the_decision_of_the_same_number(client):
    meeting = held()
    sign_in(client, SINGAPORE_OFFICER)
    uploaded(client, meeting, word_file(*ENGLISH))
    confirmed(client, meeting)
    uploaded(client, meeting, word_file("JIC5-D3：延长试点。"), language="zh-hans")
    confirmed(client, meeting)
    decision = meeting.decisions.get()
    assert (decision.text_en, decision.text_zh) == ("The pilot is extended.", "延长试点。")


def test_a_number_that_says_something_else_is_refused_and_nothing_is_written(client):
    meeting = held()
    with by_singapore():
        meeting.decisions.create(number=3, text_en="Something else")
    sign_in(client, SINGAPORE_OFFICER)
    uploaded(client, meeting, word_file(*ENGLISH))
    page = confirmed(client, meeting)
    assert "JIC5-D3 says something else already" in page.text
    assert not meeting.actions.exists() and items(meeting)[0].noted_en == ""


def test_a_number_of_a_deleted_decision_is_refused(client):
    meeting = held()
    with by_singapore():
        meeting.decisions.create(number=3, text_en="Something else").delete()
    sign_in(client, SINGAPORE_OFFICER)
    uploaded(client, meeting, word_file(*ENGLISH))
    assert "JIC5-D3 was deleted" in confirmed(client, meeting).text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"owner_side-4": ""}, "Choose the side"),
        ({"owner_side-4": "mars"}, "Choose the side"),
        ({"item-2": ""}, "Choose the agenda item"),
        ({"item-2": "999"}, "no longer there"),
        ({"due_on-4": "30.6."}, "Write the date as"),
        ({"due_on-4": "2027-02-31"}, "Write the date as"),
    ],
)
def test_what_is_missing_is_told_at_its_paragraph_and_choices_stay(client, changes, words):
    meeting = held()
    sign_in(client, SINGAPORE_OFFICER)
    uploaded(client, meeting, word_file(*ENGLISH))
    page = confirmed(client, meeting, **{"kind-5": "decision"}, **changes)
    assert words in page.text and "some paragraphs need your attention" in page.text
    assert page.text.count('<option value="decision" selected>') == 2
    assert not meeting.decisions.exists()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("minutes.png", PNG, "Only Word (DOCX) and PDF files are read"),
        ("minutes.pdf", word_file("x"), "Rename it"),
        ("minutes.docx", word_file(""), "it may be a scan"),
        ("minutes.docx", b"", "empty"),
    ],
)
def test_what_cannot_be_read_is_not_kept(client, name, content, words):
    meeting = held()
    sign_in(client, SINGAPORE_OFFICER)
    assert words in uploaded(client, meeting, content, name).text
    assert not Paper.objects.exists()


def test_frozen_minutes_take_nothing(client):
    meeting = held()
    sign_in(client, SINGAPORE_OFFICER)
    uploaded(client, meeting, word_file(*ENGLISH))
    address = mark_page(meeting)
    data = open_form(client, address)
    agreed(meeting)
    assert "agreed and frozen" in send(client, address, data).text
    assert not meeting.decisions.exists()


# Rights ----------------------------------------------------------------------------------------------


def test_an_auditor_neither_uploads_nor_marks(client):
    meeting = held()
    sign_in(client, SINGAPORE_OFFICER)
    uploaded(client, meeting, word_file(*ENGLISH))
    sign_in(client, AUDITOR)
    for address in (upload_page(meeting), mark_page(meeting)):
        assert client.get(address).status_code == 403
    assert "Upload the agreed minutes instead" not in client.get(record_page(meeting)).text


def test_strangers_are_asked_to_sign_in(client):
    assert client.get(upload_page(held())).status_code == 302


def test_a_paper_that_one_side_keeps_is_not_read_here(client):
    meeting = held()
    add_file(meeting, SECRET, word_file(*ENGLISH), "kept.docx", visibility="own_side")
    for who in (SINGAPORE_OFFICER, SHENZHEN_OFFICER):
        sign_in(client, who)
        assert client.get(mark_page(meeting)).status_code == 404
    assert SECRET not in client.get(upload_page(meeting)).text


def test_of_a_published_meeting_an_officer_notes_nothing_under_a_public_item(client):
    meeting = held()
    with by_singapore():
        item = items(meeting)[0]
        item.visibility = "public"
        item.save()
    published(meeting)
    sign_in(client, SHENZHEN_OFFICER)
    uploaded(client, meeting, word_file(*ENGLISH))
    assert "only a manager changes it" in confirmed(client, meeting).text
    sign_in(client, MANAGER)
    confirmed(client, meeting)
    assert items(meeting)[0].noted_en
