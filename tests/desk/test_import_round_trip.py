"""Templates and what is on record: every sheet of every kind is there, and comes back without a change."""

import io

import openpyxl
import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from listing.sheets import decode, read_csv
from projects.imports import MilestoneImport, PartnerImport
from tests.desk.sheets import every_sheet, full_record, model_of, offer, take
from tests.factories import make_organisation, make_project
from tests.listing.uploads import confirm, history_rows
from tests.people import MANAGER, OTHER_MANAGER, person

SHEETS = every_sheet()
NAMES = [model_of(resource) for _kind, resource in SHEETS]


@pytest.fixture(scope="module")
def filled(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        full_record()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def manager(client, db):
    client.force_login(person(MANAGER))
    return client


def test_every_kind_of_row_that_staff_enter_has_a_sheet():
    assert NAMES == [
        "page",
        "pillar",
        "sector",
        "source",
        "term",
        "announcedfigure",
        "figurecitation",
        "meeting",
        "attendance",
        "agendaitem",
        "decision",
        "action",
        "actionnote",
        "meetingcitation",
        "mou",
        "signatory",
        "signing",
        "moulink",
        "moucitation",
        "organisation",
        "organisationname",
        "organisationcitation",
        "person",
        "project",
        "partner",
        "milestone",
        "progressreport",
        "projectcitation",
    ]


@pytest.mark.parametrize(("kind", "resource"), SHEETS, ids=NAMES)
def test_every_column_of_the_test_record_is_filled(filled, manager, kind, resource):
    file = take(manager, kind, resource, "record", "csv").content
    sheet = read_csv(decode(file)[0])
    assert [name for at, name in enumerate(sheet.headers) if not any(row[at] for row in sheet)] == []


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
@pytest.mark.parametrize(("kind", "resource"), SHEETS, ids=NAMES)
def test_what_is_on_record_comes_back_without_a_change(filled, manager, kind, resource, suffix):
    before = history_rows()
    file = take(manager, kind, resource, "record", suffix).content
    preview = offer(manager, kind, resource, file, f"sheet.{suffix}")
    result = preview.context["result"]
    assert (result.problems, result.changes) == ([], [])
    assert result.totals["skip"] == len(result.rows) > 0
    confirm(manager, kind, preview)
    assert history_rows() == before


def test_one_changed_cell_changes_that_cell(filled, manager):
    file = take(manager, "projects/project", MilestoneImport, "record", "csv").content.decode()
    preview = offer(
        manager,
        "projects/project",
        MilestoneImport,
        file.replace("2023-12-14,day,2023-12-14", "2024-01-02,day,"),
    )
    ((line, row),) = preview.context["result"].changes
    assert line == 2
    assert row.diff == [("due_on", "2023-12-14", "2024-01-02"), ("reached_on", "2023-12-14", "")]


# Templates


@pytest.mark.parametrize(("kind", "resource"), SHEETS, ids=NAMES)
def test_template_has_the_columns_and_explains_each(manager, kind, resource):
    columns = resource().columns()
    text = take(manager, kind, resource, "template", "csv").content
    assert text.decode("utf-8-sig") == ",".join(columns) + "\r\n"
    book = openpyxl.load_workbook(io.BytesIO(take(manager, kind, resource, "template", "xlsx").content))
    assert book.sheetnames == ["data", "columns"]
    assert [[cell.value for cell in row] for row in book["data"].iter_rows()] == [columns]
    lines = [[cell.value for cell in row] for row in book["columns"].iter_rows(min_row=2)]
    assert [line[0] for line in lines] == columns
    assert all(line[1] and line[2] in ("yes", "no") for line in lines)


def test_template_explains_in_the_reader_s_language(client, db):
    client.force_login(person(MANAGER))
    book = openpyxl.load_workbook(
        io.BytesIO(take(client, "projects/project", PartnerImport, "template", "xlsx").content)
    )
    lines = {row[0].value: [cell.value for cell in row[1:]] for row in book["columns"].iter_rows()}
    assert lines["side"] == ["Side", "yes", "singapore (Singapore); shenzhen (Shenzhen)"]
    assert lines["organisation"][2] == "a reference such as SCI-O-0012, or a name on record"
    assert lines["name_as_announced"][:2] == ["Name as announced: To the letter, misprints included.", "no"]
    client.force_login(person(OTHER_MANAGER))
    book = openpyxl.load_workbook(
        io.BytesIO(take(client, "projects/project", PartnerImport, "template", "xlsx").content)
    )
    lines = {row[0].value: [cell.value for cell in row[1:]] for row in book["columns"].iter_rows()}
    assert "singapore" in lines["side"][2]
    assert lines["side"][2] != "singapore (Singapore); shenzhen (Shenzhen)"


def test_template_with_a_row_typed_in_is_imported(manager):
    make_organisation("Keppel")
    project = make_project("Twin")
    file = io.BytesIO(take(manager, "projects/project", PartnerImport, "template", "xlsx").content)
    book = openpyxl.load_workbook(file)
    book["data"].append([project.reference, "Keppel", "singapore", "partner", 1, None, None, None])
    book.save(file)
    preview = offer(manager, "projects/project", PartnerImport, file.getvalue(), "sheet.xlsx")
    assert "Only the first sheet" not in preview.content.decode()
    confirm(manager, "projects/project", preview)
    assert [str(partner) for partner in project.partners.all()] == ["Keppel"]


# Number of queries


@pytest.mark.parametrize(("kind", "resource"), SHEETS, ids=NAMES)
def test_export_asks_as_often_for_many_rows_as_for_few(
    filled, manager, kind, resource, django_assert_max_num_queries
):
    with django_assert_max_num_queries(14):
        take(manager, kind, resource, "record", "csv")


def test_export_of_partners_does_not_ask_for_each(manager):
    project, counts = make_project("Twin"), []
    for _ in range(2):
        for _ in range(3):
            project.partners.create(organisation=make_organisation(), side="singapore")
        with CaptureQueriesContext(connection) as asked:
            take(manager, "projects/project", PartnerImport, "record", "csv")
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_page_lists_the_sheets_by_name(manager):
    page = manager.get("/admin/meetings/meeting/import/").content.decode()
    assert "Follow-up actions" in page
