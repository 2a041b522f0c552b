"""Sheets that staff take away: a template to fill in, and what is on record, which imports back unchanged."""

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from listing import exports
from listing.cells import LinkWidget, joined
from listing.excel import AS_TEXT, WRAPPED, Sheet, workbook
from listing.imports import StrictResource
from listing.workbooks import EXPLAINED

# The values of a column are listed where there are no more than so many.
MOST_LISTED = 30


def rows_on_record(resource: StrictResource) -> list[list[str]]:
    """Return every row of the resource's table that the person may see, cells as the import reads them."""
    links = [field.attribute for field in resource.fields.values() if field.widget.many]
    rows = resource.get_queryset().prefetch_related(*links)
    return [
        [*resource.also_cells(row), *(field.export(row) for field in resource.get_import_fields())]
        for row in rows
    ]


def _field_of(resource: StrictResource, column: str):
    return next((field for field in resource.fields.values() if field.column_name == column), None)


def _how(resource: StrictResource, column: str) -> str:
    """Return in words how a column's cells are written, or which values they may hold."""
    field = _field_of(resource, column)
    if field is None:
        return ""
    widget, default = field.widget, resource.default_of(field)
    if default is not None:
        told = {"how": widget.how(), "default": widget.render(default)}
        return _("%(how)s; empty in a new row: %(default)s") % told
    if isinstance(widget, LinkWidget) and widget.model.LOOKUPS == ("code",):
        codes = sorted(row.code for row in resource.names(widget.model).rows.values())
        if 0 < len(codes) <= MOST_LISTED:
            return _("%(how)s; one of: %(names)s") % {"how": widget.how(), "names": joined(codes)}
    return widget.how()


def explained(resource: StrictResource) -> list[list[str]]:
    """Return a line for each column: its name, its meaning, whether it is required, how it is written."""
    lines = []
    for column in resource.columns():
        field = resource.model_field(column)
        meaning = capfirst(str(field.verbose_name))
        if field.help_text:
            meaning = _("%(name)s: %(help)s") % {"name": meaning, "help": field.help_text}
        free = field.blank or ((own := _field_of(resource, column)) and resource.default_of(own) is not None)
        required = pgettext("required", "no") if free else pgettext("required", "yes")
        lines.append([column, meaning, required, _how(resource, column)])
    return lines


def _width(resource: StrictResource, column: str) -> int:
    field = resource.model_field(column)
    if isinstance(field, models.TextField):
        return 44
    long = isinstance(field, models.CharField) and not field.choices and (field.max_length or 0) > 100
    return 32 if long else max(14, len(column) + 2)


def to_xlsx(resource: StrictResource, rows: list[list[str]]) -> bytes:
    """Return a workbook: the sheet, and one that explains its columns in the reader's language."""
    columns = resource.columns()
    # As text, so that Excel takes no number for a sum and no code for a date.
    sheet = Sheet(
        columns, rows, look=AS_TEXT, widths=[_width(resource, one) for one in columns], filtered=False
    )
    heads = [_("Column name"), _("Meaning"), _("Required"), _("How it is written")]
    explanation = Sheet(
        heads, explained(resource), EXPLAINED, look=WRAPPED, widths=[26, 70, 12, 70], filtered=False
    )
    return workbook(sheet, [], explanation)


CONTENT_TYPES = {suffix: exports.CONTENT_TYPES[suffix] for suffix in ("csv", "xlsx")}


def sheet_file(resource: StrictResource, content: str, suffix: str) -> bytes:
    """Return the file of a sheet: `content` is "template" or "record", `suffix` "csv" or "xlsx"."""
    rows = rows_on_record(resource) if content == "record" else []
    return exports.table(resource.columns(), rows) if suffix == "csv" else to_xlsx(resource, rows)
