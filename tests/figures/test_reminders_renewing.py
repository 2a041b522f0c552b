"""Reminders of MOUs that renew by themselves for a known length, term after term."""

import datetime

import pytest

from tests.cycle.test_actions_reminders import people
from tests.factories import make_mou
from tests.figures.test_reminders import put
from tests.people import MANAGER

pytestmark = pytest.mark.django_db
FIRST_END = datetime.date(2024, 2, 29)


def renewing(**fields):
    people()
    fields = {"signed_on": datetime.date(2023, 3, 1), "renews_automatically": True} | fields
    return make_mou("Renews", ends_on=FIRST_END, **fields)


def test_each_term_has_steps_of_its_own():
    renewing(renewal_months=12, notice_days=60)
    end = datetime.date(2025, 2, 28)
    assert put(datetime.date(2024, 11, 30))[MANAGER] == [
        ("notice", datetime.date(2024, 12, 30), 30),
        ("end", end, 90),
    ]
    assert put(datetime.date(2025, 2, 21))[MANAGER] == [
        ("notice", datetime.date(2024, 12, 30), 0),
        ("end", end, 7),
    ]
    assert put(datetime.date(2025, 3, 1)) == {}
    assert put(datetime.date(2028, 2, 22))[MANAGER][-1] == ("end", datetime.date(2028, 2, 29), 7)


def test_after_a_renewal_of_unknown_length_there_is_nothing_to_remind_of():
    renewing(notice_days=60)
    assert put(datetime.date(2024, 2, 22))[MANAGER][-1] == ("end", FIRST_END, 7)
    assert put(datetime.date(2024, 3, 1)) == {}
