"""What was changed lately in the records, by whom: read from every history table, as far as one may see it."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import models
from django.utils.text import capfirst
from django.utils.timezone import localtime

from publishing.models import Publishable, Row, Tracked
from publishing.naming import rows_of
from publishing.sides import visible

MOST = 10
# Versions read of each table: one act writes several, and shows as one change.
READ = 3 * MOST


@dataclass
class Change:
    """What one person did to one record on one day, the last time at `moment`; `kinds` of thing changed.

    `type` is "+", "~" or "-" as in the history of the record; "~" where only rows of it were touched.
    """

    record: Publishable
    person: models.Model
    moment: datetime.datetime
    type: str = "~"
    kinds: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        return getattr(self.record, "title", None) or getattr(self.record, "name", "")


# (model of record, key of the record, key of the person, day)
Key = tuple[type[Publishable], int, int, datetime.date]


def record_models() -> list[type[Publishable]]:
    return [model for model in apps.get_models() if issubclass(model, Publishable)]


def _tables(model: type[Tracked], way: str = "") -> Iterator[tuple[type[Row], str]]:
    """Yield the row models below `model`, rows of rows too, with the way from a row to the record's key."""
    for row, lookup in rows_of(model):
        below = f"{lookup}__{way}" if way else f"{lookup}_id"
        yield row, below
        yield from _tables(row, below)


def _versions(model: type[Tracked], way: str, user, loader) -> list[tuple]:
    """Return (record's key, person's key, moment, type) of the newest versions in one history table."""
    history = visible(model.history.filter(history_user__isnull=False), user).exclude(history_user=loader)
    newest = history.order_by("-history_date", "-history_id")
    return list(newest.values_list(way, "history_user", "history_date", "history_type")[:READ])


@dataclass
class Act:
    """What the history tables tell of one key."""

    moment: datetime.datetime
    types: set[str] = field(default_factory=set)
    kinds: list[str] = field(default_factory=list)

    @property
    def type(self) -> str:
        return next((type_ for type_ in "-+" if type_ in self.types), "~")


def _acts(user) -> dict[Key, Act]:
    """Return what the newest versions of every table tell."""
    loader = get_user_model().objects.public_record()
    found: dict[Key, Act] = {}
    for model in record_models():
        for table, way in [(model, "id"), *_tables(model)]:
            kind = capfirst(table._meta.verbose_name)
            for record, person, moment, type_ in _versions(table, way, user, loader):
                act = found.setdefault((model, record, person, localtime(moment).date()), Act(moment))
                act.moment = max(act.moment, moment)
                if table is model:
                    act.types.add(type_)
                if kind not in act.kinds:
                    act.kinds.append(kind)
    return found


def _records(model: type[Publishable], keys: set[int], user) -> dict[int, Publishable]:
    """Return the shared records of these keys; one deleted is given as its last version has it."""
    shared = visible(model._base_manager.filter(kept_by="", pk__in=keys), user)
    found = {record.pk: record for record in shared}
    deleted = visible(model.history.filter(history_type="-", kept_by="", id__in=keys), user)
    return {version.id: version.instance for version in deleted} | found


def recent_changes(user) -> list[Change]:
    """Return the newest changes to records that both sides see, newest first, without the loader's.

    Nothing of a record or a row that the other side keeps to itself. The number of queries is that of the
    history tables, however much they hold.
    """
    acts = _acts(user)
    people = get_user_model()._base_manager.in_bulk({person for _model, _record, person, _day in acts})
    records = {
        model: _records(model, {key[1] for key in acts if key[0] is model}, user) for model in record_models()
    }
    changes = [
        Change(records[model][record], people[person], act.moment, act.type, act.kinds)
        for (model, record, person, _day), act in acts.items()
        if record in records[model] and person in people
    ]
    return sorted(changes, key=lambda change: (change.moment, change.record.reference), reverse=True)[:MOST]
