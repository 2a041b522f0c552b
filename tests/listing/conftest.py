"""Records that the tests of one file share: written once, taken away after the last."""

import pytest
from django.db import transaction


@pytest.fixture(scope="module")
def shared_records(django_db_setup, django_db_blocker):
    """Let a fixture of module scope write; a test that reads it needs `db` too, which undoes what it does."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)
