"""The form as a Word file, there and back; the progress annex; and that no contact is in any file."""

import io
import zipfile

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.timezone import localdate
from docx import Document
from pypdf import PdfReader

from initiative.models import Sector
from organisations.models import Organisation
from projects.models import Project, UpdateAnswer
from tests.cycle.test_rounds_desk import at, sign_in
from tests.cycle.updates import DAY, coming, end, make_contact, make_round, path_of, running
from tests.factories import make_meeting, make_organisation, published
from tests.people import AUDITOR, MANAGER, SHENZHEN_OFFICER, SINGAPORE_OFFICER
from tests.serving import once

pytestmark = [once, pytest.mark.django_db]


@pytest.fixture
def asked():
    make_contact(running())
    return make_round().requests.get()


@pytest.fixture
def officer(client):
    return sign_in(client, SINGAPORE_OFFICER)


def form_of(client, asked) -> Document:
    return Document(io.BytesIO(client.get(f"{path_of(asked)}form.docx").content))


def words_of(document) -> str:
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in document.paragraphs), *cells])


def upload(client, asked, content, name="form.docx"):
    if not isinstance(content, bytes):
        file = io.BytesIO()
        content.save(file)
        content = file.getvalue()
    path = at("upload", asked.round.meeting.pk)
    return client.post(path, {"file": SimpleUploadedFile(name, content)}, follow=True).text


def tick(cell, words: str) -> None:
    cell.text = "\n".join(
        line.replace("☐", "[x]", 1) if words in line else line for line in cell.text.splitlines()
    )


def test_word_form_is_in_both_languages_and_names_no_person(client, asked):
    words = words_of(form_of(client, asked))
    for one in ("Smart pumps", "智慧水泵", "Next steps and when", "In progress", asked.code):
        assert one in words
    assert "Lim" not in words and asked.token not in words


def test_word_form_comes_back_as_a_draft(officer, asked):
    document = form_of(officer, asked)
    rows = document.tables[0].rows
    rows[0].cells[2].text = "Twelve estates."
    rows[1].cells[2].text = "十二处。"
    tick(rows[2].cells[2], "In progress")
    rows[3].cells[2].text = "Report in May."
    tick(rows[5].cells[2], "Yes")
    assert "is kept as a draft" in upload(officer, asked, document)
    kept = UpdateAnswer.objects.get()
    told = (kept.text_en, kept.text_zh, kept.stage, kept.next_steps, kept.contact_right, kept.way)
    assert told == ("Twelve estates.", "十二处。", "in_progress", "Report in May.", "yes", "file")
    asked.refresh_from_db()
    assert asked.answered_at


def changed(document, number: int, text: str):
    document.tables[0].rows[number].cells[2].text = text
    return document


def test_two_ticks_are_refused(officer, asked):
    document = changed(form_of(officer, asked), 0, "x")
    for words in ("Launched", "Completed"):
        tick(document.tables[0].rows[2].cells[2], words)
    assert "Question 3 has more than one tick" in upload(officer, asked, document)
    assert not UpdateAnswer.objects.exists()


def test_an_empty_form_is_refused(officer, asked):
    assert "Write what happened" in upload(officer, asked, form_of(officer, asked))


def bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"0" * 30_000_000)
    return file.getvalue()


def another_document() -> Document:
    document = Document()
    document.add_paragraph("Dear all")
    return document


@pytest.mark.parametrize("content", [b"", b"no zip", b"%PDF-1.7", bomb(), another_document()])
def test_a_file_that_is_not_the_form_is_refused_in_words(officer, asked, content):
    text = upload(officer, asked, content)
    assert "not the form of an update round" in text or "Choose the Word file" in text
    assert not UpdateAnswer.objects.exists()


def test_a_form_with_a_changed_code_is_refused(officer, asked):
    document = changed(form_of(officer, asked), 0, "x")
    line = document.paragraphs[-1]
    line.text = line.text[:-3] + "abc"
    assert "not the form of an update round" in upload(officer, asked, document)


def test_a_form_of_another_meeting_is_refused(officer, asked):
    other = make_round(make_meeting(6, phase="planned")).requests.get()
    assert "another meeting" in upload(officer, asked, changed(form_of(officer, other), 0, "x"))


def test_a_form_after_the_last_day_is_refused(officer, asked):
    document = changed(form_of(officer, asked), 0, "x")
    end(asked.round, closes_on=localdate() - DAY)
    assert "takes no answers" in upload(officer, asked, document)


# The annex --------------------------------------------------------------------------------------


@pytest.fixture
def reported():
    body = published(make_organisation("Keppel", name_zh="吉宝"))
    project = running("Smart pumps")
    published_again = Project.objects.get(pk=project.pk)
    published_again.partners.create(organisation=body, side="singapore")
    published_again.sectors.add(Sector.objects.get(code="urban"))
    meeting = coming()
    project.progress_reports.create(
        meeting=meeting, text_en="In 12 estates.", text_zh="十二处。", rating="delayed", visibility="both_sides"
    )
    running("Other").progress_reports.create(meeting=meeting, text_zh="仅中文。", visibility="both_sides")
    return meeting


def annex(client, meeting, language: str, format: str):
    return client.get(reverse("admin:desk_progress_file", args=[meeting.pk, language, format]))


@pytest.mark.parametrize("who", [SINGAPORE_OFFICER, SHENZHEN_OFFICER, MANAGER, AUDITOR])
@pytest.mark.parametrize(
    ("language", "found"),
    [
        ("en", ["Progress annex", "Urban systems and AI", "Keppel", "In 12 estates.", "仅中文。"]),
        ("zh-hans", ["十二处。"]),
    ],
)
def test_annex_in_both_languages_and_without_ratings(client, reported, who, language, found):
    sign_in(client, who)
    words = words_of(Document(io.BytesIO(annex(client, reported, language, "docx").content)))
    assert [one for one in found if one not in words] == []
    assert "delayed" not in words and "进度滞后" not in words


def test_annex_as_pdf(officer, reported):
    pages = PdfReader(io.BytesIO(annex(officer, reported, "en", "pdf").content)).pages
    assert "In 12 estates." in "".join(page.extract_text() for page in pages)


def test_annex_page_and_what_is_not_there(officer, client, reported):
    page = officer.get(reverse("admin:desk_progress", args=[reported.pk]))
    assert "In 12 estates." in page.text and "elayed" not in page.text
    assert annex(officer, reported, "fr", "docx").status_code == 404
    assert annex(officer, reported, "en", "exe").status_code == 404
    empty = officer.get(reverse("admin:desk_progress", args=[make_meeting(6, phase="planned").pk]))
    assert "No progress report has been accepted" in empty.text


# Leaks ------------------------------------------------------------------------------------------


def test_no_contact_is_in_any_sheet_export_or_public_page(client):
    secret = "Verschwiegen"
    body = published(make_organisation("Keppel"))
    project = running("Pumps")
    make_contact(project, name=secret, email="verschwiegen@own.example", organisation=body)
    asked = make_round(coming()).requests.get()
    asked.answers.create(text_en=secret, contact_note=secret)
    pages = [
        project.get_absolute_url(),
        body.get_absolute_url(),
        "/en/projects/export.csv",
        "/en/search/?q=Versch",
    ]
    pages += ["/en/chronology/", "/sitemap.xml", "/robots.txt"]
    sign_in(client, MANAGER)
    for kind in ("project-record", "project-template"):
        pages.append(f"/admin/projects/project/sheets/{kind}.csv")
    for page in pages:
        answer = client.get(page)
        text = b"".join(answer).decode() if answer.streaming else answer.text
        assert answer.status_code == 200 and secret.lower() not in text.lower().replace("q=versch", ""), page
    assert "/updates/" not in client.get("/sitemap.xml").text
    assert not hasattr(project.contacts.get(), "history") and Organisation.objects.exists()
    # Deleting it deletes it: Django's log of changes names the project alone.
    client.post(reverse("admin:projects_contact_delete", args=[project.contacts.get().pk]), {"post": "yes"})
    assert secret not in LogEntry.objects.latest("pk").object_repr
