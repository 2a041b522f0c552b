"""What a briefing pack says of the meeting itself: agenda, delegations, matters arising."""

from itertools import count

from django.conf import settings
from django.db.models import Prefetch
from django.utils.text import capfirst
from django.utils.timezone import localdate
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from documents.blocks import Heading, Table, Text
from initiative.dates import Precision, show
from meetings.actions.due import open_from_earlier
from meetings.models import Action, AgendaItem, Attendance, Meeting, Paper
from publishing.sides import Visibility, side_choices, visible


def agenda_items(meeting: Meeting, user) -> list[AgendaItem]:
    """Return the agenda items that `user` may see, in order, with the papers that they may see."""
    papers = Prefetch("papers", visible(Paper.objects.all(), user))
    return list(visible(AgendaItem.objects.filter(meeting=meeting), user).prefetch_related(papers))


def _item(number: str, item: AgendaItem) -> list:
    papers = list(dict.fromkeys(paper.title for paper in item.papers.all()))
    lines = [item.title]
    if papers:
        lines.append(_("Papers: %(papers)s") % {"papers": pgettext("list", "; ").join(papers)})
    if item.visibility == Visibility.OWN_SIDE:
        lines.append(_("Own side only"))
    return [number, lines, capfirst(item.get_kind_display()), item.presented_by]


def agenda_blocks(items: list[AgendaItem]) -> list:
    """Return the agenda as a table, the side's own items marked and, as on the agenda, without a number."""
    if not items:
        return [Text(_("No agenda item is on record here."))]
    headings = [
        _("No."),
        pgettext("of an agenda", "Item"),
        pgettext("kind of agenda item", "Purpose"),
        capfirst(_("presenter")),
    ]
    numbers = count(1)
    rows = [_item("" if one.visibility == Visibility.OWN_SIDE else str(next(numbers)), one) for one in items]
    return [Table(headings, rows, widths=[0.8, 5, 1.6, 2])]


def delegations(meeting: Meeting, user) -> list[tuple[str, list[Attendance]]]:
    """Return (side, its people in protocol order), the sides in the order of the language."""
    rows = visible(Attendance.objects.filter(meeting=meeting), user).select_related("person", "organisation")
    people = list(rows.order_by("position", "pk"))
    labels = dict(side_choices())
    order = sorted(labels, key=settings.SIDE_ORDER[get_language()].index)
    return [(labels[side], [one for one in people if one.side == side]) for side in order]


def _attendee(number: int, one: Attendance) -> list:
    named = one.person and not one.person.suppressed
    names = [one.person.name, _other_name(one.person)] if named else [one.shown_name]
    post = one.post if named or one.person is None else ""
    return [
        number,
        names,
        [post, one.organisation.name if one.organisation else ""],
        capfirst(one.get_role_display()),
    ]


def _other_name(person) -> str:
    """Return the name in the language that is not read, where the person has both."""
    others = [name for name in (person.name_en, person.name_zh) if name and name != person.name]
    return others[0] if others else ""


def delegation_blocks(lists: list[tuple[str, list[Attendance]]]) -> list:
    """Return a heading and a table for each side's delegation."""
    headings = [_("No."), _("Name"), _("Post on the day"), pgettext("at a meeting", "Role")]
    blocks = []
    for side, people in lists:
        blocks.append(Heading(_("%(side)s delegation") % {"side": side}, 2))
        rows = [_attendee(number, one) for number, one in enumerate(people, 1)]
        empty = Text(_("No delegation list is on record here."))
        blocks.append(Table(headings, rows, widths=[0.8, 2.4, 4, 1.8]) if rows else empty)
    return blocks


def open_actions(meeting: Meeting, user) -> list[Action]:
    """Return the open actions of earlier meetings, those due first at the head, those without a date last."""
    return list(open_from_earlier(meeting, user))


def _due(action: Action):
    return action.due_on or (action.due_meeting.starts_on if action.due_meeting else None)


def due_lines(action: Action) -> list[str]:
    """Return when an action is due, and how late it is."""
    due, lines = _due(action), []
    if action.due_on is None and action.due_meeting:
        lines.append(action.due_meeting.code)
    if due is None:
        return lines or [_("no date")]
    lines.append(show(due, Precision.DAY))
    if (late := (localdate() - due).days) > 0:
        lines.append(ngettext("%(count)s day late", "%(count)s days late", late) % {"count": late})
    return lines


def matters_arising_blocks(found: list[Action]) -> list:
    """Return the open actions as a table, overdue ones marked."""
    if not found:
        return [Text(_("No action of an earlier meeting is open."))]
    headings = [_("Reference"), pgettext("at a meeting", "Action"), pgettext("of an action", "Owner")]
    headings.append(pgettext("of an action", "Due"))
    rows = [
        [
            str(one),
            [one.text, one.get_state_display()],
            [one.get_owner_side_display(), one.organisation.name if one.organisation else ""],
            due_lines(one),
        ]
        for one in found
    ]
    return [Table(headings, rows, widths=[1, 4.4, 2, 1.8])]
