"""The desk of a meeting: pages of one meeting in the admin, from planning to follow-up, side by side."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meetings.models import Meeting
from publishing.sides import visible

GROUPS = {
    "before": gettext_lazy("Before the meeting"),
    "after": gettext_lazy("The meeting and after it"),
    "always": gettext_lazy("At any time"),
}


@dataclass(frozen=True)
class DeskPage:
    """A page of the desk and what belongs to it.

    `key` stands in the address, `views` are views of (request, meeting, **kwargs) by what follows in the
    address: "" is the page itself, any other may be a pair (name, view). `note(request, meeting)` returns how
    the matter stands, in a few words, for the overview.
    """

    key: str
    label: str
    group: str
    position: int
    views: dict[str, Callable | tuple[str, Callable]] = field(compare=False)
    note: Callable | None = None
    about: str = ""

    def address(self, meeting: Meeting) -> str:
        return reverse(f"admin:desk_{self.key}", args=[meeting.pk])


_pages: dict[str, DeskPage] = {}


def register(page: DeskPage) -> None:
    """Add a page to the desk of every meeting; to be called while the admin's modules are loaded."""
    _pages[page.key] = page


def pages() -> list[DeskPage]:
    """Return the pages in the order of the meeting's cycle."""
    return sorted(_pages.values(), key=lambda page: (list(GROUPS).index(page.group), page.position))


def _for_meeting(site: admin.AdminSite, view: Callable) -> Callable:
    """Return a view that is asked with the key of a meeting that the person may see."""

    @wraps(view)
    def found(request, key, **kwargs):
        if not site.get_model_admin(Meeting).has_view_permission(request):
            raise PermissionDenied
        meeting = get_object_or_404(visible(Meeting.objects.all(), request.user), pk=key)
        return view(request, meeting, **kwargs)

    return site.admin_view(found)


def desk_urls(site: admin.AdminSite) -> list:
    """Return the addresses of the desk, under that of the meeting."""
    found = [path("<int:key>/desk/", _for_meeting(site, overview), name="desk")]
    for one in pages():
        for route, view in one.views.items():
            suffix, view = view if isinstance(view, tuple) else ("", view)
            name = f"desk_{one.key}" + (f"_{suffix}" if suffix else "")
            address = f"<int:key>/desk/{one.key}/{route}"
            found.append(path(address, _for_meeting(site, view), name=name if suffix or not route else None))
    return found


def page(request, meeting: Meeting, key: str, template: str, *, title: str = "", **context) -> TemplateResponse:
    """Return a page of the desk with its navigation. `key` "" is the overview."""
    groups = {label: [] for label in GROUPS.values()}
    for one in pages():
        groups[GROUPS[one.group]].append((one, one.address(meeting), one.key == key))
    context |= admin.site.each_context(request) | {
        "title": title or (_pages[key].label if key else _("Desk")),
        "meeting": meeting,
        "opts": Meeting._meta,
        "desk_groups": [(label, found) for label, found in groups.items() if found],
        "desk_key": key,
    }
    return TemplateResponse(request, template, context)


def overview(request, meeting: Meeting):
    """Show all pages of the desk with how each matter stands."""
    lines: dict = {}
    for one in pages():
        note = one.note(request, meeting) if one.note else ""
        lines.setdefault(GROUPS[one.group], []).append((one, one.address(meeting), note))
    template = "admin/meetings/desk/overview.html"
    return page(request, meeting, "", template, title=_("Desk of the meeting"), overview=lines.items())
