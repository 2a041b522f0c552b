"""What a briefing pack says of each partner, a page each: what it takes part in, whom we met, what it owns."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.conf import settings
from django.db.models import Q
from django.utils.text import capfirst
from django.utils.timezone import localdate
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from annexes.briefing.records import Records
from documents.blocks import Bullets, Fields, Heading, NewPage, Table, Text
from meetings.actions.due import OPEN, by_due, due_lines
from meetings.models import Action, Attendance, Meeting
from meetings.since import LIVE
from mous.models import MOU, Signing
from mous.states import state_on
from organisations.models import Organisation
from projects.courses import RUNNING
from projects.models import Partner
from publishing.sides import side_choices, visible


@dataclass
class PartnerPage:
    """One partner with all that its page tells; `note` is what the reader's own side has noted of it."""

    organisation: Organisation
    note: str = ""
    parts: list[Partner] = field(default_factory=list)
    mous: list[tuple[MOU, str]] = field(default_factory=list)
    sides: set[str] = field(default_factory=set)
    met: list[str] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)

    @property
    def order(self) -> tuple:
        order = settings.SIDE_ORDER[get_language()]
        return min(map(order.index, self.sides)), str(self.organisation.name).casefold(), self.organisation.pk


def _wanted(meeting: Meeting, records: Records) -> set[int]:
    """Return the keys of who takes part in running projects or in what the meeting is to launch and sign."""
    projects = [one for one in records.projects if one.stage in RUNNING or one.meeting_id == meeting.pk]
    mous = [one for one in records.mous if one.meeting_id == meeting.pk]
    rows = [row for one in projects for row in one.partners.all()]
    rows += [row for one in mous for row in one.signatories.all()]
    return {row.organisation_id for row in rows}


def partner_pages(meeting: Meeting, user, records: Records) -> list[PartnerPage]:
    """Return a page for each partner, in the order of sides and names; three queries."""
    wanted, pages = _wanted(meeting, records), {}

    def page_of(row) -> PartnerPage | None:
        if row.organisation_id not in wanted:
            return None
        body = row.organisation
        page = pages.setdefault(body.pk, PartnerPage(body, getattr(body, f"notes_{user.side}")))
        page.sides.add(row.side)
        return page

    for project in records.projects:
        for row in project.partners.all():
            if page := page_of(row):
                page.parts.append(row)
    for mou in records.mous:
        for row in mou.signatories.all():
            if page := page_of(row):
                page.mous.append((mou, state_on(mou, records.day).label))
    for key, words in _met(meeting, user, wanted).items():
        pages[key].met = words
    owned = visible(Action.objects.filter(organisation__in=wanted, state__in=OPEN), user)
    for action in by_due(owned):
        pages[action.organisation_id].actions.append(action)
    return sorted(pages.values(), key=lambda page: page.order)


def _met(meeting: Meeting, user, wanted: set[int]) -> dict[int, list[str]]:
    """Return whom one met of each organisation: name, post on the day, and where, the latest first."""
    earlier = Q(meeting__starts_on__lt=meeting.starts_on) if meeting.starts_on else ~Q(meeting=meeting)
    there = visible(Attendance.objects.filter(earlier, organisation__in=wanted, meeting__status__in=LIVE), user)
    found = defaultdict(list)
    for row in there.select_related("person", "meeting").order_by("-meeting__starts_on", "position", "pk"):
        found[row.organisation_id].append(_person(row, row.meeting.code))
    mous = visible(MOU.objects.filter(signed_on__isnull=False, status__in=LIVE), user).values("pk")
    signings = visible(Signing.objects.filter(organisation__in=wanted, mou__in=mous), user)
    for row in signings.select_related("person", "mou").order_by("-mou__signed_on", "position", "pk"):
        found[row.organisation_id].append(_person(row, f"{row.mou.reference}, {row.get_role_display()}"))
    return found


def _person(row, where: str) -> str:
    """Return a person met, by the post alone where the name is suppressed."""
    parts = dict.fromkeys(filter(None, [row.shown_name, row.post]))
    return _("%(person)s (%(where)s)") % {"person": pgettext("between parts", ", ").join(parts), "where": where}


def _names(page: PartnerPage) -> Fields:
    body = page.organisation
    labels = dict(side_choices())
    other = {body.name_en, body.name_zh} - {"", str(body.name)}
    return Fields(
        [
            (_("Other name"), sorted(other)),
            (_("Short name"), body.short_name),
            (_("Kind"), capfirst(body.get_kind_display())),
            (_("Place"), body.get_place_display()),
            (_("Takes part on the side of"), [labels[side] for side in sorted(page.sides)]),
            (_("Website"), body.website),
        ]
    )


def _projects(page: PartnerPage) -> list:
    if not page.parts:
        return []
    rows = [
        [
            row.project.reference,
            row.project.title,
            row.project.get_stage_display(),
            capfirst(row.get_role_display()),
        ]
        for row in page.parts
    ]
    headings = [_("Reference"), _("Project"), _("Stage"), pgettext("in a project", "Role")]
    return [Heading(_("Projects"), 3), Table(headings, rows, widths=[1.2, 4, 1.3, 1.2])]


def _mous(page: PartnerPage) -> list:
    if not page.mous:
        return []
    rows = [[mou.reference, mou.title, state] for mou, state in page.mous]
    headings = [_("Reference"), _("MOU"), _("State")]
    return [Heading(_("MOUs"), 3), Table(headings, rows, widths=[1.2, 4, 2.5])]


def _actions(page: PartnerPage) -> list:
    if not page.actions:
        return [Text(_("It owns no open action."))]
    rows = [[str(one), one.text, due_lines(one, localdate())] for one in page.actions]
    headings = [_("Reference"), pgettext("at a meeting", "Action"), pgettext("of an action", "Due")]
    return [Table(headings, rows, widths=[1, 4.5, 1.8])]


def partner_blocks(page: PartnerPage) -> list:
    """Return the page of one partner; it begins on a new page."""
    blocks = [NewPage(), Heading(page.organisation.name, 2), _names(page), *_projects(page), *_mous(page)]
    blocks.append(Heading(_("Whom we have met"), 3))
    blocks.append(Bullets(page.met) if page.met else Text(_("No meeting with its people is on record here.")))
    blocks += [Heading(_("Open actions"), 3), *_actions(page)]
    if page.note:
        blocks += [Heading(_("Own notes"), 3), Text(page.note)]
    return blocks
