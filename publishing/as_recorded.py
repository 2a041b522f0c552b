"""What the portal held at a past moment, for every query: tables of that moment hide today's.

Within one transaction each tracked table is hidden by a temporary one of the same name, filled from the
history. Both databases find the temporary one first, so querysets, filters and columns stay as they are. It
needs the primary: a standby makes no temporary tables.
"""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager

from django.apps import apps
from django.db import connection, models, transaction
from django.utils.translation import gettext as _

from publishing.models import Publication, Publishable, Tracked
from publishing.sides import Visibility

REMOVED = "-"


class NotRecordedYet(Exception):
    """Nothing had been recorded at the moment asked for; `first` is when recording began, None if never."""

    def __init__(self, first: datetime.datetime | None):
        super().__init__(_("Nothing was recorded here yet at that moment."))
        self.first = first


def tracked_models() -> list[type[Tracked]]:
    return [model for model in apps.get_models() if issubclass(model, Tracked)]


def first_recorded() -> datetime.datetime | None:
    """Return the moment at which the first record was written; None while there is none."""
    records = [model for model in tracked_models() if issubclass(model, Publishable)]
    moments = (model.history.aggregate(first=models.Min("history_date"))["first"] for model in records)
    return min(filter(None, moments), default=None)


@contextmanager
def as_recorded(moment: datetime.datetime) -> Iterator[None]:
    """Let every query inside read what was recorded at `moment` (aware). For reading: writes inside are undone.

    What was hidden since stays hidden: a name that is suppressed today, what one side keeps to itself today,
    or kept when it was deleted.
    No officer writes meanwhile, as while anything else is written. Raises NotRecordedYet.
    """
    first = first_recorded()
    if first is None or moment < first:
        raise NotRecordedYet(first)
    with transaction.atomic():
        Publication.lock()  # writers take their moment under it: no version up to `moment` is still to come
        hidden = [(model, _hidden_today(model)) for model in tracked_models()]
        for model, _changes in hidden:
            _hide(model, moment)
        for model, changes in hidden:
            for columns, keys in changes:
                model._base_manager.filter(pk__in=keys).update(**columns)
        try:
            yield
        finally:
            transaction.set_rollback(True)  # and with the transaction go the temporary tables


def _hidden_today(model: type[Tracked]) -> list[tuple[dict, list[int]]]:
    """Return what is hidden today, or was when it was deleted: (columns to write, keys of the rows)."""
    names = {field.name for field in model._meta.concrete_fields}
    found, sides = [], ("singapore", "shenzhen")
    if "suppressed" in names:
        found.append({"suppressed": True})
    if "kept_by" in names:
        found += [{"kept_by": side} for side in sides]
    if {"visibility", "owner_side"} <= names:
        found += [{"visibility": Visibility.OWN_SIDE, "owner_side": side} for side in sides]
    return [(columns, keys) for columns in found if (keys := _keys_of(model, columns))]


def _keys_of(model: type[Tracked], columns: dict) -> list[int]:
    """Return the keys of the rows that have these values, or had them when they were deleted for good."""
    rows = model._base_manager.order_by()
    deleted = model.history.filter(history_type=REMOVED, **columns).order_by()
    gone = deleted.exclude(id__in=rows.values("pk")).values_list("id", flat=True)
    return [*rows.filter(**columns).values_list("pk", flat=True), *gone.distinct()]


def _hide(model: type[Tracked], moment: datetime.datetime) -> None:
    """Put the temporary tables of one model and of its to-many links before the real ones."""
    quote, versions = connection.ops.quote_name, model.history.model._meta
    key, value = quote(model._meta.pk.column), connection.ops.adapt_datetimefield_value(moment)
    last = (
        f"history_id IN (SELECT history_id FROM (SELECT history_id, history_type, ROW_NUMBER() OVER"
        f" (PARTITION BY {key} ORDER BY history_date DESC, history_id DESC) AS nth"
        f" FROM {quote(versions.db_table)} WHERE history_date <= %s) numbered"
        f" WHERE nth = 1 AND history_type <> '{REMOVED}')"
    )
    for name in model._history_m2m_fields:
        link = getattr(model.history.model, name).model._meta
        through = model._meta.get_field(name).remote_field.through._meta
        ends = [field.column for field in through.concrete_fields if not field.primary_key]
        chosen = ", ".join(["m2m_history_id AS id", *map(quote, ends)])
        _fill(through.db_table, f"SELECT {chosen} FROM {quote(link.db_table)} WHERE {last}", value, ends)
    fields = model._meta.concrete_fields
    chosen = ", ".join(quote(field.column) for field in fields)
    indexed = [field.column for field in fields if field.primary_key or _is_followed(field)]
    select = f"SELECT {chosen} FROM {quote(versions.db_table)} WHERE {last}"
    _fill(model._meta.db_table, select, value, indexed)


def _is_followed(field: models.Field) -> bool:
    """Return whether queries come by this link, from one tracked row to those that name it."""
    return field.is_relation and issubclass(field.related_model, Tracked)


def _fill(table: str, select: str, value, indexed: list[str]) -> None:
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE {quote(table)} AS {select}", [value])
        if cursor.rowcount == 0:
            return
        for column in indexed:
            where = "temp." if connection.vendor == "sqlite" else ""
            name = f"{where}{quote(f'then_{table}_{column}')}"
            cursor.execute(f"CREATE INDEX {name} ON {quote(table)} ({quote(column)})")
        if connection.vendor == "postgresql":
            cursor.execute(f"ANALYZE {quote(table)}")
