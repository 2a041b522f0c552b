"""The page of the MOU register under /admin/, and the ways to its files."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponseBadRequest
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import translation
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from documents.answers import attachment, document_response
from listing import exports
from meetings.calling.handouts import LANGUAGES
from mous.register.entries import Entry, RegisterFilter, as_seen_by, entries, in_common, registered
from mous.register.files import for_staff, for_the_jic, sheet
from mous.register.words import dated_words, day_words, definitions, end_words, health_words, left_words
from publishing.sides import own_side_label

MOST = 100  # on a page
FORMATS = ("csv", "xlsx")


def register_urls(site) -> list:
    """Return the addresses of the register, below /admin/mous/."""
    pages = {
        "register/": (show, "mou_register"),
        "register.<str:format>": (download, "mou_register_file"),
        "register/<str:language>.<str:format>": (document, "mou_register_document"),
    }
    return [
        path(route, site.admin_view(view), {"site": site}, name=name) for route, (view, name) in pages.items()
    ]


def _may_read(request) -> None:
    if not request.user.has_perm("mous.view_mou"):
        raise PermissionDenied


def show(request, site):
    """Show the MOUs that the filters leave; of filters that do not fit, what is wrong and no rows."""
    _may_read(request)
    day, seen, form = localdate(), as_seen_by(request.user), RegisterFilter(request.GET, request.user)
    context = {"form": form, "definitions": definitions(), "own_side": own_side_label(request.user.side)}
    if form.is_valid():
        page = Paginator(registered(form.cleaned_data, day, seen), MOST).get_page(request.GET.get("p"))
        count = page.paginator.count
        context |= {
            "page": page,
            "count": ngettext("%(count)s MOU", "%(count)s MOUs", count) % {"count": count},
            "words": form.in_words(),
            "sheets": _sheets(request),
            "documents": _documents(),
            "lines": [_line(entry) for entry in entries(page.object_list, day, seen)],
        }
    context |= site.each_context(request) | {"title": _("MOU register"), "for_staff": for_staff()}
    return TemplateResponse(request, "admin/mous/register.html", context)


def _line(entry: Entry) -> dict:
    """Return what a line of the page says of an MOU, in words."""
    mou = entry.mou
    return {
        "entry": entry,
        "signed": dated_words(mou, "signed_on"),
        "effective": dated_words(mou, "effective_on"),
        "ends": end_words(entry),
        "left": "" if entry.days_left is None else left_words(entry.days_left),
        "notice": mou.notice_on and day_words(mou.notice_on),
        "health": health_words(entry),
    }


def _sheets(request) -> list[tuple[str, str]]:
    """Return the files of what the page shows: (label, address)."""
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    labels = {"csv": "CSV", "xlsx": _("Excel")}
    return [(labels[one], reverse("admin:mou_register_file", args=[one]) + query) for one in FORMATS]


def _documents() -> list[tuple]:
    """Return the documents for the JIC: (label, name and tag of the language, address)."""
    return [
        (label, named, reverse("admin:mou_register_document", args=[language, format]))
        for language, named in LANGUAGES.items()
        for format, label in (("docx", "Word"), ("pdf", "PDF"))
    ]


def download(request, format, site):
    """Give what the page shows under the same filters as CSV or Excel, or say what is wrong with them."""
    _may_read(request)
    form = RegisterFilter(request.GET, request.user)
    if format not in FORMATS:
        raise Http404
    if not form.is_valid():
        return HttpResponseBadRequest(
            _("These filters do not fit the list: open the list and choose again."), content_type="text/plain"
        )
    day, seen = localdate(), as_seen_by(request.user)
    found = entries(registered(form.cleaned_data, day, seen), day, seen)
    name = exports.file_name("mou-register-staff", request.GET)
    return attachment(sheet(found, format, form.in_words(), request.user), format, name)


def document(request, language, format, site):
    """Give the MOUs on which the JIC has to decide, as both sides see them, as Word or PDF."""
    _may_read(request)
    if language not in LANGUAGES:
        raise Http404
    day = localdate()
    with translation.override(language):
        found = entries(registered({"decision": True}, day, in_common), day, in_common)
        made = for_the_jic(found, language, day)
        return document_response(made, format, f"mous-for-the-jic-{day}-{language[:2]}")
