"""All lines of a meeting's record on one page, saved in one act: items, decisions, actions, and new ones."""

import re
from dataclasses import dataclass, field

from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext as _

from listing.names import Names
from meetings.minutes.freezing import is_frozen
from meetings.minutes.record_forms import ActionLine, DecisionLine, ItemLine, plain
from meetings.models import Action, AgendaItem, Decision, Meeting
from organisations.models import Organisation
from publishing.models import Publication
from publishing.sides import Visibility, visible
from publishing.workflow import Refused, disclosures, may, publication_problems

# New lines of one kind that one form may hold under one item.
MOST = 40
POSTED = re.compile(r"(item|decision|action)-\d+-\w+|new-\d+-(d|a)-\d+-text_\w+")


@dataclass
class Entry:
    """A row and its line, None where the person may not change it here; `why` says so."""

    row: object
    form: object = None
    why: str = ""


@dataclass
class Section:
    """An agenda item with what belongs to it; `entry` is None for what belongs to no item.

    `place` is its number on the agenda, 0 for an item that one side keeps: those have none.
    """

    key: int
    place: int
    entry: Entry | None
    decisions: list[Entry] = field(default_factory=list)
    actions: list[Entry] = field(default_factory=list)
    new_decisions: list = field(default_factory=list)
    new_actions: list = field(default_factory=list)


class RecordSheet:
    """The page of record of `meeting` as `user` may read and change it; `data` is what was posted."""

    def __init__(self, meeting: Meeting, user, data: QueryDict | None = None):
        self.meeting, self.user = meeting, user
        self.data = data.copy() if data is not None else None
        self.is_frozen = is_frozen(meeting.pk)
        self.lost: list[str] = []
        self.problems: list[str] = []
        self.organisations = Names(Organisation, self._seen)
        self.meetings = Names(Meeting, self._seen)
        self.sections = self._read()

    def _seen(self, queryset):
        return visible(queryset, self.user)

    # What is there --------------------------------------------------------------------------------

    def _read(self) -> list[Section]:
        items = list(self._seen(self.meeting.agenda_items.all()))
        shared = [item.pk for item in items if item.visibility != Visibility.OWN_SIDE]
        places = {key: place for place, key in enumerate(shared, 1)}
        sections = {item.pk: Section(item.pk, places.get(item.pk, 0), self._item(item)) for item in items}
        rest = Section(0, 0, None)
        for decision in self._seen(self.meeting.decisions.select_related("meeting")):
            entry = self._entry(decision, DecisionLine)
            sections.get(decision.agenda_item_id, rest).decisions.append(entry)
        links = ("meeting", "organisation", "due_meeting")
        for action in self._seen(self.meeting.actions.select_related(*links)):
            entry = self._entry(action, ActionLine, **self._names)
            sections.get(action.agenda_item_id, rest).actions.append(entry)
        found = [*sections.values(), rest]
        for section in found:
            section.new_decisions = self._new(section, Decision, DecisionLine, "d")
            section.new_actions = self._new(section, Action, ActionLine, "a", **self._names)
        return found

    @property
    def _names(self) -> dict:
        return {"organisations": self.organisations, "meetings": self.meetings}

    def _may(self, action: str, model) -> bool:
        return self.user.has_perm(f"meetings.{action}_{model._meta.model_name}")

    def _locked(self, row) -> str:
        """Return why the person does not change a row here, "" if they may."""
        if not self._may("change", type(row)):
            return _("Your role does not allow changing it.")
        if self.is_frozen and row.visibility != Visibility.OWN_SIDE:
            return _("The minutes are frozen: a manager can reopen them.")
        is_public = row.visibility == Visibility.PUBLIC and not self.meeting_is_open
        return _("It is public: only a manager changes it.") if is_public else ""

    @property
    def meeting_is_open(self) -> bool:
        """Return whether the person may change what is public of the meeting."""
        was_public = self.meeting.status in ("published", "withdrawn")
        return not was_public or may(self.meeting, "publish", self.user)

    def _item(self, item: AgendaItem) -> Entry:
        why = self._locked(item)
        form = ItemLine(self.data, instance=item, prefix=f"item-{item.pk}", user=self.user, locked=bool(why))
        usable = form.fields and self._may("change", AgendaItem)
        return Entry(item, form if usable else None, why)

    def _entry(self, row, line, **names) -> Entry:
        why = self._locked(row)
        prefix = f"{row._meta.model_name}-{row.pk}"
        return Entry(row, None if why else line(self.data, instance=row, prefix=prefix, **names), why)

    def _new(self, section: Section, model, line, letter: str, **names) -> list:
        """Return the lines for new rows: those that were posted, or one that is empty."""
        if self.is_frozen or not self._may("add", model):
            return []
        item = section.entry.row if section.entry else None
        kept = {}
        if item is not None and item.visibility == Visibility.OWN_SIDE:
            kept = {"visibility": item.visibility, "owner_side": item.owner_side}
        start = f"new-{section.key}-{letter}-"
        posted = {key[len(start) :].partition("-")[0] for key in self.data or () if key.startswith(start)}
        numbers = sorted(int(one) for one in posted if one.isascii() and one.isdigit() and len(one) < 4)[:MOST]
        return [
            line(
                self.data,
                instance=model(meeting=self.meeting, agenda_item=item, **kept),
                prefix=f"{start}{number}",
                empty_permitted=True,
                use_required_attribute=False,
                **names,
            )
            for number in numbers or [0]
        ]

    # What was sent --------------------------------------------------------------------------------

    @property
    def forms(self) -> list:
        """Return every line of the page, in its order."""
        found = []
        for section in self.sections:
            entries = [*([section.entry] if section.entry else []), *section.decisions, *section.actions]
            found += [entry.form for entry in entries if entry.form]
            found += [*section.new_decisions, *section.new_actions]
        return found

    def is_valid(self) -> bool:
        """Return whether all may be saved. Where not, nothing that was typed is dropped."""
        self.lost = self._typed_for_nothing()
        settled = [form.is_settled() for form in self.forms]
        return all(settled) and not self.lost

    def _typed_for_nothing(self) -> list[str]:
        """Return the texts that were typed in lines that are gone, or locked, meanwhile."""
        known = {form.add_prefix(name) for form in self.forms for name in form.fields}
        posted = {key: plain(value) for key, value in self.data.items()}
        return [
            text
            for key, text in posted.items()
            if POSTED.fullmatch(key) and key not in known and text and text != posted.get(f"initial-{key}", "")
        ]

    def shown_again(self) -> None:
        """Prepare the lines for being shown again: with what is on record now, and what was typed."""
        for form in self.forms:
            form.refresh(self.data)
        for form in self.forms:
            form.data = self.data

    def save(self) -> int:
        """Write what was changed, and return how many lines were. Raises Refused: then nothing is written."""
        changed = [form for form in self.forms if form.has_changed()]
        with transaction.atomic():
            Publication.lock()
            for form in changed:
                form.save()
            self.meeting.refresh_from_db()
            problems = publication_problems(self.meeting) if self.meeting.is_published else []
            if problems := [*problems, *disclosures(self.meeting)]:
                raise Refused(problems)
        return len(changed)
