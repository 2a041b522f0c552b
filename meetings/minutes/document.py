"""The minutes of a meeting as a document in one language, from their content."""

from collections.abc import Iterator
from itertools import pairwise

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import Side
from documents.blocks import Document, Fields, Heading, Table, Text
from meetings.minutes.content import day_words, due_words, owner_words, pick
from meetings.models import Attendance, Meeting

CO_CHAIR = Attendance.Role.CO_CHAIR
LANGUAGES = {"en": "en", "zh": "zh-hans"}


def minutes_document(found: dict, language: str, label: str, clearings: list[tuple[str, str]] = ()) -> Document:
    """Return the minutes that `found` (minutes_content.content) says, in "en" or "zh-hans".

    `label` stands above the title; `clearings` are (label, who and when) pairs at the end. Call it while the
    language is active.
    """
    heading = found["meeting"]
    title = _("Minutes of the meeting: %(meeting)s") % {"meeting": pick(heading, "title")}
    blocks = [
        *_opening(heading),
        *_delegations(found["delegations"]),
        *_arising(found["arising"]),
        *_items(found),
        *_all_actions(found),
    ]
    if clearings:
        blocks += [Heading(pgettext("minutes", "Clearance")), Fields(clearings)]
    return Document(title=title, language=language, label=label, blocks=blocks)


def _opening(heading: dict) -> list:
    days = [day_words(*heading[name]) for name in ("starts_on", "ends_on")]
    place = [text for text in (pick(heading, "venue"), pick(heading, "city")) if text]
    held = dict(Meeting.Format.choices).get(heading["format"], "")
    pairs = [
        (_("Date"), pgettext("from day to day", "%s – %s") % tuple(days) if all(days) else days[0]),
        (pgettext("of a meeting", "Place"), place),
        (pgettext("of a meeting", "Format"), str(held)),
    ]
    return [Fields([pair for pair in pairs if pair[1]])]


def _delegations(present: list[dict]) -> list:
    blocks = [Heading(_("Delegations"))]
    sides = settings.SIDE_ORDER[translation.get_language()]
    chairs = [one for side in sides for one in present if (one["side"], one["role"]) == (side, CO_CHAIR)]
    if chairs:
        blocks.append(Fields([(_("Co-chairs"), [_one_line(one) for one in chairs])]))
    for side in sides:
        members = [one for one in present if one["side"] == side]
        if members:
            blocks += [Heading(_("%(side)s delegation") % {"side": Side(side).label}, 2), _members(members)]
    return blocks if len(blocks) > 1 else [*blocks, Text(_("No attendance is on record here."), quiet=True)]


def _members(members: list[dict]) -> Table:
    roles = dict(Attendance.Role.choices)
    headings = [_("Name"), _("Post on the day"), pgettext("at a meeting", "Role")]
    rows = [[_name(one), _post(one), str(roles.get(one["role"], ""))] for one in members]
    return Table(headings, rows, widths=[2, 4, 2])


def _name(one: dict) -> str:
    """Return the name or the printed words; the post where the name is not to be shown."""
    return pick(one, "name") or pick(one, "post")


def _post(one: dict) -> list[str]:
    post = pick(one, "post") if pick(one, "name") else ""
    return [text for text in (post, pick(one, "body")) if text]


def _one_line(one: dict) -> str:
    """Return name, post and body in one line.

    In Chinese they are body, post and name without a sign between them, unless Latin words would run together.
    """
    parts = [_name(one), *_post(one)]
    if translation.get_language() != "zh-hans":
        return ", ".join(parts)
    turned = parts[::-1]
    if any(before[-1].isascii() and after[0].isascii() for before, after in pairwise(turned)):
        return "，".join(parts)
    return "".join(turned)


def _arising(actions: list[dict]) -> list:
    if not actions:
        return [Heading(_("Matters arising")), Text(_("No follow-up action of an earlier meeting was open."))]
    return [Heading(_("Matters arising")), _actions(actions)]


def _items(found: dict) -> Iterator:
    for place, item in enumerate(found["items"], 1):
        yield Heading(f"{place}. {pick(item, 'title')}" if pick(item, "title") else f"{place}.")
        yield from _recorded(item)
    if any(found["rest"].values()):
        yield Heading(_("Further decisions and follow-up actions"))
        yield from _recorded(found["rest"])


def _recorded(part: dict) -> Iterator:
    noted = pick(part, "noted") if "noted_en" in part else ""
    if noted:
        yield Heading(pgettext("heading of minutes", "Noted"), 2)
        yield Text(noted)
    if part["decisions"]:
        yield Heading(pgettext("heading of minutes", "Agreed"), 2)
        yield Fields([(one["code"], pick(one, "text")) for one in part["decisions"]])
    if part["actions"]:
        yield Heading(_("Follow-up actions"), 2)
        yield Fields([(one["code"], [pick(one, "text"), _owner_and_due(one)]) for one in part["actions"]])
    if not (noted or part["decisions"] or part["actions"]):
        yield Text(_("Nothing is recorded under this item."), quiet=True)


def _owner_and_due(action: dict) -> str:
    return " · ".join([*owner_words(action), *due_words(action)])


def _actions(actions: list[dict]) -> Table:
    headings = [
        pgettext("of an action", "No."),
        _("Follow-up action"),
        pgettext("of an action", "Owner"),
        pgettext("of an action", "Due"),
    ]
    rows = [[one["code"], pick(one, "text"), owner_words(one), due_words(one)] for one in actions]
    return Table(headings, rows, widths=[1.3, 5, 2.2, 2])


def _all_actions(found: dict) -> list:
    parts = [*found["items"], found["rest"]]
    actions = [action for part in parts for action in part["actions"]]
    return [Heading(_("List of follow-up actions")), _actions(actions)] if actions else []
