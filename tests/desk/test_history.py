"""What was changed, in words: of one record and of all, with rows, for each person what they may read."""

import csv
import io

import openpyxl
import pytest

from organisations.models import Person
from publishing.authorship import acting
from publishing.snapshots import as_number
from tests.desk.forms import add_row, change_address, open_form, send
from tests.factories import make_meeting, make_organisation, make_project, make_source, published
from tests.people import AUDITOR, MANAGER, ROLES, SHENZHEN_OFFICER, SINGAPORE_OFFICER, person
from tests.serving import once

pytestmark = [once, pytest.mark.django_db]


def history_of(record, query="") -> str:
    return change_address(record).replace("/change/", f"/history/{query}")


def test_one_save_is_one_change_with_its_rows(client):
    project = make_project("A project", parties_known="none")
    keppel = make_organisation("Keppel")
    client.force_login(person(SINGAPORE_OFFICER))
    data = open_form(client, change_address(project))
    data = add_row(data, "partners", organisation=keppel.pk, side="singapore", role="lead")
    send(client, change_address(project), data, parties_known="all", title_zh="项目")
    change = client.get(history_of(project)).context["changes"][0]
    told = {(one.row, one.field, one.old, one.new) for one in change.differences}
    assert ("", "Parties known", "no source names the parties", "all parties are on record") in told
    assert ("", "Title (Chinese)", "", "项目") in told
    assert ("Partner “Keppel”", "Organisation", "", "Keppel") in told
    assert ("Partner “Keppel”", "Role", "", "lead partner") in told
    assert change.person == person(SINGAPORE_OFFICER)


def test_moves_links_and_deleted_rows_are_told(client):
    project = make_project("A project", (make_organisation("Keppel"), "singapore"))
    client.force_login(person(SINGAPORE_OFFICER))
    data = open_form(client, change_address(project))
    data.setlist("sectors", [str(1)])
    from initiative.models import Sector

    sector = Sector.objects.first()
    data.setlist("sectors", [str(sector.pk)])
    data["partners-0-DELETE"] = "on"
    send(client, change_address(project), data, parties_known="none")
    published_by = client.post(
        "/admin/projects/project/", {"action": "submit_for_review", "_selected_action": [project.pk]}
    )
    assert published_by.status_code == 302
    changes = client.get(history_of(project)).context["changes"]
    told = {(one.row, one.field, one.old, one.new) for change in changes for one in change.differences}
    assert ("", "Publication status", "Draft", "In review") in told
    assert ("", "Sectors", "", str(sector)) in told
    assert ("Partner “Keppel”", "Organisation", "Keppel", "") in told


def test_filter_by_person_side_and_day(client):
    project = make_project()
    with acting(person(SHENZHEN_OFFICER)):
        project.title_zh = "项目"
        project.save()
    client.force_login(person(AUDITOR))
    theirs = person(SHENZHEN_OFFICER)
    for query in (f"?person={theirs.pk}", "?side=shenzhen", f"?person={theirs.pk}&since=2020-01-01"):
        (change,) = client.get(history_of(project, query)).context["changes"]
        assert change.person == theirs
    assert client.get(history_of(project, "?until=2020-01-01")).context["changes"] == []
    answer = client.get(history_of(project, "?since=nonsense"))
    assert (answer.status_code, answer.context["changes"]) == (200, [])
    assert "Correct the filter below." in answer.text


def test_everybody_reads_the_history_of_all_records(client):
    project = make_project("A project")
    for who in ROLES:
        client.force_login(person(who))
        assert project.reference in client.get("/admin/changes/").text
    client.logout()
    assert client.get("/admin/changes/").status_code == 302


def test_the_export_tells_every_field_and_runs_no_formula(client):
    project = make_project("=cmd|'/C calc'!A0")
    client.force_login(person(AUDITOR))
    query = {"record": f"projects.project:{project.pk}"}
    answer = client.get("/admin/changes/export.csv", query)
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    (title,) = [row for row in rows if row["field"] == "Title (English)"]
    assert (title["new"], title["side"], title["person"]) == (
        "'=cmd|'/C calc'!A0",
        "Singapore",
        "singapore.officer",
    )
    assert len(client.get("/admin/changes/export.csv").content) >= len(answer.content)
    book = openpyxl.load_workbook(io.BytesIO(client.get("/admin/changes/export.xlsx", query).content))
    cells = [(cell.value, cell.data_type) for row in book["data"].iter_rows() for cell in row if cell.value]
    assert ("'=cmd|'/C calc'!A0", "s") in cells and "f" not in {kind for _value, kind in cells}


@pytest.mark.parametrize(
    "given", ["x", "projects.project:", "projects.project:999", "auth.user:1", "a.b:1", ":"]
)
def test_the_export_of_nothing_is_not_found(client, given):
    client.force_login(person(AUDITOR))
    assert client.get("/admin/changes/export.csv", {"record": given}).status_code == 404
    assert client.get("/admin/changes/export.json").status_code == 404


def test_what_one_side_keeps_is_in_no_history_of_the_other(client):
    meeting = make_meeting(4, notes_singapore="Secret note", file_reference_singapore="SG/1")
    meeting.decisions.create(number=1, text_en="Kept apart", visibility="own_side", owner_side="singapore")
    kept = make_project("Kept draft", kept_by="singapore")
    with acting(person(SINGAPORE_OFFICER)):
        kept.summary_en = "Kept summary"
        kept.save()
    hidden = ["Secret note", "SG/1", "Kept apart", "Kept draft", "Kept summary", kept.reference]
    pages = [
        history_of(meeting),
        "/admin/changes/",
        "/admin/changes/export.csv",
        f"/admin/changes/export.csv?record=meetings.meeting:{meeting.pk}",
    ]
    client.force_login(person(SHENZHEN_OFFICER))
    for page in pages:
        text = client.get(page).content.decode()
        assert [word for word in hidden if word in text] == [], page
    assert client.get(history_of(kept)).status_code == 404
    assert client.get(f"/admin/changes/export.csv?record=projects.project:{kept.pk}").status_code == 404
    for who in (SINGAPORE_OFFICER, AUDITOR):
        client.force_login(person(who))
        text = client.get("/admin/changes/").text
        assert [word for word in hidden if word not in text] == []


def test_what_was_written_while_a_draft_was_kept_stays_unread_when_it_is_shared(client):
    project = make_project("First words", kept_by="singapore")
    with acting(person(SINGAPORE_OFFICER)):
        project.partners.create(organisation=make_organisation("Keppel"), side="singapore", note_en="Old note")
    with acting(person(SINGAPORE_OFFICER)):
        project.title_en = "Second words"
        project.kept_by = ""
        project.save()
    client.force_login(person(SHENZHEN_OFFICER))
    text = client.get(history_of(project)).text
    assert "Second words" in text
    assert "First words" not in text and "Old note" not in text


def test_a_name_that_is_not_shown_is_not_in_the_history(client):
    meeting = make_meeting(4)
    minister = Person.objects.create(name_en="A Minister")
    minister.name_en = "The Minister Himself"
    minister.save()
    meeting.attendances.create(person=minister, side="singapore", post_en="Minister")
    minister.suppressed = True
    minister.save()
    client.force_login(person(AUDITOR))
    for page in (history_of(minister), history_of(meeting), "/admin/changes/", "/admin/changes/export.csv"):
        text = client.get(page).content.decode()
        assert "A Minister" not in text and "Himself" not in text, page
        assert "(name not shown)" in text, page


def test_version_page_and_revert_fill_the_form(client):
    keppel, strides = make_organisation("Keppel"), make_organisation("Strides")
    project = make_project("Old title", (keppel, "singapore"))
    moment = project.history.order_by("history_id").last().history_date
    moment = max(moment, project.partners.get().history.first().history_date)
    number = as_number(moment)
    client.force_login(person(MANAGER))
    data = open_form(client, change_address(project))
    data["partners-0-DELETE"] = "on"
    data = add_row(data, "partners", organisation=strides.pk, side="shenzhen")
    assert send(client, change_address(project), data, title_en="New title", track="zone").status_code == 302
    page = client.get(history_of(project, f"{number}/")).text
    assert "Old title" in page and "New title" in page
    filled = open_form(client, f"{change_address(project)}?version={number}")
    project.refresh_from_db()
    assert (filled["title_en"], filled["track"], project.title_en) == ("Old title", "jic", "New title")
    assert send(client, change_address(project), filled).status_code == 302
    project.refresh_from_db()
    assert (project.title_en, project.track, project.status) == ("Old title", "jic", "draft")
    assert [row.organisation for row in project.partners.all()] == [keppel]


def test_revert_republishes_nothing(client):
    project = published(make_project("Old title"))
    number = as_number(project.history.first().history_date)
    from publishing.workflow import move

    move(project, "withdrawn", by=person(MANAGER), reason="Entered twice.")
    client.force_login(person(MANAGER))
    filled = open_form(client, f"{change_address(project)}?version={number}")
    send(client, change_address(project), filled)
    project.refresh_from_db()
    assert project.status == "withdrawn"


@pytest.mark.parametrize("number", ["abc", "0", "99999999999999999"])
def test_no_such_version(client, number):
    project = make_project()
    client.force_login(person(MANAGER))
    assert client.get(history_of(project, f"{number}/")).status_code == 404
    assert client.get(f"{change_address(project)}?version={number}").status_code in (200, 404)


def test_auditor_reverts_nothing(client):
    project = make_project()
    number = as_number(project.history.first().history_date)
    client.force_login(person(AUDITOR))
    assert client.get(history_of(project, f"{number}/")).status_code == 200
    assert client.get(f"{change_address(project)}?version={number}").status_code == 403


def test_history_costs_the_same_for_one_row_and_for_many(client, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    few, many = make_project("Few"), make_project("Many")
    for number in range(6):
        many.partners.create(organisation=make_organisation(), side="singapore", position=number)
        many.citations.create(source=make_source())
    few.partners.create(organisation=make_organisation(), side="singapore")
    client.force_login(person(AUDITOR))
    client.get(history_of(few))
    counts = []
    for record in (few, many):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get(history_of(record))
        counts.append(len(asked))
    assert counts[0] == counts[1]
