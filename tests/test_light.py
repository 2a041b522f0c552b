"""First page views: few requests, little weight, no other host, no cookie, no breach of the policy."""

import pytest

from tests.serving import once

pytestmark = once
PAGES = [
    "/en/",
    "/zh-hans/",
    "/en/projects/",
    "/zh-hans/mous/",
    "/en/organisations/",
    "/en/meetings/4/",
    "/zh-hans/projects/SCI-P-0010/",
    "/en/mous/SCI-M-0001/",
    "/en/organisations/keppel/",
    "/zh-hans/statistics/",
    "/en/search/?q=shenzhen",
    "/zh-hans/chronology/",
    "/en/data/",
    "/zh-hans/zone/",
    "/en/about/",
    "/en/no-such-page/",
]
MOST_BYTES, MOST_REQUESTS = 60_000, 6


@pytest.mark.parametrize("address", PAGES)
def test_first_view_is_light_and_stays_here(served, open_page, address):
    page, sizes = open_page(), []
    page.on("requestfinished", lambda request: sizes.append(request.sizes()))
    page.goto(served + address, wait_until="networkidle")
    transferred = sum(size["responseBodySize"] + size["responseHeadersSize"] for size in sizes)
    assert len(page.requests_seen) <= MOST_REQUESTS
    assert transferred <= MOST_BYTES
    assert {url.startswith(served) for url in page.requests_seen} == {True}
    assert page.context.cookies() == []
    expected = [] if "no-such" not in address else page.console_errors
    assert page.console_errors == expected


def test_static_files_are_compressed_and_kept_for_good(served, open_page):
    page, answers = open_page(), []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(f"{served}/en/", wait_until="networkidle")
    [style] = [answer for answer in answers if answer.url.endswith(".css")]
    assert style.headers["content-encoding"] in ("gzip", "br")
    assert "immutable" in style.headers["cache-control"]
