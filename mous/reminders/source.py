"""Reminders of MOUs: which days a side is reminded of, and what an e-mail says of them."""

import datetime

from django.conf import settings
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from accounts.models import Side
from initiative.dates import Precision, show
from mous.models import MOU
from mous.reminders.models import MOUReminderSent, What
from mous.states import State, state_on
from mous.terms import current_end, notice_on
from mous.todo import LIVE, parties_and_renewals
from outbox.reminding import Reminder, Source, latest_step
from publishing.sides import visible
from publishing.todo import list_address, page_address

RUNNING = (State.SIGNED, State.IN_EFFECT, State.ENDING_SOON)


def looking_after(mou: MOU) -> list[str]:
    """Return the sides that look after an MOU: of its lead body or the holder of its original; of none, both.

    What one side keeps to itself is that side's.
    """
    if mou.kept_by:
        return [mou.kept_by]
    sides = [
        side for side in Side.values if getattr(mou, f"lead_{side}_id") or getattr(mou, f"holder_{side}_id")
    ]
    return sides or list(Side.values)


def due_days(mou: MOU, day: datetime.date) -> list[tuple[What, datetime.date]]:
    """Return the days that an MOU reminds of, as they are known on `day`.

    None of one that is withdrawn, not signed, or over, and of one whose end is settled in another way: its
    termination or replacement is on record, even if still to come.
    """
    is_settled = mou.terminated_on or mou.superseded_on
    if mou.status not in LIVE or is_settled or state_on(mou, day) not in RUNNING:
        return []
    end, notice = current_end(mou, day), notice_on(mou, day)
    if end is None or end < day:
        return []
    return [(What.END, end)] if notice is None else [(What.NOTICE, notice), (What.END, end)]


def steps_of(what: What) -> list[int]:
    """Return the numbers of days before a day on which it is reminded of."""
    return settings.MOU_REMINDER_DAYS if what == What.END else settings.MOU_NOTICE_DAYS


class MOUReminders(Source):
    """MOUs before their end, and before the last day for giving notice."""

    position = 20
    permission = "mous.change_mou"

    def due_for(self, user, day):
        dated = MOU.objects.filter(status__in=LIVE, signed_on__lte=day, ends_on__isnull=False)
        sent = set(MOUReminderSent.objects.filter(user=user).values_list("mou", "what", "due_on", "step"))
        found = []
        for mou in visible(dated, user).order_by("ends_on", "pk"):
            if user.side in looking_after(mou):
                found += [one for one in _reached(mou, day) if _key(one) not in sent]
        prefetch_related_objects([one.record for one in found], *parties_and_renewals(user))
        return found

    def note_sent(self, user, day, reminder):
        MOUReminderSent.objects.create(
            mou=reminder.record,
            user=user,
            what=reminder.what,
            due_on=reminder.due_on,
            step=reminder.step,
            day=day,
        )

    def subject(self, count):
        words = ngettext(
            "%(count)s MOU is near its end or its last day for notice",
            "%(count)s MOUs are near their end or their last day for notice",
            count,
        )
        return words % {"count": count}

    def counted(self, count):
        return ngettext("%(count)s MOU", "%(count)s MOUs", count) % {"count": count}

    def opening(self, user, day):
        return _("MOUs that the %(side)s side looks after, on %(day)s:") % {
            "side": user.get_side_display(),
            "day": show(day, Precision.DAY),
        }

    def lines(self, record, day):
        parties = [one.organisation.listed_name for one in record.signatories.all()]
        renewals = [link.from_mou.reference for link in record.linked_from.all()]
        comma, none = pgettext("list", ", "), _("Not on record here")
        lines = [
            _("%(code)s: %(text)s") % {"code": record.reference, "text": record.title},
            *day_lines(record, day),
            _("Parties: %(names)s") % {"names": comma.join(parties) or none},
        ]
        if renewals or not record.renews_automatically:
            lines.append(_("Renewal: %(references)s") % {"references": comma.join(renewals) or none})
        return lines

    def closing(self):
        return _("Enter in the record of each MOU what was decided.")

    def list_path(self, user):
        return list_address(MOU, state=State.ENDING_SOON, status__in=",".join(LIVE))

    def list_words(self):
        return _("All MOUs ending soon: %(address)s")

    def page(self, record):
        return page_address(record)

    def told(self, reminder):
        words = {What.END: "ends", What.NOTICE: "notice by"}[reminder.what]
        if reminder.what == What.END and reminder.record.renews_automatically:
            words = "term until"
        return f"{reminder.record.reference} ({words} {reminder.due_on})"


def _reached(mou: MOU, day: datetime.date) -> list[Reminder]:
    steps = [(what, due, latest_step(day, due, steps_of(what))) for what, due in due_days(mou, day)]
    return [Reminder(mou, due, step, what) for what, due, step in steps if step is not None]


def _key(reminder: Reminder) -> tuple:
    return reminder.record.pk, reminder.what, reminder.due_on, reminder.step


def day_lines(mou: MOU, day: datetime.date) -> list[str]:
    """Return what is said of the end of an MOU and of giving notice; only what is on record."""
    days = dict(due_days(mou, day))
    end, notice = days[What.END], days.get(What.NOTICE)
    told = {"day": show(end, mou.ends_on_precision), "told": away((end - day).days)}
    renews = mou.renews_automatically
    words = _("Present term until: %(day)s (%(told)s)") if renews else _("Ends: %(day)s (%(told)s)")
    lines = [words % told]
    if notice is not None:
        words = _("Last day for notice: %(day)s (%(told)s)")
        if mou.ends_on_precision != Precision.DAY:
            words = _("Last day for notice, if it ends on the last day of that time: %(day)s (%(told)s)")
        lines.append(words % {"day": show(notice, Precision.DAY), "told": away((notice - day).days)})
    if renews and (notice is None or notice >= day):
        lines.append(_("It renews by itself unless notice is given."))
    elif renews:
        lines.append(_("It renews by itself unless notice was given by that day."))
    return lines


def away(days: int) -> str:
    """Return how far off a day is: "in 30 days", "today", "2 days ago"."""
    if days > 0:
        return ngettext("in %(count)s day", "in %(count)s days", days) % {"count": days}
    if days < 0:
        return ngettext("%(count)s day ago", "%(count)s days ago", -days) % {"count": -days}
    return pgettext("due", "today")
