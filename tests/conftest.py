"""What every test needs: the browser fixtures, files that go nowhere, and the check that all was visited."""

import gc
import os

import pytest
from django.db import transaction
from django.utils import translation

pytest_plugins = ["tests.browser", "tests.serving"]


def pytest_collection_finish():
    """Leave what stays for the whole run out of every later collection of garbage."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


@pytest.fixture(scope="session")
def django_db_use_migrations():
    """PostgreSQL is built by the migrations, SQLite by the models, which takes a tenth of the time.

    That both are the same is held by tests/test_settings.py, and the program that tests/serving.py starts
    runs the migrations on SQLite.
    """
    return "DATABASE_URL" in os.environ


@pytest.fixture(autouse=True)
def _private_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture(autouse=True)
def _in_english():
    # A request leaves its language behind.
    with translation.override("en"):
        yield


@pytest.fixture(scope="module")
def shared_records(django_db_setup, django_db_blocker):
    """Let a fixture of module scope write what the tests of one file share; taken away after the last.

    A test that reads it needs `db` too, which undoes what the test does.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    """Load the public record once for the tests of one file, and return the report.

    A test that uses it needs `db` too, which undoes what the test does.
    """
    from django.conf import settings

    from sci_portal.loading import load

    with django_db_blocker.unblock(), transaction.atomic(), translation.override("en"):
        yield load(settings.DATA_DIR)
        transaction.set_rollback(True)


def pytest_sessionfinish(session, exitstatus):
    """Fail a run of the whole suite that left an address or a template unvisited.

    Pages that both databases show alike are looked at on SQLite only (tests/serving.py), so it is asked there.
    """
    if "DATABASE_URL" in os.environ:
        return
    options = session.config.option
    whole = not (options.keyword or options.markexpr or options.file_or_dir or options.collectonly)
    if not whole or exitstatus != pytest.ExitCode.OK:
        return
    from tests.visits import unvisited

    if left := unvisited():
        print("\nNo test visits: " + ", ".join(left))
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
