"""The officers' form in a real browser: the live count, the order of rows, one click too many."""

import pytest
from playwright.sync_api import expect

from projects.models import Project
from tests.desk.test_merge_browser import signed_in  # noqa: F401  a fixture
from tests.factories import make_organisation, make_project
from tests.serving import once

pytestmark = [once, pytest.mark.django_db(transaction=True)]


def test_the_count_follows_what_is_typed(signed_in):  # noqa: F811
    project = make_project(parties_known="")
    page = signed_in()
    page.goto(f"/admin/projects/project/{project.pk}/change/")
    assert "Still to do: 1" in page.inner_text("#needs")
    page.select_option("#id_parties_known", "none")
    expect(page.locator("#needs")).not_to_contain_text("Still to do")
    page.fill("#id_title_en", "")
    page.press("#id_title_en", "Tab")
    expect(page.locator("#needs")).to_contain_text("Enter a title in at least one language")
    project.refresh_from_db()
    assert (project.parties_known, project.title_en, page.console_errors) == ("", "A project", [])


def test_rows_are_moved_with_the_keyboard(signed_in):  # noqa: F811
    bodies = [(make_organisation(name), "singapore") for name in ("First", "Second", "Third")]
    project = make_project("A project", *bodies)
    page = signed_in()
    page.goto(f"/admin/projects/project/{project.pk}/change/")
    page.press("#id_partners-2-position", "Alt+ArrowUp")
    page.press("#id_partners-2-position", "Alt+ArrowUp")
    page.click("[name=_continue] >> nth=0")
    page.wait_for_selector(".messagelist .success")
    assert [row.organisation.name_en for row in project.partners.all()] == ["Third", "First", "Second"]
    assert page.console_errors == []


def test_preview_opens_beside_the_form_and_save_still_works(signed_in):  # noqa: F811
    page = signed_in()
    page.goto("/admin/projects/project/add/")
    page.fill("#id_title_en", "Typed title")
    with page.context.expect_page() as opened:
        page.click("button[formaction*='preview/zh-hans']")
    shown = opened.value
    shown.wait_for_selector(".preview-note")
    assert "Typed title" in shown.inner_text("h1")
    assert not Project.objects.exists()
    page.dblclick("[name=_save] >> nth=0")
    page.wait_for_selector(".messagelist .success")
    assert Project.objects.count() == 1
    assert page.console_errors == []
