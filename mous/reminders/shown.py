"""What the officers' page of an MOU says of its reminders: to whom they go, the next, and those sent."""

import datetime

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import Side
from initiative.dates import Precision, show
from mous.models import MOU
from mous.reminders.models import What
from mous.reminders.source import due_days, looking_after, steps_of
from publishing.sides import BOTH

# Reminders sent that are shown, the last first.
MOST = 5


def reminder_lines(mou: MOU, user, day: datetime.date) -> list[str]:
    """Return the lines in words; none of an MOU that reminds of nothing and never did.

    Of reminders sent, those to the side of `user`: they may be older than the day it was shared with the other.
    """
    sent = mou.reminders.all() if user.side == BOTH else mou.reminders.filter(user__side=user.side)
    days = sent.order_by("-day", "what").values_list("day", "what", "due_on").distinct()[:MOST]
    lines = [_told(_("Sent on %(day)s (%(what)s: %(due)s)"), *one) for one in days]
    if coming := next_reminder(mou, day):
        sides = [str(Side(side).label) for side in looking_after(mou)]
        words = _("To the officers and managers of: %(sides)s")
        lines.insert(0, words % {"sides": pgettext("list", ", ").join(sides)})
        lines.insert(1, _told(_("Next on %(day)s (%(what)s: %(due)s)"), *coming))
    return lines


def next_reminder(mou: MOU, day: datetime.date) -> tuple[datetime.date, str, datetime.date] | None:
    """Return the next day after `day` on which an MOU reminds, of what, and the day that it reminds of."""
    coming = [
        (due - datetime.timedelta(days=step), what, due)
        for what, due in due_days(mou, day)
        for step in steps_of(what)
    ]
    return min((one for one in coming if one[0] > day), default=None)


def _told(words: str, day: datetime.date, what: str, due: datetime.date) -> str:
    told = {"day": show(day, Precision.DAY), "due": show(due, Precision.DAY)}
    return words % (told | {"what": What(what).label})
