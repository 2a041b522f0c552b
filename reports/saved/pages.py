"""The pages of a saved report: its link, taking the view shown now, and taking oneself off its e-mails."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import include, path, reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from reports.managers.frame import report
from reports.managers.pages import for_readers, page
from reports.models import Audience, SavedReport
from reports.saved.admin import may_change
from reports.saved.message import name_told
from reports.saved.reading import known_filters, unshared, view_of
from reports.saved.recipients import Recipient


@for_readers
def open_saved(request, key: int):
    """Lead to the report with its filters, or say why it cannot be shown. Raises Http404 to others.

    Values that a filter refuses are told by the report's own page, beside their fields.
    """
    saved = get_object_or_404(SavedReport.objects.seen_by(request.user), pk=key)
    view = view_of(saved, request.user)
    if view.form is None or set(QueryDict(saved.query)) - set(view.form.fields):
        context = {"saved": saved, "view": view, "may_change": may_change(request.user, saved)}
        return page(request, "admin/reports/saved_problem.html", saved.name, **context)
    return HttpResponseRedirect(_with_query(view.report, saved.query))


def _with_query(one, query: str) -> str:
    return f"{one.address}?{query}" if query else one.address


@for_readers
@require_POST
def replace_view(request):
    """Let a saved report, one's own, have the filters of the view that is shown."""
    mine = SavedReport.objects.seen_by(request.user).filter(owner=request.user)
    saved = get_object_or_404(mine, pk=_number(request.POST.get("saved", "")))
    one = report(saved.report)
    if one is None or not request.user.has_perm("reports.change_savedreport"):
        raise PermissionDenied
    asked = QueryDict(request.POST.get("query", ""))
    saved.query = known_filters(one.form_class(asked, request.user), asked)
    told = view_of(saved, request.user).problem
    if told := told or (unshared(saved) if saved.audience == Audience.BOTH else ""):
        messages.error(request, _("This view cannot be saved. %(problem)s") % {"problem": told})
        return HttpResponseRedirect(one.address)
    saved.save(update_fields=["query"])
    messages.success(request, _("“%(name)s” has the filters of this view now.") % {"name": saved.name})
    return HttpResponseRedirect(_with_query(one, saved.query))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0


@for_readers
def mine(request, key: int):
    """Let a person take themselves off the e-mails of a report, or on again. Raises Http404 for others."""
    recipients = Recipient.objects.select_related("saved__owner")
    # By the key of the report itself: a number that no key can be finds nothing then.
    recipient = get_object_or_404(recipients, saved__pk=key, user=request.user)
    saved = recipient.saved
    name = saved.name if saved.is_seen_by(request.user) else name_told(saved)
    if request.method == "POST":
        if recipient.left_on:
            recipient.take_up(localdate())
            told = _("You get the e-mails of “%(name)s” again.")
        else:
            recipient.leave(localdate())
            told = _("You no longer get the e-mails of “%(name)s”.")
        messages.success(request, told % {"name": name})
        return HttpResponseRedirect(reverse("admin:reports"))
    title = _("E-mails of “%(name)s”") % {"name": name}
    return page(request, "admin/reports/saved_mine.html", title, recipient=recipient, saved=saved)


def saved_urls(site: admin.AdminSite) -> list:
    """Return the addresses of saved reports, to stand under "reports/" before those of the reports."""
    return [
        path("saved/replace/", site.admin_view(replace_view), name="saved_report_replace"),
        path("saved/<int:key>/", site.admin_view(open_saved), name="saved_report"),
        path("saved/<int:key>/mine/", site.admin_view(mine), name="saved_report_mine"),
        # The site has these too, where the address of a report would come before that of the list.
        path("savedreport/", include(site.get_model_admin(SavedReport).urls)),
    ]
