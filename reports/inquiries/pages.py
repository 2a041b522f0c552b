"""The pages of frozen answers in the admin: the list, one answer, then and now, withdrawing, files."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from documents.answers import WRITERS, attachment, document_response
from reports.inquiries.ask_page import ask
from reports.inquiries.asked import Asked
from reports.inquiries.differences import since
from reports.inquiries.files import to_csv, to_document, to_xlsx
from reports.inquiries.forms import SearchForm, WithdrawForm
from reports.inquiries.models import Inquiry
from reports.inquiries.reading import dates
from reports.inquiries.showing import answer_context, inquiry_page, may_freeze
from reports.inquiries.words import LANGUAGES
from reports.managers.pages import for_readers

PER_PAGE = 25
SHEETS = {"csv": to_csv, "xlsx": to_xlsx}


@for_readers
def inquiries(request):
    """List what was frozen, newest first; a search takes the words of the question and references."""
    form = SearchForm(request.GET)
    found = Inquiry.objects.defer("answer") if form.is_valid() else Inquiry.objects.none()
    term = form.cleaned_data.get("q", "")
    for word in term.split():
        found = found.filter(
            Q(reference__icontains=word) | Q(question_en__icontains=word) | Q(question_zh__icontains=word)
        )
    shown = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return inquiry_page(request, "list", _("Inquiry answers"), form=form, page=shown, term=term)


@for_readers
def answer(request, reference: str):
    return _answer_page(request, _found(reference))


def _answer_page(request, inquiry: Inquiry, form: WithdrawForm | None = None) -> TemplateResponse:
    title = _("Inquiry answer %(reference)s") % {"reference": inquiry.reference}
    if not inquiry.is_whole:
        return inquiry_page(request, "answer", title, inquiry=inquiry, tampered=tampered_words())
    data = inquiry.data
    return inquiry_page(
        request,
        "answer",
        title,
        inquiry=inquiry,
        files=_files(inquiry),
        again=Asked.from_data(data["asked"]).query(),
        withdrawing=form or WithdrawForm(inquiry),
        **answer_context(request, data),
    )


@for_readers
def now(request, reference: str):
    """Ask the same question again, and show what differs."""
    inquiry = _found(reference)
    title = _("Then and now: %(reference)s") % {"reference": inquiry.reference}
    if not inquiry.is_whole:
        return inquiry_page(request, "now", title, inquiry=inquiry, tampered=tampered_words())
    data = inquiry.data
    return inquiry_page(request, "now", title, inquiry=inquiry, differences=since(data), dates=dates(data))


@for_readers
@require_POST
def withdraw(request, reference: str):
    """Note why the answer is no longer to be used."""
    if not may_freeze(request.user):
        raise PermissionDenied
    inquiry = _found(reference)
    form = WithdrawForm(inquiry, request.POST)
    if not form.is_valid():
        return _answer_page(request, inquiry, form)
    if inquiry.withdraw(form.cleaned_data["withdrawal_note"], form.cleaned_data["replaced_by"]):
        messages.success(request, _("Noted as withdrawn. The answer can still be read."))
    else:
        messages.error(request, _("This answer was withdrawn already."))
    return HttpResponseRedirect(reverse("admin:inquiry", args=[inquiry.reference]))


@for_readers
def file(request, reference: str, format: str) -> HttpResponse:
    """Give the frozen answer as a file; a document in the language that is asked for."""
    inquiry = _found(reference)
    language = request.GET.get("language", get_language())
    if format not in SHEETS and (format not in WRITERS or language not in LANGUAGES.values()):
        raise Http404
    if not inquiry.is_whole:
        return HttpResponse(tampered_words(), status=409, content_type="text/plain; charset=utf-8")
    name = f"{inquiry.reference}-as-at-{inquiry.data['asked']['as_at']}".lower()
    if format in SHEETS:
        return attachment(SHEETS[format](inquiry), format, name)
    return document_response(to_document(inquiry, language), format, f"{name}-{language}")


def _found(reference: str) -> Inquiry:
    """Return the inquiry of a reference. Raises Http404."""
    if "\0" in reference:
        raise Http404
    return get_object_or_404(Inquiry.objects.select_related("replaced_by", "frozen_by"), reference=reference)


def _files(inquiry: Inquiry) -> list[tuple[str, str, str]]:
    """Return (language or "", kind of file, address) of each file of an answer."""

    def address(ending: str, query: str = "") -> str:
        return reverse("admin:inquiry_file", args=[inquiry.reference, ending]) + query

    documents = [
        (language, kind, address(ending, f"?language={language}"))
        for language in LANGUAGES.values()
        for ending, kind in (("docx", "Word"), ("pdf", "PDF"))
    ]
    return [*documents, ("", "CSV", address("csv")), ("", _("Excel"), address("xlsx"))]


def tampered_words() -> str:
    """Return what is said in place of an answer whose stored text is not the frozen one."""
    return _(
        "The stored text of this answer is not the one that was frozen: its checksum differs. Do not use it."
        " Ask whoever runs the portal to restore it from a backup."
    )


def inquiry_urls(site: admin.AdminSite) -> list:
    """Return the addresses of the inquiries, to stand under "reports/inquiries/"."""
    return [
        path("", site.admin_view(inquiries), name="inquiries"),
        path("ask/", site.admin_view(ask), name="inquiry_ask"),
        path("<str:reference>/", site.admin_view(answer), name="inquiry"),
        path("<str:reference>/now/", site.admin_view(now), name="inquiry_now"),
        path("<str:reference>/withdraw/", site.admin_view(withdraw), name="inquiry_withdraw"),
        path("<str:reference>/answer.<slug:format>", site.admin_view(file), name="inquiry_file"),
    ]
