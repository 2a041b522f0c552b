"""What was changed, by whom and when: every version of every tracked row, told as changes of its record."""

import datetime
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.apps import apps
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from publishing.models import Publishable, Row, Tracked
from publishing.naming import rows_of
from publishing.snapshots import (
    ADDED,
    CHANGED,
    REMOVED,
    Difference,
    Words,
    as_number,
    compare_values,
    redacted,
    values_of,
    versions_of,
    with_links,
)

# Versions read for one page; a page ends between two changes, not within one.
MOST = 80


@dataclass(frozen=True)
class Filter:
    """Which changes are asked for; every part may be left empty."""

    record: Tracked | None = None
    person: object = None
    side: str = ""
    since: datetime.datetime | None = None
    until: datetime.datetime | None = None
    before: datetime.datetime | None = None  # the page after this moment, newest first


@dataclass
class Change:
    """What one person changed in one record at one moment."""

    moment: datetime.datetime
    person: object
    reason: str
    model: type[Tracked]
    key: int
    name: str
    what: str = CHANGED
    is_there: bool = True
    differences: list[Difference] = field(default_factory=list)

    @property
    def number(self) -> int:
        return as_number(self.moment)


def tracked_models() -> list[type[Tracked]]:
    """Return every model whose versions are kept."""
    return [model for model in apps.get_models() if issubclass(model, Tracked)]


def _models(asked: Filter) -> Iterator[tuple[type[Tracked], Q]]:
    """Yield the models to read, each with the condition that a record gives."""
    if asked.record is None:
        yield from ((model, Q()) for model in tracked_models())
        return
    yield type(asked.record), Q(id=asked.record.pk)
    for row, lookup in rows_of(type(asked.record)):
        keys = row.history.filter(**{lookup: asked.record.pk}).values("id")
        yield row, Q(id__in=keys)
        for inner, above in rows_of(row):
            yield inner, Q(**{f"{above}__in": keys})


def _asked(versions: models.QuerySet, asked: Filter) -> models.QuerySet:
    if asked.person:
        versions = versions.filter(history_user=asked.person)
    if asked.side:
        versions = versions.filter(history_user__side=asked.side)
    if asked.since:
        versions = versions.filter(history_date__gte=asked.since)
    if asked.until:
        versions = versions.filter(history_date__lt=asked.until)
    if asked.before:
        versions = versions.filter(history_date__lt=asked.before)
    return versions


def _moments(user, asked: Filter, most: int) -> tuple[list[datetime.datetime], bool]:
    """Return the moments that a page shows, newest first, and whether there are more."""
    found = []
    for model, condition in _models(asked):
        versions = _asked(versions_of(model, user).filter(condition), asked).order_by("-history_date")
        found += versions.values_list("history_date", flat=True)[: most + 1]
    found.sort(reverse=True)
    if len(found) <= most:
        return sorted(set(found), reverse=True), False
    moments = sorted(set(found[:most]), reverse=True)
    whole = [moment for moment in moments if moment != found[most]]
    return whole or moments, True


def _above(model: type[Tracked], version) -> tuple[type[Tracked], int]:
    """Return the record that a version belongs to: its model and key."""
    key = version.id
    while issubclass(model, Row):
        link = model._meta.get_field(model.RECORD)
        key = getattr(version, link.attname)
        model = link.related_model
        if issubclass(model, Row):
            version = model.history.filter(id=key).order_by("history_date", "history_id").last()
            if version is None:
                break
    return model, key


def _pairs(model: type[Tracked], user, condition: Q, asked: Filter, moments: list) -> Iterator[tuple]:
    """Yield (version, the version before or None) of the rows of `model` that changed at `moments`."""
    readable = with_links(versions_of(model, user), model).select_related("history_user")
    at = readable.filter(condition, history_date__in=moments)
    last = {}
    for version in _asked(at, asked).order_by("history_date", "history_id"):
        last[version.id, version.history_date] = version
    if not last:
        return
    earlier = defaultdict(list)
    keys = {key for key, _moment in last}
    known = readable.filter(id__in=keys, history_date__lt=max(moments)).order_by("history_date", "history_id")
    for version in known:
        earlier[version.id].append(version)
    for (key, moment), version in last.items():
        before = [one for one in earlier[key] if one.history_date < moment]
        yield version, before[-1] if before and before[-1].history_type != REMOVED else None


def changes(user, asked: Filter, most: int = MOST) -> tuple[list[Change], bool]:
    """Return the changes that `user` may read, newest first, and whether there are earlier ones."""
    moments, is_cut = _moments(user, asked, most)
    found: dict[tuple, Change] = {}
    words = Words(user)
    for model, condition in _models(asked) if moments else ():
        pairs = list(_pairs(model, user, condition, asked, moments))
        told = [
            (version, *(values_of(one, model, user) if one else {} for one in (before, version)))
            for version, before in pairs
        ]
        words.gather(model, [values for _version, *both in told for values in both if values])
        for version, old, new in told:
            _tell(found, words, model, version, old, {} if version.history_type == REMOVED else new)
    _name(found, words)
    return sorted(found.values(), key=lambda change: change.moment, reverse=True), is_cut


def _tell(found: dict, words: Words, model, version, old: dict, new: dict) -> None:
    """Add what one version changed to the change of its record."""
    above, key = _above(model, version)
    change = found.setdefault(
        (version.history_date, above, key),
        Change(version.history_date, version.history_user, "", above, key, ""),
    )
    change.reason = change.reason or version.history_change_reason or ""
    row = words.title(model, new or old) if issubclass(model, Row) else ""
    if not row:
        change.what = CHANGED if old and new else ADDED if new else REMOVED
        if getattr(version, "suppressed", False) or _is_suppressed(model, key):
            version.suppressed = True
            old, new = redacted(version, old), redacted(version, new)
    change.differences += compare_values(words, model, old, new, row)


def _is_suppressed(model: type[Tracked], key: int) -> bool:
    names = {one.name for one in model._meta.fields}
    return "suppressed" in names and model._base_manager.filter(pk=key, suppressed=True).exists()


def _name(found: dict, words: Words) -> None:
    """Give every change the name of its record, asking each table once."""
    by_model = defaultdict(set)
    for _moment, model, key in found:
        by_model[model].add(key)
    for model, keys in by_model.items():
        here = model._base_manager.in_bulk(keys)
        left = model.history.filter(id__in=keys - here.keys()).order_by("history_date", "history_id")
        gone = {version.id: version for version in left}
        for (_moment, kind, key), change in found.items():
            if kind is model:
                record = here.get(key) or (gone[key].instance if key in gone else None)
                change.is_there = key in here
                change.name = title_of(record) if record else _("no longer on record")


def title_of(record: Tracked) -> str:
    """Return how lists of changes call a record: its reference and name."""
    if getattr(record, "suppressed", False):
        return _("(name not shown)")
    if isinstance(record, Publishable) and record.reference:
        name = str(record)
        return record.reference if name == record.reference else f"{record.reference} {name}"
    return str(record)
