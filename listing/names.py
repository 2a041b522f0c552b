"""By which names a sheet may call a row of another table: every name it has, read once for one import."""

from collections import defaultdict

from django.db import models
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from listing.folding import fold
from listing.suggestions import CellError, alike, meant, near

# Between the names in two languages of what has no reference to be told apart by.
BETWEEN = " / "


class NotKnown(CellError):
    """No row has this name."""


class Names:
    """The rows of a model that a person may see, by name.

    The model names its columns: LOOKUPS, the first of which a sheet writes; ALSO_NAMED, further columns and
    paths to the names kept in another table; LEADS_TO, the link from a row to the one it became.
    """

    def __init__(self, model: type[models.Model], seen):
        """`seen` takes a queryset and returns what of it the person may see."""
        self.model, self.seen = model, seen
        self.exact: dict[str, set] = defaultdict(set)
        self.folded: dict[str, set] = defaultdict(set)
        self.shown: dict[str, str] = {}
        self.once: dict[str, models.Model | None] = {}
        self.rows = {row.pk: row for row in seen(model._base_manager.all())}
        for row in self.rows.values():
            self.add(row)
        for path in self._paths():
            for pk, name in seen(model._base_manager.all()).values_list("pk", path):
                self._note(pk, name)

    def _paths(self) -> list[str]:
        return [path for path in getattr(self.model, "ALSO_NAMED", ()) if "__" in path]

    def add(self, row: models.Model) -> None:
        """Take up a row that has just been written."""
        self.rows[row.pk] = row
        further = [name for name in getattr(self.model, "ALSO_NAMED", ()) if "__" not in name]
        for column in (*self.model.LOOKUPS, *further):
            for name in str(getattr(row, column) or "").splitlines():  # several names are a line each
                self._note(row.pk, name)
        if not self.has_key:
            self._note(row.pk, self.full_name(row))

    def _note(self, pk, name: str | None) -> None:
        if not name:
            return
        self.exact[name].add(pk)
        if key := fold(name):
            self.folded[key].add(pk)
            self.shown.setdefault(key, name)

    @cached_property
    def has_key(self) -> bool:
        """Return whether one column alone tells a row from all others: a reference, a code."""
        return self.model._meta.get_field(self.model.LOOKUPS[0]).unique

    def full_name(self, row: models.Model) -> str:
        return BETWEEN.join(filter(None, (getattr(row, name) for name in self.model.LOOKUPS)))

    def sees(self, row: models.Model) -> bool:
        return row.pk in self.rows

    def cell(self, row: models.Model) -> str:
        """Return what a cell holds so that `find` gives the same row back."""
        if not self.sees(row):
            return ""
        name = next(filter(None, (getattr(row, name) for name in self.model.LOOKUPS)), "")
        return name if self.has_key or len(self.exact[name]) == 1 else self.full_name(row)

    def find(self, value: str) -> models.Model:
        """Return the row that `value` names: as written, else folded, else once. Raises CellError in words."""
        for pks in (self.exact.get(value), self.folded.get(fold(value))):
            if pks:
                return self._the_one(value, pks)
        if value not in self.once:
            self.once[value] = self._once_named(value)
        if self.once[value] is not None:
            return self.once[value]
        what = capfirst(str(self.model._meta.verbose_name))
        reason = _("%(what)s “%(value)s” is not known.") % {"what": what, "value": value}
        raise NotKnown(reason, meant(near(value, self.shown)))

    def _the_one(self, value: str, pks: set) -> models.Model:
        rows = {row.pk: row for row in (self._became(self.rows[pk]) for pk in sorted(pks))}
        if len(rows) == 1:
            return next(iter(rows.values()))
        what = {"value": value, "what": self.model._meta.verbose_name}
        names = [self.cell(row) if self.has_key else self.full_name(row) for row in rows.values()]
        listed = _("Write one of: %(names)s.") % {"names": pgettext("list", ", ").join(dict.fromkeys(names))}
        if self.has_key:
            raise CellError(_("“%(value)s” names more than one %(what)s. Use the reference.") % what, listed)
        raise CellError(_("“%(value)s” names more than one %(what)s.") % what, listed)

    def _became(self, row: models.Model) -> models.Model:
        link = getattr(self.model, "LEADS_TO", "")
        while link and getattr(row, f"{link}_id") in self.rows:
            row = self.rows[getattr(row, f"{link}_id")]
        return row

    def _once_named(self, value: str) -> models.Model | None:
        """Return the one row that `value` named once, by its history, where the model keeps one."""
        if not hasattr(self.model, "history"):
            return None
        named = models.Q()
        for lookup in self.model.LOOKUPS:
            named |= models.Q(**{lookup: value})
        versions = self.seen(self.model.history.filter(named))
        pks = set(versions.values_list(self.model._meta.pk.name, flat=True)) & self.rows.keys()
        return self._became(self.rows[pks.pop()]) if len(pks) == 1 else None

    def like(self, value: str) -> list[tuple[models.Model, str, int]]:
        """Return the rows with a name much like `value`: row, name, how alike of 100."""
        return [
            (self.rows[pk], self.shown[key], score)
            for key, score in alike(value, self.shown)
            for pk in sorted(self.folded[key])
        ]
