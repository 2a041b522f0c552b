"""The texts with which something is the matter, as one person may see them: counted, and read page by page."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Model, Q, QuerySet
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext, pgettext

from initiative.models import Departure
from publishing.bilingual import LANGUAGE_TAGS
from publishing.models import Publishable, Tracked
from publishing.naming import record_of
from publishing.sides import visible
from publishing.snapshots import versions_of
from sci_portal.languages import DEPARTING, MATTERS, OTHER, WORK, Kind, kinds


def name_of(kind: Kind, row: Tracked) -> str:
    """Return the reference and name of a record, and which of its rows this is."""
    record = record_of(row)
    parts = [f"{record.reference} {record}" if record else str(row)]
    if kind.path:
        told = {"kind": capfirst(kind.model._meta.verbose_name), "name": row}
        parts.append(gettext("%(kind)s: %(name)s") % told)
    return pgettext("between a record and its row", " › ").join(parts)


@dataclass
class Line:
    """One text in one language with which something is the matter."""

    kind: Kind
    row: Tracked
    stem: str
    suffix: str
    departures: list[Departure]
    matters: list[str]
    # What the other language said when this text was written, where that is known and another.
    before: str = ""

    @property
    def present(self) -> str:
        return getattr(self.row, f"{self.stem}_{self.suffix}")

    @property
    def source(self) -> str:
        return getattr(self.row, f"{self.stem}_{OTHER[self.suffix]}")

    @property
    def lang(self) -> str:
        return LANGUAGE_TAGS[self.suffix]

    @property
    def source_lang(self) -> str:
        return LANGUAGE_TAGS[OTHER[self.suffix]]

    @property
    def field(self):
        """Return the column of the text."""
        return self.kind.model._meta.get_field(f"{self.stem}_{self.suffix}")

    @property
    def label(self) -> str:
        return capfirst(self.field.verbose_name)

    @property
    def name(self) -> str:
        return name_of(self.kind, self.row)

    @property
    def matters_shown(self) -> list[str]:
        return [MATTERS[matter] for matter in self.matters]

    @property
    def key(self) -> str:
        """Return the key of the text in both languages: "projects.project:SCI-P-0031:summary"."""
        known = self.row.pk if self.kind.path else getattr(self.row, self.kind.key or "pk")
        return f"{self.kind.label}:{known}:{self.stem}"

    @property
    def seen(self) -> str:
        """Return a short sum of both texts, by which a later answer knows that they are the same."""
        both = f"{self.source}\0{self.present}".encode()
        return hashlib.sha256(both).hexdigest()[:16]


@dataclass
class Item:
    """One row with the lines about it."""

    kind: Kind
    row: Tracked
    lines: list[Line]

    @property
    def record(self) -> Publishable | None:
        return record_of(self.row)

    @property
    def name(self) -> str:
        return name_of(self.kind, self.row)

    @property
    def address(self) -> str:
        """Return the page on which the row is changed: its own, or that of what it belongs to."""
        row = self.row
        for step in self.kind.path:
            if type(row) in admin.site._registry and admin.site._registry[type(row)].inlines:
                break
            row = getattr(row, step)
        opts = row._meta
        return reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[row.pk])


@dataclass
class Wanted:
    """What a person asks the list for; a stranger to a kind of row does not see it."""

    user: Model
    matter: str = ""
    kind: str = ""
    status: str = ""
    reference: str = ""

    @property
    def matters(self) -> tuple[str, ...]:
        return (self.matter,) if self.matter else WORK

    def kinds(self) -> list[Kind]:
        found = []
        for kind in kinds():
            opts = kind.model._meta
            asked = (
                (not self.kind or kind.top._meta.label_lower == self.kind)
                and (not self.status or kind.has_status)
                and (not self.reference or kind.key)
            )
            if asked and self.user.has_perm(f"{opts.app_label}.view_{opts.model_name}"):
                found.append(kind)
        return found

    def rows(self, kind: Kind) -> QuerySet:
        """Return the rows of a kind that the person may see and asks for, whatever is the matter."""
        rows = visible(kind.model._base_manager.all(), self.user)
        if self.status:
            rows = rows.filter(**{"__".join([*kind.path, "status"]): self.status})
        if self.reference:
            rows = rows.filter(**{f"{kind.key}__iexact": self.reference})
        return rows


def _any(conditions: list[Q]) -> Q:
    found = Q()
    for condition in conditions:
        found |= condition
    return found or Q(pk__in=[])


class Work:
    """The rows with which something is the matter, counted by one query for each kind, read page by page."""

    def __init__(self, wanted: Wanted):
        self.wanted = wanted
        self.texts = dict.fromkeys(MATTERS, 0)
        self.rows: list[tuple[Kind, int]] = []
        kinds = wanted.kinds()
        for kind in kinds:
            self._count(kind)
        departing = set(Departure.objects.values_list("kind", flat=True).distinct())
        for kind in kinds:
            if ContentType.objects.get_for_model(kind.model).pk in departing:
                self._count_departures(kind)

    def _condition(self, kind: Kind) -> Q:
        return _any([one for matter in self.wanted.matters for one in kind.conditions(matter)])

    def _count(self, kind: Kind) -> None:
        sums = {
            f"{matter}_{at}": Count("pk", filter=condition)
            for matter in MATTERS
            if matter not in DEPARTING
            for at, condition in enumerate(kind.conditions(matter))
        }
        found = self.wanted.rows(kind).aggregate(**sums, rows=Count("pk", filter=self._condition(kind)))
        self.rows.append((kind, found.pop("rows")))
        for name, count in found.items():
            self.texts[name.rpartition("_")[0]] += count

    def _count_departures(self, kind: Kind) -> None:
        for matter in DEPARTING:
            found = kind.departures(matter).filter(row_id__in=self.wanted.rows(kind).values("pk"))
            self.texts[matter] += found.values("row_id", "text", "suffix").distinct().count()

    def __len__(self) -> int:
        return sum(count for _kind, count in self.rows)

    def __getitem__(self, part: slice) -> list[Item]:
        items, begins = [], 0
        for kind, count in self.rows:
            first, last = max(part.start - begins, 0), min(part.stop - begins, count)
            if first < last:
                items += self._read(kind, first, last)
            begins += count
        return items

    def _read(self, kind: Kind, first: int, last: int) -> list[Item]:
        order = [f"{kind.path[0]}_id", "pk"] if kind.path else ["pk"]
        rows = self.wanted.rows(kind).filter(self._condition(kind))
        rows = rows.select_related(*kind.links) if kind.links else rows
        items = list(read(kind, list(rows.order_by(*order)[first:last]), self.wanted.matters))
        note_before(kind, items, self.wanted.user)
        return items


def read(kind: Kind, rows: list[Tracked], matters: tuple[str, ...]) -> Iterator[Item]:
    """Yield each row with its lines about `matters`: one query for what departs in any of the rows."""
    departing: dict[tuple, list[Departure]] = {}
    if {"departure", "intended"} & set(matters):
        of_kind = Departure.objects.filter(kind=ContentType.objects.get_for_model(kind.model))
        for one in of_kind.filter(row_id__in=[row.pk for row in rows]).select_related("term").order_by("pk"):
            if ("intended" if one.intended else "departure") in matters:
                departing.setdefault((one.row_id, one.text, one.suffix), []).append(one)
    for row in rows:
        lines = []
        for stem in [*kind.own, *kind.printed]:
            for suffix in LANGUAGE_TAGS:
                line = Line(kind, row, stem, suffix, departing.get((row.pk, stem, suffix), []), [])
                line.matters = [matter for matter in _matters_of(line) if matter in matters]
                if line.matters:
                    lines.append(line)
        yield Item(kind, row, lines)


def _matters_of(line: Line) -> list[str]:
    """Return everything that is the matter with a line."""
    lacking = bool(line.source and not line.present)
    if line.stem in line.kind.printed:
        return ["names"] * lacking
    older = f"{line.stem}_{line.suffix}" in line.row.outdated.split()
    departing = dict.fromkeys("intended" if one.intended else "departure" for one in line.departures)
    return [f"no_{line.suffix}"] * lacking + ["older"] * older + list(departing)


def note_before(kind: Kind, items: list[Item], user) -> None:
    """Say of older texts what the other language said when they were written: one query of the history."""
    older = {item.row.pk: item.lines for item in items if any("older" in line.matters for line in item.lines)}
    if not older:
        return
    columns = sorted({f"{stem}_{suffix}" for stem in kind.own for suffix in LANGUAGE_TAGS})
    versions: dict[int, list[dict]] = {}
    history = versions_of(kind.model, user).filter(id__in=older).order_by("-history_date", "-history_id")
    for version in history.values("id", *columns):
        versions.setdefault(version["id"], []).append(version)
    for pk, lines in older.items():
        for line in lines:
            if "older" in line.matters:
                line.before = _source_then(line, versions.get(pk, []))


def _source_then(line: Line, versions: list[dict]) -> str:
    """Return what the source said in the oldest version since which the text stands as it is."""
    then = ""
    for version in versions:
        if version[f"{line.stem}_{line.suffix}"] != line.present:
            break
        then = version[f"{line.stem}_{OTHER[line.suffix]}"]
    return then if then != line.source else ""
