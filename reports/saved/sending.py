"""Sending saved reports: what is due to whom, each day of a schedule once, and who may still have it."""

import datetime
import logging
from collections.abc import Iterator

from django.db import transaction

from accounts.models import User
from outbox.models import Kind, Mail, Problem
from reports.managers.frame import may_read
from reports.models import SavedReport
from reports.saved.message import Message, message
from reports.saved.recipients import Recipient, may_be_sent

logger = logging.getLogger(__name__)


def due(today: datetime.date) -> list[tuple[Recipient, datetime.date]]:
    """Return who is to be sent which report, and the latest day of its schedule, the only one made up for."""
    found = Recipient.objects.going().exclude(saved__every="").select_related("saved__owner", "user")
    days = [(one, one.saved.latest_day(today)) for one in found.order_by("saved_id", "user__username")]
    days = [(one, day) for one, day in days if day and day >= one.since]
    put = Mail.objects.filter(kind=Kind.SAVED_REPORT, key__in=[_key(*one) for one in days])
    known = set(put.values_list("key", flat=True))
    return [(one, day) for one, day in days if _key(one, day) not in known and may_be_sent(one.user, one.saved)]


def _key(recipient: Recipient, day: datetime.date) -> str:
    return f"{recipient.pk}:{day.isoformat()}"


def put_reports(today: datetime.date) -> Iterator[tuple[Recipient, Message | None]]:
    """Put into the outbox what is due, and yield each person with what was written; None if that failed.

    The report is computed before the transaction that puts it, which may take a while; of two processes that
    do so at once one puts the mail.
    """
    for recipient, day in due(today):
        try:
            written = message(recipient)
            is_put = _put(recipient, day, written)
        except Exception:
            # One report with a fault keeps nobody from the others; the next run tries it again.
            logger.exception("Saved report %s could not be made", recipient.saved_id)
            yield recipient, None
            continue
        if is_put:
            yield recipient, written


def _put(recipient: Recipient, day: datetime.date, written: Message) -> bool:
    with transaction.atomic():
        fresh = Recipient.objects.wanting().select_for_update().filter(pk=recipient.pk).first()
        mail = fresh and Mail.put(
            kind=Kind.SAVED_REPORT,
            key=_key(recipient, day),
            to=recipient.user.email,
            user=recipient.user,
            side=recipient.user.side,
            subject=written.subject,
            body=written.body,
            file=written.file,
        )
        if mail:
            fresh.was_sent(mail, written.is_faulty)
        return bool(mail)


def problem_of(mail: Mail) -> Problem | None:
    """Return why a saved report may no longer be handed over, perhaps long after it was written."""
    found = Recipient.objects.wanting().filter(pk=mail.key.partition(":")[0], user=mail.user)
    recipient = found.select_related("saved", "user").first()
    if recipient is None:
        return Problem.UNWANTED
    allowed = may_read(recipient.user) and recipient.saved.is_seen_by(recipient.user)
    return None if allowed else Problem.RIGHT


def stopped_for(user: User):
    """Return the reports saved by `user` that no longer reach somebody."""
    return SavedReport.objects.filter(owner=user, recipients__in=Recipient.objects.stopped()).distinct()
