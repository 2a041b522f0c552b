"""Following up an action: its notes and changes of state as one line of time, and the form that adds to it."""

import datetime
from dataclasses import dataclass
from itertools import pairwise

from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from meetings.actions.notes import NOTE_VISIBILITY, ActionNote
from meetings.models import Action
from publishing.history_pages import Day
from publishing.models import Status
from publishing.sides import BOTH, Visibility, visible
from publishing.snapshots import versions_of
from publishing.workflow import may


def may_change_state(action: Action, user) -> bool:
    """Return whether a person may close an action or open it again.

    Of a published meeting only a manager changes what the public reads; other actions are nobody's but staff's.
    """
    if not user.has_perm("meetings.change_action"):
        return False
    meeting = action.meeting
    if meeting.status in (Status.DRAFT, Status.IN_REVIEW) or may(meeting, "publish", user):
        return True
    return meeting.is_published and action.visibility != Visibility.PUBLIC


@dataclass(frozen=True)
class Entry:
    """What somebody did on one action at one moment: a note, or a change of state in words."""

    moment: datetime.datetime
    person: object
    change: str = ""
    note: ActionNote | None = None
    may_delete: bool = False


def timeline(action: Action, user) -> list[Entry]:
    """Return what became of an action, as `user` may read it, newest first."""
    notes = visible(ActionNote.objects.filter(action=action), user).select_related("written_by")
    found = [
        Entry(note.written_at, note.written_by, note=note, may_delete=note.may_be_deleted_by(user))
        for note in notes
    ]
    versions = versions_of(Action, user).filter(id=action.pk).select_related("history_user")
    versions = list(versions.order_by("history_date", "history_id"))
    for before, after in pairwise([None, *versions]):
        if before is None or before.state != after.state:
            words = pgettext("action", "entered") if before is None else _change(before, after)
            found.append(Entry(after.history_date, after.history_user, words))
    # Of what was written at one moment the note stands above the change that it explains.
    return sorted(found, key=lambda entry: (entry.moment, entry.note is not None), reverse=True)


def _change(before, after) -> str:
    told = {"old": before.get_state_display(), "new": after.get_state_display()}
    return _("%(old)s → %(new)s") % told


class FollowUpForm(forms.Form):
    """A note on an action, another state, or both; each only for who may write it."""

    text = forms.CharField(
        label=pgettext_lazy("of an action", "Note"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Never public. It cannot be changed later."),
    )
    visibility = forms.ChoiceField(label=gettext_lazy("Seen by"), choices=NOTE_VISIBILITY)
    state = forms.ChoiceField(label=pgettext_lazy("of an action", "State"), choices=Action.State.choices)
    closed_on = forms.DateField(
        label=pgettext_lazy("action", "Closed on"),
        required=False,
        widget=Day,
        help_text=gettext_lazy("If it is done or dropped. Empty: today."),
    )
    was = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data=None, *, action: Action, user):
        first = {"state": action.state, "was": action.state, "closed_on": action.closed_on}
        super().__init__(data, prefix="follow", initial=first)
        self.action, self.user = action, user
        if not user.has_perm("meetings.add_actionnote"):
            del self.fields["text"]
        if user.side == BOTH or "text" not in self.fields:
            del self.fields["visibility"]
        if not may_change_state(action, user):
            for name in ("state", "closed_on", "was"):
                del self.fields[name]

    def clean_text(self):
        text = self.cleaned_data["text"].replace("\r\n", "\n")
        last = ActionNote.objects.filter(action=self.action, written_by=self.user).first()
        if text and last and last.text == text and localdate(last.written_at) == localdate():
            raise forms.ValidationError(_("You have written this note already, today."))
        return text

    def clean_closed_on(self):
        day = self.cleaned_data["closed_on"]
        if day and day > localdate():
            raise forms.ValidationError(_("This day has not come yet."))
        return day

    def clean(self):
        cleaned = super().clean()
        if not self.errors:
            if self._is_stale():
                words = _("Somebody has made it “%(state)s” meanwhile. Choose the state again, and save.")
                self.add_error("state", words % {"state": self.action.get_state_display()})
                self.data = self.data | {self.add_prefix("was"): self.action.state}
            elif not cleaned.get("text") and not self._changes_action():
                raise forms.ValidationError(_("Write a note, or choose another state."))
        return cleaned

    def _is_stale(self) -> bool:
        """Return whether the state was changed while the form was open, to another than the one chosen."""
        state, was = (self.cleaned_data.get(name) for name in ("state", "was"))
        return "state" in self.fields and was != self.action.state and state != self.action.state

    def _changes_action(self) -> bool:
        if "state" not in self.fields:
            return False
        state, day = self.cleaned_data["state"], self.cleaned_data["closed_on"]
        is_closed = state in Action.CLOSED
        return state != self.action.state or (is_closed and day is not None and day != self.action.closed_on)

    def save(self) -> None:
        """Write the note and the state in one moment; under the lock, in an open transaction."""
        text, action = self.cleaned_data.get("text", ""), self.action
        visibility = self.cleaned_data.get("visibility", Visibility.BOTH_SIDES)
        if self._changes_action():
            action.state, action.closed_on = self.cleaned_data["state"], self.cleaned_data["closed_on"]
            if action.is_closed and visibility == Visibility.BOTH_SIDES:
                action.closing_note = action.closing_note or text
            action.save()
        if text:
            side = self.user.side if visibility == Visibility.OWN_SIDE else ""
            ActionNote.objects.create(action=action, text=text, visibility=visibility, owner_side=side)
