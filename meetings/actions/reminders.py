"""Reminders of follow-up actions: what a side is reminded of on which day, and what an e-mail says of it."""

import calendar
import datetime

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from initiative.dates import Precision, show
from meetings.actions.due import OPEN, by_due, due_words, late_words
from meetings.models import Action, ReminderSent
from outbox.reminding import Reminder, Source, latest_step
from publishing.sides import visible
from publishing.todo import list_address, page_address


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
    return -months if months > 0 else latest_step(day, due, steps)


class ActionReminders(Source):
    """Open actions of a side, before they are due and each month after."""

    position = 10
    permission = "meetings.change_action"

    def due_for(self, user, day):
        mine = Action.objects.filter(owner_side=user.side, state__in=OPEN)
        actions = by_due(visible(mine, user)).exclude(due=None)
        known = ReminderSent.objects.filter(user=user, action__state__in=OPEN)
        sent = set(known.values_list("action", "due_on", "step"))
        found = []
        for action in actions:
            step = step_on(day, action.due, settings.REMINDER_DAYS)
            if step is not None and (action.pk, action.due, step) not in sent:
                found.append(Reminder(action, action.due, step))
        return found

    def note_sent(self, user, day, reminder):
        ReminderSent.objects.create(
            action=reminder.record, user=user, due_on=reminder.due_on, step=reminder.step, day=day
        )

    def subject(self, count):
        words = ngettext("%(count)s follow-up action is due", "%(count)s follow-up actions are due", count)
        return words % {"count": count}

    def counted(self, count):
        return ngettext("%(count)s follow-up action", "%(count)s follow-up actions", count) % {"count": count}

    def opening(self, user, day):
        return _("Follow-up actions of the %(side)s side on %(day)s:") % {
            "side": user.get_side_display(),
            "day": show(day, Precision.DAY),
        }

    def lines(self, record, day):
        days = (record.due - day).days
        told = pgettext("due", "today")
        if days > 0:
            told = ngettext("in %(count)s day", "in %(count)s days", days) % {"count": days}
        elif days < 0:
            told = late_words(-days)
        lines = [
            _("%(code)s: %(text)s") % {"code": record, "text": record.text or "–"},
            _("Due: %(due)s (%(told)s)") % {"due": due_words(record), "told": told},
        ]
        if record.organisation:
            lines.append(_("Owner: %(organisation)s") % {"organisation": record.organisation.name})
        return [*lines, _("State: %(state)s") % {"state": record.get_state_display()}]

    def closing(self):
        return _("Note on the page of each action what has been done.")

    def list_path(self, user):
        return list_address(Action, owner_side__exact=user.side)

    def list_words(self):
        return _("All of them: %(address)s")

    def page(self, record):
        return page_address(record)

    def told(self, reminder):
        return f"{reminder.record} (due {reminder.due_on})"
