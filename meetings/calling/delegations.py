"""The delegations of a meeting: who comes from each side, in protocol order, and what the lists lack."""

from dataclasses import dataclass

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from accounts.models import Side
from documents.blocks import Document, Fields, Heading, Table, Text
from listing.excel import WRAPPED, Sheet, workbook
from listing.exports import about_sheet
from meetings.calling.handouts import when_and_where
from meetings.models import Attendance, Meeting

BOTH = "both"


@dataclass
class Delegation:
    side: str
    members: list[Attendance]

    @property
    def name(self) -> str:
        return _("%(side)s delegation") % {"side": Side(self.side).label}


def members(meeting: Meeting) -> QuerySet:
    """Return those who attend a meeting, in protocol order."""
    return meeting.attendances.select_related("person", "organisation")


def delegations(meeting: Meeting, which: str = BOTH) -> list[Delegation]:
    """Return the delegation of a side, or of both in the order of the sides in the active language."""
    found = list(members(meeting))
    order = settings.SIDE_ORDER.get(get_language(), Side.values)
    sides = order if which == BOTH else [which]
    return [Delegation(side, [row for row in found if row.side == side]) for side in sides]


def is_named(row: Attendance) -> bool:
    """Return whether a list shows a person's name: the post stands for one that is not shown."""
    return row.person is not None and not row.person.suppressed


def name_lines(row: Attendance) -> list:
    """Return the name in the page's language and, below it, in the other."""
    shown = row.shown_name or _("(name not shown)")
    if not is_named(row):
        return [shown]
    return [shown, *(name for name in (row.person.name_en, row.person.name_zh) if name and name != shown)]


def post_of(row: Attendance) -> str:
    """Return the post, unless it stands for the name already."""
    return "" if row.person is not None and row.person.suppressed else row.post


def lacking(row: Attendance) -> list[str]:
    """Return in words what a list in both languages lacks of a person."""
    found = []
    if not (row.post_en or row.post_zh):
        found.append(_("no post"))
    elif not row.post_zh:
        found.append(_("no post in Chinese"))
    elif not row.post_en:
        found.append(_("no post in English"))
    if is_named(row) and not row.person.name_zh:
        found.append(_("no Chinese name"))
    if is_named(row) and not row.person.name_en:
        found.append(_("no name in Latin letters"))
    if row.person is None:
        found.append(_("no name"))
    return found


def delegation_blocks(lists: list[Delegation], level: int = 1) -> list:
    """Return delegation lists as blocks of a document in the active language."""
    headings = [
        pgettext("in protocol order", "No."),
        pgettext("of a person", "Name"),
        _("Post held on the day"),
        _("Organisation"),
        pgettext("at a meeting", "Role"),
    ]
    blocks = []
    for one in lists:
        rows = [
            [
                number,
                name_lines(row),
                post_of(row),
                row.organisation.name if row.organisation else "",
                row.get_role_display(),
            ]
            for number, row in enumerate(one.members, 1)
        ]
        nobody = Text(_("Nobody is on record yet."))
        table = Table(headings, rows, [1.5, 4, 5.5, 5, 3.3]) if rows else nobody
        blocks += [Heading(one.name, level), table]
    return blocks


def label_of(which: str) -> str:
    return _("Delegation lists") if which == BOTH else _("Delegation list")


def delegation_document(meeting: Meeting, which: str, language: str) -> Document:
    """Return the lists as a document; call it while `language` is active."""
    return Document(
        title=meeting.title,
        language=language,
        label=label_of(which),
        blocks=[Fields(when_and_where(meeting)), *delegation_blocks(delegations(meeting, which))],
    )


def delegation_sheet(meeting: Meeting, which: str) -> bytes:
    """Return the lists as an Excel file in the active language, names and posts in both."""
    headings = [
        _("Side"),
        pgettext("in protocol order", "No."),
        _("Name (Latin letters)"),
        pgettext("of a person", "Name (Chinese)"),
        _("Post held on the day (English)"),
        _("Post held on the day (Chinese)"),
        _("Organisation (English)"),
        _("Organisation (Chinese)"),
        pgettext("at a meeting", "Role"),
    ]
    rows = [
        [Side(one.side).label, number, *sheet_cells(row), row.get_role_display()]
        for one in delegations(meeting, which)
        for number, row in enumerate(one.members, 1)
    ]
    about = about_sheet(f"{label_of(which)}: {meeting.title}")
    return workbook(Sheet([str(heading) for heading in headings], rows, look=WRAPPED), about)


def sheet_cells(row: Attendance) -> list[str]:
    """Return name, post and organisation in both languages."""
    holder = row.person if is_named(row) else None
    words = [row.words_en, row.words_zh] if row.person is None else ["", ""]
    names = [holder.name_en, holder.name_zh] if holder else words
    body = row.organisation
    return [*names, row.post_en, row.post_zh, *([body.name_en, body.name_zh] if body else ["", ""])]
