"""The history across all records: one page of what changed, and the same as a file."""

from collections.abc import Iterator
from dataclasses import replace

from django.apps import apps
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from documents.answers import attachment
from listing.columns import Column
from listing.exports import SHEETS, about_sheet, file_name, rows_file
from publishing.history import Change, Filter, changes
from publishing.history_pages import HistoryFilter, changes_page
from publishing.models import Tracked
from publishing.sides import own_side_label, visible

COLUMNS = (
    Column("moment", gettext_lazy("When it was changed")),
    Column("person", gettext_lazy("Who changed it")),
    Column("side", gettext_lazy("For which side this person works")),
    Column("record", gettext_lazy("Record")),
    Column("what", gettext_lazy("Whether the record was added, changed or removed")),
    Column("row", gettext_lazy("Row of the record, where one was changed")),
    Column("field", gettext_lazy("What was changed")),
    Column("old", gettext_lazy("What stood there before")),
    Column("new", gettext_lazy("What stands there since")),
    Column("reason", gettext_lazy("Reason")),
)
# A file holds so many pages of changes at most.
MOST_PAGES = 500


def may_read(user) -> bool:
    """Return whether a person reads the history: whoever may view every kind of record."""
    return user.has_perms([f"{app}.view_{model}" for app, model in KINDS])


KINDS = (("organisations", "organisation"), ("meetings", "meeting"), ("mous", "mou"), ("projects", "project"))


def address_of(change: Change) -> str:
    """Return the history page of the record that was changed, "" where it has none."""
    if change.is_there and admin.site.is_registered(change.model):
        name = f"admin:{change.model._meta.app_label}_{change.model._meta.model_name}_history"
        return reverse(name, args=[change.key])
    return ""


def changes_view(request, site):
    """Show what was changed in all records, newest first."""
    if not may_read(request.user):
        raise PermissionDenied
    shown = changes_page(request)
    for change in shown["changes"]:
        change.admin_address = address_of(change)
    context = {**site.each_context(request), "title": pgettext("history", "Changes"), **shown}
    return TemplateResponse(request, "admin/changes.html", context)


def _record(request, given: str) -> Tracked:
    """Return the record that `given` names, "projects.project:5", if the person may see it. Raises Http404."""
    label, _colon, key = given.partition(":")
    try:
        model = apps.get_model(label)
    except (LookupError, ValueError):
        raise Http404 from None
    if not issubclass(model, Tracked) or not (key.isascii() and key.isdigit()):
        raise Http404
    if not request.user.has_perm(f"{model._meta.app_label}.view_{model._meta.model_name}"):
        raise PermissionDenied
    record = visible(model._base_manager.filter(pk=key), request.user).first()
    if record is None:
        raise Http404
    return record


def _all(user, asked: Filter) -> Iterator[Change]:
    for _page in range(MOST_PAGES):
        found, is_cut = changes(user, asked)
        yield from found
        if not is_cut or not found:
            return
        asked = replace(asked, before=found[-1].moment)


def _cells(change: Change) -> Iterator[tuple]:
    person, side = change.person, change.person and change.person.get_side_display()
    about = (
        change.moment,
        person and (person.get_full_name() or person.username),
        side,
        change.name,
        change.what,
    )
    for one in change.differences:
        yield (*about, one.row, one.field, one.old, one.new, change.reason and _(change.reason))
    if not change.differences:
        yield (*about, "", "", "", "", change.reason and _(change.reason))


def changes_export(request, format):
    """Give the changes that the page's filter chooses as a file, a line for each field."""
    given = request.GET.get("record", "")
    record = _record(request, given) if given else None
    if record is None and not may_read(request.user):
        raise PermissionDenied
    form = HistoryFilter(request.GET)
    if format not in SHEETS or not form.is_valid():
        raise Http404
    lines = (cells for change in _all(request.user, form.asked(record, "")) for cells in _cells(change))
    words = (
        _("Changes of one record: %(record)s") % {"record": record} if record else _("Changes of all records")
    )
    about = about_sheet(words, (_("For whom"), own_side_label(request.user.side)))
    return attachment(rows_file(format, COLUMNS, lines, about), format, _name(record, form.data))


def _name(record: Tracked | None, given) -> str:
    """Return the name of the file with what it was asked for."""
    query = {name: given.getlist(name) for name in HistoryFilter.base_fields if given.get(name)}
    about = {"of": [f"{record._meta.model_name}-{record.pk}"]} if record else {}
    return file_name("changes", about | query)
