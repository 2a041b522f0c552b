"""What becomes of a follow-up action over time: the notes written on it, and the reminders sent of it."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Side
from meetings.proceedings import Action
from meetings.rows import own_side_has_owner
from publishing.authorship import acting_user, writing_moment
from publishing.models import Row, person_link
from publishing.sides import Visibility

# A note is never public.
NOTE_VISIBILITY = [(one.value, one.label) for one in (Visibility.BOTH_SIDES, Visibility.OWN_SIDE)]


class ActionNote(Row):
    """What somebody wrote on an action, on a day: added, never changed."""

    RECORD = "action"

    action = models.ForeignKey(
        Action, models.CASCADE, related_name="follow_up", verbose_name=_("follow-up action")
    )
    text = models.TextField(pgettext_lazy("of an action", "note"))
    visibility = models.CharField(
        _("visibility"), max_length=10, choices=NOTE_VISIBILITY, default=Visibility.BOTH_SIDES
    )
    owner_side = models.CharField(
        pgettext_lazy("of a paper", "owner side"), max_length=9, choices=Side, blank=True
    )
    written_by = person_link(pgettext_lazy("note", "written by"))
    written_at = models.DateTimeField(pgettext_lazy("note", "written at"), blank=True, editable=False)

    class Meta:
        ordering = ["-written_at", "-pk"]
        verbose_name = _("note on a follow-up action")
        verbose_name_plural = _("notes on follow-up actions")
        constraints = [own_side_has_owner("meetings_actionnote_own_side_has_owner")]

    def __str__(self):
        return f"{self.action}: {self.text[:60]}"

    @property
    def record(self):
        return self.action.meeting

    def before_save(self):
        """Sign a new note. Raises ValidationError for one that is on record."""
        super().before_save()
        if self.stored:
            raise ValidationError(_("A note is never changed. Write another one."))
        if self.written_at is None:
            self.written_at, self.written_by = writing_moment(), acting_user()

    def after_save(self):
        """Leave the meeting as it is: a note is no change of it, and unsays no confirmation of its texts."""

    def after_delete(self):
        """Leave the meeting as it is, as on saving."""

    def may_be_deleted_by(self, user) -> bool:
        """Return whether a person may delete it: who wrote it on the same day, or a manager."""
        if not user.has_perm("meetings.delete_actionnote"):
            return False
        is_own = self.written_by_id == user.pk and localdate(self.written_at) == localdate()
        return is_own or user.has_perm("meetings.publish_meeting")


class ReminderSent(models.Model):
    """That a person was reminded of an action at a step before a due day; no step is sent twice."""

    action = models.ForeignKey(Action, models.CASCADE, related_name="reminders")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    due_on = models.DateField()
    # Days before the due day; after it minus the number of months.
    step = models.SmallIntegerField()
    day = models.DateField()

    class Meta:
        unique_together = [("action", "user", "due_on", "step")]
        default_permissions = ()
