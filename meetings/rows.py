"""What the rows of a meeting share: whom they belong to, their numbers, what agreed minutes hold fast."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from meetings.minutes.freezing import frozen_refusal, refuse_deletion
from meetings.minutes.numbering import next_number, refuse_renumbering, refuse_reuse
from publishing.models import Row
from publishing.sides import Visibility


class MeetingRow(Row):
    RECORD = "meeting"

    class Meta:
        abstract = True


def meeting_link(related_name: str) -> models.ForeignKey:
    """Return the column that leads to the meeting."""
    return models.ForeignKey(
        "meetings.Meeting", models.CASCADE, verbose_name=_("meeting"), related_name=related_name
    )


def own_side_has_owner(name: str) -> models.CheckConstraint:
    """Return the rule that a row kept by one side says by which; without it nobody would see the row."""
    return models.CheckConstraint(
        condition=~Q(visibility=Visibility.OWN_SIDE) | ~Q(owner_side=""),
        name=name,
        violation_error_message=_("Say which side keeps it to itself."),
    )


class MinutedRow(MeetingRow):
    """A row whose texts the minutes hold: once both sides have agreed them, they do not change."""

    # The columns that the minutes print of the row itself.
    IN_MINUTES: tuple[str, ...] = ()

    class Meta:
        abstract = True

    def on_record(self) -> dict:
        """Return the columns as the database holds them; {} of a new row."""
        return (self.pk and type(self)._base_manager.filter(pk=self.pk).values().first()) or {}

    def clean(self):
        super().clean()
        if self.meeting_id and (words := frozen_refusal(self, self.on_record())):
            raise ValidationError(words)

    def before_save(self):
        super().before_save()
        if words := frozen_refusal(self, self.stored):
            raise ValidationError(words)

    def before_delete(self, origin):
        super().before_delete(origin)
        refuse_deletion(self, origin)


class NumberedRow(MinutedRow):
    """A decision or an action: its number within the meeting is given once, by the program where left empty."""

    class Meta:
        abstract = True

    def clean(self):
        super().clean()
        stored = self.on_record()
        if self.number is not None and self.meeting_id:
            refuse_renumbering(self, stored)
            refuse_reuse(self, stored)
        item = self.agenda_item
        # What was so before stays so: the officer who sees it may not see the item.
        if item and item.meeting_id != self.meeting_id and item.pk != stored.get("agenda_item_id"):
            raise ValidationError({"agenda_item": _("Choose an agenda item of this meeting.")})

    def before_save(self):
        super().before_save()
        if self.number is None:
            self.number = self.stored.get("number") or next_number(self)
        refuse_renumbering(self, self.stored)
        refuse_reuse(self, self.stored)


def number_field() -> models.PositiveSmallIntegerField:
    """Return the column of the number that is given within a meeting."""
    return models.PositiveSmallIntegerField(
        _("number"), blank=True, help_text=_("Empty: the next one. Never changed, never used again.")
    )
