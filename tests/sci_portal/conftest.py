"""The public record as it is shipped, loaded once for the tests of one file."""

import pytest
from django.conf import settings
from django.db import transaction
from django.utils import translation

from sci_portal.loading import load


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    """Load data/ and return the report; a test that uses it needs `db` too, which undoes what it does."""
    with django_db_blocker.unblock(), transaction.atomic(), translation.override("en"):
        yield load(settings.DATA_DIR)
        transaction.set_rollback(True)
