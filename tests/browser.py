"""A real browser for tests: `open_page(**options)` opens pages, `browser_page` is one of them."""

import os
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

CANDIDATES = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "google-chrome")
TIMEOUT = 10_000  # milliseconds
ARGUMENTS = [
    "--no-sandbox",
    "--disable-quic",
    # The rest keeps the browser from calling its maker while pages are being watched for requests.
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def find_chromium() -> str | None:
    """The browser's path; $CHROMIUM, where it is set, is the only one looked at."""
    chosen = os.environ.get("CHROMIUM")
    found = filter(None, map(shutil.which, [chosen] if chosen else CANDIDATES))
    return next((str(Path(path)) for path in found), None)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Mark what uses the browser, so that `-m "not browser"` leaves it out."""
    for item in items:
        if "chromium" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium():
    """The running browser, shared by all tests; each page has a context of its own."""
    path = find_chromium()
    if path is None:
        reason = "no Chromium found; install it or set CHROMIUM to its path"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with pytest.MonkeyPatch.context() as environment, sync_playwright() as playwright:
        # Playwright keeps an event loop on this thread, and Django would refuse every query beside it.
        environment.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium):
    """Open pages, each in a fresh context made with the given options.

    A page keeps `requests_seen` (every URL asked for) and `console_errors` (errors, uncaught
    exceptions and breaches of the content security policy).
    """
    contexts = []

    def open_one(**options):
        context = chromium.new_context(**options)
        contexts.append(context)
        context.set_default_timeout(TIMEOUT)
        page = context.new_page()
        page.requests_seen, page.console_errors = [], []
        # Listening to the context and not the page also hears pop-ups and workers.
        context.on("request", lambda request: page.requests_seen.append(request.url))
        context.on("console", lambda message: note_console(page, message))
        context.on("weberror", lambda error: page.console_errors.append(str(error.error)))
        return page

    yield open_one
    for context in contexts:
        context.close()


def note_console(page, message):
    # A policy that only reports is written as info or warning in some versions.
    if message.type == "error" or "Content Security Policy" in message.text:
        page.console_errors.append(f"{message.text} [{message.location['url']}]")


@pytest.fixture
def browser_page(open_page):
    """A page with the browser's defaults."""
    return open_page()
