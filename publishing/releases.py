"""A release: the hour at which records that were approved beforehand go public together, or not at all."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from publishing.bilingual import Bilingual


class Release(models.Model):
    """What goes public at one moment, for the sake of one record, `about`: a meeting.

    The records of a release name it (`Publishable.release`). `at` is kept in UTC and shown in UTC+8.
    """

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("release", "waiting")
        RELEASED = "released", pgettext_lazy("release", "released")
        FAILED = "failed", pgettext_lazy("release", "failed")
        CALLED_OFF = "called_off", pgettext_lazy("release", "called off")

    # A release that did not happen may be given another hour, with what is approved in it.
    OPEN = (State.WAITING, State.FAILED)

    kind = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    record_id = models.PositiveBigIntegerField()
    about = GenericForeignKey("kind", "record_id")
    at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    released_at = models.DateTimeField(null=True)
    # Why nothing went public, a line each, as it was said to who reads either language.
    problems_en = models.TextField(blank=True)
    problems_zh = models.TextField(blank=True)

    problems = Bilingual("problems")

    class Meta:
        default_permissions = ()
        ordering = ["at", "pk"]
        verbose_name = pgettext_lazy("of records", "release")
        verbose_name_plural = pgettext_lazy("of records", "releases")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "record_id"],
                condition=Q(state__in=["waiting", "failed"]),
                name="publishing_release_one_open",
            )
        ]

    def __str__(self):
        return _("%(moment)s (UTC+8)") % {"moment": date_format(localtime(self.at), "DATETIME_FORMAT")}

    @property
    def is_waiting(self) -> bool:
        return self.state == self.State.WAITING

    @classmethod
    def of(cls, about: models.Model) -> models.QuerySet:
        """Return the releases for the sake of a record, the newest first."""
        kind = ContentType.objects.get_for_model(about)
        return cls.objects.filter(kind=kind, record_id=about.pk).order_by("-pk")


def in_release() -> models.ForeignKey:
    """Return the column of a record that names the release with which it goes public."""
    return models.ForeignKey(
        "publishing.Release",
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=pgettext_lazy("of records", "release"),
    )
