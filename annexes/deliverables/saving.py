"""Saving the page of the deliverables list: what was ticked and entered, then what is cleared or taken back."""

from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from annexes.deliverables.forms import LineForm, changed_words
from annexes.deliverables.reading import DeliverablesList
from publishing.models import Publication
from publishing.sides import side_choices

CLEAR, TAKE_BACK, PICKED = "clear", "take_back", "picked"


@dataclass
class Saved:
    """What became of a page that was sent: its forms, what was done and what was refused, in sentences."""

    forms: list[LineForm]
    done: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    @property
    def has_errors(self) -> bool:
        # All of them are checked: each says what is wrong with it.
        return bool([form for form in self.forms if form.is_bound and not form.is_valid()])


def forms_of(lines, user, data=None) -> list[LineForm]:
    """Return a form for each line; bound to `data` where the page that was sent showed the line."""
    found = []
    for line in lines:
        form = LineForm(line, user, data)
        found.append(form if data is None or form.was_sent else LineForm(line, user))
    return found


def save_list(meeting, user, data) -> Saved:
    """Write what `user` changed on the page, and clear or take back what they asked for.

    A tick or a clearance stands for what the person saw: where the record has changed meanwhile it is not
    written, and said. With an entry that cannot be read nothing at all is written.
    """
    with transaction.atomic():
        Publication.lock()
        saved = Saved(forms_of(DeliverablesList.read(meeting, user).lines, user, data))
        if saved.has_errors:
            return saved
        sent = [form for form in saved.forms if form.is_bound and form.may_change]
        for form in sent:
            saved.refused += form.take()
        if CLEAR in data:
            _clear(saved, [form for form in sent if _is_meant(form, data[CLEAR])], user)
        elif TAKE_BACK in data:
            _take_back(saved, [form for form in sent if form.prefix == data[TAKE_BACK]], user)
        for form in sent:
            if form.is_dirty:
                form.line.row.save()
        saved.done = saved.done or ([_("Saved.")] if not saved.refused else [])
    return saved


def _is_meant(form: LineForm, asked: str) -> bool:
    return form.cleaned_data["pick"] if asked == PICKED else form.prefix == asked


def may_clear(user) -> bool:
    """Return whether `user` works for one side, for which alone they clear."""
    return user.side in dict(side_choices())


def _clear(saved: Saved, forms: list[LineForm], user) -> None:
    if not may_clear(user):
        saved.refused.append(_("A line is cleared by a person who works for one side."))
        return
    if not forms:
        saved.refused.append(_("No line is selected: tick the lines to clear, then press the button."))
    count = 0
    for form in forms:
        line = form.line
        if problem := _problem(form):
            saved.refused.append(problem)
        elif not line.clearance(user.side).holds:
            line.row.clear(user, line.digests)
            form.is_dirty = True
            count += 1
    if count:
        words = ngettext("%(count)s line cleared for %(side)s.", "%(count)s lines cleared for %(side)s.", count)
        saved.done.append(words % {"count": count, "side": user.get_side_display()})


def _problem(form: LineForm) -> str:
    """Return in words why a line cannot be cleared, "" where it can."""
    record = form.line.record
    if form.line.is_kept:
        return _("“%(name)s” (%(reference)s) is a draft of one side. Share it first, then clear it.") % {
            "name": record,
            "reference": record.reference,
        }
    changed = form.changed_meanwhile()
    return changed_words(record, changed) if changed else ""


def _take_back(saved: Saved, forms: list[LineForm], user) -> None:
    for form in forms:
        if not may_clear(user):
            saved.refused.append(_("A clearance is taken back by a person of the side that gave it."))
        elif form.line.clearance(user.side).at:
            form.line.row.take_back(user.side)
            form.is_dirty = True
            saved.done.append(_("The clearance of “%(name)s” is taken back.") % {"name": form.line.record})
