"""What one side keeps to itself: which rows, versions and columns a person of the other side never sees."""

from django.contrib.auth import get_user_model
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy

BOTH = "both"
# Columns that each side has of its own, named after it: notes_singapore, notes_shenzhen.
OWN_COLUMNS = ("notes", "file_reference")
# Columns that the public never reads, whatever record or row they stand in.
STAFF_COLUMNS = (
    "kept_by",
    "notes",
    "notes_singapore",
    "notes_shenzhen",
    "file_reference_singapore",
    "file_reference_shenzhen",
    "rating",
    "course",
    "course_decision",
)


class Visibility(models.TextChoices):
    PUBLIC = "public", pgettext_lazy("visibility", "Public")
    BOTH_SIDES = "both_sides", pgettext_lazy("visibility", "Both sides")
    OWN_SIDE = "own_side", pgettext_lazy("visibility", "Own side")


def side_choices() -> list[tuple[str, str]]:
    """Return the two sides, as the model of persons names them."""
    choices = get_user_model()._meta.get_field("side").choices
    return [(side, label) for side, label in choices if side != BOTH]


def hidden_columns(model: type[models.Model], user) -> set[str]:
    """Return the columns of `model` that belong to the side that `user` does not work for."""
    if user.side == BOTH:
        return set()
    names = {field.name for field in model._meta.fields}
    others = {side for side, _label in side_choices()} - {user.side}
    return names & {f"{column}_{side}" for column in OWN_COLUMNS for side in others}


def _has(model: type[models.Model], name: str) -> bool:
    try:
        model._meta.get_field(name)
    except FieldDoesNotExist:
        return False
    return True


def kept_from(model: type[models.Model], user) -> Q:
    """Return the condition on which a row, or a version of one, is kept from `user` by the other side."""
    kept = Q(pk__in=[])
    if user.side == BOTH:
        return kept
    if _has(model, "kept_by"):
        kept |= ~Q(kept_by__in=["", user.side])
    if _has(model, "visibility") and _has(model, "owner_side"):
        kept |= Q(visibility=Visibility.OWN_SIDE) & ~Q(owner_side=user.side)
    # A row of a record is kept with its record.
    record = getattr(model, "RECORD", "") or getattr(getattr(model, "instance_type", None), "RECORD", "")
    if record:
        above = model._meta.get_field(record).related_model
        inner = kept_from(above, user)
        if inner != Q(pk__in=[]):
            kept |= Q(**{f"{record}__in": above._base_manager.filter(inner)})
    return kept


def visible(queryset: models.QuerySet, user) -> models.QuerySet:
    """Return the rows, or versions of rows, that `user` may see: not what the other side keeps to itself."""
    return queryset if user.side == BOTH else queryset.exclude(kept_from(queryset.model, user))


def own_side_label(side: str) -> str:
    """Return what stands on a document that holds what one side keeps to itself: for whom it is."""
    if side == BOTH:
        return gettext("For staff who work for both sides")
    return gettext("Own side: for the %(side)s side only") % {"side": dict(side_choices())[side]}


def own_notes(verbose_name) -> models.TextField:
    """Return the column of notes that one side, after which it is named, keeps to itself."""
    return models.TextField(
        verbose_name,
        blank=True,
        default="",
        db_default="",
        help_text=gettext_lazy("The other side never sees it."),
    )


class KeptBySide(models.Model):
    """What each side may keep to itself in a record that both work on, and the draft of one side alone."""

    kept_by = models.CharField(
        gettext_lazy("kept by one side"),
        max_length=9,
        choices=side_choices,
        blank=True,
        default="",
        db_default="",
        help_text=gettext_lazy(
            "A draft that the other side does not see yet. Empty: both sides see it. Publishing empties it."
        ),
    )
    notes = models.TextField(
        gettext_lazy("notes for staff of both sides"),
        blank=True,
        help_text=gettext_lazy("Never shown to the public, in no export."),
    )
    notes_singapore = own_notes(gettext_lazy("notes of the Singapore side"))
    notes_shenzhen = own_notes(gettext_lazy("notes of the Shenzhen side"))
    file_reference_singapore = models.CharField(
        gettext_lazy("file reference of the Singapore side"),
        max_length=100,
        blank=True,
        default="",
        db_default="",
    )
    file_reference_shenzhen = models.CharField(
        gettext_lazy("file reference of the Shenzhen side"),
        max_length=100,
        blank=True,
        default="",
        db_default="",
    )

    class Meta:
        abstract = True
