"""The form of a file, and who may give it which visibility."""

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from publishing.files import RecordFile
from publishing.filetypes import TAKEN
from publishing.models import Publishable, Status
from publishing.sides import BOTH, Visibility
from publishing.workflow import may


def may_make_public(record: Publishable, user) -> bool:
    """Return whether `user` may give files of `record` to the public: of a published one as they publish."""
    return record.status in (Status.DRAFT, Status.IN_REVIEW) or may(record, "publish", user)


def is_settled(file: RecordFile, user) -> bool:
    """Return whether a file is public on a record that `user` may not publish: not theirs to change."""
    return file.visibility == Visibility.PUBLIC and not may_make_public(file.record, user)


def refused_visibilities(user, record: Publishable | None, owner_side: str) -> dict[str, str]:
    """Return the visibilities that `user` may not give a file, each with the reason in words."""
    refused = {}
    if record and not may_make_public(record, user):
        refused[Visibility.PUBLIC] = _(
            "The record is published: only a manager makes a file public. Choose otherwise, or ask a manager."
        )
    if owner_side and user.side not in (BOTH, owner_side):
        refused[Visibility.OWN_SIDE] = _(
            "Only the side that a file belongs to keeps it to itself. Choose another visibility."
        )
    return refused


def leave_out(field: forms.ChoiceField, unwanted) -> None:
    """Offer fewer choices; the others stay known, so that a refusal can say why."""
    field.widget.choices = [(value, label) for value, label in field.choices if value not in unwanted]


class RecordFileForm(forms.ModelForm):
    """`user` and `fixed_record` (or None) are set by the admin, which makes a class for each request."""

    user, fixed_record = None, None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        prepare = {
            self._meta.model.RECORD: self._fix_record,
            "version": self._propose_version,
            "file": self._describe_file,
            "visibility": self._offer_visibilities,
            "owner_side": self._offer_sides,
        }
        for name, prepare_one in prepare.items():
            if name in self.fields:
                prepare_one(self.fields[name])

    def _fix_record(self, field) -> None:
        if self.fixed_record is None:
            return
        field.widget = forms.Select()
        field.queryset = type(self.fixed_record)._base_manager.filter(pk=self.fixed_record.pk)
        field.empty_label, field.initial, field.disabled = None, self.fixed_record.pk, True

    def _propose_version(self, field) -> None:
        if self.instance.pk is None:
            field.required, field.initial = False, ""
            field.widget.attrs["min"] = 1
            field.help_text = _("Empty: the next one of this title and language.")

    def _describe_file(self, field) -> None:
        field.max_length = None  # a long name is cut, not refused
        field.help_text = _("Up to %(limit)s MB: %(types)s.") % {"limit": settings.MAX_FILE_MB, "types": TAKEN}

    def _offer_visibilities(self, field) -> None:
        record = self.fixed_record
        leave_out(field, refused_visibilities(self.user, record, self.instance.owner_side))

    def _offer_sides(self, field) -> None:
        if self.user.side != BOTH:
            leave_out(field, [value for value, _label in field.choices if value != self.user.side])

    def clean_owner_side(self):
        side = self.cleaned_data["owner_side"]
        if self.user.side not in (BOTH, side):
            raise ValidationError(_("Choose your own side."))
        return side

    def clean(self):
        cleaned = super().clean()
        if self.instance.pk and self.files:
            raise ValidationError(_("The stored file is not replaced. Add a new version instead."))
        record = cleaned.get(self._meta.model.RECORD)
        owner_side = cleaned.get("owner_side") or self.instance.owner_side
        words = refused_visibilities(self.user, record, owner_side).get(cleaned.get("visibility"))
        if words:
            self.add_error("visibility", words)
        if record and self.instance.pk is None and not cleaned.get("version") and "version" not in self.errors:
            kept = cleaned.get("title", ""), cleaned.get("language", "")
            cleaned["version"] = self._meta.model.next_version(record, *kept, self.user)
        return cleaned
