"""The page on which an inquiry is asked: the form, the answer, and freezing it as it was shown."""

from urllib.parse import parse_qsl

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from publishing.models import Publication
from reports.inquiries.asked import Asked
from reports.inquiries.asking import answer_to
from reports.inquiries.forms import AskForm, QuestionForm
from reports.inquiries.models import Inquiry, canonical, checksum
from reports.inquiries.showing import answer_context, inquiry_page, may_freeze
from reports.managers.pages import for_readers


@for_readers
def ask(request):
    """Show the form, and, once something is asked, the answer; freeze what was shown."""
    form = AskForm(request.POST if request.method == "POST" else request.GET)
    if request.method == "POST":
        return _freeze(request, form)
    answer = answer_to(form.asked()) if form.is_valid() else None
    return _preview(request, form, answer, QuestionForm())


def _preview(request, form: AskForm, answer: dict | None, question: QuestionForm) -> TemplateResponse:
    context = {}
    if answer:
        query = Asked.from_data(answer["asked"]).query()
        context = answer_context(request, answer) | {
            "answer": answer,
            "seen": checksum(canonical(answer)),
            "hidden": parse_qsl(query, keep_blank_values=True),
            "question": question,
        }
    return inquiry_page(request, "ask", pgettext("inquiry", "Ask"), form=form, kinds=form.kinds(), **context)


def _freeze(request, form: AskForm) -> HttpResponse:
    """Compute the answer once more, under the lock, and store it if it is the one that was shown."""
    if not may_freeze(request.user):
        raise PermissionDenied
    question = QuestionForm(request.POST)
    if not form.is_valid():
        return _preview(request, form, None, question)
    with transaction.atomic():
        Publication.lock()
        answer = answer_to(form.asked())
        is_seen = checksum(canonical(answer)) == request.POST.get("seen")
        if is_seen and answer["not_recorded"] is None and question.is_valid():
            inquiry = Inquiry.freeze(answer, question.question(), request.user)
            messages.success(request, _("Frozen as %(reference)s.") % {"reference": inquiry.reference})
            return HttpResponseRedirect(reverse("admin:inquiry", args=[inquiry.reference]))
    if not is_seen:
        messages.error(
            request, _("The record was changed meanwhile, and nothing was frozen. Look at the answer again.")
        )
    return _preview(request, form, answer, question)
