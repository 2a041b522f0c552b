"""How a cell of an imported sheet is read and written, by the kind of column."""

import datetime
from decimal import Decimal

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from import_export import widgets
from openpyxl.utils.escape import unescape

from listing.suggestions import CellError, day_meant, did_you_mean, meant

SEPARATOR = "; "
BOOLEANS = {"yes": True, "no": False}
# What else people and Excel write for yes and no.
ALSO_YES, ALSO_NO = {"true", "1", "y", "是"}, {"false", "0", "n", "否"}


def joined(names: list[str]) -> str:
    return pgettext("list", ", ").join(names)


class CellWidget(widgets.Widget):
    """A cell of a column; `resource` is the sheet that it stands in."""

    resource = None
    # Whether the cell names several rows.
    many = False

    def how(self) -> str:
        """Return in words how the cell is written, or ""."""
        return ""

    def hides(self, value) -> bool:
        """Return whether the person may not see what the cell names: for them it is empty."""
        return False

    def render(self, value, obj=None, **kwargs):
        return "" if value is None else str(value)


class TextWidget(CellWidget):
    def clean(self, value, row=None, **kwargs):
        if "\0" in (value or ""):
            raise CellError(_("Null characters are not allowed."))
        return (value or "").replace("\r\n", "\n")


class ChoiceWidget(TextWidget):
    def __init__(self, field: models.Field):
        super().__init__()
        self.field = field

    def clean(self, value, row=None, **kwargs):
        value = super().clean(value, row, **kwargs)
        known = {str(choice): str(label) for choice, label in self.field.flatchoices}
        if value in known or (not value and self.field.blank):
            return value
        by_label = next((key for key, label in known.items() if label.casefold() == value.casefold()), "")
        raise CellError(
            _("“%(value)s” is not one of: %(known)s.") % {"value": value, "known": joined(list(known))},
            meant(by_label) or did_you_mean(value, known),
        )

    def how(self):
        return SEPARATOR.join(
            _("%(value)s (%(meaning)s)") % {"value": value, "meaning": label}
            for value, label in self.field.flatchoices
        )


class WholeNumberWidget(CellWidget):
    def clean(self, value, row=None, **kwargs):
        if not value:
            return None
        if not (value.isascii() and value.isdigit()):
            raise CellError(_("“%(value)s” is not a whole number.") % {"value": value})
        return int(value)

    def how(self):
        return _("a whole number")


class YesNoWidget(CellWidget):
    def __init__(self, unknown: bool):
        super().__init__()
        self.unknown = unknown

    def clean(self, value, row=None, **kwargs):
        if not value and self.unknown:
            return None
        if value not in BOOLEANS:
            folded = value.casefold()
            near = "yes" if folded in {"yes", *ALSO_YES} else "no" if folded in {"no", *ALSO_NO} else ""
            raise CellError(_("Write “yes” or “no”, not “%(value)s”.") % {"value": value}, meant(near))
        return BOOLEANS[value]

    def render(self, value, obj=None, **kwargs):
        return {True: "yes", False: "no", None: ""}[value]

    def how(self):
        return _("yes or no; empty where it is not known") if self.unknown else _("yes or no")


class DayWidget(CellWidget):
    def clean(self, value, row=None, **kwargs):
        if not value:
            return None
        try:
            # Python reads more forms of ISO 8601 than people write.
            return datetime.datetime.strptime(value, "%Y-%m-%d").date()
        except ValueError:
            reason = _("Write the date as 2023-12-14, not “%(value)s”.") % {"value": value}
            raise CellError(reason, day_meant(value)) from None

    def how(self):
        return _("a date such as 2023-12-14")


class LinkWidget(CellWidget):
    """A cell that names one row of another table."""

    def __init__(self, model: type[models.Model]):
        super().__init__()
        self.model = model

    def clean(self, value, row=None, **kwargs):
        return self.resource.find(self.model, value, row) if value else None

    def hides(self, value):
        return not self.resource.names(self.model).sees(value)

    def render(self, value, obj=None, **kwargs):
        return self.resource.names(self.model).cell(value) if value else ""

    def how(self):
        first = self.model.LOOKUPS[0]
        if first == "reference":
            return _("a reference such as %(example)s, or a name on record") % {
                "example": f"SCI-{self.model.KIND}-0012"
            }
        if first == "code":
            return _("a code, or a name on record")
        return _("a name on record")


class LinksWidget(LinkWidget, widgets.ManyToManyWidget):
    """A cell that names several rows of another table, parted by "; ". Every one of them must be known."""

    many = True

    def __init__(self, model: type[models.Model]):
        widgets.ManyToManyWidget.__init__(self, model)

    def clean(self, value, row=None, **kwargs):
        keys = [key.strip() for key in (value or "").split(SEPARATOR.strip()) if key.strip()]
        found = [self.resource.find(self.model, key, row) for key in keys]
        return list({row.pk: row for row in found}.values())

    def render(self, value, obj=None, **kwargs):
        rows = value.all() if value is not None else ()
        return SEPARATOR.join(sorted(filter(None, map(self.resource.names(self.model).cell, rows))))

    def how(self):
        return _("%(one)s; several are parted by “; ”") % {"one": super().how()}


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
    # Signs that XML does not take stand in a workbook as their codes.
    return unescape(str(value))
