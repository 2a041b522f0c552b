"""What the whole initiative shares: pillars, sectors, sources and standing pages."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from initiative.dates import PartiallyDated, precision_field
from listing.folding import has_chinese
from publishing.bilingual import LANGUAGE_TAGS, Bilingual
from publishing.models import Row, Tracked


class Pillar(Tracked):
    """One of the areas of work that the initiative names; sources assign no record to one."""

    LOOKUPS = ("code",)

    code = models.SlugField(_("code"), max_length=40, unique=True)
    numeral = models.CharField(_("numeral"), max_length=4, help_text=_("I, II or III."))
    name_en = models.CharField(_("name (English)"), max_length=200)
    name_zh = models.CharField(_("name (Chinese)"), max_length=200)
    short_name_en = models.CharField(_("short name (English)"), max_length=40)
    short_name_zh = models.CharField(_("short name (Chinese)"), max_length=40)
    description_en = models.TextField(_("description (English)"), blank=True)
    description_zh = models.TextField(_("description (Chinese)"), blank=True)
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    name = Bilingual("name")
    short_name = Bilingual("short_name")
    description = Bilingual("description")

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("pillar")
        verbose_name_plural = _("pillars")

    def __str__(self):
        return self.name


class Sector(Tracked):
    """A field of business or science, for finding records; our own list."""

    LOOKUPS = ("code",)

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name_en = models.CharField(_("name (English)"), max_length=200)
    name_zh = models.CharField(_("name (Chinese)"), max_length=200)
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    name = Bilingual("name")

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("sector")
        verbose_name_plural = _("sectors")

    def __str__(self):
        return self.name


class Source(PartiallyDated, Tracked):
    """A public text that states facts: a release, a report, a reprint of one."""

    LOOKUPS = ("code",)

    class Kind(models.TextChoices):
        OFFICIAL = "official", _("official text")
        PRESS = "press", _("press report")
        REPRINT = "reprint", _("reprint")
        MIRROR = "mirror", _("mirror page")

    class Language(models.TextChoices):
        ENGLISH = "en", _("English")
        CHINESE = "zh-hans", _("Chinese")

    code = models.SlugField(
        _("code"), max_length=40, unique=True, help_text=_("A short key used in import files, such as pr4.")
    )
    title = models.CharField(
        _("title"),
        max_length=500,
        blank=True,
        help_text=_("As printed, in its own language. Leave empty if the source shows none."),
    )
    publisher = models.CharField(_("publisher"), max_length=300)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.PRESS)
    language = models.CharField(_("language"), max_length=7, choices=Language, default=Language.ENGLISH)
    dated_on = models.DateField(_("date"), null=True, blank=True)
    dated_on_precision = precision_field()
    url = models.URLField(_("address"), max_length=2000, blank=True)
    link_public = models.BooleanField(
        _("link it on public pages"),
        default=True,
        help_text=_("Off for mirrors, test hosts, redirects and addresses of poor standing."),
    )
    note_en = models.TextField(_("note (English)"), blank=True, help_text=_("What a reader should know of it."))
    note_zh = models.TextField(_("note (Chinese)"), blank=True)

    note = Bilingual("note")

    class Meta:
        ordering = ["-dated_on", "code"]
        verbose_name = _("source")
        verbose_name_plural = _("sources")

    def __str__(self):
        return self.title or f"{self.publisher} ({self.code})"

    @property
    def lang(self) -> str:
        """Return the language tag of the title and of what is quoted."""
        return LANGUAGE_TAGS["zh" if self.language == self.Language.CHINESE else "en"]

    @property
    def publisher_lang(self) -> str:
        """Return the language tag of the publisher's name, which need not be that of the text."""
        return LANGUAGE_TAGS["zh" if has_chinese(self.publisher) else "en"]

    @property
    def public_url(self) -> str:
        """Return the address to link, or "" where it must not be linked."""
        return self.url if self.link_public else ""


class Citation(Row):
    """Which source states which fact of a record, and where in it; one concrete model for each record."""

    class Stance(models.TextChoices):
        SUPPORTS = "supports", _("supports the record")
        DIFFERS = "differs", _("differs from the record")

    source = models.ForeignKey(Source, models.PROTECT, verbose_name=_("source"), related_name="+")
    locator_en = models.CharField(
        _("place in the source (English)"),
        max_length=200,
        blank=True,
        help_text=_("For example: Annex B, item 5."),
    )
    locator_zh = models.CharField(
        _("place in the source (Chinese)"), max_length=200, blank=True, help_text=_("For example: 附件B第5项.")
    )
    about_en = models.CharField(
        _("about (English)"),
        max_length=100,
        blank=True,
        help_text=_("The fact it states, in one or two words. Empty: the whole record."),
    )
    about_zh = models.CharField(_("about (Chinese)"), max_length=100, blank=True)
    stance = models.CharField(_("stance"), max_length=8, choices=Stance, default=Stance.SUPPORTS)
    says_en = models.TextField(_("what it says, in our words (English)"), blank=True)
    says_zh = models.TextField(_("what it says, in our words (Chinese)"), blank=True)
    as_printed = models.TextField(_("the line as printed"), blank=True)

    locator = Bilingual("locator")
    about = Bilingual("about")
    says = Bilingual("says")

    class Meta:
        abstract = True
        ordering = ["pk"]
        verbose_name = _("citation")
        verbose_name_plural = _("citations")

    def __str__(self):
        return f"{self.source}, {self.locator}" if self.locator else str(self.source)


class Classified(models.Model):
    """Pillar and sectors of a record: classification, and by whom. Empty where nothing decides."""

    class ClassifiedBy(models.TextChoices):
        SITE = "site", pgettext_lazy("classified by", "this site")
        SOURCE = "source", pgettext_lazy("classified by", "a source")

    pillar = models.ForeignKey(
        Pillar,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("pillar"),
        related_name="%(class)ss",
        help_text=_("Leave empty where the description does not decide."),
    )
    sectors = models.ManyToManyField(Sector, blank=True, verbose_name=_("sectors"), related_name="%(class)ss")
    classified_by = models.CharField(
        _("classified by"), max_length=6, choices=ClassifiedBy, default=ClassifiedBy.SITE
    )

    class Meta:
        abstract = True


class PartiesKnown(models.TextChoices):
    """Whether the parties on record are all there are; empty never means none."""

    ALL = "all", _("all parties are on record")
    SOME = "some", _("some parties are on record")
    NONE = "none", _("no source names the parties")


class TitleBasis(models.TextChoices):
    PRINTED = "printed", _("as printed")
    SUPPLIED = "supplied", _("supplied by this site")


class Track(models.TextChoices):
    """Who counts a record (DESIGN §2): only `jic` is in the Committee's totals."""

    JIC = "jic", pgettext_lazy("track", "Joint Implementation Committee")
    ZONE = "zone", pgettext_lazy("track", "Demonstration Zone")
    RELATED = "related", pgettext_lazy("track", "Related")


class Page(Tracked):
    """A standing text of the site, in paragraphs parted by an empty line."""

    slug = models.SlugField(_("address"), max_length=40, unique=True)
    title_en = models.CharField(_("title (English)"), max_length=200)
    title_zh = models.CharField(_("title (Chinese)"), max_length=200)
    body_en = models.TextField(_("text (English)"))
    body_zh = models.TextField(_("text (Chinese)"))

    title = Bilingual("title")
    body = Bilingual("body")

    class Meta:
        ordering = ["slug"]
        verbose_name = _("standing page")
        verbose_name_plural = _("standing pages")

    def __str__(self):
        return self.title
