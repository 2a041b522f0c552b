"""The bodies that take part, the names they have had, and persons by name alone."""

import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from stdnum.cn import uscc
from stdnum.exceptions import InvalidChecksum
from stdnum.exceptions import ValidationError as NumberError
from stdnum.sg import uen

from initiative.dates import PartiallyDated, known_by, precision_field
from initiative.models import Citation
from listing.folding import pinyin
from listing.models import Searchable
from publishing.bilingual import Bilingual
from publishing.gaps import Gap
from publishing.models import FormerAddress, Publishable, PublishableQuerySet, Row, Status, Tracked


def check_uen(value: str) -> None:
    """Refuse a Singapore Unique Entity Number with a wrong form or check letter (python-stdnum)."""
    try:
        uen.validate(value)
    except InvalidChecksum as error:
        raise ValidationError(_("This UEN has a wrong check letter.")) from error
    except NumberError as error:
        raise ValidationError(_("This is not a UEN, such as 200312345A.")) from error


def check_uscc(value: str) -> None:
    """Refuse a Chinese Unified Social Credit Code with a wrong form or check character (GB 32100-2015)."""
    try:
        uscc.validate(value)
    except InvalidChecksum as error:
        raise ValidationError(_("This USCC has a wrong check character.")) from error
    except NumberError as error:
        raise ValidationError(_("This is not a USCC: it has 18 characters.")) from error


# The rows, by related name, that say on which side an organisation takes part, and their record.
TAKING_PART = {
    "partnerships": "project",
    "signatures": "mou",
    "signings": "mou",
    "attendances": "meeting",
}
# The day on which each of these rows says that an organisation took part.
TOOK_PART_ON = {
    "partnerships": "project__meeting__starts_on",
    "signatures": "mou__signed_on",
    "signings": "mou__signed_on",
    "attendances": "meeting__starts_on",
}


class OrganisationQuerySet(PublishableQuerySet):
    def taking_part_on(self, side: str):
        """Return the organisations that take part on `side` in a published project, MOU or meeting."""
        found = models.Q()
        for rows, record in TAKING_PART.items():
            there = {f"{rows}__side": side, f"{rows}__{record}__status": Status.PUBLISHED}
            there |= self.model._meta.get_field(rows).related_model.public_while(f"{rows}__")
            found |= models.Q(pk__in=self.model._base_manager.filter(**there).values("pk"))
        return self.filter(found)

    def counted(self, published=True, on: datetime.date | None = None):
        """Return what totals count: every organisation, `on`: that took part up to and with that day."""
        rows = self.standing(published)
        if on is None:
            return rows
        found = models.Q()
        for name, day in TOOK_PART_ON.items():
            link = self.model._meta.get_field(name)
            model, record = link.related_model, TAKING_PART[name]
            statuses = [Status.PUBLISHED] if published else [s for s in Status if s != Status.WITHDRAWN]
            there = model._base_manager.filter(known_by(day, on), **{f"{record}__status__in": statuses})
            found |= models.Q(pk__in=there.filter(**model.public_while()).values(link.field.attname))
        return rows.filter(found)


class Organisation(Publishable, Searchable):
    class Kind(models.TextChoices):
        GOVERNMENT = "government", _("government agency")
        STATUTORY_BOARD = "statutory_board", _("statutory board")
        PUBLIC_INSTITUTION = "public_institution", _("public institution")
        COMPANY = "company", _("company")
        UNIVERSITY = "university", _("university")
        RESEARCH = "research", _("research institute")
        LAW_FIRM = "law_firm", _("law firm")
        FINANCIAL = "financial", _("financial institution")
        CARE = "care", _("care provider")
        DISPUTE_RESOLUTION = "dispute_resolution", _("dispute resolution body")
        ASSOCIATION = "association", _("industry association")
        OTHER = "other", _("other")

    class Place(models.TextChoices):
        SINGAPORE = "singapore", _("Singapore")
        SHENZHEN = "shenzhen", _("Shenzhen")
        CHINA = "china", _("China, outside Shenzhen")
        HONG_KONG = "hong_kong", _("Hong Kong, China")
        ELSEWHERE = "elsewhere", pgettext_lazy("place", "elsewhere")

    KIND = "O"
    AS_PRINTED = ("name", "short_name")
    LOOKUPS = ("reference", "name_en", "name_zh")
    # What else a sheet may call it by (listing/names.py); one merged into another leads there.
    ALSO_NAMED = ("short_name_en", "short_name_zh", "names__name")
    LEADS_TO = "merged_into"
    MADE_BY_NAME = True

    name_en = models.CharField(
        _("name (English)"), max_length=300, blank=True, help_text=_("Only as a source prints it.")
    )
    name_zh = models.CharField(
        _("name (Chinese)"),
        max_length=300,
        blank=True,
        help_text=_("Only as a source prints it, never our own translation."),
    )
    short_name_en = models.CharField(_("short name (English)"), max_length=100, blank=True)
    short_name_zh = models.CharField(_("short name (Chinese)"), max_length=100, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, blank=True)
    place = models.CharField(
        _("place"),
        max_length=10,
        choices=Place,
        blank=True,
        help_text=_("Where it sits; the side on which it takes part is said in each project and MOU."),
    )
    website = models.URLField(_("website"), max_length=500, blank=True)
    uen = models.CharField(_("UEN"), max_length=10, blank=True, validators=[check_uen])
    uscc = models.CharField(_("USCC"), max_length=18, blank=True, validators=[check_uscc])
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("parent organisation"),
    )
    summary_en = models.TextField(_("summary (English)"), blank=True)
    summary_zh = models.TextField(_("summary (Chinese)"), blank=True)
    slug = models.SlugField(
        _("address"),
        max_length=120,
        unique=True,
        blank=True,
        help_text=_("Made from the name. If you change it, the old address leads to the new one."),
    )
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="merged",
        verbose_name=_("merged into"),
    )

    name = Bilingual("name")
    short_name = Bilingual("short_name")
    summary = Bilingual("summary")
    objects = OrganisationQuerySet.as_manager()

    class Meta(Publishable.Meta):
        ordering = ["sort_en", "pk"]
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        constraints = [
            *Publishable.Meta.constraints,
            models.CheckConstraint(
                condition=~models.Q(name_en="") | ~models.Q(name_zh=""),
                name="organisations_organisation_has_a_name",
                violation_error_message=_("Enter the name in at least one language."),
            ),
            models.UniqueConstraint(
                fields=["uen"],
                condition=~models.Q(uen=""),
                name="organisations_organisation_unique_uen",
                violation_error_message=_("Another organisation has this UEN."),
            ),
            models.UniqueConstraint(
                fields=["uscc"],
                condition=~models.Q(uscc=""),
                name="organisations_organisation_unique_uscc",
                violation_error_message=_("Another organisation has this USCC."),
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("organisations:detail", args=[self.slug])

    @property
    def listed_name(self):
        """Return the name for lists: the short one in the page's language, where there is one."""
        short = self.short_name
        return short if short and short.lang == self.name.lang else self.name

    def search_texts(self):
        others = self.names.values_list("name", flat=True) if self.pk else []
        return [self.name_en, self.name_zh, self.short_name_en, self.short_name_zh, *others]

    def sort_texts(self):
        return self.name_en, self.name_zh

    def clean(self):
        self.uen = uen.compact(self.uen) if self.uen else ""
        self.uscc = uscc.compact(self.uscc) if self.uscc else ""
        super().clean()
        if self.slug and FormerAddress.is_taken(self, self.slug):
            raise ValidationError({"slug": _("Another organisation once had this address.")})
        if self.parent_id and self.parent_id == self.pk:
            raise ValidationError({"parent": _("An organisation is not its own parent.")})

    def before_save(self):
        super().before_save()
        if not self.slug:
            self.slug = self._free_slug()
        before = self.stored.get("slug")
        if before and before != self.slug:
            FormerAddress.keep(self, before)

    def _free_slug(self) -> str:
        stem = slugify(self.name_en)[:100] or slugify(pinyin(self.name_zh))[:100] or self.reference.lower()
        slug, others = stem, type(self)._base_manager.exclude(pk=self.pk)
        while others.filter(slug=slug).exists() or FormerAddress.is_taken(self, slug):
            slug = f"{stem}-{self.reference.lower()}"
            stem += "-x"
        return slug

    def publication_problems(self):
        problems = super().publication_problems()
        if self.merged_into_id:
            words = _("It was merged into “%(name)s”. Undo the merge first.")
            problems.append(words % {"name": self.merged_into})
        return problems

    @classmethod
    def gaps(cls):
        return (
            *super().gaps(),
            Gap(
                "no_chinese_name",
                _("No Chinese name"),
                _("No Chinese name: the English one stands on Chinese pages."),
                models.Q(name_zh=""),
                blocks=False,
            ),
            Gap(
                "no_english_name",
                _("No English name"),
                _("No English name: the Chinese one stands on English pages."),
                models.Q(name_en=""),
                blocks=False,
            ),
        )


class OrganisationCitation(Citation):
    RECORD = "organisation"
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, verbose_name=_("organisation"), related_name="citations"
    )


class OrganisationName(PartiallyDated, Row):
    """Another name of an organisation: former, alias, or as some source prints it."""

    class Kind(models.TextChoices):
        FORMER = "former", _("former name")
        ALIAS = "alias", _("alias")
        PRINTED = "printed", _("name as printed")

    RECORD = "organisation"
    LAST_DAY_OF = ("used_to",)

    organisation = models.ForeignKey(
        Organisation, models.CASCADE, verbose_name=_("organisation"), related_name="names"
    )
    name = models.CharField(_("name"), max_length=300)
    language = models.CharField(
        _("language"), max_length=7, choices=[("en", _("English")), ("zh-hans", _("Chinese"))], default="en"
    )
    kind = models.CharField(_("kind"), max_length=7, choices=Kind, default=Kind.ALIAS)
    used_from = models.DateField(_("used from"), null=True, blank=True)
    used_from_precision = precision_field()
    used_to = models.DateField(_("used to"), null=True, blank=True)
    used_to_precision = precision_field()

    class Meta:
        ordering = ["pk"]
        unique_together = [("organisation", "name", "kind")]
        verbose_name = _("organisation name")
        verbose_name_plural = _("organisation names")

    def __str__(self):
        return self.name

    def clean(self):
        super().clean()
        if self.used_from and self.used_to and self.used_to < self.used_from:
            raise ValidationError({"used_to": _("The end date is before the start date.")})

    def after_save(self):
        super().after_save()
        self.organisation.rebuild_search()

    def after_delete(self):
        super().after_delete()
        self.organisation.rebuild_search()


class Person(Searchable, Tracked):
    """A person by name; the post stands on the row that says where they took part. No pages of persons."""

    LOOKUPS = ("name_en", "name_zh")
    MADE_BY_NAME = True
    ALSO_NAMED = ("other_names",)
    AS_PRINTED = ("name",)

    name_en = models.CharField(_("name (Latin letters)"), max_length=200, blank=True)
    name_zh = models.CharField(
        pgettext_lazy("of a person", "name (Chinese)"),
        max_length=100,
        blank=True,
        help_text=_("Only as a source prints it."),
    )
    other_names = models.TextField(
        pgettext_lazy("of a person", "other names"),
        blank=True,
        default="",
        db_default="",
        help_text=_("One on each line. Staff find the person by them; they are never shown to the public."),
    )
    suppressed = models.BooleanField(
        _("show the post instead of the name"),
        default=False,
        help_text=_("Replaces the name by the post everywhere, history included."),
    )

    name = Bilingual("name")

    class Meta:
        ordering = ["sort_en", "pk"]
        verbose_name = _("person")
        verbose_name_plural = _("persons")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(name_en="") | ~models.Q(name_zh=""),
                name="organisations_person_has_a_name",
                violation_error_message=_("Enter the name in at least one language."),
            )
        ]

    def __str__(self):
        return self.name

    def search_texts(self):
        return [self.name_en, self.name_zh, *self.other_names.splitlines()]

    def sort_texts(self):
        return self.name_en, self.name_zh


class DecidedPair(models.Model):
    """What somebody decided of two bodies, or of two persons; the pair by their keys, which may be gone."""

    class Kind(models.TextChoices):
        ORGANISATION = "organisation", _("organisation")
        PERSON = "person", _("person")

    kind = models.CharField(max_length=12, choices=Kind)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        abstract = True
        default_permissions = ()


class NotTheSame(DecidedPair):
    """Two that look alike and are two: they are not shown as likely duplicates again."""

    # The smaller key first.
    one = models.PositiveBigIntegerField()
    two = models.PositiveBigIntegerField()

    class Meta(DecidedPair.Meta):
        ordering = ["-at", "-pk"]
        unique_together = [("kind", "one", "two")]


class Merge(DecidedPair):
    """One that went into another, and all that is needed to undo it (organisations/undoing.py)."""

    kept = models.PositiveBigIntegerField()
    merged = models.PositiveBigIntegerField()
    # The name of the one that is gone, as it was; a person merged has no row any longer.
    merged_name = models.CharField(max_length=300)
    moved = models.JSONField(encoder=DjangoJSONEncoder)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta(DecidedPair.Meta):
        ordering = ["-at", "-pk"]
