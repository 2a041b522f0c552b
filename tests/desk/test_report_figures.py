"""Managers' reports: each number that is a link is that of the list behind it, for every person."""

import re

import pytest

from reports.managers.frame import reports
from tests.desk.test_todo_index import rows_behind
from tests.figures.counts import counts_of
from tests.people import ROLES, person
from tests.serving import once_there

pytestmark = [once_there, pytest.mark.django_db]
# Lists whose rows can be counted from outside: change lists of the admin, and public lists.
LIST = re.compile(r"^/(admin/(?!reports/)\w+/\w+/|[a-z-]+/(projects|mous|meetings|organisations)/)(\?.*)?$")


@pytest.mark.parametrize("who", ROLES)
def test_every_linked_number_of_every_report_is_that_of_its_list(client, busy, who):
    client.force_login(person(who))
    followed = {}
    for one in reports():
        for number, address, _words in counts_of(client.get(one.address).text):
            if LIST.match(address):
                followed.setdefault(address, rows_behind(client, address))
                assert (one.key, address, number) == (one.key, address, followed[address])
    assert len(followed) > 10
