"""A file from its form to the public, in a real browser; axe finds nothing on the pages of files."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.desk.samples import PDF, add_address, add_file, address
from tests.factories import make_meeting, published
from tests.people import MANAGER, SINGAPORE_OFFICER
from tests.test_accessible import RULES
from tests.test_walk import sign_in

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_file_from_its_form_to_the_public(live_server, open_page):
    meeting = published(make_meeting(4))
    page = open_page()
    sign_in(page, live_server.url, MANAGER)
    page.goto(f"{live_server.url}{address(meeting, 'change')}")
    page.click("text=Add a file")
    page.fill("#id_title", "Press release")
    page.set_input_files("#id_file", {"name": "新闻稿.pdf", "mimeType": "text/html", "buffer": PDF})
    page.select_option("#id_visibility", "public")
    page.click("input[name=_save]")
    page.wait_for_selector("#files >> text=新闻稿.pdf")
    with page.expect_download() as download:
        page.click("#files >> text=新闻稿.pdf")
    assert download.value.path().read_bytes() == PDF
    reader = open_page()
    reader.goto(f"{live_server.url}/en/meetings/4/")
    with reader.expect_download() as download:
        reader.click("text=Press release")
    assert (download.value.suggested_filename, download.value.path().read_bytes()) == ("新闻稿.pdf", PDF)
    assert page.console_errors == reader.console_errors == []


LOOKS = {
    "light": {"color_scheme": "light", "viewport": {"width": 1280, "height": 900}},
    "dark": {"color_scheme": "dark", "viewport": {"width": 390, "height": 800}},
}


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_about_files(live_server, open_page, look):
    meeting = make_meeting(4)
    file = add_file(meeting, "Brief", visibility="public")
    published(meeting)
    page, found = open_page(**LOOKS[look]), []
    sign_in(page, live_server.url, SINGAPORE_OFFICER)
    pages = [(add_address(meeting), "#content"), (address(file, "change"), "#content")]
    pages += [(address(meeting, "change"), "#files"), ("/en/meetings/4/", "#files")]
    for where, part in pages:
        page.goto(f"{live_server.url}{where}")
        result = Axe().run(page, context=part, options=RULES)
        found += [
            f"{where}: {one['id']} {node['target']} {node['failureSummary']}"
            for one in result.response["violations"]
            for node in one["nodes"]
        ]
        wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(wide) == 0, where
    assert found == []
