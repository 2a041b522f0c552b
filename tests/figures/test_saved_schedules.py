"""The days on which a saved report is sent: every day, week and month, in leap years and short months too."""

import datetime

import pytest
from django.utils import translation

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


SCHEDULES = [
    ("day", 0, 1),
    *(("week", weekday, 1) for weekday in range(7)),
    *(("month", 0, day) for day in DAYS_OF_MONTH),
]


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_whoever_asks_each_day_of_two_years_is_told_each_day_of_the_schedule_once(schedule):
    first = DAY("2027-01-01")
    days = [first + datetime.timedelta(days=n) for n in range(731)]
    told = [latest(*schedule, day) for day in days]
    assert all(
        datetime.timedelta(0) <= day - one < datetime.timedelta(days=31)
        for day, one in zip(days, told, strict=True)
    )
    # The day of the schedule is the one on which the answer changes.
    changed = [day for day, one, before in zip(days[1:], told[1:], told, strict=False) if one != before]
    assert changed == [day for day in days[1:] if latest(*schedule, day) == day]
    assert len(changed) in {"day": (730,), "week": (104, 105), "month": (23, 24)}[schedule[0]]


def test_schedules_in_words():
    assert schedule_words("week", 0, 1) == "every week, on Monday"
    assert schedule_words("month", 0, LAST) == "every month, on its last day"
    assert schedule_words("month", 0, 28) == "every month, on day 28"
    assert schedule_words("", 0, 1) == "not sent by itself"
    with translation.override("zh-hans"):
        assert Every.choices
