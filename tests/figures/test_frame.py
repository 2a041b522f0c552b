"""The frame of managers' reports: who reads them, what a page and its files hold, what is refused."""

import csv
import io

import openpyxl
import pytest

from tests import people
from tests.factories import make_project, published
from tests.serving import once

pytestmark = [pytest.mark.django_db, once]
ADDRESS = "/admin/reports/holdings/"


@pytest.fixture
def manager(client):
    client.force_login(people.person(people.MANAGER))
    return client


@pytest.mark.parametrize("name", people.ROLES)
def test_every_role_reads_reports(client, name):
    client.force_login(people.person(name))
    assert client.get("/admin/reports/").status_code == 200
    assert client.get(ADDRESS).status_code == 200


def test_a_stranger_is_asked_to_sign_in_and_who_has_no_role_is_refused(client, django_user_model):
    assert client.get(ADDRESS).url.startswith("/admin/login/")
    client.force_login(django_user_model.objects.create(username="nobody", is_staff=True))
    assert client.get(ADDRESS).status_code == 403


def test_numbers_lead_to_their_rows(manager):
    make_project("A draft")
    published(make_project())
    page = manager.get(ADDRESS).text
    assert '<a href="/admin/projects/project/?status__exact=draft" data-count="1">1</a>' in page
    assert manager.get("/admin/projects/project/?status__exact=draft").context["cl"].result_count == 1


def test_what_the_other_side_keeps_is_not_counted(manager):
    make_project("Kept", kept_by="shenzhen")
    assert manager.get("/admin/reports/none/").status_code == 404
    rows = list(
        csv.DictReader(io.StringIO(manager.get("/admin/reports/holdings.csv").content.decode("utf-8-sig")))
    )
    assert {row["kind"]: row["all"] for row in rows}["projects"] == "0"


def test_files_say_what_they_are(manager):
    answer = manager.get("/admin/reports/holdings.xlsx")
    assert "sci-report-holdings-" in answer["Content-Disposition"]
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert [cell.value for cell in book["data"][1]][:2] == ["kind", "draft"]
    assert "Definition" in [row[0].value for row in book["about"]]
    assert manager.get("/admin/reports/holdings.pdf").status_code == 404
