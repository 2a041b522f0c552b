"""The agenda of a meeting: its items with their papers, whether it is final, and the document."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from documents.blocks import Bullets, Document, Fields, Heading, Table, Text
from initiative.dates import Precision, show
from meetings.actions.due import due_lines, due_words, open_before
from meetings.calling.handouts import in_handout, label_for, when_and_where
from meetings.models import Action, AgendaItem, Meeting, Paper
from publishing.sides import Visibility, visible
from publishing.snapshots import REMOVED

# What an agenda says of an item; what is noted at the meeting does not change the agenda.
SAID = ("kind", "title_en", "title_zh", "presenter", "presenter_zh")


@dataclass
class AgendaLine:
    """An item as the agenda shows it. Only items of both sides are numbered: so both read the same numbers."""

    item: AgendaItem | None
    number: str = ""
    papers: list[Paper] = field(default_factory=list)
    is_last: bool = False

    @property
    def is_own(self) -> bool:
        return self.item is not None and self.item.visibility == Visibility.OWN_SIDE


def agenda_lines(meeting: Meeting, user, own: bool = True) -> list[AgendaLine]:
    """Return the agenda with the papers of each item; papers of no item that is shown stand in a last line."""
    papers: dict = {}
    if user.has_perm("meetings.view_paper"):
        for paper in in_handout(meeting.papers.all(), user, own):
            papers.setdefault(paper.agenda_item_id, []).append(paper)
    lines = []
    for item in in_handout(meeting.agenda_items.all(), user, own):
        lines.append(AgendaLine(item, papers=papers.pop(item.pk, [])))
    numbered = (line for line in lines if not line.is_own)
    for number, line in enumerate(numbered, 1):
        line.number = str(number)
    if lines:
        lines[-1].is_last = True
    rest = [paper for found in papers.values() for paper in found]
    return [*lines, AgendaLine(None, papers=rest)] if rest else lines


def latest(papers: list[Paper]) -> list[Paper]:
    """Return the last version of each title in each language."""
    found: dict = {}
    for paper in papers:
        key = (paper.title, paper.language, paper.owner_side)
        if key not in found or paper.version > found[key].version:
            found[key] = paper
    return list(found.values())


def changed_since_final(meeting: Meeting) -> bool:
    """Return whether the agenda of both sides says something else than when it was made final."""
    if meeting.agenda_final_at is None:
        return False
    versions = list(AgendaItem.history.filter(meeting_id=meeting.pk).order_by("history_date", "history_id"))
    then = [version for version in versions if version.history_date <= meeting.agenda_final_at]
    return _said(then) != _said(versions)


def _said(versions: list) -> list[tuple]:
    """Return what the last of these versions of each item say, in the order of the agenda."""
    last = {version.id: version for version in versions}
    shown = [
        version
        for version in last.values()
        if version.history_type != REMOVED and version.visibility != Visibility.OWN_SIDE
    ]
    shown.sort(key=lambda version: (version.position, version.id))
    return [(version.id, *(getattr(version, name) for name in SAID)) for version in shown]


def finality(meeting: Meeting) -> str:
    """Return in words whether the agenda is final."""
    if meeting.agenda_final_at is None:
        return _("This agenda is a draft.")
    told = {"day": show(localtime(meeting.agenda_final_at).date(), Precision.DAY)}
    if changed_since_final(meeting):
        return _("This agenda was made final on %(day)s. It was changed since it was made final.") % told
    return _("This agenda was made final on %(day)s.") % told


def agenda_label(meeting: Meeting) -> str:
    return pgettext("final", "Agenda") if meeting.agenda_final_at else _("Draft agenda")


def matters_arising(meeting: Meeting, user) -> list[Action]:
    """Return the open actions of the meetings before `meeting` that `user` may see, the oldest first."""
    found = visible(open_before(meeting), user)
    named = found.select_related("meeting", "organisation", "due_meeting")
    return list(named.order_by("meeting__starts_on", "meeting", "number"))


def arising_rows(meeting: Meeting, user, own: bool) -> list[list]:
    """Return a row for each matter arising: number, action, owner, due."""
    found = matters_arising(meeting, user)
    if not own:
        # A draft that one side keeps is kept with its actions.
        found = [one for one in found if one.visibility != Visibility.OWN_SIDE and not one.meeting.kept_by]
    return [_arising_row(action, due_words(action)) for action in found]


def _arising_row(action: Action, due) -> list:
    return [
        str(action),
        [action.text, action.get_state_display()],
        [action.get_owner_side_display(), action.organisation.listed_name if action.organisation else ""],
        due,
    ]


def arising_blocks(rows: list[list]) -> list:
    """Return matters arising as blocks, from their rows."""
    if not rows:
        return [Text(_("No action of an earlier meeting is open."))]
    headings = [
        pgettext("of an action", "No."),
        pgettext("at a meeting", "Action"),
        pgettext("of an action", "Owner"),
        pgettext("of an action", "Due"),
    ]
    return [Table(headings, rows, [2, 7, 3, 3])]


def late_rows(actions: Iterable[Action], today: datetime.date) -> list[list]:
    """Return a row for each action annotated with `due`, with how late it is."""
    return [_arising_row(one, due_lines(one, today)) for one in actions]


def agenda_blocks(meeting: Meeting, user, own: bool, level: int = 1) -> list:
    """Return the agenda as blocks of a document in the active language: matters arising, then the items."""
    return [
        Heading(_("Matters arising"), level),
        *arising_blocks(arising_rows(meeting, user, own)),
        Heading(_("Agenda items"), level),
        *item_blocks(agenda_lines(meeting, user, own)),
    ]


def item_blocks(lines: list[AgendaLine]) -> list:
    """Return the items as a table with their papers; those of no item stand below it."""
    items = [line for line in lines if line.item]
    if not items:
        return [Text(_("No agenda item is on record yet."))]
    headings = [
        pgettext("of an agenda item", "No."),
        _("Agenda item"),
        pgettext("of an agenda item", "Kind"),
        _("Presenter"),
        pgettext("of a meeting", "Papers"),
    ]
    rows = [
        [
            line.number or line.item.get_visibility_display(),
            line.item.title,
            line.item.get_kind_display(),
            line.item.presented_by,
            [paper_words(paper) for paper in latest(line.papers)],
        ]
        for line in items
    ]
    table = Table(headings, rows, [2.2, 7, 3.6, 3.6, 4.6])
    rest = [paper_words(paper) for line in lines if not line.item for paper in latest(line.papers)]
    return [table, Text(_("Other papers:")), Bullets(rest)] if rest else [table]


def paper_words(paper: Paper) -> str:
    """Return a paper as an agenda names it."""
    told = {"title": paper.title, "version": paper.version, "language": paper.get_language_display()}
    return _("%(title)s (version %(version)s, %(language)s)") % told


def agenda_document(meeting: Meeting, user, language: str, own: bool) -> Document:
    """Return the agenda as a document; call it while `language` is active."""
    blocks = [Fields(when_and_where(meeting)), Text(finality(meeting), quiet=True)]
    return Document(
        title=meeting.title,
        language=language,
        label=label_for(agenda_label(meeting), user, own),
        blocks=[*blocks, *agenda_blocks(meeting, user, own)],
    )
