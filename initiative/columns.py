"""Kinds of column that the listings of several records share."""

from django.db.models import Case, F, OuterRef, Value, When
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from listing.columns import Column, Joined, Kind

# What a staff file says before the columns that the public reads.
FOR_STAFF = (
    Column("status", _("Publication status"), imported=False),
    Column("kept_by", _("Side that keeps the draft to itself"), imported=False),
)


def dated(name: str, label: str, **kwargs) -> tuple[Column, Column]:
    """Return the two columns of a date with its precision."""
    return (
        Column(name, label, kind=Kind.DATE, sort=kwargs.pop("sort", ""), **kwargs),
        Column(f"{name}_precision", format_lazy(_("{date} (precision)"), date=label)),
    )


def yes_no(name: str, label: str) -> Column:
    """Return a column that prints a truth value as the import reads it."""
    cases = When(**{name: True}, then=Value("yes")), When(**{name: False}, then=Value("no"))
    return Column(name, label, Case(*cases, default=Value("")))


def codes(through: type, record: str, link: str) -> Joined:
    """Return the keys of a many-to-many link in one cell, in a fixed order: its first lookup."""
    model = through._meta.get_field(link).related_model
    key = f"{link}__{model.LOOKUPS[0]}"
    return Joined(through.objects.filter(**{record: OuterRef("pk")}).order_by(key), F(key))
