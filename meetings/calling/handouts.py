"""What is handed out of a meeting: for which readers, in which language, as which kind of file."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from accounts.models import Side, User
from initiative.dates import show
from meetings.models import Meeting
from publishing.sides import Visibility, visible

FORMATS = {
    "docx": pgettext_lazy("kind of file", "Word"),
    "pdf": "PDF",
    "xlsx": gettext_lazy("Excel"),
    "ics": pgettext_lazy("kind of file", "Calendar"),
}

# Each language by its own name, as on the switch of the site, with its tag in HTML.
LANGUAGES = {"en": ("English", "en"), "zh-hans": ("中文", "zh-Hans")}


def in_handout(rows: QuerySet, user, own: bool) -> QuerySet:
    """Return the rows that a handout made by `user` shows: for both sides none that either keeps to itself."""
    seen = visible(rows, user)
    return seen if own else seen.exclude(visibility=Visibility.OWN_SIDE)


def is_own(request) -> bool:
    """Return whether a handout is asked for one's own side alone. Raises Http404 where one has no such side."""
    asked = "own" in request.GET
    if asked and request.user.side == User.BOTH:
        raise Http404
    return asked


def check(language: str, format: str, *formats: str) -> None:
    """Raise Http404 of a language or a kind of file that there is not."""
    if language not in LANGUAGES or format not in formats:
        raise Http404


def file_name(meeting: Meeting, what: str, language: str, own: bool = False) -> str:
    """Return the name of a file without its ending: "JIC5-agenda-own-zh"."""
    parts = [meeting.code, what, "own" if own else "", language[:2]]
    return "-".join(part for part in parts if part)


def label_for(label: str, user, own: bool) -> str:
    """Return what stands above the title of a handout: what it is, and whose alone."""
    if not own:
        return label
    return _("%(what)s: for the %(side)s side alone") % {"what": label, "side": Side(user.side).label}


def when_and_where(meeting: Meeting) -> list[tuple]:
    """Return date, place, host and format of a meeting as labels and what each says."""
    return [
        (_("Date"), _days(meeting) or pgettext("date", "not yet set")),
        (_("Venue"), meeting.venue),
        (_("City"), meeting.city),
        (_("Host side"), meeting.get_host_side_display()),
        (_("Format of the meeting"), meeting.get_format_display()),
    ]


def _days(meeting: Meeting) -> str:
    first, last = (
        show(date, precision) if date else ""
        for date, precision in (
            (meeting.starts_on, meeting.starts_on_precision),
            (meeting.ends_on, meeting.ends_on_precision),
        )
    )
    if first and last and first != last:
        return _("%(first)s to %(last)s") % {"first": first, "last": last}
    return first or last


@dataclass(frozen=True)
class Link:
    """A link to one file of a handout."""

    address: str
    kind: str
    language: str
    lang: str


def links(name: str, meeting: Meeting, formats: tuple[str, ...], own: bool = False, **route) -> list[Link]:
    """Return the links to the files of one handout, in each language; `name` is that of its address."""
    found = []
    for code, (language, lang) in LANGUAGES.items():
        for format in formats:
            given = {"key": meeting.pk, "language": code} | route
            given |= {"format": format} if len(formats) > 1 else {}
            address = reverse(f"admin:{name}", kwargs=given) + ("?own" if own else "")
            found.append(Link(address, FORMATS[format], language, lang))
    return found


def handed_out(name: str, meeting: Meeting, user, formats: tuple[str, ...]) -> list[tuple[str, list[Link]]]:
    """Return the files for both sides, and those for the side of `user` alone, each group with its heading."""
    groups = [(_("For both sides"), links(name, meeting, formats))]
    if user.side != User.BOTH:
        words = _("For the %(side)s side alone, with what it keeps to itself")
        own = links(name, meeting, formats, own=True)
        groups.append((words % {"side": Side(user.side).label}, own))
    return groups
