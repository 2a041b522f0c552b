"""A table of rules about a row and a day: how its comparisons are read by the database and by Python.

A comparison is (column, lookup, operand). An operand that is a number counts days after the given day,
`Months` counts months; anything else is compared as it stands. An empty column fits no comparison but `isnull`.
"""

import datetime
import operator
from dataclasses import dataclass

from django.db.models import Q

from initiative.dates import months_later

Comparison = tuple[str, str, object]


@dataclass(frozen=True)
class Months:
    """So many months after the given day; before it, where negative."""

    count: int


def _operand(value, day: datetime.date):
    if isinstance(value, Months):
        return months_later(day, value.count)
    return day + datetime.timedelta(days=value) if type(value) is int else value


def condition(tests: tuple[Comparison, ...], day: datetime.date) -> Q:
    """Return, for the database, that all comparisons hold on `day`."""
    return Q(*(Q((f"{column}__{lookup}", _operand(value, day))) for column, lookup, value in tests))


COMPARISONS = {
    "exact": operator.eq,
    "gt": operator.gt,
    "lt": operator.lt,
    "lte": operator.le,
    "gte": operator.ge,
    "in": lambda have, values: have in values,
}


def holds(row, tests: tuple[Comparison, ...], day: datetime.date) -> bool:
    """Return whether all comparisons hold of `row`, by its attributes, on `day`."""
    return all(_holds(getattr(row, column), lookup, _operand(value, day)) for column, lookup, value in tests)


def _holds(have, lookup: str, operand) -> bool:
    if lookup == "isnull":
        return (have is None) == operand
    return have is not None and COMPARISONS[lookup](have, operand)
