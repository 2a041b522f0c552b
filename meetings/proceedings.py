"""The proceedings of a meeting: agenda items, papers, decisions and follow-up actions."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Side
from meetings.minutes.freezing import refuse_hiding
from meetings.rows import MinutedRow, NumberedRow, meeting_link, number_field, own_side_has_owner
from organisations.models import Organisation
from publishing.authorship import writing_moment
from publishing.bilingual import Bilingual, LocalText, page_suffix
from publishing.files import RecordFile, private_path
from publishing.sides import Visibility, own_notes


class AgendaItem(MinutedRow):
    IN_MINUTES = ("position", "title_en", "title_zh", "noted_en", "noted_zh")

    class Kind(models.TextChoices):
        INFORMATION = "information", _("for information")
        DISCUSSION = "discussion", _("for discussion")
        DECISION = "decision", _("for decision")

    meeting = meeting_link("agenda_items")
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    kind = models.CharField(_("kind"), max_length=11, choices=Kind, blank=True)
    title_en = models.CharField(_("title (English)"), max_length=300, blank=True)
    title_zh = models.CharField(_("title (Chinese)"), max_length=300, blank=True)
    presenter = models.CharField(_("presenter"), max_length=200, blank=True)
    presenter_zh = models.CharField(
        _("presenter (Chinese)"), max_length=200, blank=True, default="", db_default=""
    )
    noted_en = models.TextField(_("noted (English)"), blank=True)
    noted_zh = models.TextField(_("noted (Chinese)"), blank=True)
    visibility = models.CharField(
        _("visibility"), max_length=10, choices=Visibility, default=Visibility.BOTH_SIDES
    )
    owner_side = models.CharField(
        pgettext_lazy("of a row", "owner side"), max_length=9, choices=Side, blank=True
    )

    notes_singapore = own_notes(_("notes of the Singapore side"))
    notes_shenzhen = own_notes(_("notes of the Shenzhen side"))

    title = Bilingual("title")
    noted = Bilingual("noted")

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("agenda item")
        verbose_name_plural = _("agenda items")
        constraints = [own_side_has_owner("meetings_agendaitem_own_side_has_owner")]

    def __str__(self):
        return self.title

    @property
    def presented_by(self) -> LocalText:
        """Return the presenter in the page's language, else in the other."""
        return LocalText.pick({"en": self.presenter, "zh": self.presenter_zh}, page_suffix())


# The first migration knows it by this name.
paper_path = private_path


class Paper(RecordFile):
    """A version of a file put before a meeting."""

    RECORD = "meeting"
    RECORD_KEY = "slug"
    meeting = meeting_link("papers")
    agenda_item = models.ForeignKey(
        AgendaItem,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="papers",
        verbose_name=_("agenda item"),
    )

    class Meta(RecordFile.Meta):
        # The side is part of it: that a name is taken would tell of a file that the other side keeps.
        unique_together = [("meeting", "owner_side", "title", "language", "version")]
        verbose_name = pgettext_lazy("of a meeting", "paper")
        verbose_name_plural = pgettext_lazy("of a meeting", "papers")

    def clean(self):
        super().clean()
        if self.agenda_item and self.agenda_item.meeting_id != self.meeting_id:
            raise ValidationError({"agenda_item": _("Choose an agenda item of this meeting.")})
        refuse_hiding(self)

    def before_save(self):
        super().before_save()
        refuse_hiding(self)


class Decision(NumberedRow):
    IN_MINUTES = ("agenda_item_id", "text_en", "text_zh")

    meeting = meeting_link("decisions")
    number = number_field()
    agenda_item = models.ForeignKey(
        AgendaItem,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="decisions",
        verbose_name=_("agenda item"),
    )
    text_en = models.TextField(_("text (English)"), blank=True)
    text_zh = models.TextField(_("text (Chinese)"), blank=True)
    visibility = models.CharField(
        _("visibility"), max_length=10, choices=Visibility, default=Visibility.BOTH_SIDES
    )
    owner_side = models.CharField(
        pgettext_lazy("of a row", "owner side"), max_length=9, choices=Side, blank=True
    )

    text = Bilingual("text")

    class Meta:
        ordering = ["number", "pk"]
        unique_together = [("meeting", "number")]
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        constraints = [own_side_has_owner("meetings_decision_own_side_has_owner")]

    def __str__(self):
        return f"{self.meeting.code}-D{self.number}"


class Action(NumberedRow):
    """A follow-up action, owned by one side, until a date or a meeting."""

    IN_MINUTES = ("agenda_item_id", "text_en", "text_zh")

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("action", "open")
        IN_PROGRESS = "in_progress", pgettext_lazy("action", "in progress")
        DONE = "done", pgettext_lazy("action", "done")
        DROPPED = "dropped", pgettext_lazy("action", "dropped")

    CLOSED = (State.DONE, State.DROPPED)

    meeting = meeting_link("actions")
    number = number_field()
    agenda_item = models.ForeignKey(
        AgendaItem,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="actions",
        verbose_name=_("agenda item"),
    )
    text_en = models.TextField(_("text (English)"), blank=True)
    text_zh = models.TextField(_("text (Chinese)"), blank=True)
    owner_side = models.CharField(_("owner side"), max_length=9, choices=Side)
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="actions",
        verbose_name=_("owner organisation"),
    )
    due_on = models.DateField(_("due date"), null=True, blank=True)
    due_meeting = models.ForeignKey(
        "meetings.Meeting",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="actions_due",
        verbose_name=_("due at the meeting"),
    )
    state = models.CharField(_("state"), max_length=11, choices=State, default=State.OPEN)
    closed_on = models.DateField(
        pgettext_lazy("action", "closed on"),
        null=True,
        blank=True,
        help_text=_("Empty: the day on which the state becomes “done” or “dropped”."),
    )
    closing_note = models.TextField(_("closing note"), blank=True)
    visibility = models.CharField(
        _("visibility"), max_length=10, choices=Visibility, default=Visibility.BOTH_SIDES
    )

    text = Bilingual("text")

    class Meta:
        ordering = ["number", "pk"]
        unique_together = [("meeting", "number")]
        verbose_name = _("follow-up action")
        verbose_name_plural = _("follow-up actions")

    def __str__(self):
        return f"{self.meeting.code}-A{self.number}"

    @property
    def is_closed(self) -> bool:
        return self.state in self.CLOSED

    def before_save(self):
        super().before_save()
        was_closed = self.stored.get("state") in self.CLOSED
        if not self.is_closed:
            self.closed_on = None
        elif self.closed_on is None and not was_closed:
            self.closed_on = localdate(writing_moment())
