"""The page of what came since the last meeting and its files, as each person asks for them."""

import csv
import datetime
import io

import pytest
from django.urls import reverse
from django.utils.timezone import localdate
from docx import Document
from pypdf import PdfReader

from publishing.authorship import acting
from tests.factories import make_meeting, make_mou, make_organisation, make_project
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
FILES = ("since.docx?language=en", "since.pdf?language=en", "since.csv?", "since.xlsx?")


@pytest.fixture
def two():
    """The fourth meeting and a fifth that is planned, with something new that only Singapore knows."""
    earlier = make_meeting(4)
    later = make_meeting(5, starts_on=None, phase="planned")
    body = make_organisation("Keppel", name_zh="吉宝")
    make_project("Pumps", (body, "singapore"), title_zh="水泵", meeting=later)
    make_project("Kept project", meeting=later, kept_by="singapore")
    with acting(person(SINGAPORE_OFFICER)):
        earlier.actions.create(number=1, text_en="=2+3", owner_side="singapore", state="done")
        own = {"visibility": "own_side", "owner_side": "singapore"}
        later.decisions.create(number=1, text_en="Kept decision", **own)
    return earlier, later


def address(meeting, file: str = "") -> str:
    return reverse("admin:desk_since", args=[meeting.pk]) + file


def text_of(response) -> str:
    """Return what a Word or PDF file, a sheet or a page says."""
    kind = response["Content-Type"]
    if "wordprocessingml" in kind:
        return words_in(Document(io.BytesIO(response.content)))
    if kind == "application/pdf":
        return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(response.content)).pages)
    if "spreadsheetml" in kind:
        from openpyxl import load_workbook

        rows = load_workbook(io.BytesIO(response.content)).active.values
        return "\n".join(str(row) for row in rows)
    return response.content.decode("utf-8-sig")


def words_in(document) -> str:
    """Return the paragraphs of a Word file, those of its tables too."""
    return "\n".join("".join(node.text or "" for node in part.iter()) for part in document.element.body.iter())


@pytest.mark.parametrize("name", ROLES)
def test_the_page_and_its_files_hold_what_the_person_may_see(client, two, name):
    client.force_login(person(name))
    page = client.get(address(two[1]))
    assert page.status_code == 200
    sees = name in (SINGAPORE_OFFICER, MANAGER, AUDITOR)
    for file in ("", *FILES):
        text = text_of(client.get(address(two[1], file)))
        assert "SCI-P-0001" in text, file
        for word in ("Kept project", "Kept decision", "SCI-P-0002", "JIC5-D1"):
            assert (word in text) == sees, (file, word)


@pytest.mark.parametrize("file", ["", *FILES])
def test_a_stranger_is_asked_to_sign_in(client, two, file):
    assert client.get(address(two[1], file)).status_code == 302


def test_the_counts_lead_to_the_rows_and_the_rows_to_their_pages(client, two):
    client.force_login(person(SINGAPORE_OFFICER))
    page = client.get(address(two[1])).text
    for key in ("projects_new", "actions_closed", "partners_joined"):
        assert f'href="#{key}"' in page
        assert f'<section id="{key}">' in page
    project = make_project("Another", meeting=two[1])
    page = client.get(address(two[1])).text
    assert f"/admin/projects/project/{project.pk}/change/" in page
    assert f"/admin/meetings/meeting/{two[1].pk}/change/" in page  # of the decision
    assert "No MOU ended." in page


def test_the_sheet_says_everything_in_both_languages(client, two):
    client.force_login(person(SHENZHEN_OFFICER))
    response = client.get(address(two[1], "since.csv"))
    name = f"sci-since-JIC4_until-JIC5-{localdate()}.csv"
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert rows[0] == ["section", "reference", "title_en", "title_zh", "date", "note_en", "note_zh"]
    assert rows[1][:5] == ["projects_new", "SCI-P-0001", "Pumps", "水泵", ""]
    assert rows[1][5] == "For JIC5: Proposed"
    assert rows[2][:4] == ["partners_joined", "SCI-O-0001", "Keppel", "吉宝"]
    action = next(row for row in rows if row[0] == "actions_closed")
    assert action[1:4] == ["JIC4-A1", "'=2+3", ""]


@pytest.mark.parametrize("kind", ["docx", "pdf"])
def test_a_document_is_in_the_language_asked_for(client, two, kind):
    client.force_login(person(SINGAPORE_OFFICER))
    english = text_of(client.get(address(two[1], f"since.{kind}?language=en")))
    assert "Own side: for the Singapore side only" in english
    assert "Pumps" in english
    chinese = text_of(client.get(address(two[1], f"since.{kind}?language=zh-hans")))
    assert "水泵" in chinese
    assert "Pumps" not in chinese


def test_other_meetings_can_be_chosen(client, two):
    client.force_login(person(OTHER_MANAGER))
    old = make_meeting(3, starts_on=datetime.date(2022, 11, 25))
    mou = make_mou("Signed then", meeting=two[0], signed_on=datetime.date(2023, 12, 14))
    page = client.get(address(two[1]), {"earlier": old.pk, "later": two[0].pk}).text
    assert mou.reference in page
    assert "SCI-P-0001" not in page
    today = client.get(address(two[1]), {"earlier": two[0].pk, "later": ""}).text
    assert "JIC4-A1" in today


@pytest.mark.parametrize(
    ("earlier", "later", "words"),
    [
        (1, 1, "Choose two different meetings."),
        (2, 1, "No date of JIC5 is on record here"),
        (3, 1, "JIC4 was held before JIC6"),
        (999, 1, "No such meeting"),
        ("x", "y", "No such meeting"),
        ("", 1, "This field is required."),
        (9, 1, "No such meeting"),
    ],
)
def test_a_bad_choice_is_told_on_the_page_and_refused_in_files(client, two, earlier, later, words):
    meetings = {1: two[0].pk, 2: two[1].pk, 3: make_meeting(6, starts_on=datetime.date(2025, 1, 1)).pk}
    meetings[9] = make_meeting(9, kept_by="shenzhen").pk
    client.force_login(person(SINGAPORE_OFFICER))
    query = {"earlier": meetings.get(earlier, earlier), "later": meetings.get(later, later)}
    page = client.get(address(two[1]), query)
    assert page.status_code == 200
    assert words in page.text
    for file in ("since.csv", "since.pdf"):
        refused = client.get(address(two[1], file), query)
        assert (refused.status_code, words in refused.text) == (400, True)


def test_a_first_meeting_asks_for_a_choice(client):
    meeting = make_meeting(1)
    client.force_login(person(SINGAPORE_OFFICER))
    assert "Choose two meetings." in client.get(address(meeting)).text
    refused = client.get(address(meeting, "since.csv"))
    assert (refused.status_code, refused.text) == (400, "Choose two meetings.")


def test_no_other_language_or_format_is_there(client, two):
    client.force_login(person(SINGAPORE_OFFICER))
    for file in ("since.odt", "since.pdf?language=de"):
        assert client.get(address(two[1], file)).status_code == 404


def test_the_desk_says_how_long_ago_the_last_meeting_was(client, two):
    client.force_login(person(SINGAPORE_OFFICER))
    two[1].starts_on = datetime.date(2023, 12, 24)
    two[1].save()
    desk = client.get(reverse("admin:desk", args=[two[1].pk])).text
    assert "10 days after JIC4" in desk
    assert "No earlier meeting of its kind" in client.get(reverse("admin:desk", args=[two[0].pk])).text
