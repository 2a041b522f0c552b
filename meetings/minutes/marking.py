"""Agreed minutes marked paragraph by paragraph: a first guess, and writing what an officer confirmed."""

import datetime
import re
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Side
from listing.folding import fold, has_chinese
from meetings.minutes.freezing import frozen_words, is_frozen
from meetings.minutes.numbering import was_given
from meetings.models import Action, AgendaItem, Decision, Meeting
from publishing.models import Publication
from publishing.sides import Visibility, visible
from publishing.workflow import Refused, may

NOTED, DECISION, ACTION = "noted", "decision", "action"
MODELS = {DECISION: Decision, ACTION: Action}
CODE = re.compile(
    r"^\W{0,3}(?P<meeting>JIC\s?\d+|SCI-C-\d{4,6})\s?-\s?(?P<kind>[DA])\s?(?P<number>\d{1,4})\b\W*", re.I
)
BEGINNINGS = {
    DECISION: re.compile(
        r"^\W{0,3}(decision|decided|agreed|议定事项|会议议定|会议决定|双方商定|决定)\s*\d*\s*[:：.、]?\s*", re.I
    ),
    ACTION: re.compile(r"^\W{0,3}(follow-up action|action|跟进事项|行动)\s*\d*\s*[:：.、]\s*", re.I),
    NOTED: re.compile(r"^\W{0,3}((the )?(meeting|committee|JIC) noted|noted|会议注意到|注意到|会议听取)", re.I),
}
# Only these open a paragraph without being part of its sentence.
LABELS = re.compile(
    r"^\W{0,3}(decision|follow-up action|action|议定事项|跟进事项|行动)\s*\d*\s*[:：.、]\s*", re.I
)
SIDES = {Side.SINGAPORE: ("singapore", "新加坡", "新方"), Side.SHENZHEN: ("shenzhen", "深圳", "深方")}


@dataclass
class Mark:
    """A paragraph and what an officer makes of it; `errors` says in words why that cannot be."""

    text: str
    kind: str = ""
    item: int | None = None
    number: int | None = None
    owner_side: str = ""
    due_on: datetime.date | None = None
    errors: list[str] = field(default_factory=list)

    @property
    def suffix(self) -> str:
        return "zh" if has_chinese(self.text) else "en"


def guess(paragraphs: list[str], meeting: Meeting, items: list[AgendaItem]) -> list[Mark]:
    """Return the paragraphs with a first guess of what each is; nothing is written."""
    titles = [
        (fold(title), item.pk) for item in items for title in (item.title_en, item.title_zh) if fold(title)
    ]
    current, marks = None, []
    for text in paragraphs:
        heading = next(
            (key for title, key in titles if title in fold(text) and len(fold(text)) < len(title) + 25), None
        )
        current = heading or current
        marks.append(Mark(text) if heading else _guess_one(text, meeting, current))
    return marks


def _guess_one(text: str, meeting: Meeting, item: int | None) -> Mark:
    code = CODE.match(text)
    if code and code["meeting"].replace(" ", "").upper() == meeting.code.upper():
        kind = DECISION if code["kind"].upper() == "D" else ACTION
        bare = text[code.end() :].strip() or text
        return Mark(bare, kind, item, int(code["number"]), _one_side(bare) if kind == ACTION else "")
    kind = "" if code else next((kind for kind, begins in BEGINNINGS.items() if begins.match(text)), "")
    bare = LABELS.sub("", text).strip() or text
    return Mark(bare if kind else text, kind, item, None, _one_side(bare) if kind == ACTION else "")


def _one_side(text: str) -> str:
    """Return the only side that a text names, else ""."""
    named = [side for side, words in SIDES.items() if any(word in text.lower() for word in words)]
    return str(named[0]) if len(named) == 1 else ""


# Writing ----------------------------------------------------------------------------------------


def write_marks(meeting: Meeting, marks: list[Mark], by) -> int:
    """Write what was confirmed, all or nothing, and return how many paragraphs changed the record.

    What the record says already is left alone, so that confirming twice writes once. Raises Refused; the
    marks then say what is wrong with which.
    """
    with transaction.atomic():
        Publication.lock()
        if is_frozen(meeting.pk):
            raise Refused([frozen_words()])
        items = {item.pk: item for item in visible(meeting.agenda_items.all(), by)}
        changed = sum(_write(meeting, mark, items, by) for mark in marks if mark.kind)
        if any(mark.errors for mark in marks):
            raise Refused([_("Nothing was written yet: some paragraphs need your attention.")])
    return changed


def _write(meeting: Meeting, mark: Mark, items: dict[int, AgendaItem], by) -> bool:
    item = items.get(mark.item)
    if mark.item and item is None:
        mark.errors.append(_("This agenda item is no longer there. Choose another."))
    if mark.kind == ACTION and not mark.owner_side:
        mark.errors.append(_("Choose the side that is to do it."))
    if mark.kind == NOTED and not mark.item:
        mark.errors.append(_("Choose the agenda item under which it was noted."))
    if mark.errors:
        return False
    return _note(mark, item, by) if mark.kind == NOTED else _decide(meeting, mark, item, by)


def _refuse_public(row, mark: Mark, by) -> bool:
    was_public = row.meeting.status in ("published", "withdrawn") and row.visibility == Visibility.PUBLIC
    if was_public and not may(row.meeting, "publish", by):
        mark.errors.append(_("It is public: only a manager changes it."))
    return bool(mark.errors)


def _note(mark: Mark, item: AgendaItem, by) -> bool:
    name = f"noted_{mark.suffix}"
    before = getattr(item, name)
    if mark.text in before or _refuse_public(item, mark, by):
        return False
    setattr(item, name, f"{before}\n\n{mark.text}".strip())
    item.save()
    return True


def _decide(meeting: Meeting, mark: Mark, item: AgendaItem | None, by) -> bool:
    model, name = MODELS[mark.kind], f"text_{mark.suffix}"
    rows = model.objects.filter(meeting=meeting)
    if mark.number is None:
        if visible(rows, by).filter(**{name: mark.text}).exists():
            return False
        row = model(meeting=meeting)
    else:
        row = rows.filter(number=mark.number).first() or model(meeting=meeting, number=mark.number)
    if row.pk is None:
        return _add(row, mark, item, name)
    return _complete(row, mark, item, name, by)


def _add(row, mark: Mark, item: AgendaItem | None, name: str) -> bool:
    if mark.number is not None and was_given(row, mark.number):
        mark.errors.append(
            _("%(code)s was deleted, and a number is not used again. Choose “nothing”.") % {"code": row}
        )
        return False
    if item is not None and item.visibility == Visibility.OWN_SIDE:
        mark.errors.append(_("One side keeps this agenda item to itself. Choose another, or none."))
        return False
    row.agenda_item = item
    if mark.kind == ACTION:
        row.owner_side, row.due_on = mark.owner_side, mark.due_on
    setattr(row, name, mark.text)
    row.save()
    return True


def _complete(row, mark: Mark, item: AgendaItem | None, name: str, by) -> bool:
    """Write the text into a decision or action that has its number already, if that language is empty there."""
    if getattr(row, name) == mark.text and visible(type(row).objects.filter(pk=row.pk), by).exists():
        return False
    if getattr(row, name) or not visible(type(row).objects.filter(pk=row.pk), by).exists():
        words = _("%(code)s says something else already. Change it on the page of record, or choose “nothing”.")
        mark.errors.append(words % {"code": row})
    if mark.errors or _refuse_public(row, mark, by):
        return False
    setattr(row, name, mark.text)
    row.agenda_item = row.agenda_item or item
    if mark.kind == ACTION:
        row.due_on = row.due_on or mark.due_on
    row.save()
    return True
