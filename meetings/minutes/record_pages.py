"""The page of record at the meeting's desk: what was noted and decided, and who does what, item by item."""

import secrets

from django.contrib import messages
from django.db import transaction
from django.http import QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views.decorators.http import require_http_methods

from meetings.desk import DeskPage, page, register
from meetings.minutes.marking_pages import mark, upload
from meetings.minutes.record_forms import label_of
from meetings.minutes.record_sheet import RecordSheet
from meetings.models import Meeting
from publishing.models import Publication, SubmittedForm
from publishing.saving import KEPT, TOKEN, digest
from publishing.workflow import Refused, may

TEMPLATE = "admin/meetings/minutes/record.html"


@require_http_methods(["GET", "HEAD", "POST"])
def record(request, meeting: Meeting):
    """Show the record of a meeting, or save what was typed into it, all or nothing."""
    if request.method == "POST":
        with transaction.atomic():
            Publication.lock()
            return _save(request, meeting)
    typed = request.session.get(KEPT, {}).pop(request.path, None)
    if typed is None:
        return _show(request, RecordSheet(meeting, request.user))
    request.session.modified = True
    sheet = RecordSheet(meeting, request.user, QueryDict(typed))
    sheet.is_valid()
    messages.warning(
        request, _("Your session had ended. What you typed is below and was not saved: save it now.")
    )
    return _show_again(request, sheet)


def _save(request, meeting: Meeting):
    sheet = RecordSheet(meeting, request.user, request.POST)
    token, sent = request.POST.get(TOKEN, "")[:32], digest(request.POST)
    before = SubmittedForm.objects.filter(token=token, user=request.user).first() if token else None
    if before and before.digest == sent:
        return redirect(request.path)
    if not sheet.is_valid():
        return _show_again(request, sheet)
    if before and any(form.has_changed() for form in sheet.forms if form.instance.pk is None):
        sheet.problems = [
            _("This form was saved before. Check that no new line is there twice, then save again.")
        ]
        return _show_again(request, sheet)
    try:
        count = sheet.save()
    except Refused as refused:
        sheet = RecordSheet(meeting, request.user, request.POST)
        sheet.is_valid()
        sheet.problems = refused.problems
        return _show_again(request, sheet)
    if token and not before:
        SubmittedForm.objects.create(token=token, digest=sent, object_id=str(meeting.pk), user=request.user)
    words = ngettext("Saved: %(count)s line was changed.", "Saved: %(count)s lines were changed.", count)
    messages.success(request, words % {"count": count} if count else _("Nothing was changed."))
    return redirect(request.path)


def _show_again(request, sheet: RecordSheet):
    sheet.shown_again()
    return _show(request, sheet)


def _show(request, sheet: RecordSheet):
    names = sheet.organisations, sheet.meetings
    return page(
        request,
        sheet.meeting,
        "record",
        TEMPLATE,
        sheet=sheet,
        may_write=bool(sheet.forms),
        has_items=any(section.entry for section in sheet.sections),
        may_upload=may(sheet.meeting, "change", request.user) and request.user.has_perm("meetings.add_paper"),
        form_token=secrets.token_hex(16),
        has_errors=sheet.data is not None,
        lists=[
            (key, [label_of(one, row) for row in one.rows.values()])
            for key, one in zip(LISTS, names, strict=True)
        ],
    )


# The lists of names that the page offers to who types.
LISTS = ("organisations", "meetings")


register(
    DeskPage(
        key="record",
        label=pgettext_lazy("of a meeting", "Record"),
        group="after",
        position=10,
        views={"": record, "upload/": ("upload", upload), "mark/<int:paper>/": ("mark", mark)},
        about=gettext_lazy("What was noted and decided, and who does what, item by item."),
    )
)
