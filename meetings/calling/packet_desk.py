"""The desk's page of the packet: all papers of a meeting compiled into one PDF."""

from django.contrib import messages
from django.http import FileResponse, HttpResponseRedirect
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, ngettext, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from meetings import desk
from meetings.calling.handouts import LANGUAGES, check, file_name, handed_out, is_own
from meetings.calling.packet import MOST_BYTES, packet_papers, read, total_size
from meetings.calling.packet_pdf import Packet
from meetings.models import Meeting
from publishing.files import Download


@require_safe
def show(request, meeting: Meeting):
    """Show what goes into the packet in the language of the person."""
    language = get_language() if get_language() in LANGUAGES else "en"
    papers = packet_papers(meeting, request.user, language, own=True)
    return desk.page(
        request,
        meeting,
        "packet",
        "admin/meetings/desk/packet.html",
        papers=papers,
        size=total_size(papers),
        handouts=handed_out("desk_packet_file", meeting, request.user, ("pdf",)),
    )


@require_safe
def download(request, meeting: Meeting, language: str):
    """Give the packet; that its papers were taken is noted as if each had been."""
    check(language, "pdf", "pdf")
    own = is_own(request)
    with override(language):
        papers = packet_papers(meeting, request.user, language, own)
        if total_size(papers) <= MOST_BYTES:
            for one in papers:
                read(one)
            file = Packet(meeting, request.user, language, own, papers).write()
            for one in papers if request.method == "GET" else ():
                if one.pdf or one.content is not None:
                    Download.note(one.paper, request.user)
            name = f"{file_name(meeting, 'papers', language, own)}.pdf"
            return FileResponse(file, as_attachment=True, filename=name, content_type="application/pdf")
    words = _("The files of this packet are larger together than %(most)s: take them one by one.")
    messages.error(request, words % {"most": filesizeformat(MOST_BYTES)})
    return HttpResponseRedirect(reverse("admin:desk_packet", args=[meeting.pk]))


def note(request, meeting: Meeting) -> str:
    count = len(packet_papers(meeting, request.user, get_language() or "en", own=True))
    return ngettext("%(count)s paper", "%(count)s papers", count) % {"count": count}


desk.register(
    desk.DeskPage(
        key="packet",
        label=gettext_lazy("Packet of papers"),
        group="before",
        position=50,
        views={"": show, "packet-<str:language>.pdf": ("file", download)},
        note=note,
    )
)
