"""A record and its rows as they were at a moment, read from the history, and what differs in words.

One reading serves the conflict of two savers, the proposed change, the history and the revert.
"""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from publishing.models import Publishable, Row, Tracked
from publishing.naming import rows_of
from publishing.sides import BOTH, hidden_columns, visible

# Columns that no form holds and that the history shows all the same.
SHOWN_TOO = (
    "status",
    "withdrawal_reason",
    "merged_into",
    "confirmed_en_at",
    "confirmed_zh_at",
    "release",
    "release_approved_at",
    "agenda_final_at",
    "file_name",
    "sha256",
)
ADDED, CHANGED, REMOVED = "+", "~", "-"


def shown_fields(model: type[models.Model], user=None) -> list[models.Field]:
    """Return the columns and links of `model` that a snapshot holds, in the order of the model."""
    hidden = hidden_columns(model, user) if user else set()
    above = getattr(model, "RECORD", "")
    fields = [*model._meta.concrete_fields, *model._meta.many_to_many]
    return [
        field
        for field in fields
        if (field.editable or field.name in SHOWN_TOO)
        and not field.primary_key
        and not isinstance(field, models.FileField)
        and field.name not in {above, *hidden}
    ]


def versions_of(model: type[Tracked], user=None) -> models.QuerySet:
    """Return the versions of `model` that `user` may read: none from when the other side kept them."""
    versions = model.history.all()
    if user is None or user.side == BOTH:
        return versions
    versions = visible(versions, user)
    key, record = model._meta.pk.name, model
    while issubclass(record, Row):
        link = record._meta.get_field(record.RECORD)
        if record is not model:  # a row of a row: the row in between may be gone, its history says whose it was
            between = record.history.filter(id=OuterRef(key), history_date__lte=OuterRef("history_date"))
            newest = between.order_by("-history_date", "-history_id").values(link.attname)[:1]
            versions = versions.annotate(**{f"above_{link.name}": Subquery(newest)})
        key = link.attname if record is model else f"above_{link.name}"
        record = link.related_model
    if not issubclass(record, Publishable):
        return versions
    of_record = record.history.filter(id=OuterRef(key))
    then = of_record.filter(history_date__lte=OuterRef("history_date")).order_by("-history_date", "-history_id")
    later = of_record.filter(history_date__gt=OuterRef("history_date")).exclude(kept_by__in=["", user.side])
    before = then.filter(history_date__lt=OuterRef("history_date"))
    versions = versions.annotate(
        kept_then=Coalesce(Subquery(then.values("kept_by")[:1]), Value("")),
        kept_before=Coalesce(Subquery(before.values("kept_by")[:1]), Value("")),
    )
    # What was taken out in the act that shared the record was never shared.
    unshared = ~Q(history_type=REMOVED) | Q(kept_before__in=["", user.side])
    return versions.filter(unshared, ~Exists(later), kept_then__in=["", user.side])


def _link_rows(model: type[Tracked], name: str) -> str:
    """Return the attribute by which a version of `model` gives the rows of its to-many link `name`."""
    kept = getattr(model.history.model, name).model
    return kept._meta.get_field("history").remote_field.get_accessor_name()


def with_links(versions: models.QuerySet, model: type[Tracked]) -> models.QuerySet:
    """Return the versions with their to-many links fetched at once."""
    return versions.prefetch_related(*(_link_rows(model, name) for name in model._history_m2m_fields))


def values_of(version, model: type[Tracked], user=None) -> dict:
    """Return the values of one version by column: keys for links, a sorted list of keys for to-many links."""
    found = {}
    for field in shown_fields(model, user):
        if field.many_to_many:
            column = f"{field.m2m_reverse_field_name()}_id"
            rows = getattr(version, _link_rows(model, field.name)).all()
            found[field.name] = sorted(getattr(row, column) for row in rows)
        else:
            found[field.name] = getattr(version, field.attname)
    return found


def _last(versions: Iterable) -> dict[int, object]:
    """Return the last version of each row that was still there, by its key."""
    found = {version.id: version for version in versions}
    return {key: version for key, version in found.items() if version.history_type != REMOVED}


def snapshot(record: Tracked, at: datetime.datetime | None = None, user=None) -> dict:
    """Return `record` as it was at the moment `at`, by default now, as `user` may read it.

    {"fields": {column: value}, "rows": {row model: {key: {column: value}}}}; {} where it was not there.
    """
    model = type(record)

    def until(versions):
        versions = versions if at is None else versions.filter(history_date__lte=at)
        return versions.order_by("history_date", "history_id")

    here = _last(until(with_links(versions_of(model, user).filter(id=record.pk), model)))
    if record.pk not in here:
        return {}
    rows = {}
    for row, lookup in rows_of(model):
        keys = row.history.filter(**{lookup: record.pk}).values("id")
        last = _last(until(with_links(versions_of(row, user).filter(id__in=keys), row)))
        rows[row] = {
            key: values_of(version, row, user)
            for key, version in last.items()
            if getattr(version, f"{lookup}_id") == record.pk
        }
    return {"fields": values_of(here[record.pk], model, user), "rows": rows}


@dataclass(frozen=True)
class Difference:
    """One column that differs, in words; `row` names the row it stands in, "" for the record itself."""

    field: str
    old: str
    new: str
    row: str = ""
    what: str = CHANGED
    name: str = ""


class Words:
    """Values as words for a person: links by what they name, each table asked once."""

    def __init__(self, user):
        self.user = user
        self._named: dict[type[models.Model], dict] = {}
        self._seen: dict[type[models.Model], set] = {}

    def gather(self, model: type[models.Model], values: Iterable[dict]) -> None:
        """Fetch what the links in `values` name."""
        wanted: dict[type[models.Model], set] = {}
        for row in values:
            for field in shown_fields(model):
                if field.is_relation and (value := row.get(field.name)):
                    keys = value if field.many_to_many else [value]
                    wanted.setdefault(field.related_model, set()).update(keys)
        for related, keys in wanted.items():
            known = self._named.setdefault(related, {})
            new = related._base_manager.filter(pk__in=keys - known.keys())
            known |= {row.pk: row for row in new}
            if issubclass(related, Tracked) and self.user.side != BOTH:
                seen = visible(new, self.user).values_list("pk", flat=True)
                self._seen.setdefault(related, set()).update(seen)

    def link(self, related: type[models.Model], key) -> str:
        """Return what a link names: a person who is not shown by name is not named here either."""
        named = self._named.get(related, {}).get(key)
        if named is None:
            return _("%(kind)s no longer on record") % {"kind": capfirst(related._meta.verbose_name)}
        if key not in self._seen.get(related, {key}):
            return _("%(kind)s that the other side keeps to itself") % {
                "kind": capfirst(related._meta.verbose_name)
            }
        return _("(name not shown)") if getattr(named, "suppressed", False) else str(named)

    def of(self, field: models.Field, value) -> str:
        """Return one value of a column in words, "" of an empty one."""
        if value in (None, "", []):
            return ""
        if field.many_to_many:
            return pgettext("list", ", ").join(self.link(field.related_model, key) for key in value)
        if field.is_relation:
            return self.link(field.related_model, value)
        if field.choices:
            return str(dict(field.flatchoices).get(value, value))
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if isinstance(value, datetime.datetime):
            return date_format(localtime(value), "DATETIME_FORMAT")
        if isinstance(value, datetime.date):
            return date_format(value, "DATE_FORMAT")
        return str(value)

    def title(self, model: type[Row], values: dict) -> str:
        """Return what a row is called: its kind, and the first thing or text that it names."""
        kind = capfirst(model._meta.verbose_name)
        for field in shown_fields(model):
            worded = field.is_relation or (isinstance(field, (models.CharField, models.TextField)))
            if worded and not field.choices and (text := self.of(field, values.get(field.name))):
                return _("%(kind)s “%(name)s”") % {"kind": kind, "name": text}
        return kind


def _differing(words: Words, model, old: dict, new: dict, row: str, what: str) -> Iterator[Difference]:
    for field in shown_fields(model):
        before, after = old.get(field.name), new.get(field.name)
        if before == after:
            continue
        told = words.of(field, before), words.of(field, after)
        if told[0] != told[1] and not (what != CHANGED and _says_nothing(field, after or before)):
            yield Difference(capfirst(field.verbose_name), *told, row, what, field.name)


def _says_nothing(field: models.Field, value) -> bool:
    """Return whether a value of a new or removed row is only its default."""
    return not field.is_relation and value == field.get_default()


def compare_values(words: Words, model: type[Tracked], old: dict, new: dict, row="") -> list[Difference]:
    """Return what differs between two values of one record or row; {} stands for one that is not there."""
    what = CHANGED if old and new else ADDED if new else REMOVED
    return list(_differing(words, model, old, new, row, what))


def redacted(record: Tracked, values: dict) -> dict:
    """Return the values without the name of a person who is not shown by name."""
    if not getattr(record, "suppressed", False):
        return values
    names = {"name_en", "name_zh", "other_names"} & values.keys()
    return values | {name: _("(name not shown)") for name in names if values[name]}


def differences(record: Tracked, before: dict, after: dict, user) -> list[Difference]:
    """Return what differs between two snapshots of `record`, in words for `user`, in the order of its form."""
    words, model = Words(user), type(record)
    words.gather(model, [state["fields"] for state in (before, after) if state])
    old, new = (redacted(record, state.get("fields", {})) for state in (before, after))
    found = compare_values(words, model, old, new)
    for row, _lookup in rows_of(model):
        had, has = (state.get("rows", {}).get(row, {}) for state in (before, after))
        words.gather(row, [*had.values(), *has.values()])
        for key in sorted(had.keys() | has.keys()):
            old, new = had.get(key, {}), has.get(key, {})
            if old != new:
                found += compare_values(words, row, old, new, words.title(row, new or old))
    return found


def version_of(record: Tracked) -> datetime.datetime | None:
    """Return the moment of the last change of a record or of its rows; a move of status is none."""
    if isinstance(record, Publishable):
        return type(record)._base_manager.values_list("changed_at", flat=True).get(pk=record.pk)
    moments = [type(record).history.filter(id=record.pk)]
    moments += [row.history.filter(**{lookup: record.pk}) for row, lookup in rows_of(type(record))]
    last = (versions.aggregate(last=models.Max("history_date"))["last"] for versions in moments)
    return max(filter(None, last), default=None)


def as_number(moment: datetime.datetime) -> int:
    """Return a moment as whole microseconds, for addresses and forms."""
    since = moment - datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
    return since // datetime.timedelta(microseconds=1)


def as_moment(number: str) -> datetime.datetime | None:
    """Return the past moment that `as_number` made; None of anything else."""
    if not (number.isascii() and number.isdigit() and len(number) <= 17):
        return None
    moment = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC) + datetime.timedelta(microseconds=int(number))
    return moment if moment <= timezone.now() else None
