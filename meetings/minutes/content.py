"""What the minutes of a meeting say, as plain data from the record: compared, cleared and compiled from here.

Only what both sides share stands in it, in both languages, so that it is the same whoever looks.
"""

import hashlib
import json
from collections.abc import Iterator

from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import Side
from initiative.dates import Precision, show
from meetings.actions.due import open_before
from meetings.models import Action, Meeting
from publishing.bilingual import LANGUAGE_TAGS, LocalText, page_suffix
from publishing.sides import Visibility
from publishing.snapshots import Difference


def shared(rows):
    """Return the rows that neither side keeps to itself."""
    return rows.exclude(visibility=Visibility.OWN_SIDE)


def content(meeting: Meeting) -> dict:
    """Return what the minutes of `meeting` say: only texts, numbers, lists and dictionaries.

    {"meeting": {…}, "delegations": [{…}], "arising": [{…}], "items": [{…, "decisions": […], "actions": […]}],
    "rest": {"decisions": […], "actions": […]}}; "rest" is what belongs to no shared agenda item.
    """
    items = {item.pk: _item(item) for item in shared(meeting.agenda_items.order_by("position", "pk"))}
    rest: dict = {"decisions": [], "actions": []}
    for decision in shared(meeting.decisions.select_related("meeting").order_by("number")):
        items.get(decision.agenda_item_id, rest)["decisions"].append(_texts(decision, "text"))
    for action in _with_owners(shared(meeting.actions)).order_by("number"):
        items.get(action.agenda_item_id, rest)["actions"].append(_action(action))
    return {
        "meeting": _heading(meeting),
        "delegations": [_attendance(one) for one in _present(meeting)],
        "arising": [_action(action) for action in arising(meeting)],
        "items": list(items.values()),
        "rest": rest,
    }


def arising(meeting: Meeting):
    """Return the shared actions of earlier meetings that are still open, as the record has them now."""
    known = open_before(meeting).filter(meeting__kept_by__in=["", meeting.kept_by])
    found = _with_owners(shared(known))
    return found.order_by("meeting__starts_on", "meeting", "number")


def digest(found: dict) -> str:
    """Return a fingerprint of a content: the same for the same words, whatever file they stand in."""
    text = json.dumps(found, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


# Rows as data -----------------------------------------------------------------------------------


def _with_owners(actions):
    return actions.select_related("meeting", "organisation", "due_meeting")


def _present(meeting: Meeting):
    return meeting.attendances.select_related("person", "organisation").order_by("side", "position", "pk")


def _both(record, *names: str) -> dict:
    return {
        f"{name}_{suffix}": getattr(record, f"{name}_{suffix}") for name in names for suffix in LANGUAGE_TAGS
    }


def _texts(row, *names: str) -> dict:
    return {"code": str(row)} | _both(row, *names)


def _named(record, name: str) -> dict:
    """Return the name of a linked body or meeting in both languages, empty where there is none."""
    if record is None:
        return {f"{name}_{suffix}": "" for suffix in LANGUAGE_TAGS}
    if isinstance(record, Meeting):
        return {f"{name}_{suffix}": record.title_in(suffix) for suffix in LANGUAGE_TAGS}
    return {f"{name}_{suffix}": getattr(record, f"name_{suffix}") for suffix in LANGUAGE_TAGS}


def _heading(meeting: Meeting) -> dict:
    dates = {
        name: [str(getattr(meeting, name) or ""), getattr(meeting, f"{name}_precision")]
        for name in ("starts_on", "ends_on")
    }
    return _named(meeting, "title") | _both(meeting, "city", "venue") | dates | {"format": meeting.format}


def _attendance(one) -> dict:
    names = _named(None, "name")
    if one.person is None:
        names = {f"name_{suffix}": getattr(one, f"words_{suffix}") for suffix in LANGUAGE_TAGS}
    elif not one.person.suppressed:
        names = _named(one.person, "name")
    return {"side": one.side, "role": one.role} | names | _both(one, "post") | _named(one.organisation, "body")


def _item(item) -> dict:
    return {"key": item.pk} | _both(item, "title", "noted") | {"decisions": [], "actions": []}


def _action(action: Action) -> dict:
    due = {"due_on": str(action.due_on or "")} | _named(action.due_meeting, "due_meeting")
    owner = {"owner_side": action.owner_side} | _named(action.organisation, "body")
    return _texts(action, "text") | owner | due


# Data as words ----------------------------------------------------------------------------------


def pick(found: dict, name: str) -> LocalText:
    """Return a text of the content in the active language, else in the other, which it knows."""
    return LocalText.pick({suffix: found[f"{name}_{suffix}"] for suffix in LANGUAGE_TAGS}, page_suffix())


def day_words(day: str, precision: str = Precision.DAY) -> str:
    """Return a day of the content in words; "" where there is none."""
    return show(parse_date(day), precision) if day else ""


def owner_words(action: dict) -> list[str]:
    """Return who is to do an action: the side, and the organisation if one is named."""
    side = str(Side(action["owner_side"]).label) if action["owner_side"] else ""
    return [text for text in (side, pick(action, "body")) if text]


def due_words(action: dict) -> list[str]:
    """Return by when an action is due: a date, a meeting, both, or nothing."""
    return [text for text in (day_words(action["due_on"]), pick(action, "due_meeting")) if text]


def changes(before: dict, after: dict) -> list[Difference]:
    """Return in words what the minutes say otherwise now; of persons only that something changed."""
    old, new = dict(_lines(before)), dict(_lines(after))
    found = []
    for key in [*old, *(key for key in new if key not in old)]:
        was, now = old.get(key, ("", "")), new.get(key, ("", ""))
        if was != now:
            label = (now if key in new else was)[0]
            # Old content may hold a name that is not to be shown any longer.
            texts = ("", pgettext("minutes", "changed")) if key == "delegations" else (was[1], now[1])
            found.append(Difference(label, *texts, what="~"))
    return found


def _lines(found: dict) -> Iterator[tuple[str, tuple[str, str]]]:
    """Yield (key, (label, text)) for all that the content says."""
    named = {"en": _("English"), "zh": _("Chinese")}
    heading = found["meeting"]
    yield "meeting", (_("Meeting"), "\n".join(_heading_texts(heading)))
    yield "delegations", (_("Delegations"), json.dumps(found["delegations"], sort_keys=True))
    yield "arising", (_("Matters arising"), "\n".join(_arising_line(one) for one in found["arising"]))
    for place, item in enumerate(found["items"], 1):
        for name, label in (("title", _("title")), ("noted", pgettext("minutes", "noted"))):
            for suffix, language in named.items():
                told = _("Item %(place)s: %(what)s (%(language)s)")
                words = told % {"place": place, "what": label, "language": language}
                yield f"{item['key']} {name} {suffix}", (words, item[f"{name}_{suffix}"])
    for part, place in [*((item, at) for at, item in enumerate(found["items"], 1)), (found["rest"], 0)]:
        for row in [*part["decisions"], *part["actions"]]:
            for suffix, language in named.items():
                label = _("%(code)s (%(language)s)") % {"code": row["code"], "language": language}
                yield f"{row['code']} {suffix}", (label, row[f"text_{suffix}"])
            under = _("Item %(place)s") % {"place": place} if place else "–"
            yield f"{row['code']} item", (_("%(code)s: agenda item") % {"code": row["code"]}, under)
        for row in part["actions"]:
            told = "\n".join([*owner_words(row), *due_words(row)])
            yield f"{row['code']} owner", (_("%(code)s: owner and due") % {"code": row["code"]}, told)


def _arising_line(action: dict) -> str:
    texts = [action["text_en"], action["text_zh"], *owner_words(action), *due_words(action)]
    return f"{action['code']}: {' · '.join(filter(None, texts))}"


def _heading_texts(heading: dict) -> list[str]:
    days = [day_words(*heading[name]) for name in ("starts_on", "ends_on")]
    names = [heading[f"{name}_{suffix}"] for name in ("title", "city", "venue") for suffix in LANGUAGE_TAGS]
    return [text for text in (*days, *names, heading["format"]) if text]
