"""What an import tells: problems in the same five words, changes as old and new, what it would create."""

from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext as _
from import_export.resources import Diff
from import_export.results import Result

from listing.sheets import SheetError
from listing.suggestions import CellError, sentences


class Problem(NamedTuple):
    """Why a sheet is refused; `row` is the line of the CSV file or the row in Excel; None: the whole sheet."""

    row: int | None
    column: str
    value: str
    reason: str
    suggestion: str = ""

    @property
    def words(self) -> str:
        return sentences(self.reason, self.suggestion)


class Change(NamedTuple):
    column: str
    old: str
    new: str


@dataclass
class Created:
    """A row that a sheet names and that is not on record: its kind, its name, and what is much like it."""

    kind: str
    name: str
    row: object
    like: list[tuple[object, str, int]]


def reasons_of(error: Exception) -> list[tuple[str, str]]:
    """Return what an error says, as reasons with their suggestions."""
    if isinstance(error, ValidationError):
        by_field = getattr(error, "error_dict", None) or {NON_FIELD_ERRORS: error.error_list}
        leaves = chain.from_iterable(by_field.values())
        return [(leaf.messages[0], getattr(leaf, "suggestion", "")) for leaf in leaves]
    if isinstance(error, (CellError, SheetError)):
        return [(str(error), getattr(error, "suggestion", ""))]
    return [(_("This cannot be written: %(error)s") % {"error": error}, "")]


class Changes(Diff):
    """What an import does to a row, cell by cell, as text: the page marks it up."""

    def as_html(self):
        names = [field.column_name for field in self.fields]
        before = [""] * len(names) if self.new else self.left
        cells = zip(names, before, self.right, strict=True)
        return [Change(name, old or "", new or "") for name, old, new in cells if (old or "") != (new or "")]

    def __init__(self, resource, instance, new):
        super().__init__(resource, instance, new)
        self.fields = resource.get_import_fields()


class StrictResult(Result):
    """The result of an import."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # Number of a row among the rows, from 1, to its place in the file and to its cells by column.
        self.lines: list[int] = []
        self.cells: dict[int, dict[str, str]] = {}
        # Where a column is called otherwise than the attribute that it fills.
        self.columns: dict[str, str] = {}
        self.notes: list[str] = []
        self.created: list[Created] = []

    def line(self, number: int) -> int:
        return self.lines[number - 1] if number <= len(self.lines) else number + 1

    @property
    def problems(self) -> list[Problem]:
        """Return every problem, in the order of the file."""
        found = [Problem(None, "", "", *told) for base in self.base_errors for told in reasons_of(base.error)]
        for invalid in self.invalid_rows:
            found += self._of_row(invalid.number, invalid.error)
        for failed in self.error_rows:
            for error in failed.errors:
                found += self._of_row(failed.number, error.error)
        return sorted(found, key=lambda problem: problem.row or 0)

    def _of_row(self, number: int, error: Exception) -> list[Problem]:
        by_field = getattr(error, "error_dict", None) or {NON_FIELD_ERRORS: [error]}
        found = []
        for attribute, errors in by_field.items():
            column = "" if attribute == NON_FIELD_ERRORS else self.columns.get(attribute, attribute)
            value = self.cells.get(number, {}).get(column, "")
            for one in errors:
                found += [Problem(self.line(number), column, value, *told) for told in reasons_of(one)]
        return found

    @property
    def changes(self) -> list[tuple[int, object]]:
        """Return the rows that are new or changed, each with its place in the file."""
        rows = ((self.line(number), row) for number, row in enumerate(self.rows, 1))
        return [(line, row) for line, row in rows if row.is_new() or row.is_update()]
