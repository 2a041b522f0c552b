"""The lists of the desk as files: what the list shows, to whom it shows it, what the file says of itself."""

import io

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate

from initiative.columns import FOR_STAFF
from listing import excel
from meetings.columns import COLUMNS as MEETINGS
from mous.columns import COLUMNS as MOUS
from organisations.columns import COLUMNS as ORGANISATIONS
from projects.columns import COLUMNS as PROJECTS
from tests.factories import make_meeting, make_mou, make_organisation, make_project, published
from tests.listing.pages import table
from tests.people import AUDITOR, MANAGER, OTHER_MANAGER, ROLES, SHENZHEN_OFFICER, SINGAPORE_OFFICER, person
from tests.serving import once_there

pytestmark = pytest.mark.django_db
KINDS = {
    "projects/project": PROJECTS,
    "mous/mou": MOUS,
    "meetings/meeting": MEETINGS,
    "organisations/organisation": ORGANISATIONS,
}
LIST = "/admin/projects/project/"


def export(client, who: str, query: str = "", kind: str = "projects/project", format: str = "csv"):
    client.force_login(person(who))
    return client.get(f"/admin/{kind}/export.{format}{query}")


def titles(answer) -> list[str]:
    return sorted(row["title_en"] for row in table(answer))


def about(answer) -> dict[str, str]:
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    return {row[0].value: row[1].value for row in book["about"]}


@pytest.fixture
def records():
    """A published project, a draft, and one that Singapore keeps to itself."""
    body = published(make_organisation("Keppel", name_zh="吉宝"))
    public = published(make_project("Public", (body, "singapore"), stage="launched", track="related"))
    return public, make_project("Shared draft", title_zh="草稿"), make_project("Kept", kept_by="singapore")


@pytest.mark.parametrize(
    ("who", "kept"),
    [(SINGAPORE_OFFICER, 1), (MANAGER, 1), (AUDITOR, 1), (SHENZHEN_OFFICER, 0), (OTHER_MANAGER, 0)],
)
def test_a_file_holds_what_the_person_may_see(client, records, who, kept):
    assert titles(export(client, who)) == [*["Kept"] * kept, "Public", "Shared draft"]
    told = about(export(client, who, format="xlsx"))
    assert "not for the public" in told.get("Publication", "") or "请勿对外提供" in told["发布情况"]


@pytest.mark.parametrize("kind", KINDS)
def test_nobody_else_takes_a_file(client, records, kind):
    address = f"/admin/{kind}/export.csv"
    assert client.get(address)["Location"].startswith("/admin/login/")
    for who in ROLES:
        assert export(client, who, kind=kind).status_code == 200
    nobody = person(AUDITOR)
    nobody.groups.clear()
    client.force_login(nobody)
    assert client.get(address).status_code == 403


@pytest.mark.parametrize("kind", KINDS)
def test_first_comes_the_status_then_what_the_public_file_has(client, records, kind):
    make_mou("An MOU")
    make_meeting(4)
    (first, *_rest) = table(export(client, MANAGER, kind=kind))
    assert list(first) == ["status", "kept_by", *(column.key for column in KINDS[kind])]
    assert (first["status"] in ("draft", "published"), "notes" in first) == (True, False)
    assert [column.key for column in FOR_STAFF] == ["status", "kept_by"]


def test_a_file_says_who_keeps_a_draft(client, records):
    rows = {row["title_en"]: row for row in table(export(client, MANAGER))}
    assert [rows[title]["status"] for title in ("Public", "Kept")] == ["published", "draft"]
    assert [rows[title]["kept_by"] for title in ("Public", "Kept")] == ["", "singapore"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?status__exact=draft", ["Kept", "Shared draft"]),
        ("?q=caogao", ["Shared draft"]),
        ("?q=keppel", []),
        ("?stage__exact=launched&status__exact=published", ["Public"]),
    ],
)
def test_a_file_holds_what_filters_and_search_leave(client, records, query, found):
    assert titles(export(client, MANAGER, query)) == found


@pytest.mark.parametrize("query", ["?status__exact=x&stage__x=1", "?nothing=1"])
def test_filters_that_the_list_has_not_are_refused_in_words(client, records, query):
    answer = export(client, MANAGER, query)
    assert (answer.status_code, "open the list and choose again" in answer.text) == (400, True)


@pytest.mark.parametrize("query", ["?notes_shenzhen__startswith=S", "?changed_by__password__startswith=p"])
def test_a_file_is_not_filtered_by_what_nobody_may_read(client, records, query):
    assert export(client, MANAGER, query).status_code == 400


def test_another_format_is_not_found(client, records):
    assert export(client, MANAGER, format="json").status_code == 404


def test_the_name_says_that_it_is_for_staff_which_filters_and_which_day(client, records):
    answer = export(client, MANAGER, "?status__exact=draft&q=草稿&o=2")
    name = f"sci-staff-project_status-draft_q-cao-gao-{localdate()}.csv"
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'


def test_the_reference_stays_in_sight(client, records):
    answer = export(client, MANAGER, format="xlsx")
    assert openpyxl.load_workbook(io.BytesIO(answer.content))["data"].freeze_panes == "D2"


def test_the_about_sheet_says_filters_readers_and_meanings(client, records):
    told = about(export(client, MANAGER, "?status__exact=draft&q=kept", format="xlsx"))
    assert told["Contents"] == "Projects: 1 (Publication status: Draft; Search: “kept”)"
    assert told["For whom"] == "Own side: for the Singapore side only"
    assert told["Publication"].startswith("Holds records that are not published: not for the public.")
    assert told["kept_by"] == "Side that keeps the draft to itself"
    told = about(export(client, MANAGER, "?status__exact=published", format="xlsx"))
    assert (told["For whom"], told["Publication"]) == (
        "For staff of both sides",
        "Every record in it is published.",
    )


def test_a_list_too_long_for_excel_is_refused_in_words_and_given_as_csv(client, records, monkeypatch):
    monkeypatch.setattr(excel, "MOST_ROWS", 2)
    answer = export(client, MANAGER, format="xlsx")
    assert (answer.status_code, "Download the CSV file" in answer.text) == (400, True)
    assert len(titles(export(client, MANAGER))) == 3
    assert export(client, OTHER_MANAGER, format="xlsx").status_code == 200


@once_there
@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_a_long_list_asks_no_more_than_a_short_one(client, records, format):
    export(client, MANAGER)
    asked = []
    for _round in range(2):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            answer = client.get(f"{LIST}export.{format}")
            b"".join(answer)
        asked.append(len(queries))
        make_project("Another", (make_organisation(), "shenzhen"))
    assert asked[0] == asked[1]


@once_there
def test_the_list_offers_its_files_with_its_filters(client, records):
    client.force_login(person(AUDITOR))
    page = client.get(f"{LIST}?status__exact=draft&q=a").text
    assert f'<a href="{LIST}export.xlsx?status__exact=draft&amp;q=a">' in page
    assert "export.csv" not in client.get(f"{LIST}?_popup=1").text
    assert "export.csv" not in client.get("/admin/initiative/source/").text
