"""Reports that somebody saved: a report with its filters under a name, who sees it, and when it is sent."""

import datetime

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from accounts.models import Side, User
from reports.inquiries.models import Inquiry  # noqa: F401  a model of this app, in a room of its own
from reports.schedules import Every, Weekday, latest, schedule_words

# Longer than any view that the pages can make; what is longer was made by hand.
LONGEST_QUERY = 2000


class Audience(models.TextChoices):
    ME = "me", pgettext_lazy("saved report", "only me")
    SIDE = "side", pgettext_lazy("saved report", "my side")
    BOTH = "both", pgettext_lazy("saved report", "both sides")


class Format(models.TextChoices):
    CSV = "csv", "CSV"
    EXCEL = "xlsx", gettext_lazy("Excel")


class SavedReportQuerySet(models.QuerySet):
    def seen_by(self, user) -> models.QuerySet:
        """Return what `user` may know of: their own, what their side shares, and what both sides share."""
        theirs = Q(audience=Audience.SIDE)
        if user.side != User.BOTH:
            theirs &= Q(side=user.side)
        return self.filter(Q(audience=Audience.BOTH) | theirs | Q(audience=Audience.ME, owner=user))


class SavedReport(models.Model):
    """A report with its filters under a name. What it holds is decided by who reads it."""

    name = models.CharField(pgettext_lazy("saved report", "name"), max_length=200)
    report = models.SlugField(pgettext_lazy("saved report", "report"), max_length=40)
    query = models.TextField(
        pgettext_lazy("saved report", "filters"), blank=True, validators=[MaxLengthValidator(LONGEST_QUERY)]
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="saved_reports",
        verbose_name=pgettext_lazy("saved report", "saved by"),
    )
    # The side that shares it: the owner's when it was saved; empty of somebody who works for both.
    side = models.CharField(
        gettext_lazy("side"), max_length=9, choices=Side, blank=True, default="", db_default=""
    )
    audience = models.CharField(
        pgettext_lazy("saved report", "who sees it"),
        max_length=4,
        choices=Audience,
        default=Audience.ME,
        db_default=Audience.ME,
    )
    every = models.CharField(
        pgettext_lazy("saved report", "sent by e-mail"),
        max_length=5,
        choices=Every,
        blank=True,
        default="",
        db_default="",
    )
    weekday = models.PositiveSmallIntegerField(
        pgettext_lazy("saved report", "weekday, if sent every week"), choices=Weekday, default=0, db_default=0
    )
    day_of_month = models.PositiveSmallIntegerField(
        pgettext_lazy("saved report", "day, if sent every month"), default=1, db_default=1
    )
    format = models.CharField(
        pgettext_lazy("saved report", "file"),
        max_length=4,
        choices=Format,
        default=Format.EXCEL,
        db_default=Format.EXCEL,
    )
    # The day on which the schedule was last changed: no day before it is made up for.
    since = models.DateField(null=True, editable=False)
    made_at = models.DateTimeField(pgettext_lazy("saved report", "saved at"), auto_now_add=True)

    objects = SavedReportQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        unique_together = [("owner", "name")]
        verbose_name = gettext_lazy("saved report")
        verbose_name_plural = gettext_lazy("saved reports")

    def __str__(self):
        return self.name

    @property
    def schedule(self) -> str:
        """Return the schedule in words."""
        return schedule_words(self.every, self.weekday, self.day_of_month)

    @property
    def seen_words(self) -> str:
        """Return who sees it, as anybody reads it who does: the side by its name."""
        if self.audience == Audience.SIDE and self.side:
            return _("%(side)s side") % {"side": self.get_side_display()}
        alone = pgettext("saved report", "only who saved it")
        return alone if self.audience == Audience.ME else pgettext("saved report", "both sides")

    def is_seen_by(self, user) -> bool:
        """Return whether `user` may know of it: what `seen_by` says, of one."""
        if self.audience == Audience.ME:
            return self.owner_id == user.pk
        return self.audience == Audience.BOTH or user.side in (self.side, User.BOTH)

    def latest_day(self, today: datetime.date) -> datetime.date | None:
        """Return the latest day on which it is to be sent, None if there is none since the schedule was set."""
        day = latest(self.every, self.weekday, self.day_of_month, today)
        return day if day and self.since and day >= self.since else None


from reports.saved.recipients import Recipient  # noqa: E402, F401
