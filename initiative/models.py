"""What the whole initiative shares: pillars, sectors, sources, agreed words and standing pages."""

import re

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from initiative.dates import PartiallyDated, precision_field
from listing.folding import has_chinese
from publishing.bilingual import LANGUAGE_TAGS, Bilingual
from publishing.models import Row, Tracked, person_link


class Pillar(Tracked):
    """One of the areas of work that the initiative names; sources assign no record to one."""

    LOOKUPS = ("code",)
    ALSO_NAMED = ("name_en", "name_zh", "short_name_en", "short_name_zh")

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
    ALSO_NAMED = ("name_en", "name_zh")

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
    ALSO_NAMED = ("shown_name", "url")

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
        return self.shown_name

    @property
    def shown_name(self) -> str:
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


def forms_of(cell: str) -> list[str]:
    """Return the words of a cell that holds several, parted by semicolons of either width or by lines."""
    return list(dict.fromkeys(word.strip() for word in re.split(r"[;；\n]", cell) if word.strip()))


class Term(Tracked):
    """An agreed word in English, and in Chinese as each side writes it."""

    LOOKUPS = ("english",)

    english = models.CharField(_("English"), max_length=200, unique=True)
    chinese_singapore = models.CharField(
        _("Chinese as Singapore writes it"),
        max_length=300,
        blank=True,
        help_text=_("Several forms are parted by semicolons; the first is the one to use."),
    )
    chinese_shenzhen = models.CharField(
        _("Chinese as Shenzhen writes it"),
        max_length=300,
        blank=True,
        help_text=_("The same as Singapore's where both write it alike."),
    )
    note = models.TextField(_("note"), blank=True, help_text=_("When to use it, and who prints it."))
    avoid = models.TextField(
        _("words not to use"),
        blank=True,
        help_text=_("In either language, parted by semicolons. A text that holds one is shown as a departure."),
    )

    class Meta:
        ordering = ["english"]
        verbose_name = _("agreed word")
        verbose_name_plural = pgettext_lazy("agreed words", "glossary")

    def __str__(self):
        return self.english

    def clean(self):
        super().clean()
        if not (self.chinese_singapore.strip() or self.chinese_shenzhen.strip()):
            raise ValidationError({"chinese_singapore": _("Enter the Chinese of at least one side.")})

    @property
    def chinese(self) -> list[str]:
        """Return every agreed Chinese form, Singapore's first."""
        return list(dict.fromkeys([*forms_of(self.chinese_singapore), *forms_of(self.chinese_shenzhen)]))


class Departure(models.Model):
    """Where a text departs from an agreed word; worked out by `initiative/departures.py`."""

    kind = models.ForeignKey(ContentType, models.CASCADE)
    row_id = models.PositiveBigIntegerField()
    # The stem of the text, "summary", and the language of the column at fault: "zh" of summary_zh.
    text = models.CharField(max_length=60)
    suffix = models.CharField(max_length=2)
    term = models.ForeignKey(Term, models.CASCADE, related_name="departures")
    # The word not to use that stands there; empty where the agreed Chinese does not.
    word = models.CharField(max_length=300, blank=True)
    # Left as intended, by whom; forgotten when the text changes.
    intended = models.BooleanField(default=False)
    intended_by = person_link(_("left as intended by"))

    class Meta:
        default_permissions = ()
        unique_together = [("kind", "row_id", "text", "suffix", "term", "word")]
        indexes = [
            models.Index(fields=["kind", "text", "suffix", "intended"], name="initiative_departure_list")
        ]

    def __str__(self):
        told = {"term": self.term.english, "word": self.word}
        if self.word:
            return gettext("“%(word)s” is a word not to use (see “%(term)s”).") % told
        told["chinese"] = pgettext("list of alternatives", " or ").join(self.term.chinese)
        return gettext("The English says “%(term)s”; the Chinese does not say %(chinese)s.") % told


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
