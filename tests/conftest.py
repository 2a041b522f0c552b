"""What every test needs: the browser fixtures, files that go nowhere, and the check that all was visited."""

import pytest
from django.utils import translation

pytest_plugins = ["tests.browser", "tests.serving"]


@pytest.fixture(autouse=True)
def _private_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture(autouse=True)
def _in_english():
    # A request leaves its language behind.
    with translation.override("en"):
        yield


def pytest_sessionfinish(session, exitstatus):
    """Fail a run of the whole suite that left an address or a template unvisited."""
    options = session.config.option
    whole = not (options.keyword or options.markexpr or options.file_or_dir or options.collectonly)
    if not whole or exitstatus != pytest.ExitCode.OK:
        return
    from tests.visits import unvisited

    if left := unvisited():
        print("\nNo test visits: " + ", ".join(left))
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
