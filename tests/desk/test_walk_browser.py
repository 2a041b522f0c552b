"""Where one begins to type: in a new form its first field, after a refusal what was refused, never Save."""

import pytest
from playwright.sync_api import expect

from projects.models import Project
from tests.desk.forms import change_address
from tests.factories import make_organisation, make_project
from tests.people import SINGAPORE_OFFICER
from tests.serving import once
from tests.test_walk import sign_in

pytestmark = [once, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(live_server, open_page):
    page = open_page()
    sign_in(page, live_server.url, SINGAPORE_OFFICER)
    return page


def test_the_focus_is_where_one_types(live_server, page):
    page.goto(f"{live_server.url}/admin/projects/project/add/")
    expect(page.locator("#id_title_en")).to_be_focused()
    page.keyboard.type("Smart pumps")
    page.fill("#id_annex_item", "-1")
    page.eval_on_selector("#project_form", "form => form.noValidate = true")
    page.keyboard.press("Enter")
    page.wait_for_selector(".errornote")
    expect(page.locator("#id_annex_item")).to_be_focused()
    assert page.console_errors == []


def test_a_record_on_record_takes_no_focus(live_server, page):
    page.goto(f"{live_server.url}{change_address(make_project('A'))}")
    assert page.evaluate("document.activeElement.tagName") == "BODY"


def test_a_project_with_both_partners_by_keyboard_and_choice_in_one_step(live_server, page):
    make_organisation("Keppel"), make_organisation("Qianhai Authority")
    page.goto(f"{live_server.url}/admin/projects/project/add/")
    page.keyboard.type("Smart pumps")
    for row, (typed, name) in enumerate([("kepp", "Keppel"), ("qianh", "Qianhai Authority")]):
        page.click(f"#partners-{row} .select2-selection")
        page.keyboard.type(typed)
        page.click(f".select2-results__option:has-text('{name}')")
    page.click("button:has-text('Save and submit for review')")
    page.wait_for_selector(".messagelist .success:has-text('In review')")
    found = [(str(row), row.side) for row in Project.objects.get().partners.all()]
    assert found == [("Keppel", "singapore"), ("Qianhai Authority", "shenzhen")]
    assert page.console_errors == []
