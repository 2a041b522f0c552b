"""Who is sent a saved report by e-mail: since when, who took themselves off, and whom it no longer reaches."""

import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.models import User
from outbox.models import Mail, State
from reports.managers.frame import READ, may_read

# E-mails in a row that did not arrive, or only said that the report cannot be made.
MOST_FAILURES = 5


def readers() -> models.QuerySet:
    """Return the staff with an address who may read reports."""
    found = User.objects.with_perm(READ).filter(is_active=True, is_staff=True)
    return found.exclude(email="").order_by("side", "username")


def may_be_sent(user, saved) -> bool:
    """Return whether a person may be sent a saved report: reads reports, knows of this one, has an address."""
    return bool(user.email) and saved.is_seen_by(user) and may_read(user)


class RecipientQuerySet(models.QuerySet):
    def wanting(self) -> models.QuerySet:
        """Return those who have not taken themselves off."""
        return self.filter(left_on=None)

    def stopped(self) -> models.QuerySet:
        """Return those whom so many e-mails in a row did not reach that no more are sent."""
        return self.wanting().filter(failures__gte=MOST_FAILURES - 1).filter(self.model.last_failed())

    def going(self) -> models.QuerySet:
        """Return those to whom it is sent."""
        return self.wanting().exclude(pk__in=self.stopped().values("pk"))


class Recipient(models.Model):
    """One person who is sent one saved report."""

    saved = models.ForeignKey("reports.SavedReport", models.CASCADE, related_name="recipients")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=gettext_lazy("person")
    )
    # No day of the schedule before this one is made up for.
    since = models.DateField()
    # Set by the person alone: who saved the report cannot add them again.
    left_on = models.DateField(pgettext_lazy("recipient", "taken off on"), null=True, blank=True)
    # The latest e-mail, and whether it only said that the report cannot be made.
    mail = models.ForeignKey(Mail, models.SET_NULL, null=True, related_name="+")
    is_faulty = models.BooleanField(default=False)
    # How many e-mails failed in a row before the latest one.
    failures = models.PositiveSmallIntegerField(default=0)

    objects = RecipientQuerySet.as_manager()

    class Meta:
        unique_together = [("saved", "user")]
        default_permissions = ()
        verbose_name = gettext_lazy("recipient")
        verbose_name_plural = gettext_lazy("recipients")

    def __str__(self):
        return self.user.get_full_name() or self.user.username

    @classmethod
    def last_failed(cls) -> Q:
        """Return the condition that the latest e-mail failed, as its state is now."""
        return Q(is_faulty=True) | Q(mail__in=Mail.objects.filter(Mail.failed_or_broken_off()))

    def was_sent(self, mail: Mail, is_faulty: bool) -> None:
        """Note a new e-mail; the one before it counts as failed, as arrived, or as neither if it waits."""
        before = type(self).objects.filter(pk=self.pk)
        if before.filter(self.last_failed()).exists():
            self.failures += 1
        elif before.filter(mail__state=State.SENT).exists():
            self.failures = 0
        if self.mail_id:
            # A later one takes its place: nobody wants five at once when the mail server is back.
            Mail.objects.take_back(self.mail_id)
        self.mail, self.is_faulty = mail, is_faulty
        self.save(update_fields=["mail", "is_faulty", "failures"])

    def leave(self, day: datetime.date) -> None:
        """Take the person off, at their own wish."""
        self.left_on = day
        self.save(update_fields=["left_on"])

    def take_up(self, day: datetime.date) -> None:
        """Send to the person again, from `day` on."""
        self.since, self.left_on, self.mail, self.is_faulty, self.failures = day, None, None, False, 0
        self.save()
