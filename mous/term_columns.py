"""When an MOU ends and when notice must be given, as expressions for the database (mous/terms.py in Python)."""

import datetime

from django.db.models import (
    Case,
    DateField,
    Expression,
    F,
    Func,
    IntegerField,
    Q,
    Value,
    When,
)
from django.db.models.functions import (
    Cast,
    Coalesce,
    ExtractDay,
    ExtractMonth,
    ExtractYear,
    Greatest,
    Least,
    NullIf,
    TruncMonth,
    TruncYear,
)
from django.db.models.lookups import GreaterThanOrEqual, LessThan

from initiative.dates import Precision
from mous.terms import FIRST_END

# In the place of a day that is not known, where databases differ on what the least of nothing is.
NEVER, ALWAYS = datetime.date.max, datetime.date.min


class _Later(Func):
    """A date and a number of units after it; each database has its own words."""

    output_field = DateField()

    def as_sqlite(self, compiler, connection, **extra):
        return self.as_sql(compiler, connection, template=f"date(%(expressions)s || ' {self.units}')", **extra)


class MonthsAfter(_Later):
    """The first of a month, so many months later."""

    units = "months"

    def as_postgresql(self, compiler, connection, **extra):
        joined = {"template": "CAST((%(expressions)s)) AS date)", "arg_joiner": " + make_interval(months => "}
        return self.as_sql(compiler, connection, **joined, **extra)


class DaysAfter(_Later):
    units = "days"

    def as_postgresql(self, compiler, connection, **extra):
        return self.as_sql(compiler, connection, template="(%(expressions)s)", arg_joiner=" + ", **extra)


def whole(expression) -> Cast:
    return Cast(expression, IntegerField())


def earliest(*dates) -> Expression:
    """Return the earliest of the dates that are known."""
    return NullIf(Least(*(Coalesce(date, Value(NEVER)) for date in dates)), Value(NEVER))


def latest(*dates) -> Expression:
    """Return the latest of the dates that are known."""
    return NullIf(Greatest(*(Coalesce(date, Value(ALWAYS)) for date in dates)), Value(ALWAYS))


def last_day(name: str) -> Case:
    """Return the last day that the date column `name` (or a path to one) can mean by its precision."""
    ends = {
        Precision.MONTH: DaysAfter(MonthsAfter(TruncMonth(name), Value(1)), Value(-1)),
        Precision.YEAR: DaysAfter(MonthsAfter(TruncYear(name), Value(12)), Value(-1)),
    }
    cases = (When(Q(**{f"{name}_precision": precision}), then=end) for precision, end in ends.items())
    return Case(*cases, default=F(name), output_field=DateField())


def _months_later(name: str, months) -> Case:
    """Return `initiative.dates.months_later` of a date column."""
    first = TruncMonth(name)
    last = DaysAfter(MonthsAfter(first, months + Value(1)), Value(-1))
    same = DaysAfter(MonthsAfter(first, months), whole(ExtractDay(name)) - Value(1))
    is_last = GreaterThanOrEqual(Value(1), ExtractDay(DaysAfter(F(name), Value(1))))
    return Case(When(is_last, then=last), default=Least(last, same), output_field=DateField())


def term_end(day: datetime.date) -> Case:
    """Return the end of the term that runs on `day`, of rows whose dates are settled, as saving leaves them."""
    months = whole(F("renewal_months"))
    behind = Value(day.year * 12 + day.month) - whole(ExtractYear("ends_on")) * Value(12)
    behind = whole(behind - whole(ExtractMonth("ends_on")))
    rounded = (behind + months - Value(1)) / months * months
    found = _months_later("ends_on", whole(rounded))
    return Case(
        When(Q(ends_on__gte=day) | ~Q(renews_automatically=True), then=F("ends_on")),
        When(renewal_months=None, then=None),
        When(GreaterThanOrEqual(found, Value(day)), then=found),
        default=_months_later("ends_on", whole(rounded + months)),
        output_field=DateField(),
    )


STOPPED = Q(terminated_on__isnull=False) | Q(superseded_on__isnull=False)
RENEWS = Q(renews_automatically=True) & ~STOPPED


def current_end(day: datetime.date) -> Expression:
    return earliest(term_end(day), F("terminated_on"), F("superseded_on"))


def notice_on(day: datetime.date) -> Case:
    end = term_end(day)
    given = DaysAfter(end, Value(0) - whole(F("notice_days")))
    nothing = When(LessThan(end, Value(FIRST_END)), then=None)
    return Case(When(STOPPED, then=None), nothing, default=given, output_field=DateField())
