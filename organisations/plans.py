"""What merging one body, or one person, into another would do, and what is in the way; nothing is written."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from organisations.models import Organisation, OrganisationName, Person
from organisations.names import own_names
from publishing.models import Publishable, Row, Status, Tracked
from publishing.naming import NOT_NAMING, record_of
from publishing.sides import visible

# The columns that are filled from the one merged where the one kept has nothing.
FILLED = {
    Organisation: (
        "name_en",
        "name_zh",
        "short_name_en",
        "short_name_zh",
        "kind",
        "place",
        "website",
        "uen",
        "uscc",
        "summary_en",
        "summary_zh",
    ),
    # A name that one of the two may not show is shown by neither.
    Person: ("name_en", "name_zh", "suppressed"),
}
NAMES = ("name_en", "name_zh", "short_name_en", "short_name_zh")
SEEN_BY_THE_PUBLIC = (Status.PUBLISHED, Status.WITHDRAWN)


def links_to(model: type[models.Model]) -> Iterator[tuple[type[Tracked], models.ForeignKey]]:
    """Yield every foreign key that leads from a tracked row to `model`, of whatever app, with its model."""
    for relation in model._meta.get_fields(include_hidden=True):
        if not (relation.auto_created and not relation.concrete and relation.one_to_many):
            continue
        if issubclass(relation.related_model, Tracked) and relation.field.name not in NOT_NAMING:
            yield relation.related_model, relation.field


def rows_to(model: type[Tracked], link: models.ForeignKey, *keys: int) -> models.QuerySet:
    """Return the rows of `model` that `link` leads from to one of `keys`, with all that they name."""
    named = [
        one.name
        for one in model._meta.concrete_fields
        if isinstance(one, models.ForeignKey) and issubclass(one.related_model, Tracked)
    ]
    return model._base_manager.filter(**{f"{link.name}__in": keys}).select_related(*named).order_by("pk")


@dataclass
class Line:
    """One row that names the one merged; where the one kept has it already, the row is folded away."""

    row: Tracked
    link: models.ForeignKey
    stays: Tracked | None = None

    @property
    def record(self) -> Publishable | None:
        return record_of(self.row)

    @property
    def what(self) -> str:
        """Return what the row is: "partner", or of a record the column in it."""
        own = isinstance(self.row, Publishable)
        return capfirst(str((self.link if own else self.row._meta).verbose_name))

    @property
    def words(self) -> str:
        """Return what the row says where that is not just the name of the one merged."""
        named_itself = isinstance(self.row, Publishable) or str(self.row) == str(
            getattr(self.row, self.link.name)
        )
        return "" if named_itself else str(self.row)

    @property
    def lost(self) -> list[str]:
        """Return what the row folded away says and the one that stays does not, one text for each column."""
        return [
            f"{capfirst(str(column.verbose_name))}: {shown(self.row, column)}"
            for column in said_by(self.row, self.link)
            if getattr(self.row, column.attname)
            and getattr(self.row, column.attname) != getattr(self.stays, column.attname)
        ]


def shown(row: models.Model, column: models.Field) -> str:
    """Return what a column of a row says, as a page shows it."""
    if column.choices:
        return str(getattr(row, f"get_{column.name}_display")())
    if isinstance(column, models.BooleanField):
        return _("Yes") if getattr(row, column.attname) else _("No")
    return str(getattr(row, column.name))


def said_by(row: Tracked, link: models.ForeignKey) -> list[models.Field]:
    """Return the columns in which a row states something, besides whom it names by `link`."""
    return [
        column
        for column in row._meta.concrete_fields
        if column.editable and not column.primary_key and column != link and column.name != "position"
    ]


def same_place(row: Tracked, link: models.ForeignKey) -> set[tuple]:
    """Return keys that a row shares with those beside which it cannot stand, once both name the same."""
    found = set()
    for together in row._meta.unique_together:
        if link.name in together:
            values = [getattr(row, row._meta.get_field(name).attname) for name in together if name != link.name]
            if None not in values:
                found.add((together, *values))
    if isinstance(row, Row) and link.name == row.RECORD:
        # A source cited twice with the same words is cited once.
        found.add(tuple(str(getattr(row, column.attname)) for column in said_by(row, link)))
    return found


@dataclass
class Plan:
    """What merging `merged` into `kept` would do, as `user` may see it, and what is in the way."""

    kept: Organisation | Person
    merged: Organisation | Person
    user: object
    lines: list[Line] = field(default_factory=list)
    # Whether the other side keeps something of it to itself.
    hidden: bool = False
    # The columns of the one kept that are filled, with their value; the names that it gains as other names.
    fills: dict[str, object] = field(default_factory=dict)
    aliases: list[str] = field(default_factory=list)

    @property
    def moving(self) -> list[Line]:
        return [line for line in self.lines if line.stays is None]

    @property
    def folded(self) -> list[Line]:
        return [line for line in self.lines if line.stays is not None]

    @property
    def filled_words(self) -> list[tuple[str, str]]:
        columns = [self.kept._meta.get_field(name) for name in self.fills]
        return [(capfirst(str(column.verbose_name)), shown(self.merged, column)) for column in columns]

    @property
    def touches_the_public(self) -> bool:
        """Return whether a published record, or one that was published, is changed by it."""
        records = [record_of(self.kept), record_of(self.merged), *(line.record for line in self.lines)]
        return any(record is not None and record.status in SEEN_BY_THE_PUBLIC for record in records)

    @property
    def fingerprint(self) -> str:
        """Return a mark of all that would be done, to tell whether it changed since somebody read it."""
        told = [
            sorted(
                (line.row._meta.label, line.row.pk, line.link.name, line.stays is None) for line in self.lines
            ),
            sorted((name, str(value)) for name, value in self.fills.items()),
            self.aliases,
            str(self.kept),
        ]
        return hashlib.sha256(repr(told).encode()).hexdigest()[:32]

    def problems(self) -> list[str]:
        """Return, in words, why `user` cannot merge the two; nothing of what they may not see."""
        if self.kept.pk == self.merged.pk:
            return [_("Choose two different entries.")]
        if self.hidden:
            return [
                _("This cannot be merged by a person who works for one side. Ask a person who works for both.")
            ]
        if self.touches_the_public and not self.user.has_perm("organisations.publish_organisation"):
            return [_("Published records would change: only a manager merges these. Ask a manager.")]
        if not all(may_change(self.user, type(line.row)) for line in self.lines):
            return [_("Your role does not allow this. Ask a manager.")]
        return self._problems_of_organisations() if isinstance(self.kept, Organisation) else []

    def _problems_of_organisations(self) -> list[str]:
        names = {"kept": self.kept, "merged": self.merged}
        for one in (self.kept, self.merged):
            if one.merged_into_id:
                words = _("“%(name)s” was merged into “%(other)s” already.")
                return [words % {"name": one, "other": one.merged_into}]
        found = []
        if self.merged.is_published and not self.kept.is_published:
            words = _(
                "“%(merged)s” is published and “%(kept)s” is not. Keep the published one, or publish both."
            )
            found.append(words % names)
        if self.merged.pk in above(self.kept):
            words = _(
                "“%(kept)s” is part of “%(merged)s”. Keep that one, or change the parent organisation first."
            )
            found.append(words % names)
        return found


def above(organisation: Organisation) -> set[int]:
    """Return the keys of the bodies of which an organisation is part, however far up."""
    found, parent = set(), organisation.parent
    while parent is not None and parent.pk not in found:
        found.add(parent.pk)
        parent = parent.parent
    return found


def may_change(user, model: type[models.Model]) -> bool:
    return user.has_perm(f"{model._meta.app_label}.change_{model._meta.model_name}")


def plan_of(kept, merged, user) -> Plan:
    """Return what merging two bodies or two persons would do; a fixed number of queries, however many rows."""
    plan = Plan(kept, merged, user)
    for model, link in links_to(type(kept)) if kept.pk != merged.pk else ():
        rows = rows_to(model, link, kept.pk, merged.pk)
        seen = set(visible(rows, user).values_list("pk", flat=True))
        there = {key: row for row in rows if leads_to(row, link, kept) for key in same_place(row, link)}
        for row in rows:
            if leads_to(row, link, merged):
                stays = next((there[key] for key in same_place(row, link) if key in there), None)
                plan.lines.append(Line(row, link, stays))
                plan.hidden |= row.pk not in seen or (stays is not None and stays.pk not in seen)
    plan.fills = _fills(kept, merged)
    plan.aliases = _aliases(plan)
    return plan


def _fills(kept, merged) -> dict[str, object]:
    names = FILLED[type(kept)]
    return {name: getattr(merged, name) for name in names if getattr(merged, name) and not getattr(kept, name)}


def _aliases(plan: Plan) -> list[str]:
    known = {*own_names(plan.kept), *(value for name, value in plan.fills.items() if name in NAMES)}
    if isinstance(plan.kept, Organisation):
        known |= set(plan.kept.names.values_list("name", flat=True))
        known |= {line.row.name for line in plan.lines if isinstance(line.row, OrganisationName)}
    return [name for name in dict.fromkeys(own_names(plan.merged)) if name not in known]


def leads_to(row: Tracked, link: models.ForeignKey, one: models.Model) -> bool:
    return getattr(row, link.attname) == one.pk
