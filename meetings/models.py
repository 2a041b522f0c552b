"""Meetings of the Committee and other occasions, and who was there."""

import datetime

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Side
from initiative.dates import PartiallyDated, known_by, precision_field
from initiative.models import Citation
from listing.models import Searchable
from meetings.minutes.numbering import refuse_another_code
from meetings.ordinals import meeting_name
from meetings.rows import MeetingRow
from organisations.models import Organisation, Person
from publishing.bilingual import Bilingual, LocalText, page_suffix
from publishing.gaps import Gap, has_rows
from publishing.models import FormerAddress, Publishable, PublishableQuerySet, person_link


class MeetingQuerySet(PublishableQuerySet):
    def counted(self, published=True, on: datetime.date | None = None):
        """Return what totals count: meetings of the Committee that were held, `on`: up to and with that day."""
        rows = self.standing(published).filter(kind=Meeting.Kind.JIC, phase=Meeting.Phase.HELD)
        return rows.filter(known_by("starts_on", on)) if on else rows


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
    objects = MeetingQuerySet.as_manager()

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


# Models of this app in modules of their own: Django finds models here alone. In the order of their links, in
# which what was deleted with a meeting is brought back.
from meetings.proceedings import Action, AgendaItem, Decision, Paper, paper_path  # noqa: E402, F401, I001
from meetings.announced import AnnouncedFigure, FigureCitation  # noqa: E402, F401
from meetings.actions.notes import ActionNote, ReminderSent  # noqa: E402, F401
from meetings.minutes.models import Minutes  # noqa: E402, F401
