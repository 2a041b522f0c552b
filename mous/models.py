"""Memorandums of understanding, their sources and their files."""

import datetime

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from initiative.dates import PartiallyDated, known_by, precision_field
from initiative.models import Citation, Classified, PartiesKnown, TitleBasis, Track
from listing.models import Searchable
from meetings.models import Decision, Meeting
from mous.chains import DECIDES_THE_DAY, fill_superseded, not_superseded
from mous.courses import refuse_unshared_decision
from mous.deliverables import MOUDeliverable  # noqa: F401  a model of this app, in a file of its own
from mous.links import MOULink, following
from mous.parties import Signatory, Signing  # noqa: F401  likewise
from mous.reminders.models import MOUReminderSent  # noqa: F401  likewise
from mous.states import State, state_expression, state_on
from organisations.models import Organisation
from publishing.bilingual import LANGUAGE_TAGS, Bilingual
from publishing.files import RecordFile
from publishing.gaps import Gap, has_rows, titles_and_summary
from publishing.models import Publishable, PublishableQuerySet


class MOUQuerySet(PublishableQuerySet):
    def with_state(self, day):
        """Annotate `state` as it is on `day`."""
        return self.annotate(state=state_expression(day))

    def signed_at_meetings(self, published=True, on: datetime.date | None = None):
        """Return what was signed at a JIC meeting or on its sidelines, whatever its track, renewals and all."""
        rows = self.standing(published).filter(
            meeting__kind=Meeting.Kind.JIC,
            signed_on__isnull=False,
            occasion__in=[MOU.Occasion.MEETING, MOU.Occasion.SIDELINES],
        )
        return rows.filter(known_by("signed_on", on)) if on else rows

    def counted(self, *tracks: str, published=True, distinct=True, on: datetime.date | None = None):
        """Return what totals count on tracks, by default the Committee's: signed at JIC meetings.

        Published, or all but withdrawn; `distinct`: what renews, amends or replaces a counted MOU is not
        counted again; `on`: signed up to and with that day (docs/data.md, "Counts"). Asked through
        `initiative.counting`.
        """
        rows = self.signed_at_meetings(published, on).filter(track__in=tracks or [Track.JIC])
        if not distinct:
            return rows
        return rows.exclude(pk__in=following(MOU.objects.signed_at_meetings(published, on)))


def organisation_link(verbose_name, related_name) -> models.ForeignKey:
    return models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name=related_name,
        verbose_name=verbose_name,
    )


class MOU(Publishable, Classified, PartiallyDated, Searchable):
    class Instrument(models.TextChoices):
        MOU = "mou", _("memorandum of understanding")
        AGREEMENT = "agreement", _("agreement")
        LETTER = "letter", _("letter of intent")
        OTHER = "other", _("other instrument")

    class Occasion(models.TextChoices):
        MEETING = "at", _("at the meeting")
        SIDELINES = "sidelines", _("on the sidelines of the meeting")
        ELSEWHERE = "elsewhere", _("elsewhere")
        NOT_STATED = "not_stated", _("not stated")

    class TextAccess(models.TextChoices):
        PUBLIC = "public", _("public")
        HELD = "held", _("held by the parties")
        CONFIDENTIAL = "confidential", _("confidential")

    class Course(models.TextChoices):
        KEEP = "keep", pgettext_lazy("of an MOU", "keep")
        RENEW = "renew", pgettext_lazy("of an MOU", "renew")
        LAPSE = "lapse", pgettext_lazy("of an MOU", "let lapse")

    KIND = "M"
    ALSO_NAMED = ("title_en", "title_zh")
    LAST_DAY_OF = ("ends_on", "review_on")
    _history_m2m_fields = ["sectors"]

    title_en = models.CharField(_("title (English)"), max_length=300, blank=True)
    title_zh = models.CharField(_("title (Chinese)"), max_length=300, blank=True)
    title_basis_en = models.CharField(
        _("basis of the title (English)"), max_length=8, choices=TitleBasis, default=TitleBasis.SUPPLIED
    )
    title_basis_zh = models.CharField(
        _("basis of the title (Chinese)"), max_length=8, choices=TitleBasis, default=TitleBasis.SUPPLIED
    )
    instrument = models.CharField(_("instrument"), max_length=9, choices=Instrument, default=Instrument.MOU)
    summary_en = models.TextField(_("summary (English)"), blank=True, help_text=_("Plain, no praise."))
    summary_zh = models.TextField(_("summary (Chinese)"), blank=True)
    meeting = models.ForeignKey(
        Meeting, models.PROTECT, null=True, blank=True, related_name="mous", verbose_name=_("meeting")
    )
    occasion = models.CharField(_("occasion"), max_length=10, choices=Occasion, default=Occasion.NOT_STATED)
    track = models.CharField(_("track"), max_length=7, choices=Track, default=Track.JIC)
    batch = models.PositiveSmallIntegerField(_("signing batch"), null=True, blank=True)
    place_en = models.CharField(_("place of signing (English)"), max_length=200, blank=True)
    place_zh = models.CharField(_("place of signing (Chinese)"), max_length=200, blank=True)
    text_languages = models.CharField(_("languages of the text"), max_length=100, blank=True)
    prevailing_text = models.CharField(_("prevailing text"), max_length=100, blank=True)
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    signed_on_precision = precision_field()
    effective_on = models.DateField(_("effective date"), null=True, blank=True)
    effective_on_precision = precision_field()
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    ends_on_precision = precision_field()
    review_on = models.DateField(_("review date"), null=True, blank=True)
    review_on_precision = precision_field()
    term_en = models.CharField(_("term in words (English)"), max_length=300, blank=True)
    term_zh = models.CharField(_("term in words (Chinese)"), max_length=300, blank=True)
    renews_automatically = models.BooleanField(
        _("renews automatically"), null=True, blank=True, help_text=_("Unknown unless a source states it.")
    )
    renewal_months = models.PositiveSmallIntegerField(
        _("length of each renewal in months"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(600)],
        help_text=_("Of an MOU that renews automatically. Without it the end after the first is not known."),
    )
    notice_days = models.PositiveSmallIntegerField(_("notice days"), null=True, blank=True)
    terminated_on = models.DateField(_("terminated on"), null=True, blank=True)
    superseded_on = models.DateField(
        _("superseded on"),
        null=True,
        blank=True,
        help_text=_(
            "Left empty, it is filled in when an MOU that renews or replaces this one is signed: with that day "
            "or, if later, the day on which that one comes into effect. An MOU that is renewed runs to its own "
            "end where that is known."
        ),
    )
    text_access = models.CharField(_("text"), max_length=12, choices=TextAccess, blank=True)
    lead_singapore = organisation_link(_("lead body, Singapore"), "mous_led_for_singapore")
    lead_shenzhen = organisation_link(_("lead body, Shenzhen"), "mous_led_for_shenzhen")
    holder_singapore = organisation_link(_("holder of the original, Singapore"), "mous_held_for_singapore")
    holder_shenzhen = organisation_link(_("holder of the original, Shenzhen"), "mous_held_for_shenzhen")
    parties_known = models.CharField(
        _("parties known"),
        max_length=4,
        choices=PartiesKnown,
        blank=True,
        help_text=_("Say whether the signatories below are all there are. Needed before publishing."),
    )

    # What the JIC settled; for staff only (publishing.sides.STAFF_COLUMNS).
    course = models.CharField(
        _("for the JIC"),
        max_length=5,
        choices=Course,
        blank=True,
        default="",
        db_default="",
        help_text=_("What the JIC decided to do with it. Empty: not decided. For staff only, never public."),
    )
    course_decision = models.ForeignKey(
        Decision,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="mous_decided",
        verbose_name=_("decision of the JIC"),
        help_text=_("For staff only, never public."),
    )

    title = Bilingual("title")
    summary = Bilingual("summary")
    place = Bilingual("place")
    term = Bilingual("term")
    objects = MOUQuerySet.as_manager()

    class Meta(Publishable.Meta):
        verbose_name = _("MOU")
        verbose_name_plural = _("MOUs")
        constraints = [
            *Publishable.Meta.constraints,
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True)
                | Q(effective_on__isnull=True)
                | Q(ends_on__gte=F("effective_on")),
                name="mous_mou_ends_after_effect",
                violation_error_message=_("The end date is before the start date."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(signed_on__isnull=True) | Q(ends_on__gte=F("signed_on")),
                name="mous_mou_ends_after_signing",
                violation_error_message=_("The end date is before the date of signing."),
            ),
            models.CheckConstraint(
                condition=Q(renewal_months__isnull=True) | Q(renewal_months__gte=1),
                name="mous_mou_renewal_takes_time",
                violation_error_message=_("A renewal takes at least one month."),
            ),
        ]

    def __str__(self):
        return str(self.title) or self.reference

    def get_absolute_url(self):
        return reverse("mous:detail", args=[self.reference])

    def state_on(self, day) -> State:
        return state_on(self, day)

    @property
    def title_is_printed(self) -> bool:
        """Return whether a source prints the title in the language in which it is shown."""
        basis = self.title_basis_zh if self.title.lang == LANGUAGE_TAGS["zh"] else self.title_basis_en
        return basis == TitleBasis.PRINTED

    def search_texts(self):
        return [self.reference, self.title_en, self.title_zh, self.summary_en, self.summary_zh]

    def sort_texts(self):
        return self.title_en, self.title_zh

    def clean(self):
        super().clean()
        if not (self.title_en or self.title_zh):
            raise ValidationError({"title_en": _("Enter a title in at least one language.")})
        refuse_unshared_decision(self)

    def before_save(self):
        super().before_save()
        refuse_unshared_decision(self)

    def after_save(self):
        super().after_save()
        if any(getattr(self, name) != self.stored.get(name) for name in DECIDES_THE_DAY):
            for link in self.links.filter(kind__in=MOULink.SUPERSEDES):
                fill_superseded(link)

    @classmethod
    def gaps(cls):
        return (
            *super().gaps(),
            *titles_and_summary(),
            not_superseded(cls),
            Gap(
                "parties_not_said",
                _("Parties known: not said"),
                _("Say whether all, some or none of the parties are known."),
                Q(parties_known=""),
            ),
            Gap(
                "parties_contradict",
                _("Parties known: none, but some are entered"),
                _("“Parties known” says none, but signatories are entered."),
                Q(parties_known=PartiesKnown.NONE) & Q(has_rows(cls, "signatories")),
            ),
        )


class MOUCitation(Citation):
    RECORD = "mou"
    mou = models.ForeignKey(MOU, models.CASCADE, verbose_name=_("MOU"), related_name="citations")


class MOUFile(RecordFile):
    """A version of a file of an MOU: its text or a scan of it."""

    RECORD = "mou"
    mou = models.ForeignKey(MOU, models.CASCADE, verbose_name=_("MOU"), related_name="files")

    class Meta(RecordFile.Meta):
        unique_together = [("mou", "owner_side", "title", "language", "version")]
        verbose_name = _("file of an MOU")
        verbose_name_plural = _("files of MOUs")
