"""The person who answers for a project: personal data, for staff alone, deleted when its time is over."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.models import Side
from organisations.models import Organisation
from publishing.sides import Visibility


class KeptContacts(models.Manager):
    """Contacts that may still be held; the others are as good as deleted, and soon are."""

    def get_queryset(self):
        return super().get_queryset().filter(delete_after__gte=localdate())


class Contact(models.Model):
    """Whom to ask about a project.

    Personal data: in no export, sheet, file or API, on no public page. Not `Tracked`, on purpose: a history
    would keep what deleting is to delete. For the same reason its text names the project alone, as Django's
    log of changes keeps that.
    """

    class Basis(models.TextChoices):
        CONSENT = "consent", pgettext_lazy("contact", "the person agreed")
        FUNCTION = "function", pgettext_lazy("contact", "named by the organisation for this task")
        PUBLISHED = "published", pgettext_lazy("contact", "published as the contact for the project")
        OTHER = "other", pgettext_lazy("contact", "other: say which")

    RECORD = "project"
    SHARED = (
        (Visibility.BOTH_SIDES, Visibility.BOTH_SIDES.label),
        (Visibility.OWN_SIDE, Visibility.OWN_SIDE.label),
    )

    project = models.ForeignKey(
        "projects.Project", models.CASCADE, related_name="contacts", verbose_name=gettext_lazy("project")
    )
    name = models.CharField(pgettext_lazy("person", "name"), max_length=200)
    organisation = models.ForeignKey(
        Organisation,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=gettext_lazy("organisation"),
    )
    organisation_words = models.CharField(
        gettext_lazy("organisation in words"),
        max_length=300,
        blank=True,
        help_text=gettext_lazy("Where the organisation is not on record."),
    )
    email = models.EmailField(gettext_lazy("e-mail address"))
    language = models.CharField(
        gettext_lazy("language"), max_length=7, choices=settings.LANGUAGES, default="en"
    )
    basis = models.CharField(
        gettext_lazy("basis"),
        max_length=9,
        choices=Basis,
        help_text=gettext_lazy("Why this address may be held."),
    )
    basis_words = models.CharField(gettext_lazy("basis in words"), max_length=300, blank=True)
    basis_on = models.DateField(gettext_lazy("basis since"), help_text=gettext_lazy("When it was given."))
    delete_after = models.DateField(
        gettext_lazy("delete after"),
        help_text=gettext_lazy("After this day it is shown no longer, its link is dead, and it is deleted."),
    )
    visibility = models.CharField(
        gettext_lazy("visibility"), max_length=10, choices=SHARED, default=Visibility.BOTH_SIDES
    )
    owner_side = models.CharField(
        pgettext_lazy("of a row", "owner side"), max_length=9, choices=Side, blank=True
    )

    objects = KeptContacts()
    everything = models.Manager()

    class Meta:
        ordering = ["project", "pk"]
        verbose_name = pgettext_lazy("person", "contact")
        verbose_name_plural = pgettext_lazy("person", "contacts")
        constraints = [
            models.CheckConstraint(
                condition=~Q(visibility=Visibility.OWN_SIDE) | ~Q(owner_side=""),
                name="projects_contact_own_side_has_owner",
                violation_error_message=gettext_lazy("Say which side keeps it to itself."),
            )
        ]

    def __str__(self):
        return _("contact of %(reference)s") % {"reference": self.project.reference}

    @property
    def is_kept(self) -> bool:
        """Return whether the contact may still be held today."""
        return self.delete_after >= localdate()

    @property
    def organisation_name(self) -> str:
        """Return the organisation's name, or how it was written where it is not on record."""
        body = self.organisation
        while body and body.merged_into:
            body = body.merged_into
        return body.listed_name if body else self.organisation_words

    def clean(self):
        problems = {}
        if not (self.organisation_id or self.organisation_words):
            problems["organisation"] = _("Choose the organisation, or write its name below.")
        if self.basis == self.Basis.OTHER and not self.basis_words:
            problems["basis_words"] = _("Say on what basis the address is held.")
        if self.delete_after and not self.is_kept:
            problems["delete_after"] = _("This day is past: enter a later one, or no contact at all.")
        if self.basis_on and self.basis_on > localdate():
            problems["basis_on"] = _("This day is still to come. Enter the day on which the basis was given.")
        if problems:
            raise ValidationError(problems)
