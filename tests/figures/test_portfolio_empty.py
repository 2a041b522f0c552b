"""Managers' reports of a record that holds nothing."""

import pytest

from tests.factories import make_meeting, make_project
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


def test_before_the_first_meeting_is_held_no_project_is_without_news(client):
    make_project("Running", stage="launched")
    client.force_login(person(MANAGER))
    assert "report-empty" in client.get("/admin/reports/no-news/?unpublished=on").text
    make_meeting(1)
    assert "Running" in client.get("/admin/reports/no-news/?unpublished=on").text
