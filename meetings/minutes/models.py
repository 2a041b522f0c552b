"""The minutes of a meeting: what each side has cleared of them, and the files that both have agreed."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from meetings.models import Meeting
from meetings.rows import MeetingRow
from publishing.models import person_link
from publishing.sides import Visibility


class Minutes(MeetingRow):
    """How far the minutes of one meeting are: circulated, cleared in either language, frozen.

    A clearing keeps the content that was cleared (`minutes_content.content`) and its digest: it lapses when
    the record says something else. `files` tells of every agreed file: {"version", "language", "format",
    "paper" (its key), "sha256"}; reopening leaves them. None of it is public.
    """

    meeting = models.OneToOneField(Meeting, models.CASCADE, verbose_name=_("meeting"), related_name="minutes")
    circulated_at = models.DateTimeField(pgettext_lazy("minutes", "circulated"), null=True, blank=True)
    circulated_by = person_link(pgettext_lazy("minutes", "circulated by"))
    cleared_en_at = models.DateTimeField(_("English minutes cleared"), null=True, blank=True)
    cleared_en_by = person_link(_("English minutes cleared by"))
    cleared_en_digest = models.CharField(max_length=64, blank=True, editable=False)
    cleared_en_content = models.JSONField(null=True, blank=True, editable=False)
    cleared_zh_at = models.DateTimeField(_("Chinese minutes cleared"), null=True, blank=True)
    cleared_zh_by = person_link(_("Chinese minutes cleared by"))
    cleared_zh_digest = models.CharField(max_length=64, blank=True, editable=False)
    cleared_zh_content = models.JSONField(null=True, blank=True, editable=False)
    frozen_at = models.DateTimeField(pgettext_lazy("minutes", "frozen"), null=True, blank=True)
    version = models.PositiveSmallIntegerField(_("version"), default=0)
    files = models.JSONField(default=list, blank=True, editable=False)
    reopened_at = models.DateTimeField(pgettext_lazy("minutes", "reopened"), null=True, blank=True)
    reopened_by = person_link(pgettext_lazy("minutes", "reopened by"))
    reopening_reason = models.TextField(_("reason for reopening"), blank=True)
    # Always the same: what walks rows for what is public passes the minutes by.
    visibility = models.CharField(
        max_length=10, choices=Visibility, default=Visibility.BOTH_SIDES, editable=False
    )

    class Meta:
        default_permissions = ("view",)
        verbose_name = _("minutes")
        verbose_name_plural = _("minutes")

    def __str__(self):
        return str(self.meeting)

    @property
    def is_frozen(self) -> bool:
        return self.frozen_at is not None

    # Clearing them changes nothing of the meeting that the public reads, nor who wrote it last.

    def after_save(self) -> None:
        pass

    def after_delete(self) -> None:
        pass
