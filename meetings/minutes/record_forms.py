"""The lines of the page of record: each field knows what it showed, so that nobody overwrites another."""

from functools import cached_property

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from listing.names import Names
from listing.suggestions import CellError, sentences
from meetings.models import Action, AgendaItem, Decision
from publishing.bilingual import LANGUAGE_TAGS
from publishing.sides import hidden_columns


def text_area(suffix: str = "", rows: int = 2) -> forms.Textarea:
    """Return a box for a text, marked with the language of its column."""
    return forms.Textarea(attrs={"rows": rows} | ({"lang": LANGUAGE_TAGS[suffix]} if suffix else {}))


def plain(text: str | None) -> str:
    """Return a posted text as it would be stored."""
    return (text or "").replace("\r\n", "\n").strip()


class Named(forms.CharField):
    """A row by one of its names, offered in the list `list_id` of the page and found as in a sheet."""

    def __init__(self, names: Names, list_id: str, **kwargs):
        super().__init__(required=False, **kwargs)
        self.names = names
        self.widget.attrs |= {"list": list_id, "autocomplete": "off"}

    def prepare_value(self, value):
        row = self.names.rows.get(value) if isinstance(value, int) else None
        return label_of(self.names, row) if row else "" if isinstance(value, int) else value

    def to_python(self, value):
        text = super().to_python(value)
        try:
            return self.names.find(text) if text else None
        except CellError as error:
            raise ValidationError(sentences(str(error), error.suggestion)) from error


def label_of(names: Names, row) -> str:
    """Return what a person types for a row: its name, or its reference where others share the name."""
    name = str(row)
    return name if len(names.exact.get(name, ())) == 1 else names.cell(row)


class Line(forms.ModelForm):
    """A row on the page of record. What others wrote meanwhile in fields left alone here stays.

    `initial-` beside each field holds what it showed. `meanwhile` is what somebody else wrote where this form
    has other words: the form is then shown again, with both.
    """

    # Of these one must be filled in.
    TEXTS: tuple[str, ...] = ()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.meanwhile: dict[str, str] = {}
        for field in self.fields.values():
            field.show_hidden_initial = True

    def text(self, name: str) -> str:
        """Return what was typed; a line that the form did not have, of a row added since, stays as it is."""
        return plain(self.data.get(self.add_prefix(name), self.current(name)))

    def current(self, name: str) -> str:
        """Return what the field would show now."""
        value = self.fields[name].prepare_value(self.get_initial_for_field(self.fields[name], name))
        return plain(str(value)) if value is not None else ""

    def seen(self, name: str) -> str:
        return plain(self.data.get(self.add_initial_prefix(name), self.current(name)))

    @cached_property
    def changed_data(self):
        return [name for name in self.fields if self.text(name) != self.seen(name)]

    def clean(self):
        cleaned = super().clean()
        for name in self.fields if self.instance.pk else ():
            if name not in self.changed_data:
                self.errors.pop(name, None)
                cleaned[name] = getattr(self.instance, name)
            elif self.current(name) not in (self.seen(name), self.text(name)):
                self.meanwhile[name] = self.current(name)
        if self.TEXTS and not any(self.text(name) for name in self.TEXTS):
            self.add_error(self.TEXTS[0], _("Write it in at least one language."))
        return cleaned

    def is_settled(self) -> bool:
        """Return whether the line may be saved, or was left alone."""
        return not self.has_changed() or (self.is_valid() and not self.meanwhile)

    def refresh(self, data) -> None:
        """Write into the posted `data` what is on record now, except where the person has other words."""
        for name in self.fields if self.instance.pk else ():
            if name not in self.changed_data:
                data[self.add_prefix(name)] = self.current(name)
            data[self.add_initial_prefix(name)] = self.current(name)


class ItemLine(Line):
    class Meta:
        model = AgendaItem
        fields = ("noted_en", "noted_zh", "notes_singapore", "notes_shenzhen")
        widgets = {
            "noted_en": text_area("en", 4),
            "noted_zh": text_area("zh", 4),
            "notes_singapore": text_area(),
            "notes_shenzhen": text_area(),
        }

    def __init__(self, *args, user, locked: bool, **kwargs):
        super().__init__(*args, **kwargs)
        hidden = hidden_columns(AgendaItem, user) | ({"noted_en", "noted_zh"} if locked else set())
        for name in hidden & set(self.fields):
            del self.fields[name]


class DecisionLine(Line):
    TEXTS = ("text_en", "text_zh")

    class Meta:
        model = Decision
        fields = ("text_en", "text_zh")
        widgets = {"text_en": text_area("en"), "text_zh": text_area("zh")}


class ActionLine(Line):
    TEXTS = ("text_en", "text_zh")

    class Meta:
        model = Action
        fields = ("text_en", "text_zh", "owner_side", "organisation", "due_on", "due_meeting")
        widgets = {
            "text_en": text_area("en"),
            "text_zh": text_area("zh"),
            "due_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }

    def __init__(self, *args, organisations: Names, meetings: Names, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organisation"] = Named(
            organisations, "organisations", label=pgettext_lazy("of an action", "Organisation")
        )
        self.fields["due_meeting"] = Named(
            meetings, "meetings", label=pgettext_lazy("of an action", "Due meeting")
        )
        for name in ("organisation", "due_meeting"):
            self.fields[name].show_hidden_initial = True

    def clean_owner_side(self):
        # A line under an item that one side keeps is that side's: another owner alone would see it.
        side, row = self.cleaned_data["owner_side"], self.instance
        kept_by = row.agenda_item.owner_side if row.pk is None and row.visibility == "own_side" else ""
        if kept_by and side != kept_by:
            raise ValidationError(_("Your side keeps this item to itself: its actions are your side's too."))
        return side

    def clean_due_on(self):
        day = self.cleaned_data["due_on"]
        if day and self.instance.meeting.starts_on and day < self.instance.meeting.starts_on:
            raise ValidationError(_("The due date is before the meeting. Check the year."))
        return day
