"""Sending what waits in the outbox: each mail by one process, one refused does not stop the others."""

import hashlib
import smtplib
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage, get_connection
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from outbox.models import Mail, MailFile, Problem, State
from outbox.receiving import problem_of


@dataclass
class Tally:
    """How many mails were sent, how many failed, and how many still wait because no server was reached."""

    sent: int = 0
    failed: int = 0
    waiting: int = 0

    @property
    def is_complete(self) -> bool:
        return not (self.failed or self.waiting)


def send_waiting(kind: str | None = None, keys: list[int] | None = None) -> Tally:
    """Send the waiting mails, all or those of one kind or with these primary keys.

    Each is claimed and that is committed before it is sent, so call it outside of a transaction
    (RuntimeError inside). A mail whose sending breaks off is never sent again by itself. Files too old to be
    kept are emptied first.
    """
    MailFile.objects.too_old().empty()
    waiting = Mail.objects.filter(state=State.WAITING)
    waiting = waiting if kind is None else waiting.filter(kind=kind)
    waiting = waiting if keys is None else waiting.filter(pk__in=keys)
    connection, tally = get_connection(), Tally()
    # Read once: what is put meanwhile is for the next time.
    found = list(waiting.order_by("pk").values_list("pk", flat=True))
    try:
        for number, key in enumerate(found):
            if error := _unreachable(connection):
                waiting.filter(pk__in=found[number:]).update(problem=Problem.UNREACHABLE, error=error)
                tally.waiting = len(found) - number
                break
            _send_one(key, connection, tally)
    finally:
        _hang_up(connection)
    return tally


def _send_one(key: int, connection, tally: Tally) -> None:
    with transaction.atomic(durable=True):
        if not Mail.objects.claim(key):
            return
    mail = Mail.objects.select_related("user", "file").get(pk=key)
    if mail.user and mail.user.email:
        mail.to = mail.user.email  # as it is now: it may have been put right since
    columns = _hand_over(mail, connection)
    Mail.objects.settle(key, to=mail.to, **columns)
    if columns["state"] == State.SENT:
        MailFile.objects.filter(mail=key).empty()
    tally.sent += columns["state"] == State.SENT
    tally.failed += columns["state"] != State.SENT


def _hand_over(mail: Mail, connection) -> dict:
    """Give a mail to the server; return the columns that say how that ended."""
    if problem := problem_of(mail):
        return _failed(problem, "")
    try:
        validate_email(mail.to)
        _message(mail, connection).send()
    except smtplib.SMTPRecipientsRefused as refused:
        return _failed(Problem.ADDRESS, next(iter(refused.recipients.values())))
    except smtplib.SMTPServerDisconnected as lost:
        # The server may have taken it before the line went dead.
        _hang_up(connection)
        return _failed(Problem.BROKEN_OFF, lost) | {"state": State.SENDING}
    except smtplib.SMTPResponseException as refused:
        return _failed(Problem.REFUSED, (refused.smtp_code, refused.smtp_error))
    except smtplib.SMTPException as refused:
        return _failed(Problem.REFUSED, refused)
    except (ValidationError, ValueError):
        return _failed(Problem.UNWRITABLE, "")
    except OSError as lost:
        _hang_up(connection)
        return _failed(Problem.BROKEN_OFF, lost) | {"state": State.SENDING}
    return {"state": State.SENT, "sent_at": timezone.now(), "problem": "", "error": ""}


def _failed(problem: Problem, answer) -> dict:
    if isinstance(answer, tuple):
        code, words = answer
        answer = f"{code} {words.decode(errors='replace') if isinstance(words, bytes) else words}"
    return {"state": State.FAILED, "problem": problem, "error": " ".join(str(answer).split())[:300]}


def _message(mail: Mail, connection) -> EmailMessage:
    sender = settings.DEFAULT_FROM_EMAIL
    # The same for every attempt, so that a mail server that has it already can tell.
    digest = hashlib.sha256(f"{mail.pk}:{mail.kind}:{mail.key}".encode()).hexdigest()[:32]
    headers = {
        "Message-ID": f"<{digest}@{sender.rpartition('@')[2]}>",
        "Auto-Submitted": "auto-generated",
    }
    message = EmailMessage(mail.subject, mail.body, sender, [mail.to], headers=headers, connection=connection)
    if file := getattr(mail, "file", None):
        message.attach(file.part())
    return message


def _unreachable(connection) -> str:
    """Make sure that the server listens, over a new connection if the old one was lost; return why not."""
    if (line := getattr(connection, "connection", None)) is not None:
        try:
            if line.noop()[0] == 250:
                return ""
        except (smtplib.SMTPException, OSError):
            pass
        _hang_up(connection)
    try:
        connection.open()
    except (smtplib.SMTPException, OSError) as error:
        _hang_up(connection)
        return " ".join(str(error).split())[:300] or type(error).__name__
    return ""


def _hang_up(connection) -> None:
    """Close the connection; one that is dead already is let go."""
    try:
        connection.close()
    except (smtplib.SMTPException, OSError):
        connection.connection = None
