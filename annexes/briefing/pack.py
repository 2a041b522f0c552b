"""The briefing pack of one meeting for the principal of one side: its chapters, and the document they make."""

from dataclasses import dataclass, field

from django.utils.timezone import localdate
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from annexes.briefing.partners import partner_blocks, partner_pages
from annexes.briefing.records import Records, read_records
from annexes.briefing.work import (
    figure_blocks,
    figures,
    last_report,
    mou_blocks,
    progress_blocks,
    running,
    since_blocks,
    to_decide,
)
from documents.blocks import Contents, Document, Fields, Heading, NewPage, Text
from initiative.dates import show
from meetings.actions.due import open_from_earlier
from meetings.calling.agenda import agenda_lines, arising_blocks, item_blocks, late_rows
from meetings.calling.delegations import delegation_blocks, delegations
from meetings.models import Meeting
from meetings.since import interval, interval_problem, meeting_before
from projects.since import since
from publishing.sides import own_side_label, side_choices


@dataclass(frozen=True)
class Principal:
    """Who reads the pack: somebody of one side; `publishing.sides.visible` shows what that side sees."""

    side: str

    def has_perm(self, permission: str) -> bool:
        """Return True: what this side sees is asked of `visible`, not of a role."""
        return True


@dataclass(frozen=True)
class Chapter:
    """A part of the pack: its blocks, how much is in it in words, and what it lacks."""

    key: str
    title: str
    blocks: list
    holds: str
    lacking: list[str] = field(default_factory=list)


def _agenda(meeting: Meeting, principal: Principal, records: Records) -> Chapter:
    lines = agenda_lines(meeting, principal)
    count = sum(line.item is not None for line in lines)
    holds = ngettext("%(count)s agenda item", "%(count)s agenda items", count) % {"count": count}
    lacking = [] if count else [_("No agenda item is entered.")]
    return Chapter("agenda", _("Agenda"), item_blocks(lines), holds, lacking)


def _delegations(meeting: Meeting, principal: Principal, records: Records) -> Chapter:
    lists = delegations(meeting)
    labels = dict(side_choices())
    told = [f"{labels[one.side]} {len(one.members)}" for one in lists]
    lacking = [
        _("The delegation list of the %(side)s side is not entered.") % {"side": labels[one.side]}
        for one in lists
        if not one.members
    ]
    return Chapter("delegations", _("Delegations"), delegation_blocks(lists, 2), " · ".join(told), lacking)


def _arising(meeting: Meeting, principal: Principal, records: Records) -> Chapter:
    found = list(open_from_earlier(meeting, principal))
    holds = ngettext("%(count)s open action", "%(count)s open actions", len(found)) % {"count": len(found)}
    return Chapter("arising", _("Matters arising"), arising_blocks(late_rows(found, localdate())), holds)


def _progress(meeting: Meeting, principal: Principal, records: Records) -> Chapter:
    found = running(records)
    holds = ngettext("%(count)s running project", "%(count)s running projects", len(found))
    silent = sum(last_report(project) is None for project in found)
    words = ngettext(
        "%(count)s project has no progress report.", "%(count)s projects have no progress report.", silent
    )
    lacking = [words % {"count": silent}] if silent else []
    title = _("Progress by project")
    return Chapter(
        "progress", title, progress_blocks(found, records.day), holds % {"count": len(found)}, lacking
    )


def _mous(meeting: Meeting, principal: Principal, records: Records) -> Chapter:
    found = to_decide(records)
    holds = ngettext("%(count)s MOU", "%(count)s MOUs", len(found)) % {"count": len(found)}
    return Chapter("mous", _("MOUs needing a decision"), mou_blocks(found), holds)


def _figures(meeting: Meeting, principal: Principal, records: Records) -> Chapter:
    found = figures(principal)
    differing = sum(bool(one.gap) for one in found)
    holds = ngettext("%(count)s announced figure", "%(count)s announced figures", len(found)) % {
        "count": len(found)
    }
    unexplained = sum(bool(one.gap) and not one.figure.explanation for one in found)
    words = ngettext(
        "%(count)s difference has no explanation.", "%(count)s differences have no explanation.", unexplained
    )
    lacking = [words % {"count": unexplained}] if differing and unexplained else []
    return Chapter("figures", _("Announced and recorded"), figure_blocks(found), holds, lacking)


def _since(meeting: Meeting, principal: Principal, records: Records) -> Chapter:
    title, before = _("Since the last meeting"), meeting_before(meeting, principal)
    if before is None or interval_problem(before, meeting):
        words = _("No earlier meeting of its kind is on record here.")
        return Chapter("since", title, [Text(words)], "", [words])
    sections = since(interval(before, meeting, principal), principal)
    count = sum(len(section.rows) for section in sections)
    holds = ngettext("%(count)s change since %(meeting)s", "%(count)s changes since %(meeting)s", count)
    words = holds % {"count": count, "meeting": before.code}
    return Chapter("since", title, since_blocks(before, sections), words)


def _partners(meeting: Meeting, principal: Principal, records: Records) -> Chapter:
    found = partner_pages(meeting, principal, records)
    holds = ngettext("%(count)s page, one per partner", "%(count)s pages, one per partner", len(found))
    blocks = [Text(_("Each on a page of its own, by side and name."), quiet=True)]
    blocks += [block for one in found for block in partner_blocks(one)]
    if not found:
        blocks = [
            Text(_("No organisation takes part in a running project or in what the meeting is to bring."))
        ]
    return Chapter("partners", _("Partners"), blocks, holds % {"count": len(found)})


CHAPTERS = (_agenda, _delegations, _arising, _progress, _mous, _figures, _since, _partners)


def chapters(meeting: Meeting, side: str) -> list[Chapter]:
    """Return the chapters for the principal of `side`, in the active language; a constant number of queries."""
    principal = Principal(side)
    records = read_records(meeting, principal)
    return [chapter(meeting, principal, records) for chapter in CHAPTERS]


def _cover(meeting: Meeting, side: str) -> Fields:
    other = meeting.title_in("en" if get_language() != "en" else "zh")
    day = show(meeting.starts_on, meeting.starts_on_precision) if meeting.starts_on else _("not on record here")
    place = [text for text in (meeting.venue, meeting.city) if text]
    return Fields(
        [
            (_("Meeting"), [meeting.title, other]),
            (_("Date"), day),
            (pgettext("of a meeting", "Place"), place or _("not on record here")),
            (_("Format"), meeting.get_format_display()),
            (_("Host side"), meeting.get_host_side_display()),
            (_("Prepared for"), _("the principal of the %(side)s side") % {"side": dict(side_choices())[side]}),
        ]
    )


def pack(meeting: Meeting, side: str) -> Document:
    """Return the briefing pack as a document in the active language."""
    blocks = [_cover(meeting, side), Contents(), NewPage()]
    for chapter in chapters(meeting, side):
        blocks += [Heading(chapter.title), *chapter.blocks]
    return Document(
        title=_("Briefing pack"),
        subtitle=str(meeting.title),
        label=own_side_label(side),
        language=get_language(),
        blocks=blocks,
    )
