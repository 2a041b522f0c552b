"""What stands on the pages of the reports about saved ones: the list of them, and the way to save a view."""

from urllib.parse import urlencode

from django import template
from django.urls import reverse

from reports.managers.frame import report
from reports.models import SavedReport
from reports.saved.admin import may_change, may_delete
from reports.saved.reading import known_filters
from reports.saved.recipients import Recipient

register = template.Library()


@register.inclusion_tag("admin/reports/_saved_list.html", takes_context=True)
def saved_list(context):
    """Show the saved reports that the person sees, with what they may do with each."""
    user = context["request"].user
    sent_to = set(Recipient.objects.filter(user=user).values_list("saved", flat=True))
    stopped = {}
    for one in Recipient.objects.stopped().filter(saved__owner=user).select_related("user"):
        stopped.setdefault(one.saved_id, []).append(str(one))
    deletes = user.has_perm("reports.delete_savedreport")
    return {
        "lines": [
            {
                "saved": saved,
                "report": report(saved.report),
                "may_change": may_change(user, saved) and user.has_perm("reports.change_savedreport"),
                "may_delete": deletes and may_delete(user, saved),
                "stopped": ", ".join(stopped.get(saved.pk, ())),
                "is_sent": saved.pk in sent_to,
            }
            for saved in SavedReport.objects.seen_by(user).select_related("owner")
        ]
    }


@register.inclusion_tag("admin/reports/_save_view.html", takes_context=True)
def save_view(context):
    """Offer to save the view that is shown, under a new name or that of one saved before."""
    request, one = context["request"], context["report"]
    query = known_filters(context["form"], request.GET)
    own = SavedReport.objects.seen_by(request.user).filter(owner=request.user, report=one.key)
    add = f"{reverse('admin:reports_savedreport_add')}?{urlencode({'report': one.key, 'query': query})}"
    return {
        "request": request,
        "csrf_token": context.get("csrf_token"),
        "may_save": request.user.has_perm("reports.add_savedreport"),
        "own": [saved for saved in own if saved.query != query],
        "query": query,
        "add": add,
    }
