"""The form of an inquiry: what is counted, the filters of the public lists themselves, and the two dates."""

import datetime

from django import forms
from django.utils import timezone
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext_lazy as _

from initiative.counting import MEASURES
from initiative.models import Track
from reports.inquiries.asked import Asked
from reports.inquiries.asking import filterset_of
from reports.inquiries.kinds import KINDS
from reports.inquiries.models import Inquiry
from reports.inquiries.words import LANGUAGES

PUBLISHED, BOTH_SIDES = "published", "both_sides"
BY = {
    "": _("not broken down"),
    "meeting": _("Meeting"),
    "pillar": _("Pillar"),
    "side": _("Side"),
    "stage": _("Stage"),
    "tier": _("Tier"),
    "track": _("Track"),
    "state": _("State"),
    "year": _("Year"),
}


class AskForm(forms.Form):
    """What is asked; `filtersets` holds the filters of each kind, under its name as prefix."""

    count = forms.MultipleChoiceField(
        label=_("What is counted"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose what is to be counted.")},
    )
    track = forms.MultipleChoiceField(
        label=_("Tracks"),
        choices=Track.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one track.")},
    )
    records = forms.ChoiceField(
        label=_("Records"),
        choices=[
            (PUBLISHED, _("published only")),
            (BOTH_SIDES, _("also drafts and records in review that both sides see")),
        ],
        widget=forms.RadioSelect,
        help_text=_("What one side keeps to itself is never counted: an answer is the same for both sides."),
    )
    each = forms.BooleanField(
        label=_("Count every signing: renewals, amendments and replacements of MOUs too"), required=False
    )
    by = forms.ChoiceField(label=_("Broken down by"), choices=[*BY.items()], required=False)
    as_at = forms.DateField(
        label=_("As at"),
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
        help_text=_("Facts dated up to and with this day, by what is known."),
    )
    recorded = forms.DateTimeField(
        label=_("As then recorded"),
        required=False,
        widget=forms.DateTimeInput({"type": "datetime-local", "step": "1"}, "%Y-%m-%dT%H:%M:%S"),
        help_text=_(
            "What this portal held at that moment (UTC+8), with the mistakes of that time. Empty: what it holds"
            " now."
        ),
    )

    def __init__(self, data=None):
        filled = data if data and data.keys() & {"count", "as_at"} else None
        super().__init__(filled, initial={"track": [Track.JIC], "records": PUBLISHED, "as_at": localdate()})
        self.fields["count"].choices = [(key, MEASURES[key].label) for key in KINDS]
        # Bound always: what was chosen before is there without a count too.
        self.filtersets = {kind: filterset_of(kind, data or {}, prefix=kind) for kind in KINDS}

    def kinds(self) -> list[dict]:
        """Return what a page shows of each kind: label, definition, filters, and whether it is chosen."""
        chosen = self.data.getlist("count") if self.is_bound else []
        return [
            {
                "key": kind,
                "label": MEASURES[kind].label,
                "definition": MEASURES[kind].definition,
                "filters": self.filtersets[kind].form,
                "is_chosen": kind in chosen,
                "is_narrowed": any(self.data.get(f"{kind}-{name}") for name in self.filtersets[kind].filters),
            }
            for kind in KINDS
        ]

    def clean_as_at(self):
        day = self.cleaned_data["as_at"]
        if day > localdate():
            raise forms.ValidationError(_("This day is still to come. Choose today or an earlier day."))
        return day

    def clean_recorded(self):
        moment = self.cleaned_data["recorded"]
        if moment is None:
            return None
        try:
            # To the second, as the address and the answer hold it; no other time zone has the first of days.
            moment = localtime(moment.astimezone(datetime.UTC)).replace(microsecond=0)
        except OverflowError:
            raise forms.ValidationError(self.fields["recorded"].error_messages["invalid"]) from None
        if moment > timezone.now():
            raise forms.ValidationError(
                _("This moment is still to come. Choose an earlier one, or leave it empty for now.")
            )
        return moment

    def clean(self):
        data = super().clean()
        for kind in data.get("count", ()):
            for name, errors in self.filtersets[kind].form.errors.items():
                self.add_error(
                    None,
                    [
                        _("%(kind)s, %(filter)s: %(error)s")
                        % {
                            "kind": MEASURES[kind].label,
                            "filter": self.filtersets[kind].filters[name].label,
                            "error": error,
                        }
                        for error in errors
                    ],
                )
        return data

    def asked(self) -> Asked:
        """Return what is asked; of a valid form."""
        data = self.cleaned_data
        kinds = tuple(kind for kind in KINDS if kind in data["count"])
        filters = {kind: self.filtersets[kind].chosen() for kind in kinds}
        return Asked(
            kinds,
            data["as_at"],
            data["recorded"],
            tuple(track for track in Track.values if track in data["track"]),
            data["records"] == PUBLISHED,
            not data["each"],
            data["by"],
            {kind: chosen for kind, chosen in filters.items() if chosen},
        )


class SearchForm(forms.Form):
    q = forms.CharField(label=_("Reference or words"), required=False, max_length=200)


class QuestionForm(forms.ModelForm):
    """The question in words, in either language or both."""

    class Meta:
        model = Inquiry
        fields = ("question_en", "question_zh")
        help_texts = {"question_en": _("Both sides read it. Name no person.")}

    def clean(self):
        data = super().clean()
        if not self.errors and not (data.get("question_en") or data.get("question_zh")):
            raise forms.ValidationError(_("Write the question in words, in at least one language."))
        return data

    def question(self) -> dict[str, str]:
        """Return the question as an answer holds it; of a valid form."""
        return {suffix: self.cleaned_data[f"question_{suffix}"] for suffix in LANGUAGES}


class WithdrawForm(forms.Form):
    withdrawal_note = forms.CharField(label=_("Why it is withdrawn"), max_length=300)
    replaced_by = forms.CharField(
        label=_("Replaced by"),
        required=False,
        max_length=16,
        help_text=_("The reference of the later answer, such as SCI-Q-0008. May be empty."),
    )

    def __init__(self, inquiry: Inquiry, data=None):
        super().__init__(data)
        self.inquiry = inquiry

    def clean_replaced_by(self) -> Inquiry | None:
        reference = self.cleaned_data["replaced_by"].strip().upper()
        if not reference:
            return None
        found = Inquiry.objects.filter(reference=reference).exclude(pk=self.inquiry.pk).first()
        if found is None:
            raise forms.ValidationError(_("There is no other answer of this reference."))
        return found
