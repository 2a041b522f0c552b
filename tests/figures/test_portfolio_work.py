"""Work waiting, of a desk with something of everything to do."""

import re

import pytest

from tests.desk.scenes import furnish
from tests.figures.test_portfolio_pages import links, rows_behind
from tests.people import AUDITOR, person
from tests.serving import once

pytestmark = [once, pytest.mark.django_db]


def test_every_kind_of_work_leads_to_what_waits_and_that_to_where_it_is_done(client):
    furnish()
    client.force_login(person(AUDITOR))
    page = client.get("/admin/reports/work-waiting/")
    found = links(page)
    kinds = {kind for address in found for kind in re.findall(r"rows=(\w+)", address)}
    assert kinds == {"review", "proposals", "approvals", "clearances", "answers"}
    assert {address: rows_behind(client, address) for address in found} == found
    for kind in kinds:
        rows = client.get(f"/admin/reports/work-waiting/?rows={kind}").context["rows"]
        address = rows[0][0][1].address
        assert client.get(address).status_code == 200, address
