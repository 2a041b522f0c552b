"""Undoing a merge: putting back what is still where the merge put it, and saying what is not."""

from dataclasses import dataclass, field

from django.apps import apps
from django.core import serializers
from django.db import models, transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.models import User
from organisations.merging import NUMBERS, refuse_what_is_unfit, write
from organisations.models import Merge, Organisation, OrganisationName, Person
from organisations.plans import SEEN_BY_THE_PUBLIC, Line, leads_to, may_change, rows_to, same_place, shown
from publishing.models import Publication, Status, Tracked
from publishing.naming import record_of
from publishing.sides import visible
from publishing.workflow import Refused, move

UNDONE = gettext_noop("A merge was undone.")
MODELS = {Merge.Kind.ORGANISATION: Organisation, Merge.Kind.PERSON: Person}


def merges_of(model: type[models.Model], user) -> models.QuerySet:
    """Return the merges of bodies or of persons of which `user` may see both."""
    seen = visible(model._base_manager.all(), user).values("pk")
    found = Merge.objects.filter(kind=model._meta.model_name, kept__in=seen)
    return found.filter(merged__in=seen) if model is Organisation else found


@dataclass
class Undoing:
    """What undoing a merge would put back, as `user` may see it, and what it would not."""

    merge: Merge
    user: object
    kept: Organisation | Person | None
    merged: Organisation | Person | None
    back: list[Line] = field(default_factory=list)
    # Rows that were folded away, to be made again.
    again: list[Line] = field(default_factory=list)
    # What was changed since and stays as it is, in words.
    left: list[str] = field(default_factory=list)
    # Columns of the one kept to be put back, with their value before.
    emptied: dict[str, object] = field(default_factory=dict)
    names: list = field(default_factory=list)
    hidden: bool = False

    @property
    def all_lines(self) -> list[Line]:
        return [*self.back, *self.again]

    @property
    def emptied_words(self) -> list[str]:
        columns = [self.kept._meta.get_field(name) for name in self.emptied]
        return [f"{capfirst(str(column.verbose_name))}: {shown(self.kept, column)}" for column in columns]

    @property
    def touches_the_public(self) -> bool:
        records = [record_of(one) for one in (self.kept, self.merged)]
        records += [line.record for line in self.all_lines]
        return any(record is not None and record.status in SEEN_BY_THE_PUBLIC for record in records)

    def problems(self) -> list[str]:
        """Return, in words, why `user` cannot undo the merge; nothing of what they may not see."""
        if self.merge.undone_at:
            return [_("This merge was undone already.")]
        if self.kept is None or self.merged is None:
            return [_("One of the two was deleted since. This merge can no longer be undone.")]
        if isinstance(self.kept, Organisation):
            if self.kept.merged_into_id:
                words = _("“%(name)s” was merged into “%(other)s” since. Undo that merge first.")
                return [words % {"name": self.kept, "other": self.kept.merged_into}]
            if self.merged.merged_into_id != self.kept.pk:
                return [_("This merge was undone already.")]
        if self.hidden:
            return [
                _("This cannot be undone by a person who works for one side. Ask a person who works for both.")
            ]
        if self.touches_the_public and not self.user.has_perm("organisations.publish_organisation"):
            return [_("Published records would change: only a manager undoes this. Ask a manager.")]
        if not all(may_change(self.user, type(line.row)) for line in self.all_lines):
            return [_("Your role does not allow this. Ask a manager.")]
        return []


def undoing_of(merge: Merge, user) -> Undoing:
    """Return what undoing `merge` would do; a fixed number of queries, however many rows."""
    model = MODELS[merge.kind]
    kept = model._base_manager.filter(pk=merge.kept).first()
    found = Undoing(merge, user, kept, _one_merged(merge, model))
    if merge.undone_at or found.kept is None or found.merged is None:
        return found
    for link, keys in _rows_by_link(merge).items():
        _find_moved(found, link, keys)
    by_model: dict[type[Tracked], list[dict]] = {}
    for data in merge.moved["folded"]:
        by_model.setdefault(apps.get_model(data["model"]), []).append(data)
    for row_model, several in by_model.items():
        _find_folded(found, row_model, several)
    for name, (before, after) in merge.moved["filled"].items():
        if getattr(kept, name) == after:
            found.emptied[name] = before
        else:
            label = capfirst(str(model._meta.get_field(name).verbose_name))
            found.left.append(_("%(what)s: changed since.") % {"what": label})
    _find_names(found)
    return found


def _one_merged(merge: Merge, model) -> Organisation | Person | None:
    if model is Organisation:
        return Organisation._base_manager.filter(pk=merge.merged).first()
    # A person was deleted: made again from what was kept, under the old key, not yet saved.
    data = {"model": "organisations.person", "pk": merge.merged, "fields": merge.moved["before"]}
    return next(iter(serializers.deserialize("python", [data]))).object


def _rows_by_link(merge: Merge) -> dict[models.ForeignKey, list[int]]:
    found: dict[models.ForeignKey, list[int]] = {}
    for label, key, name in merge.moved["rows"]:
        found.setdefault(apps.get_model(label)._meta.get_field(name), []).append(key)
    return found


def _find_moved(found: Undoing, link: models.ForeignKey, keys: list[int]) -> None:
    model = link.model
    rows = {row.pk: row for row in rows_to(model, link, found.kept.pk).filter(pk__in=keys)}
    others = model._base_manager.filter(pk__in=keys)
    seen = set(visible(others, found.user).values_list("pk", flat=True))
    alive = set(others.values_list("pk", flat=True))
    taken = {key for row in rows_to(model, link, found.merged.pk) for key in same_place(row, link)}
    for key in keys:
        row = rows.get(key)
        found.hidden |= key in alive and key not in seen
        if row is not None and not same_place(row, link) & taken:
            found.back.append(Line(row, link))
        else:
            words = _("%(what)s: changed since.") if key in alive else _("%(what)s: deleted since.")
            found.left.append(words % {"what": capfirst(str(model._meta.verbose_name))})


def _find_folded(found: Undoing, model: type[Tracked], data: list[dict]) -> None:
    """Make the folded rows of one kind anew, unsaved, where what they name is there and their place is free."""
    rows = [made.object for made in serializers.deserialize("python", data)]
    links = [
        one
        for one in model._meta.concrete_fields
        if isinstance(one, models.ForeignKey) and issubclass(one.related_model, Tracked)
    ]
    models.prefetch_related_objects(rows, *(link.name for link in links))
    alive, seen = ({link: _keys(link, rows, one) for link in links} for one in (None, found.user))
    for row in rows:
        link = next(
            one for one in links if one.related_model is type(found.merged) and leads_to(row, one, found.merged)
        )
        named = [(one, getattr(row, one.attname)) for one in links if one != link]
        named = [(one, key) for one, key in named if key is not None]
        found.hidden |= any(key in alive[one] and key not in seen[one] for one, key in named)
        if all(key in alive[one] for one, key in named):
            found.again.append(Line(row, link))
        else:
            words = _("%(what)s: what it belongs to was deleted since.")
            found.left.append(words % {"what": capfirst(str(model._meta.verbose_name))})


def _keys(link: models.ForeignKey, rows: list[Tracked], user) -> set[int]:
    """Return the keys that rows name by a link and that are there; of those that `user` may see, if given."""
    there = link.related_model._base_manager.filter(pk__in=[getattr(row, link.attname) for row in rows])
    return set((there if user is None else visible(there, user)).values_list("pk", flat=True))


def _find_names(found: Undoing) -> None:
    """Find the names that the merge gave to the one kept and that are still there."""
    if isinstance(found.kept, Person):
        lines = found.kept.other_names.splitlines()
        found.names = [name for name in found.merge.moved["aliases"] if name in lines]
        return
    keys = dict(found.merge.moved["aliases"])
    rows = OrganisationName._base_manager.filter(pk__in=keys, organisation=found.kept)
    found.names = [row for row in rows if row.name == keys[row.pk]]


@transaction.atomic
def undo(merge: Merge, *, by) -> list[str]:
    """Undo a merge in the name of `by`; return, in words, what was changed since and stays as it is.

    What was published is published again: by somebody else than the author of its last change, as always.
    Raises Refused with every reason, and changes nothing.
    """
    Publication.lock()
    merge.refresh_from_db()
    found = undoing_of(merge, by)
    if problems := found.problems():
        raise Refused(problems)
    _take_back(found)
    if isinstance(found.merged, Person):
        found.merged._change_reason = UNDONE
        found.merged.save(force_insert=True)
    rows: dict[tuple, Tracked] = {}
    for line in found.back:
        row = rows.setdefault((type(line.row), line.row.pk), line.row)
        setattr(row, line.link.name, found.merged)
        write(row, UNDONE)
    for line in found.again:
        setattr(line.row, line.link.name, found.merged)
        line.row._change_reason = UNDONE
        line.row.save(force_insert=True)
    if isinstance(found.merged, Organisation):
        _bring_back(found, by)
        # Its other names went with the rows.
        found.kept.rebuild_search()
    refuse_what_is_unfit(found.kept)
    refuse_what_is_unfit(found.merged)
    merge.undone_at, merge.undone_by = timezone.now(), by
    merge.save()
    return found.left


def _take_back(found: Undoing) -> None:
    """Take from the one kept what the merge gave to it."""
    kept = found.kept
    if isinstance(kept, Organisation):
        for name in found.names:
            write(name, UNDONE, delete=True)
    else:
        lines = kept.other_names.splitlines()
        kept.other_names = "\n".join(line for line in lines if line not in found.names)
    for name, before in found.emptied.items():
        setattr(kept, name, before)
    if found.emptied or found.names:
        write(kept, UNDONE)


def _bring_back(found: Undoing, by) -> None:
    """Give an organisation back its numbers and its author, and publish it if it was published."""
    merged, moved = found.merged, found.merge.moved
    merged.refresh_from_db()
    for name in NUMBERS:
        taken = type(merged)._base_manager.filter(**{name: moved["before"][name]}).exists()
        if moved["before"][name] and taken:
            found.left.append(_("%(what)s: another organisation has it now.") % {"what": name.upper()})
        else:
            setattr(merged, name, moved["before"][name])
    changed_at, author = moved["changed"]
    merged.changed_at = parse_datetime(changed_at)
    merged.changed_by = User.objects.filter(pk=author).first()
    merged.merged_into, merged.author_stays = None, True
    write(merged, UNDONE)
    if moved["published"]:
        move(merged, Status.PUBLISHED, by=by, reason=UNDONE)
