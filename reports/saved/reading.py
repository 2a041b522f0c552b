"""A saved report as a person reads it: the report with its filters, or in words why it cannot be made."""

from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _

from accounts.models import Side, User
from reports.managers.frame import Filters, Report, report
from reports.models import LONGEST_QUERY, SavedReport


@dataclass(frozen=True)
class View:
    """A report and its bound filters; `problem` says what is wrong with them, "" if nothing is."""

    problem: str = ""
    report: Report | None = None
    form: Filters | None = None


def view_of(saved: SavedReport, user) -> View:
    """Return what a saved report asks for, in the active language, for a person who reads it."""
    one = report(saved.report)
    if one is None:
        return View(_("There is no report “%(key)s” any more.") % {"key": saved.report})
    if len(saved.query) > LONGEST_QUERY or "\0" in saved.query or "%00" in saved.query:
        return View(_("The filters are none that a page of this report could have made."), one)
    query = QueryDict(saved.query)
    form = one.form_class(query, user)
    if unknown := sorted(set(query) - set(form.fields)):
        told = _("The report has no filter of this name any more: %(names)s") % {"names": ", ".join(unknown)}
        return View(told, one, form)
    return View(form.problems(), one, form)


def unshared(saved: SavedReport) -> str:
    """Return why a view is not to be shared with both sides, "" if it may be.

    A filter that names what one side keeps to itself would tell the other side that it is there.
    """
    if any(view_of(saved, User(side=side)).problem for side in Side.values):
        return _("One side does not see what these filters name: share it with fewer, or choose other filters.")
    return ""


def known_filters(form: Filters, query: QueryDict) -> str:
    """Return as a query what in an address is a filter of the form; the rest belongs to no view."""
    kept = QueryDict(mutable=True)
    for name in form.fields:
        if values := [value for value in query.getlist(name) if value]:
            kept.setlist(name, values)
    return kept.urlencode()
