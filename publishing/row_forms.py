"""Forms of rows and choices by typing: what the other side keeps is neither told nor lost."""

from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.core.exceptions import ValidationError
from django.forms import ModelChoiceField
from django.forms.formsets import DELETION_FIELD_NAME
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from publishing.naming import kept_here

KEPT_HERE = _(
    "The other side keeps something of its own here, or that names this. "
    "Ask a person of that side to delete it."
)
# No key has more digits, and databases refuse to look for a longer one.
LONGEST_KEY = 18


class OnlyKeys:
    """Of a choice by typing: what was sent and is no key chooses nothing; the field says so in words."""

    def optgroups(self, name, value, attr=None):
        given = (str(one) for one in value)
        keys = [one for one in given if one.isascii() and one.isdigit() and len(one) <= LONGEST_KEY]
        return super().optgroups(name, keys, attr)


class KnownSelect(OnlyKeys, AutocompleteSelect):
    pass


class KnownSelectMultiple(OnlyKeys, AutocompleteSelectMultiple):
    def value_from_datadict(self, data, files, name):
        return [one[:LONGEST_KEY] for one in super().value_from_datadict(data, files, name)]


def guarded(formset: type, user) -> type:
    """Return a formset of rows in which `user` neither reads nor removes what the other side keeps.

    A link to it is shown empty, and stays as it is when it comes back empty, or as the other side sent it.
    """

    class Guarded(formset.form):
        def hand_clean_DELETE(self):
            asked = self.cleaned_data.get(DELETION_FIELD_NAME) and self.instance.pk
            if asked and kept_here(type(self.instance), [self.instance.pk], user):
                raise ValidationError(KEPT_HERE)
            super().hand_clean_DELETE()

        @cached_property
        def kept_links(self) -> dict:
            """Return the links that are shown empty because the other side keeps what they lead to."""
            found = {}
            for name, field in self.fields.items():
                is_link = type(field) is ModelChoiceField and self.instance.pk
                linked = is_link and self.initial.get(name)
                is_same = linked and self.data.get(self.add_prefix(name), "") in ("", str(linked))
                if is_same and not field.queryset.filter(pk=linked).exists():
                    found[name] = linked
            return found

        @cached_property
        def changed_data(self):
            return [name for name in super().changed_data if name not in self.kept_links]

        def clean(self):
            cleaned = super().clean()
            for name, key in self.kept_links.items():
                self._errors.pop(name, None)
                cleaned[name] = self.fields[name].queryset.model._base_manager.get(pk=key)
            return cleaned

    formset.form = Guarded
    return formset
