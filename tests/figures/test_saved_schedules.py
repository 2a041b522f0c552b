"""The days on which a saved report is sent: every day, week and month, in leap years and short months too."""

import datetime

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from reports.schedules import DAYS_OF_MONTH, LAST, Every, latest, schedule_words

DAY = datetime.date.fromisoformat
MONDAY, SUNDAY = 0, 6


@pytest.mark.parametrize(
    ("every", "weekday", "day_of_month", "today", "day"),
    [
        ("", 0, 1, "2026-11-23", None),
        ("day", 0, 1, "2026-11-23", "2026-11-23"),
        ("week", MONDAY, 1, "2026-11-23", "2026-11-23"),
        ("week", SUNDAY, 1, "2026-11-23", "2026-11-22"),
        ("week", 1, 1, "2026-11-23", "2026-11-17"),
        ("week", 3, 1, "2027-01-01", "2026-12-31"),
        ("month", 0, 1, "2026-11-23", "2026-11-01"),
        ("month", 0, 23, "2026-11-23", "2026-11-23"),
        ("month", 0, 24, "2026-11-23", "2026-10-24"),
        ("month", 0, 28, "2027-01-03", "2026-12-28"),
        ("month", 0, LAST, "2026-11-23", "2026-10-31"),
        ("month", 0, LAST, "2026-11-30", "2026-11-30"),
        ("month", 0, LAST, "2027-03-01", "2027-02-28"),
        ("month", 0, LAST, "2028-02-28", "2028-01-31"),
        ("month", 0, LAST, "2028-02-29", "2028-02-29"),
        ("month", 0, LAST, "2028-03-30", "2028-02-29"),
        ("month", 0, LAST, "2027-01-30", "2026-12-31"),
    ],
)
def test_the_latest_day_of_a_schedule(every, weekday, day_of_month, today, day):
    assert latest(every, weekday, day_of_month, DAY(today)) == (day and DAY(day))


@given(
    st.sampled_from(["day", "week", "month"]),
    st.integers(0, 6),
    st.sampled_from(DAYS_OF_MONTH),
    st.dates(datetime.date(2020, 1, 1), datetime.date(2040, 12, 31)),
)
def test_each_period_is_sent_once_however_the_days_fall(every, weekday, day_of_month, today):
    found = latest(every, weekday, day_of_month, today)
    assert datetime.timedelta(0) <= today - found < datetime.timedelta(days=31)
    # Whoever asks each day gets the same answer until the next day of the schedule, on which it is that day.
    after = latest(every, weekday, day_of_month, today + datetime.timedelta(days=1))
    assert after in (found, today + datetime.timedelta(days=1))


def test_schedules_in_words():
    assert schedule_words("week", 0, 1) == "every week, on Monday"
    assert schedule_words("month", 0, LAST) == "every month, on its last day"
    assert schedule_words("month", 0, 28) == "every month, on day 28"
    assert schedule_words("", 0, 1) == "not sent by itself"
    with translation.override("zh-hans"):
        assert Every.choices
