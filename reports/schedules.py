"""On which days a saved report is sent: the arithmetic of daily, weekly and monthly, without a database."""

import calendar
import datetime

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

# A day of the month that every month has, or its last one.
LAST = 31
DAYS_OF_MONTH = [*range(1, 29), LAST]
ONE_DAY = datetime.timedelta(days=1)


class Every(models.TextChoices):
    NEVER = "", pgettext_lazy("schedule", "not sent by itself")
    DAY = "day", pgettext_lazy("schedule", "every day")
    WEEK = "week", pgettext_lazy("schedule", "every week")
    MONTH = "month", pgettext_lazy("schedule", "every month")


class Weekday(models.IntegerChoices):
    """The days of the week as `datetime.date.weekday` numbers them."""

    MONDAY = 0, gettext_lazy("Monday")
    TUESDAY = 1, gettext_lazy("Tuesday")
    WEDNESDAY = 2, gettext_lazy("Wednesday")
    THURSDAY = 3, gettext_lazy("Thursday")
    FRIDAY = 4, gettext_lazy("Friday")
    SATURDAY = 5, gettext_lazy("Saturday")
    SUNDAY = 6, gettext_lazy("Sunday")


def day_of_month_choices() -> list[tuple[int, str]]:
    """Return the days from 1 to 28, and the last."""
    return [(day, pgettext("schedule", "last day") if day == LAST else str(day)) for day in DAYS_OF_MONTH]


def latest(every: str, weekday: int, day_of_month: int, today: datetime.date) -> datetime.date | None:
    """Return the latest day, today at the latest, on which the schedule sends; None if it never does."""
    if every == Every.DAY:
        return today
    if every == Every.WEEK:
        return today - datetime.timedelta(days=(today.weekday() - weekday) % 7)
    if every == Every.MONTH:
        day = _in_month(today, day_of_month)
        return day if day <= today else _in_month(today.replace(day=1) - ONE_DAY, day_of_month)
    return None


def _in_month(day: datetime.date, day_of_month: int) -> datetime.date:
    """Return a day of the month in which `day` is, the last one where it has no such day."""
    return day.replace(day=min(day_of_month, calendar.monthrange(day.year, day.month)[1]))


def schedule_words(every: str, weekday: int, day_of_month: int) -> str:
    """Return the schedule in words, in the active language."""
    if every == Every.WEEK:
        return _("every week, on %(weekday)s") % {"weekday": Weekday(weekday).label}
    if every == Every.MONTH and day_of_month == LAST:
        return _("every month, on its last day")
    if every == Every.MONTH:
        return _("every month, on day %(day)s") % {"day": day_of_month}
    return str(Every(every).label)
