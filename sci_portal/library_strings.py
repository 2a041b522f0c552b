"""Strings of the libraries that our catalogue corrects or adds: never run, only there for makemessages."""

from django.utils.translation import gettext_noop as _
from django.utils.translation import ngettext_lazy

# Their Chinese is wrong or reads badly (glossary §5).
CORRECTED = [
    # Django
    _("Delete selected %(model)s"),
    _("No %(verbose_name_plural)s available"),
    ngettext_lazy("%(num)d month", "%(num)d months", "num"),
    ngettext_lazy("%(num)d day", "%(num)d days", "num"),
    _("Constraint “%(name)s” is violated."),
    _("Null characters are not allowed."),
    _(":"),
    _(":?.!"),
    _(", "),
    # django-import-export
    _("Some rows failed to validate"),
    # django-simple-history
    _("View history: %s"),
    _("Change history: %s"),
]

# They have no Chinese.
ADDED = [
    # Django
    _("Model name"),
    _("Add link"),
    _("Change or view list link"),
    _("After you’ve created a user, you’ll be able to edit more user options."),
    _("Error:"),
    _("Forgotten your login credentials?"),
    _("In case you’ve forgotten, you are:"),
    ngettext_lazy(
        "This password is too short. It must contain at least %d character.",
        "This password is too short. It must contain at least %d characters.",
        "min_length",
    ),
    # django-import-export
    _("Resource"),
    _("Select all"),
    ngettext_lazy("Export %(len)s selected item.", "Export %(len)s selected items."),
    _('Select at least 1 field for "%(resource_name)s" to export'),
    _("Value could not be parsed."),
    _("No valid data to import. Ensure your file has the correct headers or data for import."),
    _(
        "%(exc_name)s encountered while trying to read file. "
        "Ensure you have chosen the correct format for the file."
    ),
    _("The following fields are declared in 'import_id_fields' but are not present in the file headers: %s"),
    # django-simple-history
    _("Deleted %(type_name)s"),
    _("Changes"),
    # django-filter, whose Chinese is for zh_CN alone
    _("Select a lookup."),
    _("Range query expects two values."),
    _("Multiple values may be separated by commas."),
    _("%s (descending)"),
    _("Ordering"),
    _("Field filters"),
    _("Submit"),
    _("exclude"),
    _("date"),
    _("year"),
    _("month"),
    _("day"),
    _("week day"),
    _("hour"),
    _("minute"),
    _("second"),
    _("contains"),
    _("is in"),
    _("is greater than"),
    _("is greater than or equal to"),
    _("is less than"),
    _("is less than or equal to"),
    _("starts with"),
    _("ends with"),
    _("is in range"),
    _("is null"),
    _("matches regex"),
    _("search"),
    _("is contained by"),
    _("overlaps"),
    _("has key"),
    _("has keys"),
    _("has any keys"),
]
