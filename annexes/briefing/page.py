"""The page of a meeting's desk with the briefing pack: what will be in it, what it lacks, and the files."""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from annexes.briefing.pack import chapters, pack
from documents.answers import document_response
from meetings.desk import DeskPage, page, register
from meetings.models import Meeting
from publishing.sides import BOTH, side_choices


def _side(request) -> str:
    """Return the side whose pack is asked for: a person's own; one of both chooses. "" is none yet."""
    if request.user.side != BOTH:
        return request.user.side
    asked = request.GET.get("side", "")
    return asked if asked in dict(side_choices()) else ""


def _files(request, meeting: Meeting, side: str) -> list[tuple[str, str, str]]:
    """Return (language, format, address) of the pack in each language and format."""
    query = f"?side={side}" if request.user.side == BOTH else ""
    return [
        (code, kind, reverse("admin:desk_briefing_file", args=[meeting.pk, code, ending]) + query)
        for code, _label in settings.LANGUAGES
        for ending, kind in (("docx", "Word"), ("pdf", "PDF"))
    ]


def _missing(meeting: Meeting) -> list[str]:
    """Return in words what the cover lacks."""
    lacking = []
    if not meeting.starts_on:
        lacking.append(_("The meeting has no date yet."))
    if not (meeting.city or meeting.venue):
        lacking.append(_("The meeting has no place yet."))
    return lacking


def show_briefing(request, meeting: Meeting):
    """Show what the pack of the person's side will hold."""
    side = _side(request)
    context = {"side": side, "sides": side_choices(), "chooses": request.user.side == BOTH}
    if side:
        context |= {
            "side_name": dict(side_choices())[side],
            "files": _files(request, meeting, side),
            "chapters": chapters(meeting, side),
            "missing": _missing(meeting),
        }
    return page(request, meeting, "briefing", "admin/meetings/desk/briefing.html", **context)


def download_briefing(request, meeting: Meeting, language: str, kind: str) -> HttpResponse:
    """Give the pack of the person's side as Word or PDF."""
    side = _side(request)
    if not side or language not in dict(settings.LANGUAGES):
        raise Http404
    name = f"{meeting.code}-briefing-{side}-{language[:2]}"
    with override(language):
        return document_response(pack(meeting, side), kind, name)


register(
    DeskPage(
        key="briefing",
        label=gettext_lazy("Briefing pack"),
        group="before",
        position=60,
        views={"": show_briefing, "<str:language>.<str:kind>": ("file", download_briefing)},
        about=gettext_lazy("For the principal of your side; the other side never sees it."),
    )
)
