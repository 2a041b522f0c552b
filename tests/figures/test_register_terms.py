"""Ends, renewals, notice: ends of months, leap days, ends known to the month or year, and what stops an MOU."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from initiative.dates import Precision, months_later, settle
from mous.models import MOU
from mous.terms import current_end, days_left, notice_on, term_end
from tests.serving import once

pytestmark = once
DAY = datetime.date
days = st.dates(DAY(1990, 1, 1), DAY(2090, 12, 31))


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (DAY(2024, 2, 29), 12, DAY(2025, 2, 28)),
        (DAY(2024, 2, 29), 48, DAY(2028, 2, 29)),
        (DAY(2025, 6, 30), 6, DAY(2025, 12, 31)),
        (DAY(2025, 1, 30), 1, DAY(2025, 2, 28)),
        (DAY(2025, 12, 13), 12, DAY(2026, 12, 13)),
        (DAY(2026, 2, 28), -24, DAY(2024, 2, 29)),
    ],
)
def test_months_later(day, months, later):
    assert months_later(day, months) == later


def test_there_is_no_year_10000():
    with pytest.raises(OverflowError):
        months_later(DAY(9999, 12, 31), 1)


@given(days, st.integers(1, 60))
def test_a_term_of_months_is_the_months_until_the_same_day(day, months):
    later = months_later(day, months)
    assert (later.year - day.year) * 12 + later.month - day.month == months
    is_last = later == settle(later, Precision.MONTH, last=True)
    assert is_last or later.day == day.day


def renewing(**fields) -> MOU:
    return MOU(**{"ends_on": DAY(2024, 2, 29), "renews_automatically": True, "renewal_months": 12} | fields)


@pytest.mark.parametrize(
    ("day", "end"),
    [
        (DAY(2024, 2, 29), DAY(2024, 2, 29)),
        (DAY(2024, 3, 1), DAY(2025, 2, 28)),
        (DAY(2025, 3, 1), DAY(2026, 2, 28)),
        (DAY(2028, 2, 1), DAY(2028, 2, 29)),
    ],
)
def test_it_renews_from_its_first_end(day, end):
    assert current_end(renewing(), day) == end


@given(days, days, st.integers(1, 60))
def test_the_term_that_runs_is_the_first_that_is_not_over(first, day, months):
    mou = renewing(ends_on=first, renewal_months=months)
    ends, end = [first], first
    while end < day:
        end = months_later(first, len(ends) * months)
        ends.append(end)
    assert term_end(mou, day) == ends[-1]


def test_after_a_renewal_of_unknown_length_no_end_is_known():
    mou = renewing(renewal_months=None, notice_days=30)
    assert (current_end(mou, DAY(2024, 2, 29)), current_end(mou, DAY(2024, 3, 1))) == (DAY(2024, 2, 29), None)
    assert (notice_on(mou, DAY(2024, 3, 1)), days_left(mou, DAY(2024, 3, 1))) == (None, None)


def test_an_end_in_a_month_or_a_year_is_its_last_day():
    day = DAY(2024, 1, 10)
    for precision, end in (("month", DAY(2024, 2, 29)), ("year", DAY(2024, 12, 31))):
        assert current_end(MOU(ends_on=DAY(2024, 2, 1), ends_on_precision=precision), day) == end


def test_what_is_stopped_ends_then_and_asks_for_no_notice():
    mou = renewing(notice_days=60, terminated_on=DAY(2024, 6, 30))
    assert current_end(mou, DAY(2024, 5, 1)) == DAY(2024, 6, 30)
    assert current_end(mou, DAY(2027, 5, 1)) == DAY(2024, 6, 30)
    assert notice_on(mou, DAY(2024, 5, 1)) is None


def test_notice_is_given_before_the_term_ends():
    mou = renewing(notice_days=60)
    assert notice_on(mou, DAY(2024, 1, 1)) == DAY(2023, 12, 31)
    assert notice_on(mou, DAY(2024, 3, 1)) == DAY(2024, 12, 30)
    assert notice_on(MOU(ends_on=DAY(2025, 1, 1), notice_days=0), DAY(2024, 1, 1)) == DAY(2025, 1, 1)
    assert notice_on(MOU(ends_on=DAY(2025, 1, 1)), DAY(2024, 1, 1)) is None


def test_days_left():
    mou = MOU(ends_on=DAY(2025, 1, 1))
    assert [days_left(mou, day) for day in (DAY(2024, 12, 31), DAY(2025, 1, 1), DAY(2025, 1, 3))] == [1, 0, -2]
