"""Meetings of the Committee and other occasions, who was there, what was said and announced."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Side
from initiative.dates import PartiallyDated, precision_field
from initiative.models import Citation, Track
from listing.models import Searchable
from meetings.minutes.freezing import frozen_refusal, refuse_deletion, refuse_hiding
from meetings.minutes.numbering import next_number, refuse_another_code, refuse_renumbering, refuse_reuse
from meetings.ordinals import meeting_name
from organisations.models import Organisation, Person
from publishing.authorship import writing_moment
from publishing.bilingual import Bilingual, LocalText, page_suffix
from publishing.files import RecordFile, private_path
from publishing.gaps import Gap, has_rows
from publishing.models import FormerAddress, Publishable, Row, person_link
from publishing.sides import Visibility


class Meeting(Publishable, PartiallyDated, Searchable):
    class Kind(models.TextChoices):
        JIC = "jic", _("JIC meeting")
        OFFICIALS = "officials", _("officials' meeting")
        OTHER = "other", _("other occasion")

    class Format(models.TextChoices):
        IN_PERSON = "in_person", _("in person")
        VIRTUAL = "virtual", _("virtual")
        HYBRID = "hybrid", _("hybrid")

    class Phase(models.TextChoices):
        PLANNED = "planned", _("planned")
        HELD = "held", _("held")
        POSTPONED = "postponed", _("postponed")
        CANCELLED = "cancelled", _("cancelled")

    KIND = "C"
    ALSO_NAMED = ("known_as",)
    LAST_DAY_OF = ("ends_on",)

    kind = models.CharField(_("kind"), max_length=9, choices=Kind, default=Kind.JIC)
    number = models.PositiveSmallIntegerField(
        pgettext_lazy("of a meeting", "number"),
        null=True,
        blank=True,
        unique=True,
        validators=[MinValueValidator(1), MaxValueValidator(999)],
        help_text=_("Of JIC meetings only: 4 is the fourth."),
    )
    title_en = models.CharField(
        _("title (English)"),
        max_length=300,
        blank=True,
        help_text=_("JIC meetings take theirs from the number."),
    )
    title_zh = models.CharField(_("title (Chinese)"), max_length=300, blank=True)
    slug = models.SlugField(
        _("address"),
        max_length=120,
        unique=True,
        blank=True,
        help_text=_("Made from the number or the date."),
    )
    starts_on = models.DateField(_("held on"), null=True, blank=True)
    starts_on_precision = precision_field()
    ends_on = models.DateField(_("last day"), null=True, blank=True, help_text=_("If it lasted several days."))
    ends_on_precision = precision_field()
    announced_on = models.DateField(_("results announced on"), null=True, blank=True)
    announced_on_precision = precision_field()
    format = models.CharField(_("format"), max_length=9, choices=Format, blank=True)
    host_side = models.CharField(_("host side"), max_length=9, choices=Side, blank=True)
    city_en = models.CharField(_("city (English)"), max_length=100, blank=True)
    city_zh = models.CharField(_("city (Chinese)"), max_length=100, blank=True)
    venue_en = models.CharField(_("venue (English)"), max_length=200, blank=True)
    venue_zh = models.CharField(_("venue (Chinese)"), max_length=200, blank=True)
    phase = models.CharField(
        _("phase"),
        max_length=9,
        choices=Phase,
        default=Phase.PLANNED,
        help_text=_("Who attends is shown to the public only of a meeting that has been held."),
    )
    outcome_en = models.TextField(_("outcome (English)"), blank=True, help_text=_("What the public reads."))
    outcome_zh = models.TextField(_("outcome (Chinese)"), blank=True)
    agenda_final_at = models.DateTimeField(_("agenda made final"), null=True, editable=False)
    agenda_final_by = person_link(_("agenda made final by"))

    city = Bilingual("city")
    venue = Bilingual("venue")
    outcome = Bilingual("outcome")

    class Meta(Publishable.Meta):
        ordering = ["-starts_on", "-pk"]
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        constraints = [
            *Publishable.Meta.constraints,
            models.CheckConstraint(
                condition=Q(kind="jic", number__isnull=False) | (~Q(kind="jic") & Q(number__isnull=True)),
                name="meetings_meeting_number_for_jic_only",
                violation_error_message=_("A JIC meeting needs its number; other meetings have none."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True)
                | Q(starts_on__isnull=True)
                | Q(ends_on__gte=models.F("starts_on")),
                name="meetings_meeting_ends_after_start",
                violation_error_message=_("The end date is before the start date."),
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def title(self) -> LocalText:
        """Return the meeting's name: computed from the number for JIC meetings, else as entered."""
        texts = {suffix: self.title_in(suffix) for suffix in ("en", "zh")}
        return LocalText.pick(texts, page_suffix())

    def title_in(self, suffix: str) -> str:
        return meeting_name(self.number, suffix) if self.number else getattr(self, f"title_{suffix}")

    @property
    def title_in_sentence(self) -> str:
        """Return the title as it stands inside an English sentence: "the fourth JIC meeting"."""
        title = str(self.title)
        return title[:1].lower() + title[1:] if self.number else title

    @property
    def code(self) -> str:
        """Return the short code of a JIC meeting, JIC4, else the reference."""
        return f"JIC{self.number}" if self.number else self.reference

    @property
    def known_as(self) -> str:
        """Return what sheets may call the meeting, a line each: JIC4, Fourth JIC meeting, its Chinese name."""
        return "\n".join(filter(None, [self.code, self.title_in("en"), self.title_in("zh")]))

    def get_absolute_url(self):
        return reverse("meetings:detail", args=[self.slug])

    def search_texts(self):
        return [
            self.title_in("en"),
            self.title_in("zh"),
            f"JIC{self.number}" if self.number else "",
            self.city_en,
            self.city_zh,
            self.venue_en,
            self.venue_zh,
        ]

    def sort_texts(self):
        return self.title_in("en"), self.title_in("zh")

    def clean(self):
        super().clean()
        refuse_another_code(self, type(self)._base_manager.filter(pk=self.pk).values("number").first() or {})
        if self.kind != self.Kind.JIC and not (self.title_en or self.title_zh):
            raise ValidationError({"title_en": _("Enter a title in at least one language.")})
        if self.slug and FormerAddress.is_taken(self, self.slug):
            raise ValidationError({"slug": _("Another meeting once had this address.")})

    def before_save(self):
        super().before_save()
        refuse_another_code(self, self.stored)
        if not self.slug:
            date = self.starts_on.isoformat() if self.starts_on else ""
            self.slug = str(self.number or date or self.reference.lower())
            if type(self)._base_manager.filter(slug=self.slug).exclude(pk=self.pk).exists():
                self.slug = f"{self.slug}-{self.reference.lower()}"
        before = self.stored.get("slug")
        if before and before != self.slug:
            FormerAddress.keep(self, before)

    @classmethod
    def gaps(cls):
        return (
            *super().gaps(),
            Gap(
                "figure_uncited",
                _("Announced figure without a source"),
                cls.uncited_figures,
                has_rows(cls, "figures", citations=None),
            ),
            Gap(
                "no_date",
                _("No date"),
                _("No date: pages say that none is on record here."),
                Q(starts_on=None),
                blocks=False,
            ),
            Gap(
                "outcome_language",
                _("Outcome in one language only"),
                _("The outcome is in one language only."),
                (Q(outcome_en="") & ~Q(outcome_zh="")) | (Q(outcome_zh="") & ~Q(outcome_en="")),
                blocks=False,
            ),
        )

    def uncited_figures(self) -> list[str]:
        """Return a sentence for each announced figure that cites no source."""
        words = gettext("The announced figure “%(figure)s” cites no source.")
        return [words % {"figure": figure} for figure in self.figures.filter(citations=None)]


class MeetingCitation(Citation):
    RECORD = "meeting"
    meeting = models.ForeignKey(Meeting, models.CASCADE, verbose_name=_("meeting"), related_name="citations")


class MeetingRow(Row):
    RECORD = "meeting"

    class Meta:
        abstract = True


class Attendance(MeetingRow):
    """A person, or whom a source describes without a name, at a meeting, with the post held on the day."""

    class Role(models.TextChoices):
        CO_CHAIR = "co_chair", _("co-chair")
        HEAD = "head", _("head of delegation")
        MEMBER = "member", _("delegation member")
        MODERATOR = "moderator", _("moderator")
        OBSERVER = "observer", _("observer")
        IN_ATTENDANCE = "in_attendance", _("in attendance")

    AS_PRINTED = ("words",)
    # Who is to come is known to staff alone.
    PUBLIC_WHILE = {"phase": Meeting.Phase.HELD}

    meeting = models.ForeignKey(Meeting, models.CASCADE, verbose_name=_("meeting"), related_name="attendances")
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="attendances", verbose_name=_("person")
    )
    words_en = models.CharField(
        _("words as printed (English)"), max_length=300, blank=True, help_text=_("Where no name is printed.")
    )
    words_zh = models.CharField(_("words as printed (Chinese)"), max_length=300, blank=True)
    side = models.CharField(_("side"), max_length=9, choices=Side)
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="attendances",
        verbose_name=_("organisation"),
    )
    post_en = models.CharField(_("post on the day (English)"), max_length=300, blank=True)
    post_zh = models.CharField(_("post on the day (Chinese)"), max_length=300, blank=True)
    role = models.CharField(_("role"), max_length=13, choices=Role, blank=True)
    position = models.PositiveSmallIntegerField(_("protocol order"), default=0)

    words = Bilingual("words")
    post = Bilingual("post")

    class Meta:
        ordering = ["position", "pk"]
        unique_together = [("meeting", "person", "role")]
        verbose_name = _("attendance")
        verbose_name_plural = _("attendance")
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False) | ~Q(words_en="") | ~Q(words_zh=""),
                name="meetings_attendance_names_somebody",
                violation_error_message=_("Choose a person, or give the words as printed."),
            )
        ]

    def __str__(self):
        return str(self.shown_name)

    @property
    def shown_name(self) -> str:
        """Return the name, or the post where the name is suppressed, or the printed words."""
        if self.person is None:
            return self.words
        return self.post if self.person.suppressed else self.person.name


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
        if self.number is not None:
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


class AgendaItem(MinutedRow):
    IN_MINUTES = ("position", "title_en", "title_zh", "noted_en", "noted_zh")

    class Kind(models.TextChoices):
        INFORMATION = "information", _("for information")
        DISCUSSION = "discussion", _("for discussion")
        DECISION = "decision", _("for decision")

    meeting = models.ForeignKey(Meeting, models.CASCADE, verbose_name=_("meeting"), related_name="agenda_items")
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

    notes_singapore = models.TextField(
        _("notes of the Singapore side"),
        blank=True,
        default="",
        db_default="",
        help_text=_("The other side never sees it."),
    )
    notes_shenzhen = models.TextField(
        _("notes of the Shenzhen side"),
        blank=True,
        default="",
        db_default="",
        help_text=_("The other side never sees it."),
    )

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
    meeting = models.ForeignKey(Meeting, models.CASCADE, verbose_name=_("meeting"), related_name="papers")
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

    meeting = models.ForeignKey(Meeting, models.CASCADE, verbose_name=_("meeting"), related_name="decisions")
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

    meeting = models.ForeignKey(Meeting, models.CASCADE, verbose_name=_("meeting"), related_name="actions")
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
        Meeting,
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
        return self.state in (self.State.DONE, self.State.DROPPED)

    def before_save(self):
        super().before_save()
        was_closed = self.stored.get("state") in (self.State.DONE, self.State.DROPPED)
        if not self.is_closed:
            self.closed_on = None
        elif self.closed_on is None and not was_closed:
            self.closed_on = localdate(writing_moment())


class AnnouncedFigure(MeetingRow):
    """A number somebody announced, with its sources. A number we worked out is never one."""

    class Measure(models.TextChoices):
        MOUS = "mous", _("MOUs signed")
        PROJECTS = "projects", _("projects launched")
        AGREEMENTS = "agreements", _("agreements of companies to operate in the Zone")

    class Scope(models.TextChoices):
        MEETING = "meeting", _("this meeting")
        CUMULATIVE = "cumulative", _("to date")

    meeting = models.ForeignKey(Meeting, models.CASCADE, verbose_name=_("meeting"), related_name="figures")
    measure = models.CharField(_("measure"), max_length=10, choices=Measure)
    track = models.CharField(_("track"), max_length=7, choices=Track, default=Track.JIC)
    tier = models.CharField(
        _("tier"),
        max_length=8,
        choices=[("flagship", pgettext_lazy("tier", "flagship")), ("key", pgettext_lazy("tier", "key"))],
        blank=True,
        help_text=_("If the figure is of one tier only."),
    )
    scope = models.CharField(_("scope"), max_length=10, choices=Scope, default=Scope.MEETING)
    value = models.PositiveIntegerField(_("value"))
    as_of = models.DateField(_("as of"), null=True, blank=True)
    explanation_en = models.TextField(
        _("explanation of the gap (English)"), blank=True, help_text=_("Public once “published” is ticked.")
    )
    explanation_zh = models.TextField(_("explanation of the gap (Chinese)"), blank=True)
    explanation_published = models.BooleanField(_("explanation published"), default=False)

    explanation = Bilingual("explanation")

    class Meta:
        ordering = ["-scope", "track", "measure", "tier", "pk"]
        unique_together = [("meeting", "measure", "track", "tier", "scope", "value")]
        verbose_name = _("announced figure")
        verbose_name_plural = _("announced figures")

    def __str__(self):
        return gettext("%(label)s: %(values)s") % {"label": self.get_measure_display(), "values": self.value}


class FigureCitation(Citation):
    RECORD = "figure"
    figure = models.ForeignKey(
        AnnouncedFigure, models.CASCADE, related_name="citations", verbose_name=_("announced figure")
    )

    @property
    def record(self):
        return self.figure.meeting


# Models of this app in modules of their own, which need those above: Django finds models here alone.
from meetings.actions.notes import ActionNote, ReminderSent  # noqa: E402, F401
from meetings.minutes.models import Minutes  # noqa: E402, F401
