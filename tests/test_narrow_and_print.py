"""Pages in a real browser: no sideways scroll at 400 % zoom, a visible focus, and what paper shows."""

from tests.serving import once

pytestmark = once

PAGES = [
    "",
    "about/",
    "zone/",
    "data/",
    "accessibility/",
    "privacy/",
    "contact/",
    "projects/SCI-P-0010/",
    "mous/SCI-M-0001/",
    "meetings/4/",
    "organisations/ministry-of-communications-and-information/",
]
WIDTH = "document.documentElement.scrollWidth"
# The width of the ring around what has the focus.
RING = "parseFloat(getComputedStyle(document.activeElement).outlineWidth)"


def test_nothing_scrolls_sideways_on_a_narrow_screen(served, open_page):
    page = open_page(viewport={"width": 320, "height": 640})
    for language in ("en", "zh-hans"):
        for path in PAGES:
            page.goto(f"{served}/{language}/{path}")
            assert (path, page.evaluate(WIDTH)) == (path, 320)
    assert page.console_errors == []


def test_focus_is_visible_on_every_link(served, open_page):
    page = open_page(reduced_motion="reduce")
    for path in ("about/", "data/", "meetings/4/"):
        page.goto(f"{served}/en/{path}")
        for _step in range(12):
            page.keyboard.press("Tab")
            assert page.evaluate(RING) >= 2


def test_paper_shows_every_detail_and_no_navigation(served, open_page):
    page = open_page()
    page.goto(f"{served}/en/data/")
    page.emulate_media(media="print")
    assert (
        page.locator(".masthead nav, .footer nav, .downloads").evaluate_all(
            "all => all.filter(one => getComputedStyle(one).display !== 'none').length"
        )
        == 0
    )
    assert page.locator("code", has_text="meeting_date").is_visible()
    assert page.locator(".printed").inner_text() == "Address of this page: /en/data/"
