"""The e-mails that the program sends, each put once and sent once; the row stays as the record of it."""

import datetime

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from outbox.files import MailFile

# What was begun longer ago than any sending takes was broken off: nobody knows whether it arrived.
BROKEN_OFF = datetime.timedelta(minutes=10)
BOTH = "both"


class State(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("e-mail", "waiting")
    SENDING = "sending", pgettext_lazy("e-mail", "not known whether it was sent")
    SENT = "sent", pgettext_lazy("e-mail", "sent")
    FAILED = "failed", pgettext_lazy("e-mail", "failed")


class Problem(models.TextChoices):
    ADDRESS = "address", _("The mail server refused the address.")
    REFUSED = "refused", _("The mail server refused the e-mail.")
    UNREACHABLE = "unreachable", _("The mail server could not be reached.")
    BROKEN_OFF = "broken_off", _("The connection broke off while it was being sent.")
    RECEIVER = "receiver", _("The person no longer has an account here, or works for the other side.")
    UNWRITABLE = "unwritable", _("The e-mail could not be written: its address or subject is not valid.")
    RIGHT = "right", _("The person may no longer read what it holds.")
    UNWANTED = "unwanted", _("It is no longer sent to this person, or no longer sent at all.")
    FILE_GONE = "file_gone", _("Its file is no longer kept. What it held can be opened in these pages.")


class Kind(models.TextChoices):
    REMINDER = "reminder", pgettext_lazy("e-mail", "reminder")
    UPDATE_REQUEST = "update_request", _("request for a progress update")
    SAVED_REPORT = "saved_report", _("saved report")


class MailQuerySet(models.QuerySet):
    """Changes of state, each one conditional UPDATE: of two processes only one succeeds."""

    def claim(self, key: int) -> bool:
        """Take a waiting mail for sending; return whether it is this process that sends it."""
        waiting = self.filter(pk=key, state=State.WAITING)
        now = timezone.now()
        return bool(waiting.update(state=State.SENDING, attempts=F("attempts") + 1, tried_at=now))

    def take_back(self, key: int) -> bool:
        """Take a waiting mail out of the outbox for good; return whether it was still there to take."""
        taken = self.claim(key)
        if taken:
            self.get(pk=key).delete()
        return taken

    def settle(self, key: int, **columns) -> None:
        """Note how the sending of a claimed mail ended."""
        self.filter(pk=key, state=State.SENDING).update(**columns)

    def again(self) -> int:
        """Make mails wait once more: those that failed, and those broken off; return how many."""
        return self.filter(self.model.failed_or_broken_off()).update(
            state=State.WAITING, problem="", error="", tried_at=None
        )

    def seen_by(self, user) -> models.QuerySet:
        """Return the mails that `user` may see: those of both sides and of their own."""
        return self if user.side == BOTH else self.filter(side__in=["", user.side])


class Mail(models.Model):
    """One e-mail to one address. `kind` and `key` say what makes a second one a duplicate."""

    to = models.EmailField(pgettext_lazy("e-mail", "to"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("person"),
    )
    subject = models.CharField(pgettext_lazy("e-mail", "subject"), max_length=300)
    body = models.TextField(pgettext_lazy("e-mail", "text"))
    kind = models.CharField(pgettext_lazy("e-mail", "kind"), max_length=30, choices=Kind)
    key = models.CharField(max_length=200, editable=False)
    # The side whose staff see it; empty: both; "both": only those who work for both.
    side = models.CharField(max_length=9, blank=True, default="")
    made_at = models.DateTimeField(pgettext_lazy("e-mail", "written"), default=timezone.now)
    state = models.CharField(
        pgettext_lazy("e-mail", "state"), max_length=7, choices=State, default=State.WAITING
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    tried_at = models.DateTimeField(_("last attempt"), null=True, blank=True)
    problem = models.CharField(
        pgettext_lazy("e-mail", "problem"), max_length=11, choices=Problem, blank=True, default=""
    )
    # What the server said, in its own words.
    error = models.CharField(_("answer of the mail server"), max_length=300, blank=True, default="")
    sent_at = models.DateTimeField(pgettext_lazy("e-mail", "sent at"), null=True, blank=True)

    objects = MailQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        unique_together = [("kind", "key")]
        indexes = [models.Index(fields=["state"], name="outbox_mail_state")]
        # To change one is to send it again; nothing else of it is ever changed.
        default_permissions = ("view", "change")
        verbose_name = _("e-mail")
        verbose_name_plural = _("e-mails")

    def __str__(self):
        return self.subject

    @classmethod
    def put(
        cls, *, kind: str, key: str, to: str, subject: str, body: str, side="", user=None, file=None
    ) -> "Mail | None":
        """Put a mail into the outbox; return None where one of this kind and key was put before.

        `file` is the name (ASCII) and the bytes of what goes with it, no larger than `files.largest()`.
        """
        columns = {"to": to, "subject": " ".join(subject.split())[:300], "body": body}
        with transaction.atomic():
            mail, made = cls.objects.get_or_create(
                kind=kind, key=key, defaults=columns | {"side": side, "user": user}
            )
            if made and file:
                name, content = file
                MailFile.objects.create(mail=mail, name=name, size=len(content), content=content)
        return mail if made else None

    @property
    def may_be_received(self) -> bool:
        """Return whether the person that it was written for is still here and of its side."""
        person = self.user
        return person is None or (person.is_active and (self.side == "" or person.side in (self.side, BOTH)))

    @classmethod
    def failed_or_broken_off(cls) -> Q:
        """Return the condition on mails that wait for somebody to decide."""
        begun = timezone.now() - BROKEN_OFF
        return Q(state=State.FAILED) | Q(state=State.SENDING, tried_at__lt=begun)
