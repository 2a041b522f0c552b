"""Who signed an MOU: the organisations that are its parties, and the persons."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Side
from listing.folding import has_chinese
from organisations.models import Organisation, Person
from publishing.bilingual import LANGUAGE_TAGS, Bilingual
from publishing.models import Row


class Signatory(Row):
    """An organisation that signed, on the side on which it takes part."""

    RECORD = "mou"
    mou = models.ForeignKey("mous.MOU", models.CASCADE, verbose_name=_("MOU"), related_name="signatories")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="signatures", verbose_name=_("organisation")
    )
    side = models.CharField(_("side"), max_length=9, choices=Side)
    name_as_signed = models.CharField(
        _("name as signed"), max_length=300, blank=True, help_text=_("To the letter, misprints included.")
    )
    position = models.PositiveSmallIntegerField(pgettext_lazy("sequence", "order"), default=0)

    class Meta:
        ordering = ["position", "pk"]
        unique_together = [("mou", "organisation")]
        verbose_name = _("signatory")
        verbose_name_plural = _("signatories")

    def __str__(self):
        return str(self.organisation)

    @property
    def name_lang(self) -> str:
        return LANGUAGE_TAGS["zh" if has_chinese(self.name_as_signed) else "en"]


class Signing(Row):
    """A person who signed or witnessed, with the post held on the day."""

    class Role(models.TextChoices):
        SIGNED = "signed", pgettext_lazy("at a signing", "signed")
        WITNESSED = "witnessed", pgettext_lazy("at a signing", "witnessed")

    RECORD = "mou"
    mou = models.ForeignKey("mous.MOU", models.CASCADE, verbose_name=_("MOU"), related_name="signings")
    person = models.ForeignKey(Person, models.PROTECT, related_name="signings", verbose_name=_("person"))
    role = models.CharField(_("role"), max_length=9, choices=Role, default=Role.SIGNED)
    side = models.CharField(_("side"), max_length=9, choices=Side)
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="signings",
        verbose_name=_("organisation"),
    )
    post_en = models.CharField(_("post on the day (English)"), max_length=300, blank=True)
    post_zh = models.CharField(_("post on the day (Chinese)"), max_length=300, blank=True)
    position = models.PositiveSmallIntegerField(pgettext_lazy("sequence", "order"), default=0)

    post = Bilingual("post")

    class Meta:
        ordering = ["position", "pk"]
        unique_together = [("mou", "person", "role")]
        verbose_name = _("signer or witness")
        verbose_name_plural = _("signers and witnesses")

    def __str__(self):
        return str(self.shown_name)

    @property
    def shown_name(self) -> str:
        """Return the name, or the post where the name is suppressed."""
        return self.post if self.person.suppressed else self.person.name
