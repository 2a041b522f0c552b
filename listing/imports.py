"""Strict import of sheets over django-import-export: what the library lets pass in silence is refused."""

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from import_export import fields, resources
from import_export.formats import base_formats
from import_export.results import RowResult

from listing.cells import SEPARATOR, LinksWidget, LinkWidget, cell_text, joined, widget_for
from listing.columns import Column
from listing.creating import CreatingMixin
from listing.guard import unguard
from listing.names import Names
from listing.problems import Changes, StrictResult
from listing.sheets import decode, read_csv
from listing.suggestions import did_you_mean, refusal
from listing.workbooks import read_xlsx


class StrictCSV(base_formats.CSV):
    """CSV in UTF-8, or in GB18030, and the preview says so; read as bytes, so that line ends stay."""

    def is_binary(self):
        return True

    def get_read_mode(self):
        return "rb"

    def create_dataset(self, in_stream, **kwargs):
        text, encoding = decode(in_stream)
        sheet = read_csv(text)
        if encoding == "gb18030":
            sheet.notes.append(_("The file was read as GB18030."))
        return sheet


class StrictXLSX(base_formats.XLSX):
    def create_dataset(self, in_stream):
        return read_xlsx(in_stream)


class StrictResource(CreatingMixin, resources.ModelResource):
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

    def __init__(self, creating: bool = False, **kwargs):
        super().__init__(**kwargs)
        self.creating = creating
        self.created = []
        self._names: dict[type[models.Model], Names] = {}
        for field in self.fields.values():
            field.widget.resource = self

    def get_result_class(self):
        return StrictResult

    @classmethod
    def get_diff_class(cls):
        return Changes

    @classmethod
    def get_display_name(cls):
        return capfirst(cls._meta.model._meta.verbose_name_plural)

    @classmethod
    def people_columns_of(cls, columns: tuple[Column, ...]) -> tuple[str, ...]:
        return tuple(column.key for column in columns if not column.imported)

    @classmethod
    def may_name_what_is_created(cls) -> bool:
        """Return whether a cell may name what an import can create."""
        links = (getattr(field.widget, "model", None) for field in cls.fields.values())
        return any(getattr(model, "MADE_BY_NAME", False) for model in links)

    # What the person may see.

    def seen(self, queryset: models.QuerySet) -> models.QuerySet:
        """Return what of a queryset, of rows or of their versions, the importing person may see."""
        return queryset

    def names(self, model: type[models.Model]) -> Names:
        """Return by which names a sheet may call the rows of `model`, read once."""
        if model not in self._names:
            self._names[model] = Names(model, self.seen)
        return self._names[model]

    def get_queryset(self):
        links = [field.attribute for field in self.fields.values() if type(field.widget) is LinkWidget]
        return self.seen(super().get_queryset()).select_related(*links).order_by("pk")

    # How each kind of column is read.

    @classmethod
    def field_from_django_field(cls, field_name, django_field, readonly):
        return fields.Field(attribute=field_name, column_name=field_name, widget=widget_for(django_field))

    def columns(self) -> list[str]:
        """Return the names of all columns that the sheet must have, in order."""
        return [*self.also_read, *(field.column_name for field in self.get_import_fields())]

    def model_field(self, column: str) -> models.Field:
        """Return the field of a model that says what a column means."""
        field = next(field for field in self.fields.values() if field.column_name == column)
        return self._meta.model._meta.get_field(field.attribute)

    def also_cells(self, instance) -> list[str]:
        """Return the cells of `also_read`."""
        return []

    # The sheet as a whole.

    def before_import(self, dataset, **kwargs):
        super().before_import(dataset, **kwargs)
        self.keys_seen: dict[tuple, list[int]] = {}
        self.cells: dict[int, dict[str, str]] = {}
        self.lines = list(getattr(dataset, "lines", range(2, len(dataset) + 2)))
        self.notes = list(getattr(dataset, "notes", []))
        if problems := self.header_problems(dataset.headers or []):
            dataset.wipe()
            raise ValidationError(problems)

    def header_problems(self, headers: list[str]) -> list[ValidationError]:
        """Return in words what is wrong with the columns: unknown, missing, there twice."""
        wanted = self.columns()
        known = [*wanted, *self.people_columns]
        problems = []
        for name in dict.fromkeys(headers):
            if name not in known:
                unknown = _("There is no column “%(name)s” here.") % {"name": name}
                problems.append(refusal(unknown, did_you_mean(name, known)))
            elif headers.count(name) > 1:
                problems.append(refusal(_("The column “%(name)s” is there twice.") % {"name": name}))
        missing = [name for name in wanted if name not in headers]
        if missing:
            told = _("These columns are not in the file: %(names)s.") % {"names": joined(missing)}
            problems.append(refusal(told))
        return problems

    def after_import(self, dataset, result, **kwargs):
        result.cells, result.lines, result.notes = self.cells, self.lines, self.notes
        result.columns = {field.attribute: field.column_name for field in self.get_import_fields()}
        result.created = self.created
        super().after_import(dataset, result, **kwargs)

    # One row.

    def before_import_row(self, row, row_number=None, **kwargs):
        for name, value in row.items():
            row[name] = unguard(cell_text(value)).strip()
        self.cells[row_number] = dict(row)
        key = self._key(row)
        if any(key):
            self.keys_seen.setdefault(key, []).append(self.lines[row_number - 1])

    def _key(self, row) -> tuple[str, ...]:
        names = [*self.also_read, *(self.fields[name].column_name for name in self._meta.import_id_fields)]
        return tuple(row[name] for name in names)

    def get_instance(self, instance_loader, row):
        """Find the row that the key names; a key with an unknown link finds none, and the row says so.

        Where several rows on record have one key, the sheet may name it as often: in their order.
        """
        lookups = {}
        for name in self._meta.import_id_fields:
            field = self.fields[name]
            try:
                lookups[field.attribute] = field.clean(row)
            except ValueError:
                return None
        if not any(lookups.values()):
            return None
        lines = self.keys_seen[self._key(row)]
        found = list(self.get_queryset().filter(**lookups)[: len(lines)])
        if len(found) >= len(lines):
            return found[-1]
        if len(lines) > 1:
            key = SEPARATOR.join(filter(None, self._key(row)))
            told = {"key": key, "first": lines[0], "second": lines[-1]}
            words = _("“%(key)s” appears twice (rows %(first)s and %(second)s).") % told
            raise ValidationError({self._meta.import_id_fields[0]: refusal(words)})
        return None

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
                errors[field.attribute] = refusal(str(error), getattr(error, "suggestion", ""))
        if hasattr(instance, "settle_dates"):
            instance.settle_dates()
        if errors:
            raise ValidationError(errors)

    @classmethod
    def default_of(cls, field) -> object | None:
        """Return what an empty cell of a column means in a new row, or None where it means nothing.

        Only of what states no fact: the order, and the precision of a date, which sheets write to the day.
        """
        if not field.attribute.endswith(("_precision", "position")):
            return None
        return cls._meta.model._meta.get_field(field.attribute).get_default()

    def import_field(self, field, instance, row, is_m2m=False, **kwargs):
        if not row[field.column_name]:
            if instance.pk is None and self.default_of(field) is not None:
                return
            # Left empty, an address or a reference is made, or stays as it is.
            if field.attribute in ("slug", "reference"):
                return
            # So does a link to what the person may not see: for them the cell is empty.
            linked = None if is_m2m else field.get_value(instance)
            if linked is not None and field.widget.hides(linked):
                return
        super().import_field(field, instance, row, is_m2m, **kwargs)

    def validate_instance(self, instance, import_validation_errors=None, validate_unique=True):
        try:
            super().validate_instance(instance, import_validation_errors, validate_unique)
        except ValidationError as error:
            raise ValidationError(self._without_neighbours(error)) from error

    def _without_neighbours(self, error: ValidationError) -> dict[str, list[ValidationError]]:
        """Say of what must be unique only that it is taken: the row that has it may be kept from the person."""
        told = {}
        for attribute, errors in error.error_dict.items():
            told[attribute] = [
                self._taken() if one.code in ("unique", "unique_together") else one for one in errors
            ]
        return told

    def _taken(self) -> ValidationError:
        return refusal(_("This is taken already. Choose another."))

    def do_instance_save(self, instance, is_create):
        try:
            with transaction.atomic():
                super().do_instance_save(instance, is_create)
        except IntegrityError as error:
            raise ValidationError({NON_FIELD_ERRORS: [self._taken()]}) from error

    def after_save_instance(self, instance, row, **kwargs):
        super().after_save_instance(instance, row, **kwargs)
        if type(instance) in self._names:
            self.names(type(instance)).add(instance)

    def after_import_row(self, row, row_result, row_number=None, **kwargs):
        super().after_import_row(row, row_result, row_number=row_number, **kwargs)
        if row_result.diff and row_result.is_new():
            # As the sheet has it: what the site fills in, such as a reference, may differ by the confirmation.
            cells = self.cells[row_number]
            told = [change._replace(new=cells[change.column]) for change in row_result.diff]
            row_result.diff = [change for change in told if change.new]


def changed(result) -> int:
    """Return how many rows an import wrote."""
    return result.totals[RowResult.IMPORT_TYPE_NEW] + result.totals[RowResult.IMPORT_TYPE_UPDATE]
