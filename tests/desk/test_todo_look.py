"""The to-do index in a browser: empty, axe finds nothing; filled, a number leads to its rows."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client

from tests.people import MANAGER, person
from tests.serving import once
from tests.test_accessible import RULES

pytestmark = [pytest.mark.django_db(transaction=True), once]

LIGHT = {"color_scheme": "light", "viewport": {"width": 1280, "height": 900}}


def signed_in(page, live_server, who: str):
    client = Client()
    client.force_login(person(who))
    cookie = {"name": settings.SESSION_COOKIE_NAME, "url": live_server.url}
    page.context.add_cookies([cookie | {"value": client.cookies[settings.SESSION_COOKIE_NAME].value}])
    return page


def complaints(page, live_server, address: str) -> list[str]:
    page.goto(live_server.url + address)
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{address}: {one['id']} {node['target']}" for one in found for node in one["nodes"]]


def test_empty_index_in_a_browser(live_server, open_page):
    page = signed_in(open_page(**LIGHT), live_server, MANAGER)
    assert complaints(page, live_server, "/admin/") == []
    assert page.locator("h1").inner_text() == "To do"


def test_a_number_leads_to_its_rows(live_server, open_page, busy):
    page = signed_in(open_page(**LIGHT), live_server, MANAGER)
    page.goto(live_server.url + "/admin/")
    page.get_by_role("link", name="2 overdue actions").click()
    page.wait_for_selector("#result_list")
    assert page.locator("#result_list tbody tr").count() == 2
