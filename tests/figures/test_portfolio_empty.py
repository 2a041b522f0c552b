"""Managers' reports of a record that holds nothing."""

import pytest

from tests.figures.portfolio_record import KEYS
from tests.people import MANAGER, person
from tests.serving import once

pytestmark = [once, pytest.mark.django_db]


@pytest.mark.parametrize("key", KEYS)
def test_an_empty_record_says_so(client, key):
    client.force_login(person(MANAGER))
    page = client.get(f"/admin/reports/{key}/").text
    assert "report-empty" in page
    assert "report-table" not in page
