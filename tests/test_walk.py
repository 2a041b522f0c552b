"""The main job in a real browser: an officer enters, a manager publishes, a reader downloads."""

import csv
import io
from itertools import product

import pytest
from playwright.sync_api import expect

from projects.models import Project
from tests.factories import make_organisation, make_source, published
from tests.people import MANAGER, SINGAPORE_OFFICER, person
from tests.serving import once

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
    officer.click("text=Add another Source")
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


@pytest.fixture
def thirty(live_server):
    """Thirty organisations, three of them universities; return the address of their list."""
    for number in range(30):
        kind = "company" if number % 10 else "university"
        published(make_organisation(f"Body {number:02}", kind=kind))
    return f"{live_server.url}/en/organisations/"


def rows(page) -> int:
    return page.locator(".listing tbody tr").count()


def count_is(page, words: str) -> None:
    expect(page.locator("#count")).to_have_text(words)
    # What came in answers to the mouse only once htmx has taken it up.
    expect(page.locator(".htmx-request, .htmx-swapping, .htmx-settling")).to_have_count(0)


def focused(page) -> str:
    return page.evaluate("document.activeElement.id")


UNIVERSITIES = "3 organisations (Kind: University)"


@once
def test_list_filters_without_javascript_and_by_keyboard(thirty, open_page):
    page = open_page(java_script_enabled=False)
    page.goto(thirty)
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Skip to content"
    page.check("input[name=kind][value=university]")
    page.click("button:has-text('Apply filters')")
    assert rows(page) == 3
    page.click(".chips li:has-text('University') a")
    assert rows(page) == 25
    page.select_option("#per_page", "10")
    page.click("button:has-text('Apply') >> nth=-1")
    assert rows(page) == 10
    page.click("thead >> text=Organisation")
    assert page.inner_text(".listing tbody th a >> nth=0") == "Body 29"
    page.click(".pager >> text=Next")
    assert (rows(page), page.url) == (10, f"{thirty}?q=&per_page=10&sort=-name&page=2")


@once
def test_list_changes_in_place_and_the_address_with_it(thirty, browser_page):
    page = browser_page
    page.goto(thirty)
    page.evaluate("window.same = true")
    page.click("input[name=kind][value=university]")
    count_is(page, UNIVERSITIES)
    assert (page.url, rows(page)) == (f"{thirty}?kind=university", 3)
    assert page.title().startswith(UNIVERSITIES)
    assert page.get_attribute(".lang", "href") == "/zh-hans/organisations/?kind=university"
    assert page.text_content(".printed").endswith("/en/organisations/?kind=university")
    page.click(".chips li:has-text('University') a")
    count_is(page, "30 organisations")
    assert (page.url, focused(page)) == (thirty, "count")
    page.select_option("#per_page", "10")
    page.wait_for_url(f"{thirty}?per_page=10")
    page.click("#by-name")
    page.wait_for_url(f"{thirty}?per_page=10&sort=-name")
    page.wait_for_selector("th[aria-sort=descending]")
    assert (page.inner_text(".listing tbody th a >> nth=0"), focused(page)) == ("Body 29", "by-name")
    page.click(".pager >> text=Next")
    page.wait_for_url(f"{thirty}?per_page=10&sort=-name&page=2")
    page.wait_for_selector(".pager [aria-current]:text-is('2')")
    assert (page.inner_text(".listing tbody th a >> nth=0"), focused(page)) == ("Body 19", "count")
    assert page.evaluate("window.same")
    assert page.console_errors == []
    assert {url.split("/")[2] for url in page.requests_seen} == {thirty.split("/")[2]}


@once
def test_back_and_forward_lead_through_what_was_shown(thirty, browser_page):
    page = browser_page
    page.goto(thirty)
    page.click("input[name=kind][value=university]")
    count_is(page, UNIVERSITIES)
    page.fill("#q", "body 2")
    page.press("#q", "Enter")
    count_is(page, "1 organisation (Search term: “body 2”; Kind: University)")
    assert focused(page) == "q"
    page.go_back()
    count_is(page, UNIVERSITIES)
    assert (page.url, page.input_value("#q")) == (f"{thirty}?kind=university", "")
    assert page.is_checked("input[name=kind][value=university]")
    page.go_back()
    count_is(page, "30 organisations")
    assert (page.url, page.title()[:13]) == (thirty, "Organisations")
    assert not page.is_checked("input[name=kind][value=university]")
    page.go_forward()
    count_is(page, UNIVERSITIES)
    page.click(".listing tbody a >> nth=0")
    page.wait_for_selector("h1:text-is('Body 00')")
    page.go_back()
    count_is(page, UNIVERSITIES)
    assert page.console_errors == []


@once
def test_list_changes_in_place_by_keyboard_and_is_announced(thirty, open_page):
    page = open_page(viewport={"width": 390, "height": 800})
    page.goto(thirty)
    page.focus(".facets > summary")
    page.keyboard.press("Enter")
    page.focus("#kind-university")
    page.keyboard.press("Space")
    count_is(page, UNIVERSITIES)
    expect(page.locator("#announced")).to_have_text(UNIVERSITIES)
    assert (focused(page), page.is_visible("#kind-university")) == ("kind-university", True)
    page.keyboard.press("Space")
    count_is(page, "30 organisations")
    assert page.text_content("#announced") == "30 organisations"
    assert (focused(page), page.url) == ("kind-university", thirty)
    page.focus("#by-name")
    assert page.locator("#by-name").bounding_box()["height"] > 10
    page.keyboard.press("Enter")
    page.wait_for_selector("th[aria-sort=descending]", state="attached")
    assert (focused(page), page.console_errors) == ("by-name", [])


@once
def test_what_cannot_be_shown_in_place_is_left_to_the_browser(thirty, browser_page):
    page = browser_page
    page.goto(thirty)
    page.route("**/*kind=university*", lambda route: route.fulfill(status=503, body="Closed for an hour"))
    page.click("input[name=kind][value=university]")
    page.wait_for_selector("text=Closed for an hour")
    assert page.url == f"{thirty}?kind=university"


ADDRESSES = ["/en/", "/zh-hans/organisations/", "/en/organisations/keppel/", "/en/x/", "/en/search/?q=keppel"]


@once
def test_no_page_scrolls_sideways(live_server, browser_page):
    published(make_organisation("Keppel", name_zh="吉宝", kind="company"))
    over = {}
    for width, address in product([320, 390, 1280], ADDRESSES):
        browser_page.set_viewport_size({"width": width, "height": 800})
        browser_page.goto(live_server.url + address)
        over[width, address] = browser_page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
    assert {where: pixels for where, pixels in over.items() if pixels} == {}


@once
def test_bridge_is_walked_by_keyboard(served, open_page):
    page = open_page(reduced_motion="reduce")
    page.goto(f"{served}/en/statistics/")
    page.focus(".bridge ol.left li:last-child a")
    page.keyboard.press("Tab")
    curve = page.locator(".bridge svg a:focus")
    assert curve.evaluate("one => getComputedStyle(one.querySelector('path:not(.hit)')).strokeWidth") == "6px"
    title = curve.get_attribute("aria-label")
    page.keyboard.press("Enter")
    page.wait_for_url("**/en/projects/SCI-P-*/")
    assert page.inner_text("h1") == title


def test_figures_of_the_statistics_lead_to_their_rows(served, open_page):
    page = open_page()
    page.goto(f"{served}/en/statistics/")
    count = page.inner_text("#pillar .bars li:first-child b")
    page.click("#pillar .bars li:first-child a")
    assert page.inner_text("#count b") == count
