"""Reminders of follow-up actions: who is reminded of what on which day, each step once, one e-mail a day."""

import calendar
import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from accounts.models import Side, User
from initiative.dates import Precision, show
from meetings.actions.due import OPEN, by_due, due_words, late_words
from meetings.models import Action, ReminderSent
from outbox.models import Kind, Mail
from publishing.sides import visible
from publishing.todo import list_address, page_address


@dataclass(frozen=True)
class Reminder:
    """An action to remind somebody of, and the step that its due day has reached."""

    action: Action
    step: int


def months_after(day: datetime.date, months: int) -> datetime.date:
    """Return the same day of a later month, or its last day where it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return datetime.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def step_on(day: datetime.date, due: datetime.date, steps: list[int]) -> int | None:
    """Return the latest step that an action due on `due` has passed on `day`, None before the first.

    A step is a number of days before the due day; after it, minus the number of months.
    """
    months = (day.year - due.year) * 12 + day.month - due.month
    months -= months > 0 and months_after(due, months) > day
    if months > 0:
        return -months
    passed = [step for step in steps if (due - day).days <= step]
    return min(passed, default=None)


def receivers() -> list[User]:
    """Return whom reminders may go to: active officers and managers of one side, with an e-mail address."""
    may_close = User.objects.with_perm("meetings.change_action", include_superusers=False)
    return list(may_close.filter(is_staff=True, side__in=Side.values).exclude(email="").order_by("username"))


def due_for(user: User, day: datetime.date) -> list[Reminder]:
    """Return what a person is to be reminded of on a day: open actions of their side, at steps not yet sent."""
    mine = Action.objects.filter(owner_side=user.side, state__in=OPEN)
    actions = by_due(visible(mine, user)).exclude(due=None)
    known = ReminderSent.objects.filter(user=user, action__state__in=OPEN)
    sent = set(known.values_list("action", "due_on", "step"))
    found = []
    for action in actions:
        step = step_on(day, action.due, settings.REMINDER_DAYS)
        if step is not None and (action.pk, action.due, step) not in sent:
            found.append(Reminder(action, step))
    return found


def has_mail(user: User, day: datetime.date) -> bool:
    """Return whether a person has a mail of this day already: there is never a second one."""
    return Mail.objects.filter(kind=Kind.REMINDER, key=_key(user, day)).exists()


def _key(user: User, day: datetime.date) -> str:
    return f"actions:{user.pk}:{day.isoformat()}"


def put_reminders(day: datetime.date) -> Iterator[tuple[User, list[Reminder]]]:
    """Put into the outbox what is to be sent on a day, and yield each person with it.

    A mail and the steps that it takes are written in one transaction. Two processes wait for each other at the
    person's row; who already has a mail of this day gets what is left with that of the next.
    """
    for receiver in receivers():
        with transaction.atomic():
            user = User.objects.select_for_update().get(pk=receiver.pk)
            found = due_for(user, day)
            if not found or _put(user, day, found) is None:
                continue
            for one in found:
                ReminderSent.objects.create(
                    action=one.action, user=user, due_on=one.action.due, step=one.step, day=day
                )
        yield user, found


def _put(user: User, day: datetime.date, found: list[Reminder]) -> Mail | None:
    with translation.override(user.language):
        subject, body = message(user, day, found)
    return Mail.put(
        kind=Kind.REMINDER,
        key=_key(user, day),
        to=user.email,
        user=user,
        side=user.side,
        subject=subject,
        body=body,
    )


def message(user: User, day: datetime.date, found: list[Reminder]) -> tuple[str, str]:
    """Return the subject and text of a mail, in the language that is active."""
    subject = ngettext("%(count)s follow-up action is due", "%(count)s follow-up actions are due", len(found))
    opening = _("Follow-up actions of the %(side)s side on %(day)s:") % {
        "side": user.get_side_display(),
        "day": show(day, Precision.DAY),
    }
    closing = _("You get this because you work on this record for that side. Note there what has been done.")
    parts = [opening, *(_lines(one.action, day) for one in found), closing]
    if settings.SITE_URL:
        every = _link(list_address(Action, owner_side__exact=user.side))
        parts.append(_("All of them: %(address)s") % {"address": every})
    parts.append(f"-- \n{settings.SITE_NAMES[translation.get_language()]}")
    return subject % {"count": len(found)}, "\n\n".join(parts) + "\n"


def _lines(action: Action, day: datetime.date) -> str:
    """Return what a mail says of one action: its text, owner, due day and state, and where it is."""
    days = (action.due - day).days
    told = pgettext("due", "today")
    if days > 0:
        told = ngettext("in %(count)s day", "in %(count)s days", days) % {"count": days}
    elif days < 0:
        told = late_words(-days)
    lines = [
        _("%(code)s: %(text)s") % {"code": action, "text": action.text or "–"},
        _("Due: %(due)s (%(told)s)") % {"due": due_words(action), "told": told},
    ]
    if action.organisation:
        lines.append(_("Owner: %(organisation)s") % {"organisation": action.organisation.name})
    lines.append(_("State: %(state)s") % {"state": action.get_state_display()})
    if settings.SITE_URL:
        lines.append(_link(page_address(action)))
    return "\n".join(lines)


def _link(address: str) -> str:
    return f"{settings.SITE_URL}{address}"
