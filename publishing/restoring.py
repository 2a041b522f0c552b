"""Bringing back what was deleted: a record with the rows that went with it, as they last were."""

from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from publishing.models import Publication, Row, Tracked
from publishing.naming import rows_of
from publishing.snapshots import REMOVED, values_of, versions_of, with_links


def deleted(model: type[Tracked], user) -> models.QuerySet:
    """Return the versions left by deletions of `model` that `user` may read, newest first.

    A row whose record is gone too comes back with its record, not by itself.
    """
    there = model._base_manager.values("pk")
    versions = versions_of(model, user)
    if issubclass(model, Row):
        records = model._meta.get_field(model.RECORD).related_model._base_manager
        versions = versions.filter(**{f"{model.RECORD}__in": records.values("pk")})
    return (
        versions.filter(history_type=REMOVED)
        .exclude(id__in=there)
        .select_related("history_user")
        .order_by("-history_date", "-history_id")
    )


def _went_with(model: type[Tracked], key: int, moment) -> Iterator:
    """Yield the versions of the rows that were deleted with a record, above their own rows."""
    for row, lookup in rows_of(model):
        for version in row.history.filter(**{lookup: key}, history_type=REMOVED, history_date=moment).order_by(
            "id"
        ):
            yield row, version
            yield from _went_with(row, version.id, moment)


def _write(model: type[Tracked], version) -> Tracked:
    """Write one deleted record or row again, under its old key."""
    instance = version.instance
    try:
        instance.full_clean()
    except ValidationError as error:
        raise ValidationError(
            [_("“%(name)s”: %(problem)s") % {"name": instance, "problem": text} for text in error.messages]
        ) from error
    before = (
        with_links(model.history.filter(id=version.id).exclude(history_type=REMOVED), model)
        .order_by("history_date", "history_id")
        .last()
    )
    values = values_of(before, model) if before else {}
    instance.save()
    for link in model._meta.many_to_many:
        there = link.related_model._base_manager.filter(pk__in=values.get(link.name, []))
        getattr(instance, link.name).set(there)
    return instance


def bring_back(model: type[Tracked], version) -> Tracked:
    """Write a deleted record again, a draft under its old reference, with the rows that went with it.

    Raises ValidationError, in words, where something it needs is no longer on record; then nothing is written.
    """
    with transaction.atomic():
        Publication.lock()
        if model._base_manager.filter(pk=version.id).exists():
            raise ValidationError(_("It is on record again already."))
        record = _write(model, version)
        for row, one in list(_went_with(model, version.id, version.history_date)):
            _write(row, one)
        record.refresh_from_db()
    return record
