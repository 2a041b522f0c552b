"""The desk's page of the delegations: both sides in protocol order, to be put in order and taken as files."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, override
from django.views.decorators.http import require_safe

from accounts.models import Side
from documents.answers import attachment, document_response
from listing import exports
from meetings import desk
from meetings.calling.delegations import (
    BOTH,
    Delegation,
    delegation_document,
    delegation_sheet,
    delegations,
    lacking,
    members,
    name_lines,
    post_of,
)
from meetings.calling.handouts import check, file_name, links
from meetings.calling.ordering import OrderRefused, put_in_order
from meetings.calling.pressing import changes
from meetings.models import Meeting
from publishing.workflow import may

FORMATS = ("docx", "pdf", "xlsx")


def may_order(request, meeting: Meeting) -> bool:
    """Return whether the person may put the delegations in order: once public only who may publish."""
    if not admin.site.get_model_admin(Meeting).has_change_permission(request, meeting):
        return False
    is_public = meeting.is_published and meeting.phase == Meeting.Phase.HELD
    return not is_public or may(meeting, "publish", request.user)


def _lines(found: list[Delegation]) -> list[tuple]:
    """Return each delegation with its lines: number, row, names, post, what is lacking."""
    return [
        (
            one,
            [
                (number, row, name_lines(row), post_of(row), lacking(row))
                for number, row in enumerate(one.members, 1)
            ],
        )
        for one in found
    ]


def _handouts(meeting: Meeting, found: list[Delegation]) -> list[tuple]:
    """Return the files of both lists and of each, every group with its heading."""
    headings = [(BOTH, _("Both delegations"))]
    headings += [(one.side, one.name) for one in found]
    name = "desk_delegations_file"
    return [(heading, links(name, meeting, FORMATS, which=which)) for which, heading in headings]


@require_safe
def show(request, meeting: Meeting):
    """Show both delegations side by side."""
    found = delegations(meeting)
    return desk.page(
        request,
        meeting,
        "delegations",
        "admin/meetings/desk/delegations.html",
        delegations=_lines(found),
        may_change=admin.site.get_model_admin(Meeting).has_change_permission(request, meeting),
        may_order=may_order(request, meeting) and any(one.members for one in found),
        handouts=_handouts(meeting, found),
    )


@changes("delegations")
def order(request, meeting: Meeting):
    """Put each delegation in the order asked for."""
    if not may_order(request, meeting):
        raise PermissionDenied
    try:
        changed = put_in_order([members(meeting).filter(side=side) for side in Side.values], request.POST)
    except OrderRefused as refused:
        messages.error(request, str(refused))
    else:
        words = _("The protocol order is saved.") if changed else _("The protocol order is as it was.")
        messages.success(request, words)
    return HttpResponseRedirect(reverse("admin:desk_delegations", args=[meeting.pk]))


@require_safe
def download(request, meeting: Meeting, which: str, language: str, format: str):
    """Give the list of a side, or of both, as a Word file, a PDF or an Excel file."""
    check(language, format, *FORMATS)
    if which not in (BOTH, *Side.values):
        raise Http404
    with override(language):
        name = file_name(meeting, "delegations" if which == BOTH else f"delegation-{which}", language)
        if format != "xlsx":
            return document_response(delegation_document(meeting, which, language), format, name)
        return attachment(delegation_sheet(meeting, which), "xlsx", exports.file_name(name))


def note(request, meeting: Meeting) -> str:
    count = meeting.attendances.count()
    return ngettext("%(count)s person", "%(count)s persons", count) % {"count": count}


desk.register(
    desk.DeskPage(
        key="delegations",
        label=gettext_lazy("Delegations"),
        group="before",
        position=20,
        views={
            "": show,
            "order/": ("order", order),
            "<str:which>/<str:language>.<str:format>": ("file", download),
        },
        note=note,
    )
)
