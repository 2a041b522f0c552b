"""How MOUs fare on a given day, for staff only: one table of rules, read by the database and by Python.

An MOU may be several things at once: ending soon and dormant. The facts that the rules ask for are columns of
the MOU and what `with_health` annotates; so the rules hold of a row that it read as they do in the database.
"""

import datetime
from collections.abc import Callable

from django.db.models import (
    BooleanField,
    Case,
    DateField,
    Exists,
    F,
    OuterRef,
    QuerySet,
    Subquery,
    TextChoices,
    Value,
    When,
)
from django.db.models.functions import Least
from django.utils.translation import gettext_lazy as _

from meetings.since import LIVE
from mous import term_columns
from mous.models import MOU, MOULink
from mous.rules import Months, condition, holds
from mous.states import SOON, State

# Days before the last day to give notice at which notice is due.
NOTICE_SOON = 90
# Without a sign of activity for so long, an MOU is dormant.
QUIET = Months(-24)


class Health(TextChoices):
    NOTICE = "notice", _("Notice due")
    ENDING = "ending", _("Ends soon")
    DORMANT = "dormant", _("Dormant")
    LAPSED = "lapsed", _("Ended, not renewed")
    RENEWS = "renews", _("Renews by itself")
    IN_EFFECT = "in_effect", _("In effect")


ACTIVE = ("state", "in", (State.SIGNED, State.IN_EFFECT, State.ENDING_SOON))
RULES = {
    Health.NOTICE: (ACTIVE, ("notice_on", "gte", 0), ("notice_on", "lte", NOTICE_SOON)),
    Health.ENDING: (
        ACTIVE,
        ("renewing", "exact", False),
        ("current_end", "gte", 0),
        ("current_end", "lte", SOON),
    ),
    Health.DORMANT: (ACTIVE, ("is_worked_on", "exact", False), ("last_active_on", "lte", QUIET)),
    Health.LAPSED: (("state", "exact", State.ENDED), ("is_followed", "exact", False)),
    Health.RENEWS: (ACTIVE, ("renewing", "exact", True)),
    Health.IN_EFFECT: (("state", "in", (State.IN_EFFECT, State.ENDING_SOON)), ("effective_on", "lte", 0)),
}
# What asks the JIC to keep, renew or let lapse.
TO_DECIDE = (Health.NOTICE, Health.ENDING, Health.DORMANT, Health.LAPSED)
# Stages of a project that is alive; those of `projects`, which stands above this package.
ALIVE = ("proposed", "endorsed", "announced", "launched", "in_progress")

# The rows of a queryset that the reader may see.
Seen = Callable[[QuerySet], QuerySet]


def with_health(mous: QuerySet, day: datetime.date, seen: Seen) -> QuerySet:
    """Annotate the state of MOUs on `day` and every fact that RULES ask for; one query with what it joins.

    `seen` leaves of projects and later MOUs what the reader may see: what is kept from them is no evidence.
    """
    projects = seen(MOU._meta.get_field("projects").related_model._base_manager.filter(status__in=LIVE))
    later = seen(MOU._base_manager.filter(status__in=LIVE, signed_on__lte=day))
    following = {"links__to_mou": OuterRef("pk"), "links__kind__in": MOULink.SUPERSEDES}
    return mous.with_state(day).annotate(
        renewing=_yes(term_columns.RENEWS),
        current_end=term_columns.current_end(day),
        notice_on=term_columns.notice_on(day),
        is_worked_on=_yes(_there(projects.filter(stage__in=ALIVE, mous=OuterRef("pk")))),
        is_followed=_yes(_there(later.filter(**following))),
        last_active_on=term_columns.latest(*_evidence(projects, later, day)),
    )


def _yes(condition) -> Case:
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


def _there(rows: QuerySet) -> Exists:
    return Exists(rows.order_by())


def _evidence(projects: QuerySet, later: QuerySet, day: datetime.date):
    """Yield the last day of each kind of evidence of activity, up to and with `day`.

    Signing it; signing an MOU that renews, amends, replaces or implements it; of its projects the start, the
    day of the stage, milestones reached, and the meetings to which progress was reported. What is dated to a
    month or a year counts on the last day that it can mean.
    """
    # No `__in` of all that the reader may see: SQLite would walk that list for each MOU.
    own = projects.filter(mous=OuterRef("pk"))
    yield Case(When(signed_on__lte=day, then=_until("signed_on", day)), output_field=DateField())
    yield _newest(later.filter(links__to_mou=OuterRef("pk")), "signed_on", day)
    yield _newest(own, "progress_reports__meeting__starts_on", day)
    yield _newest(own, "milestones__reached_on", day)
    yield _newest(own, "started_on", day)
    yield _newest(own, "stage_as_of", day, Least(F("stage_as_of"), Value(day)))


def _until(name: str, day: datetime.date) -> Least:
    return Least(term_columns.last_day(name), Value(day))


def _newest(rows: QuerySet, name: str, day: datetime.date, when=None) -> Subquery:
    past = rows.filter(**{f"{name}__lte": day}).annotate(evidence=when or _until(name, day))
    return Subquery(past.order_by("-evidence").values("evidence")[:1], output_field=DateField())


def in_health(mous: QuerySet, day: datetime.date, *found: str) -> QuerySet:
    """Return those MOUs of a queryset `with_health` of which one of the `found` holds."""
    wanted = condition(RULES[Health(found[0])], day)
    for health in found[1:]:
        wanted |= condition(RULES[Health(health)], day)
    return mous.filter(wanted)


def health_of(mou, day: datetime.date) -> list[Health]:
    """Return what holds on `day` of an MOU that was read `with_health`."""
    return [health for health, tests in RULES.items() if holds(mou, tests, day)]


def needs_decision(mous: QuerySet, day: datetime.date) -> QuerySet:
    """Return the MOUs `with_health` on which the JIC has to decide, and has not: keep, renew, or let lapse.

    One that a signed MOU renews or replaces is decided on.
    """
    return in_health(mous, day, *TO_DECIDE).filter(course="", is_followed=False)
