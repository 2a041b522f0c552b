"""Strict import of sheets over django-import-export: what the library lets pass in silence is refused."""

import datetime
import difflib
import io
from decimal import Decimal

import openpyxl
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.utils.encoding import force_str
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from import_export import fields, resources, widgets
from import_export.formats import base_formats
from import_export.results import Result, RowResult
from tablib import Dataset

from listing.columns import Column
from listing.guard import unguard
from listing.sheets import read_csv

SEPARATOR = "; "
# One import holds the lock that every writer needs: longer ones would keep the others waiting.
MOST_ROWS = 2000
# A sheet with so many empty rows one after the other has ended, whatever lies below.
MOST_EMPTY_ROWS = 200
BOOLEANS = {"yes": True, "no": False}


def did_you_mean(value: str, known: list[str]) -> str:
    """Return "Did you mean “Keppel”?" with what is nearest to `value`, or ""."""
    folded = {name.casefold(): name for name in known if name}
    near = difflib.get_close_matches(value.casefold(), folded, n=1, cutoff=0.6)
    return _("Did you mean “%(near)s”?") % {"near": folded[near[0]]} if near else ""


def sentences(*parts: str) -> str:
    """Join whole sentences; Chinese puts no space between them."""
    return pgettext("between sentences", " ").strip("\u200b").join(filter(None, parts))


def not_known(value: str, what: str, known: list[str]) -> ValueError:
    message = _("%(what)s “%(value)s” is not known.") % {"what": capfirst(what), "value": value}
    return ValueError(sentences(message, did_you_mean(value, known)))


class TextWidget(widgets.CharWidget):
    def clean(self, value, row=None, **kwargs):
        if "\0" in (value or ""):
            raise ValueError(_("Null characters are not allowed."))
        return (value or "").replace("\r\n", "\n")


class ChoiceWidget(TextWidget):
    def __init__(self, field: models.Field):
        super().__init__()
        self.field = field

    def clean(self, value, row=None, **kwargs):
        value = super().clean(value, row, **kwargs)
        known = [str(choice) for choice, _label in self.field.flatchoices]
        if value in known or (not value and self.field.blank):
            return value
        raise ValueError(
            _("“%(value)s” is not one of: %(known)s.")
            % {"value": value, "known": pgettext("list", ", ").join(known)}
        )


class WholeNumberWidget(widgets.Widget):
    def clean(self, value, row=None, **kwargs):
        if not value:
            return None
        if not (value.isascii() and value.isdigit()):
            raise ValueError(_("“%(value)s” is not a whole number.") % {"value": value})
        return int(value)


class YesNoWidget(widgets.Widget):
    def __init__(self, unknown: bool):
        super().__init__()
        self.unknown = unknown

    def clean(self, value, row=None, **kwargs):
        if not value and self.unknown:
            return None
        if value not in BOOLEANS:
            raise ValueError(_("Write “yes” or “no”, not “%(value)s”.") % {"value": value})
        return BOOLEANS[value]

    def render(self, value, obj=None, **kwargs):
        return {True: "yes", False: "no", None: ""}[value]


class DayWidget(widgets.Widget):
    def clean(self, value, row=None, **kwargs):
        if not value:
            return None
        try:
            # Python reads more forms of ISO 8601 than people write.
            return datetime.datetime.strptime(value, "%Y-%m-%d").date()
        except ValueError:
            raise ValueError(_("Write the date as 2023-12-14, not “%(value)s”.") % {"value": value}) from None


def find(model: type[models.Model], value: str) -> models.Model:
    """Return the one row that `value` names by one of the model's LOOKUPS; raises ValueError in words."""
    for lookup in model.LOOKUPS:
        found = _where_they_went(model._base_manager.filter(**{lookup: value})[:20])
        if len(found) == 1:
            return found[0]
        if found:
            raise ValueError(
                _("“%(value)s” names more than one %(what)s. Use the reference.")
                % {"value": value, "what": model._meta.verbose_name}
            )
    if (once := _once_named(model, value)) is not None:
        return once
    known = [name for names in model._base_manager.values_list(*model.LOOKUPS) for name in names]
    raise not_known(value, str(model._meta.verbose_name), known)


def _where_they_went(rows: models.QuerySet) -> list[models.Model]:
    """Return the rows, each once, and instead of one that was merged the one that it went into."""
    found = {}
    for row in rows:
        while getattr(row, "merged_into", None):
            row = row.merged_into
        found[row.pk] = row
    return list(found.values())


def _once_named(model: type[models.Model], value: str) -> models.Model | None:
    """Return the one row that `value` named once: by names the row keeps, else by the model's history."""
    if hasattr(model, "otherwise_named"):
        others = list(model.otherwise_named(value)[:2])
        if others:
            return others[0] if len(others) == 1 else None
    if not hasattr(model, "history"):
        return None
    named = models.Q()
    for lookup in model.LOOKUPS:
        named |= models.Q(**{lookup: value})
    keys = model.history.filter(named).values(model._meta.pk.name)
    found = _where_they_went(model._base_manager.filter(pk__in=keys)[:20])
    return found[0] if len(found) == 1 else None


class LinkWidget(widgets.ForeignKeyWidget):
    """A cell that names one row of another table."""

    def clean(self, value, row=None, **kwargs):
        return find(self.model, value) if value else None

    def render(self, value, obj=None, **kwargs):
        return next(filter(None, (getattr(value, name) for name in self.model.LOOKUPS))) if value else ""


class LinksWidget(widgets.ManyToManyWidget):
    """A cell that names several rows of another table, parted by "; ". Every one of them must be known."""

    def clean(self, value, row=None, **kwargs):
        keys = [key.strip() for key in (value or "").split(SEPARATOR.strip()) if key.strip()]
        found = [find(self.model, key) for key in keys]
        return self.model._base_manager.filter(pk__in=[row.pk for row in found])

    def render(self, value, obj=None, **kwargs):
        rows = value.all() if value is not None else ()
        return SEPARATOR.join(sorted(getattr(row, self.model.LOOKUPS[0]) for row in rows))


WIDGETS = {
    models.ManyToManyField: lambda field: LinksWidget(field.remote_field.model),
    models.ForeignKey: lambda field: LinkWidget(field.remote_field.model),
    models.BooleanField: lambda field: YesNoWidget(unknown=field.null),
    models.DateField: lambda field: DayWidget(),
    models.IntegerField: lambda field: WholeNumberWidget(),
}


def widget_for(field: models.Field) -> widgets.Widget:
    """Return how a cell of this column is read and written."""
    if field.choices:
        return ChoiceWidget(field)
    for kind, make in WIDGETS.items():
        if isinstance(field, kind):
            return make(field)
    return TextWidget()


def cell_text(value) -> str:
    """Return a cell as the text that a CSV file would hold, however Excel typed it."""
    if value is None:
        return ""
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    if isinstance(value, (float, Decimal)) and value == int(value):
        return str(int(value))
    return str(value)


class StrictCSV(base_formats.CSV):
    def create_dataset(self, in_stream, **kwargs):
        return read_csv(in_stream)[0]


class StrictXLSX(base_formats.XLSX):
    """Excel as a CSV file would hold it: every cell a text, empty rows and columns at the edge left out."""

    def create_dataset(self, in_stream):
        book = openpyxl.load_workbook(io.BytesIO(in_stream), read_only=True, data_only=True)
        sheet = book[book.sheetnames[0]].iter_rows(values_only=True)
        headers = [cell_text(name).strip() for name in next(sheet, [])]
        rows, empty = [], 0
        for cells in sheet:
            row = [cell_text(cell) for cell in cells]
            empty = 0 if any(row) else empty + 1
            if empty > MOST_EMPTY_ROWS or len(rows) > MOST_ROWS:
                break
            if any(row):
                rows.append(row)
        while headers and not headers[-1] and not any(any(row[len(headers) - 1 :]) for row in rows):
            headers.pop()
        dataset = Dataset(headers=headers)
        for row in rows:
            dataset.append([*row, *[""] * len(headers)][: len(headers)])
        return dataset


class StrictResult(Result):
    """The result of an import, which tells every problem in the same four words."""

    # Row number to its cells by column.
    cells: dict[int, dict[str, str]]
    # Where a column is called otherwise than the attribute that it fills.
    columns: dict[str, str]

    @property
    def problems(self) -> list[tuple[int | None, str, str, str]]:
        """Return every problem as (row, column, value, reason); the row counts from 1."""
        found = [(None, "", "", text) for error in self.base_errors for text in messages_of(error.error)]
        for invalid in self.invalid_rows:
            values = self.cells.get(invalid.number, {})
            for attribute, errors in invalid.error_dict.items():
                column = "" if attribute == NON_FIELD_ERRORS else self.columns.get(attribute, attribute)
                found += [(invalid.number, column, values.get(column, ""), text) for text in errors]
        for failed in self.error_rows:
            for error in failed.errors:
                found += [(failed.number, "", "", text) for text in messages_of(error.error)]
        return sorted(found, key=lambda problem: problem[0] or 0)


class StrictResource(resources.ModelResource):
    """The rows of one table, as columns of a sheet.

    A subclass's Meta names `model`, `fields` (the columns that are read) and `import_id_fields` (the key).
    `people_columns` are columns of our own export that are there to be read by people, and are ignored.
    """

    people_columns: tuple[str, ...] = ()
    # Columns that a widget reads besides its own, to find a row that no single column names.
    also_read: tuple[str, ...] = ()

    class Meta:
        clean_model_instances = True
        use_transactions = True
        skip_unchanged = True
        report_skipped = True

    def get_result_class(self):
        return StrictResult

    @classmethod
    def get_display_name(cls):
        return capfirst(cls._meta.model._meta.verbose_name_plural)

    @classmethod
    def people_columns_of(cls, columns: tuple[Column, ...]) -> tuple[str, ...]:
        return tuple(column.key for column in columns if not column.imported)

    # How each kind of column is read.

    @classmethod
    def field_from_django_field(cls, field_name, django_field, readonly):
        return fields.Field(attribute=field_name, column_name=field_name, widget=widget_for(django_field))

    # The sheet as a whole.

    def before_import(self, dataset, **kwargs):
        super().before_import(dataset, **kwargs)
        self.keys_seen: dict[tuple, int] = {}
        self.cells: dict[int, dict[str, str]] = {}
        if dataset.headers and len(dataset) > MOST_ROWS:
            dataset.wipe()
            raise ValidationError(_("The sheet has more than %(most)s rows. Split it.") % {"most": MOST_ROWS})
        if problems := self.header_problems(dataset.headers or []):
            dataset.wipe()
            raise ValidationError(problems)

    def header_problems(self, headers: list[str]) -> list[str]:
        """Return in words what is wrong with the columns: unknown, missing, there twice."""
        wanted = [*self.also_read, *(field.column_name for field in self.get_import_fields())]
        known = [*wanted, *self.people_columns]
        problems = []
        for name in dict.fromkeys(headers):
            if name not in known:
                unknown = _("There is no column “%(name)s” here.") % {"name": name}
                problems.append(sentences(unknown, did_you_mean(name, known)))
            elif headers.count(name) > 1:
                problems.append(_("The column “%(name)s” is there twice.") % {"name": name})
        missing = [name for name in wanted if name not in headers]
        if missing:
            problems.append(
                _("These columns are not in the file: %(names)s.")
                % {"names": pgettext("list", ", ").join(missing)}
            )
        return problems

    def after_import(self, dataset, result, **kwargs):
        result.cells = self.cells
        result.columns = {field.attribute: field.column_name for field in self.get_import_fields()}
        super().after_import(dataset, result, **kwargs)

    # One row.

    def before_import_row(self, row, row_number=None, **kwargs):
        for name, value in row.items():
            row[name] = unguard(cell_text(value)).strip()
        self.cells[row_number] = dict(row)
        names = [*self.also_read, *(self.fields[name].column_name for name in self._meta.import_id_fields)]
        key = tuple(row[name] for name in names)
        if not any(key):
            return
        first = self.keys_seen.setdefault(key, row_number)
        if first != row_number:
            raise ValidationError(
                {
                    self._meta.import_id_fields[0]: _(
                        "“%(key)s” appears twice (rows %(first)s and %(second)s)."
                    )
                    % {"key": SEPARATOR.join(filter(None, key)), "first": first, "second": row_number}
                }
            )

    def get_instance(self, instance_loader, row):
        """Find the row that the key names; a key with an unknown link finds none, and the row says so."""
        lookups = {}
        for name in self._meta.import_id_fields:
            field = self.fields[name]
            try:
                lookups[field.attribute] = field.clean(row)
            except ValueError:
                return None
        if not any(lookups.values()):
            return None
        return self.get_queryset().filter(**lookups).first()

    def skip_row(self, instance, original, row, import_validation_errors=None):
        # A new row that says nothing is not "unchanged": the model's rules refuse it in words.
        return instance.pk is not None and super().skip_row(instance, original, row, import_validation_errors)

    def import_instance(self, instance, row, **kwargs):
        errors = {}
        for field in self.get_import_fields():
            many = isinstance(field.widget, LinksWidget)
            try:
                # Links to many are written after the row itself; here they are only tried.
                field.clean(row) if many else self.import_field(field, instance, row, **kwargs)
            except ValueError as error:
                errors[field.attribute] = ValidationError(str(error))
        if hasattr(instance, "settle_dates"):
            instance.settle_dates()
        if errors:
            raise ValidationError(errors)

    def import_field(self, field, instance, row, is_m2m=False, **kwargs):
        # Left empty, an address or a reference is made, or stays as it is.
        if field.attribute in ("slug", "reference") and not row[field.column_name]:
            return
        super().import_field(field, instance, row, is_m2m, **kwargs)


def messages_of(error: Exception) -> list[str]:
    return list(error.messages) if isinstance(error, ValidationError) else [force_str(error)]


def changed(result) -> int:
    """Return how many rows an import wrote."""
    return result.totals[RowResult.IMPORT_TYPE_NEW] + result.totals[RowResult.IMPORT_TYPE_UPDATE]
