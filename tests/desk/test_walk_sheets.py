"""What a new officer writes in a sheet: names as the portal shows them, nothing where nothing is to be said."""

import io

import openpyxl
import pytest

from initiative.models import Pillar, Sector
from organisations.imports import PersonImport
from projects.imports import PartnerImport, ProjectCitationImport, ProjectImport
from projects.models import Project
from tests.desk.sheets import offer, take
from tests.factories import make_meeting, make_organisation, make_project, make_source
from tests.listing.pages import text_of
from tests.listing.uploads import confirm, problems, sheet
from tests.people import SHENZHEN_OFFICER, SINGAPORE_OFFICER, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client):
    client.force_login(person(SINGAPORE_OFFICER))
    return client


def brought_in(resource, **cells) -> list[tuple]:
    return problems(resource, sheet(resource, cells))


@pytest.mark.parametrize("name", ["JIC4", "Fourth JIC meeting", "fourth jic meeting", "SCI-C-0001"])
def test_a_meeting_is_named_as_it_is_shown(name):
    meeting = make_meeting(4)
    assert brought_in(ProjectImport, title_en="A", meeting=name) == []
    assert Project.objects.get().meeting == meeting


def test_pillar_and_sectors_are_named_in_either_language():
    pillar, sector = Pillar.objects.first(), Sector.objects.first()
    cells = {"title_en": "A", "pillar": pillar.name_zh, "sectors": sector.name_en}
    assert brought_in(ProjectImport, **cells) == []
    assert (Project.objects.get().pillar, Project.objects.get().sectors.get()) == (pillar, sector)


def test_rows_name_their_project_by_its_title():
    project, body = make_project("Smart pumps", title_zh="智慧水泵"), make_organisation("Keppel")
    assert brought_in(PartnerImport, project="智慧水泵", organisation="Keppel") == []
    assert project.partners.get().organisation == body


def test_a_title_that_two_projects_have_is_refused():
    make_project("Twin"), make_project("Twin"), make_organisation("Keppel")
    ((_row, column, _value, words),) = brought_in(PartnerImport, project="Twin", organisation="Keppel")
    assert (column, "SCI-P-0001" in words) == ("project", True)


def test_a_title_of_a_project_that_the_other_side_keeps_is_not_known():
    make_project("Secret pumps", kept_by="singapore"), make_organisation("Keppel")
    text = sheet(PartnerImport, {"project": "Secret pumps", "organisation": "Keppel"})
    ((_row, _column, _value, words),) = problems(PartnerImport, text, by=SHENZHEN_OFFICER)
    assert "Secret" not in words.replace("“Secret pumps”", "")
    assert not Project.objects.get().partners.exists()


@pytest.mark.parametrize("name", ["A press release", "The Edge (edge)"])
def test_a_source_is_named_as_it_is_shown(name):
    make_source(code="pr", title="A press release")
    make_source(code="edge", title="", publisher="The Edge")
    make_project("Smart pumps")
    assert brought_in(ProjectCitationImport, project="SCI-P-0001", source=name) == []
    assert str(Project.objects.get().citations.latest("pk").source) == name


# Empty cells


def test_precision_and_order_may_be_left_empty_in_a_new_row():
    empty = dict.fromkeys(("started_on_precision", "targeted_on_precision", "ended_on_precision"), "")
    assert brought_in(ProjectImport, title_en="A", **empty) == []
    assert Project.objects.get().started_on_precision == "day"
    make_organisation("Keppel")
    assert brought_in(PartnerImport, project="A", organisation="Keppel", position="") == []


def test_what_states_a_fact_may_not_be_left_empty():
    ((_row, column, _value, _words),) = brought_in(ProjectImport, title_en="A", title_basis_en="")
    assert column == "title_basis_en"


def test_a_precision_on_record_is_not_emptied():
    project = make_project("A", started_on_precision="year")
    cells = {"reference": project.reference, "title_en": "A", "started_on_precision": ""}
    ((_row, column, _value, _words),) = brought_in(ProjectImport, **cells)
    assert column == "started_on_precision"


# The template and the message


def explained(client, kind, resource) -> dict[str, list]:
    file = io.BytesIO(take(client, kind, resource, "template", "xlsx").content)
    rows = openpyxl.load_workbook(file)["columns"].iter_rows(values_only=True)
    return {row[0]: list(row[1:]) for row in rows}


def test_the_template_says_what_may_be_left_empty(officer):
    columns = explained(officer, "projects/project", ProjectImport)
    assert columns["started_on_precision"][1] == "no"
    assert columns["started_on_precision"][2].endswith("; empty in a new row: day")
    assert columns["title_basis_en"][1] == "yes"
    assert "one of: connectivity, innovation, talent" in columns["pillar"][2]


def test_the_message_names_the_rows_that_were_written(officer):
    make_project("A"), make_organisation("Keppel")
    text = sheet(PartnerImport, {"project": "A", "organisation": "Keppel"})
    answer = confirm(officer, "projects/project", offer(officer, "projects/project", PartnerImport, text))
    assert "Partners written: 1 added, 0 changed." in text_of(answer.content.decode())


def test_only_a_sheet_of_somebody_else_is_told_of(officer):
    file = io.BytesIO(take(officer, "organisations/person", PersonImport, "template", "xlsx").content)
    book = openpyxl.load_workbook(file)
    book["data"].append(["Tan", None, "no"])
    book.create_sheet("draft")
    book.save(file)
    page = offer(officer, "organisations/person", PersonImport, file.getvalue(), "a.xlsx").text
    assert "Only the first sheet, “data”, was read; 1 other was not." in page
