"""Dates as a source gives them: to the day, the month or the year."""

import calendar
import datetime
import functools
import operator

from django.db import models
from django.utils.dateformat import format as date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Precision(models.TextChoices):
    DAY = "day", _("to the day")
    MONTH = "month", _("to the month")
    YEAR = "year", _("to the year")


def precision_field() -> models.CharField:
    """Return the column that says how precise the date of the same name before `_precision` is."""
    return models.CharField(
        _("precision"), max_length=5, choices=Precision, default=Precision.DAY, db_default="day"
    )


def settle(date: datetime.date, precision: str, *, last: bool) -> datetime.date:
    """Return the first (or `last`) day of the period that `date` stands for at that precision."""
    if precision == Precision.DAY:
        return date
    if precision == Precision.MONTH:
        days = calendar.monthrange(date.year, date.month)[1]
        return date.replace(day=days if last else 1)
    return datetime.date(date.year, 12, 31) if last else datetime.date(date.year, 1, 1)


def months_later(date: datetime.date, months: int) -> datetime.date:
    """Return the day so many months after `date` (before it: negative); a month's last day stays the last.

    A month that has no such day gives its last one. Raises OverflowError outside the years 1 to 9999.
    """
    year, month = divmod(date.year * 12 + date.month - 1 + months, 12)
    if not datetime.MINYEAR <= year <= datetime.MAXYEAR:
        raise OverflowError("year is out of range")
    first = datetime.date(year, month + 1, 1)
    if date == settle(date, Precision.MONTH, last=True):
        return settle(first, Precision.MONTH, last=True)
    return first.replace(day=min(date.day, settle(first, Precision.MONTH, last=True).day))


FORMATS = {
    Precision.DAY: pgettext_lazy("date to the day", "j F Y"),
    Precision.MONTH: pgettext_lazy("date to the month", "F Y"),
    Precision.YEAR: pgettext_lazy("date to the year", "Y"),
}


def show(date: datetime.date, precision: str) -> str:
    """Return the date in the words of the page's language, never more precise than its source."""
    return date_format(date, str(FORMATS[Precision(precision)]))


def show_iso(date: datetime.date, precision: str) -> str:
    """Return the date as 2023-12-14, 2023-12 or 2023."""
    return date.isoformat()[: {"day": 10, "month": 7, "year": 4}[precision]]


def known_by(name: str, day: datetime.date) -> models.Q:
    """Return the condition on the date column `name` (or a path to one) to be surely past at the end of `day`.

    What is dated to a month or a year counts from the last day that it can mean.
    """
    after = day + datetime.timedelta(days=1)
    before = {Precision.DAY: after, Precision.MONTH: after.replace(day=1)}
    before[Precision.YEAR] = datetime.date(after.year, 1, 1)
    return functools.reduce(
        operator.or_,
        (models.Q(**{f"{name}_precision": precision, f"{name}__lt": end}) for precision, end in before.items()),
    )


class PartiallyDated(models.Model):
    """A model with dates that carry a precision; each is stored as the first or last day it can mean."""

    # Dates by which something is over: an end "in 2025" is not past before 31 December.
    LAST_DAY_OF: tuple[str, ...] = ()

    class Meta:
        abstract = True

    def dated_fields(self) -> list[str]:
        names = {field.name for field in self._meta.concrete_fields}
        return [name for name in names if f"{name}_precision" in names]

    def settle_dates(self) -> None:
        for name in self.dated_fields():
            date = getattr(self, name)
            if isinstance(date, datetime.date):
                precision = getattr(self, f"{name}_precision") or Precision.DAY
                setattr(self, name, settle(date, precision, last=name in self.LAST_DAY_OF))

    def clean(self):
        super().clean()
        self.settle_dates()

    def save(self, *args, **kwargs):
        self.settle_dates()
        super().save(*args, **kwargs)
