"""The short form behind a signed link: no account, no cookie, nothing kept by caches, one project.

The link is the authority: nothing of a session is read, so there is no token against forged requests either.
"""

from functools import wraps

from django.conf import settings
from django.core.exceptions import BadRequest
from django.db.models import Prefetch
from django.http import Http404, HttpResponse, HttpResponseRedirect, UnreadablePostError
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from projects.models import Project, UpdateAnswer, UpdateRequest
from projects.rounds import files as update_files
from projects.rounds.answering import AnswerForm, Told, submit, told_by
from projects.rounds.notices import notice
from projects.views import PUBLIC_REPORTS
from publishing.addresses import html_language
from publishing.models import Status
from publishing.workflow import Refused

# Room for every question filled to its end in Chinese, percent-encoded.
LARGEST = 256 * 1024


def behind_link(view):
    """Give a view the request that its link belongs to, or answer in words why there is none."""

    @wraps(view)
    def found(http_request, token, **kwargs):
        if _length(http_request) > LARGEST:
            words = _("This is too much for the form. Shorten the texts.")
            return private(HttpResponse(words, status=413, content_type="text/plain; charset=utf-8"))
        request, fault = UpdateRequest.of_link(token)
        if fault:
            status = 404 if fault == UpdateRequest.Fault.UNKNOWN else 410
            return private(_page(http_request, "updates/closed.html", _closed(fault), status))
        return private(view(http_request, request, **kwargs))

    return csrf_exempt(require_http_methods(["GET", "HEAD", "POST"])(found))


def _length(http_request) -> int:
    given = http_request.META.get("CONTENT_LENGTH") or "0"
    return int(given) if given.isascii() and given.isdigit() else LARGEST + 1


def private(response: HttpResponse) -> HttpResponse:
    """Keep an answer out of caches, search engines and the addresses that other sites are told."""
    patch_cache_control(response, no_store=True, private=True)
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response


def _closed(fault: str) -> dict:
    editions = sorted(settings.LANGUAGES, key=lambda one: one[0] != get_language())
    return {"fault": str(fault), "editions": [(code, html_language(code)) for code, _name in editions]}


def _page(http_request, template: str, context: dict, status: int = 200) -> HttpResponse:
    return render(http_request, template, context | {"is_private": True}, status=status)


def _on_record(request: UpdateRequest) -> Project:
    """Return the project with what the public reads of it."""
    known = Project.objects.published().select_related("meeting", "lead_singapore", "lead_shenzhen")
    known = known.prefetch_related("partners__organisation", Prefetch("progress_reports", PUBLIC_REPORTS))
    project = known.filter(pk=request.project_id).first()
    if project is None:
        raise Http404
    return project


def _meeting(request: UpdateRequest):
    """Return the meeting, where the public knows of it."""
    meeting = request.round.meeting
    return meeting if meeting.status == Status.PUBLISHED else None


def _sent(http_request):
    try:
        return http_request.POST
    except UnreadablePostError as broken:
        raise BadRequest(str(broken)) from broken


@behind_link
def form(http_request, request: UpdateRequest):
    """Show the form, filled with what was sent by this link before, or take what is sent."""
    last = request.own_answers().last()
    problems, status = [], 200
    if http_request.method == "POST":
        answers = AnswerForm(_sent(http_request))
        if answers.is_valid():
            try:
                submit(request, answers.told, UpdateAnswer.Way.LINK)
                return HttpResponseRedirect(reverse("updates:sent", args=[request.token]))
            except Refused as refused:
                problems, status = refused.problems, 429
        else:
            status = 400
    else:
        if http_request.method == "GET" and request.opened_at is None:
            request.opened_at = timezone.now()
            request.save(update_fields=["opened_at"])
        answers = AnswerForm(initial=vars(told_by(last)) if last else vars(Told()))
    context = {
        "asked": request,
        "project": _on_record(request),
        "meeting": _meeting(request),
        "form": answers,
        "problems": problems,
        "last": last,
        "notice": notice(),
    }
    return _page(http_request, "updates/form.html", context, status)


@behind_link
def sent(http_request, request: UpdateRequest):
    """Show what was sent, and how to correct it."""
    last = request.own_answers().last()
    if last is None:
        return HttpResponseRedirect(reverse("updates:form", args=[request.token]))
    context = {"asked": request, "project": _on_record(request), "answer": last, "lines": said(last)}
    return _page(http_request, "updates/sent.html", context)


@behind_link
def file(http_request, request: UpdateRequest):
    """Give the form as a Word file to fill in and send back."""
    return update_files.answer(request)


def said(answer: UpdateAnswer) -> list[tuple[str, str]]:
    """Return the questions that an answer answers, each with what it says."""
    shown = vars(told_by(answer)) | {
        "stage": answer.get_stage_display(),
        "contact_right": answer.get_contact_right_display(),
    }
    return [(field.label, shown[name]) for name, field in AnswerForm().fields.items() if shown[name]]
