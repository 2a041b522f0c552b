"""The form of the deliverables list: a small one for each line, of which only what was changed is written."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from annexes.deliverables.reading import is_draft
from meetings.deliverables import AGREEABLE, AGREED, CLEARED, Line
from publishing.sides import side_choices
from publishing.workflow import may

LARGEST = 32_767


def shown(field_class, label, **arguments) -> forms.Field:
    """Return a field that is sent with what it showed, so that what nobody touched is not written."""
    return field_class(label=label, required=False, show_hidden_initial=True, **arguments)


def number(label) -> forms.Field:
    return shown(forms.IntegerField, label, min_value=1, max_value=LARGEST)


class LineForm(forms.Form):
    """What can be changed of one line on the page; `seen` are the digests of what the person saw."""

    proposed_by = shown(forms.ChoiceField, gettext_lazy("Proposed by"))
    announce = shown(forms.BooleanField, gettext_lazy("To be announced"))
    batch = number(gettext_lazy("Signing batch"))
    position = number(pgettext_lazy("sequence", "Order"))
    titles = shown(forms.BooleanField, gettext_lazy("Titles agreed"))
    parties = shown(forms.BooleanField, gettext_lazy("Parties and names agreed"))
    text = shown(forms.BooleanField, gettext_lazy("Text final"))
    pick = forms.BooleanField(label=gettext_lazy("Select"), required=False)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, line: Line, user, data=None):
        self.line, record = line, line.record
        self.is_dirty = False
        initial = {kind: line.agreement(kind) == AGREED for kind in AGREEABLE}
        initial |= {name: getattr(line.row, name) for name in ("proposed_by", "announce", "position")}
        initial |= {"batch": getattr(record, "batch", None), "seen": line.seen}
        super().__init__(data, prefix=line.key, initial=initial, auto_id="id_%s")
        self.fields["proposed_by"].choices = [("", "–"), *side_choices()]
        if not hasattr(record, "batch"):
            del self.fields["batch"]
        self.may_change = may(record, "change", user)
        for name, field in self.fields.items():
            field.widget.attrs["aria-label"] = f"{field.label}: {record}"
            field.disabled = not self._open(name, user)

    def _open(self, name: str, user) -> bool:
        if name == "batch" and not (is_draft(self.line.record) or may(self.line.record, "publish", user)):
            return False
        return self.may_change and not (name in AGREEABLE and self.line.is_kept)

    @property
    def was_sent(self) -> bool:
        """Return whether the page that was sent showed this line."""
        return f"{self.prefix}-seen" in self.data

    def changed_meanwhile(self, *kinds: str) -> list[str]:
        """Return the parts of the record that are not what the person had before them."""
        changed = self.line.changed_since(self.cleaned_data["seen"].split())
        return [kind for kind in changed if kind in kinds or not kinds]

    def take(self) -> list[str]:
        """Take over what the person changed, and write what of it stands in the record itself.

        Returns in words what was left, because the record changed; `is_dirty` says whether to save the row.
        """
        row, record, refused = self.line.row, self.line.record, []
        changed = set(self.changed_data) - {"pick", "seen"}
        for name in changed & {"proposed_by", "announce", "position"}:
            setattr(row, name, self.cleaned_data[name])
        for kind in [kind for kind in AGREEABLE if kind in changed]:
            if self.cleaned_data[kind] and self.changed_meanwhile(kind):
                refused.append(changed_words(record, [kind]))
            else:
                row.agree(kind, self.line.digests[kind] if self.cleaned_data[kind] else "")
        if "batch" in changed:
            record.batch = self.cleaned_data["batch"]
            record.save()
        self.is_dirty = bool(changed - {"batch"})
        return refused


PARTS = {
    "titles": gettext_lazy("titles"),
    "parties": gettext_lazy("parties"),
    "signers": gettext_lazy("signers"),
    "text": gettext_lazy("text"),
}


def parts_in_words(kinds: list[str]) -> str:
    """Return the parts in words: "titles, signers"."""
    return pgettext("list", ", ").join(str(PARTS[kind]) for kind in CLEARED if kind in kinds)


def changed_words(record, kinds: list[str]) -> str:
    return _(
        "“%(name)s” (%(reference)s) was changed while the page was open: %(parts)s. "
        "Look at it again, then tick it."
    ) % {"name": record, "reference": record.reference, "parts": parts_in_words(kinds)}
