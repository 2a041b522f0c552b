"""The state of an MOU on a given day: one table of rules, read by SQL and by Python.

A rule is a state and the comparisons with the day that all must hold; the first rule that fits wins.
Never the database's now(): that is UTC, and today is a day in Singapore and Shenzhen.
"""

import datetime

from django.db import models
from django.db.models import Case, Value, When
from django.utils.translation import gettext_lazy as _

from mous.rules import condition, holds


class State(models.TextChoices):
    PREPARING = "preparing", _("In preparation")
    TERMINATED = "terminated", _("Terminated")
    REPLACED = "replaced", _("Replaced")
    ENDED = "ended", _("Ended")
    ENDING_SOON = "ending_soon", _("Ending soon")
    IN_EFFECT = "in_effect", _("In effect")
    SIGNED = "signed", _("Signed (term not stated)")


# Days before its end at which an MOU is "ending soon".
SOON = 180

# (state, comparisons); mous/rules.py says how they are read.
RULES = (
    (State.PREPARING, (("signed_on", "isnull", True),)),
    (State.PREPARING, (("signed_on", "gt", 0),)),
    (State.TERMINATED, (("terminated_on", "lte", 0),)),
    (State.REPLACED, (("superseded_on", "lte", 0),)),
    # One that renews by itself has no end before it is terminated.
    (State.IN_EFFECT, (("renews_automatically", "exact", True), ("effective_on", "lte", 0))),
    (State.SIGNED, (("renews_automatically", "exact", True),)),
    (State.ENDED, (("ends_on", "lt", 0),)),
    (State.ENDING_SOON, (("effective_on", "lte", 0), ("ends_on", "lte", SOON))),
    # Of many MOUs no source says when they came into effect; their end is as near all the same.
    (State.ENDING_SOON, (("effective_on", "isnull", True), ("ends_on", "lte", SOON))),
    (State.IN_EFFECT, (("effective_on", "lte", 0), ("ends_on", "isnull", False))),
    (State.IN_EFFECT, (("effective_on", "lte", 0), ("term_en", "gt", ""))),
    (State.IN_EFFECT, (("effective_on", "lte", 0), ("term_zh", "gt", ""))),
)


def state_expression(day: datetime.date) -> Case:
    """Return the state on `day` as an expression for the database."""
    return Case(
        *(When(condition(tests, day), then=Value(state.value)) for state, tests in RULES),
        default=Value(State.SIGNED.value),
        output_field=models.CharField(),
    )


def state_on(mou, day: datetime.date) -> State:
    """Return the state of one MOU on `day`."""
    for state, tests in RULES:
        if holds(mou, tests, day):
            return state
    return State.SIGNED
