"""The main job in a real browser: an officer enters, a manager publishes, a reader downloads."""

import csv
import io

import pytest

from organisations.models import Organisation
from projects.models import Project
from tests.factories import make_organisation, make_source, published
from tests.people import MANAGER, SINGAPORE_OFFICER, person

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "a long enough password"


def sign_in(page, address: str, who: str) -> None:
    user = person(who)
    user.set_password(PASSWORD)
    user.save()
    page.goto(f"{address}/admin/login/")
    page.fill("#id_username", who)
    page.fill("#id_password", PASSWORD)
    page.click("input[type=submit]")


def test_a_project_from_entry_to_download(live_server, open_page):
    published(make_organisation("Keppel", kind="company"))
    make_source(title="A press release")
    officer = open_page()
    sign_in(officer, live_server.url, SINGAPORE_OFFICER)
    officer.goto(f"{live_server.url}/admin/projects/project/add/")
    officer.fill("#id_title_en", "Smart pumps")
    officer.fill("#id_title_zh", "智慧水泵")
    officer.select_option("#id_track", "related")
    officer.select_option("#id_parties_known", "all")
    officer.click("text=Add another Partner")
    officer.click("#partners-0 .select2-selection")
    officer.keyboard.type("kepp")
    officer.click(".select2-results__option:has-text('Keppel')")
    officer.select_option("#id_partners-0-side", "singapore")
    officer.click("text=Add another Citation")
    officer.click("#citations-0 .select2-selection")
    officer.keyboard.type("press")
    officer.click(".select2-results__option:has-text('A press release')")
    officer.click("input[name=_continue] >> nth=-1")
    officer.click("button:has-text('Save and submit for review')")
    officer.wait_for_selector(".messagelist .success:has-text('In review')")
    project = Project.objects.get()

    manager = open_page()
    sign_in(manager, live_server.url, MANAGER)
    manager.goto(f"{live_server.url}/admin/projects/project/{project.pk}/change/")
    manager.click("button:has-text('Save and publish')")
    manager.wait_for_selector(".messagelist .success:has-text('Published')")

    reader = open_page(locale="zh-CN")
    reader.goto(f"{live_server.url}/")
    reader.click("nav >> text=合作项目")
    reader.fill("#q", "shuibeng")
    reader.press("#q", "Enter")
    assert reader.inner_text(".listing tbody th a") == "智慧水泵"
    with reader.expect_download() as download:
        reader.click(".downloads >> text=CSV")
    rows = list(csv.DictReader(io.StringIO(download.value.path().read_text("utf-8-sig"))))
    assert [(row["reference"], row["partners_singapore_en"]) for row in rows] == [(project.reference, "Keppel")]
    for page in (officer, manager, reader):
        assert [entry for entry in page.console_errors if "Content Security" in entry] == []
        assert {url.split("/")[2] for url in page.requests_seen if url.startswith("http")} == {
            live_server.url.split("/")[2]
        }


def test_list_filters_without_javascript_and_by_keyboard(live_server, open_page):
    for name, kind in (("Keppel", "company"), ("Fooyo", "company"), ("A school", "university")):
        published(make_organisation(name, kind=kind))
    page = open_page(java_script_enabled=False)
    page.goto(f"{live_server.url}/en/organisations/")
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Skip to content"
    page.click("summary:has-text('Show all') >> nth=0")
    page.check("input[name=kind][value=university]")
    page.click("button:has-text('Apply filters')")
    assert page.locator(".listing tbody tr").count() == 1
    page.click(".chips li:has-text('University') a")
    assert page.locator(".listing tbody tr").count() == Organisation.objects.count()


@pytest.mark.parametrize("width", [320, 390, 1280])
@pytest.mark.parametrize("address", ["/en/", "/zh-hans/organisations/", "/en/organisations/keppel/", "/en/x/"])
def test_no_page_scrolls_sideways(live_server, open_page, width, address):
    published(make_organisation("Keppel", name_zh="吉宝", kind="company"))
    page = open_page(viewport={"width": width, "height": 800})
    page.goto(live_server.url + address)
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
