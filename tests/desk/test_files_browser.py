"""A file from its form to the public, in a real browser."""

import pytest

from tests.desk.samples import PDF, address
from tests.factories import make_meeting, published
from tests.people import MANAGER
from tests.serving import once
from tests.test_walk import sign_in

pytestmark = [once, pytest.mark.django_db(transaction=True)]


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
