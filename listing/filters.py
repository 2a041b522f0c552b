"""What every listing's filter set is made of: choices with "not stated", to-many links, search."""

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from listing.folding import fold

NOT_STATED = "none"
NOT_STATED_CHOICE = (NOT_STATED, pgettext_lazy("facet", "Not stated"))
LONGEST_TERM = 200


class SearchField(forms.CharField):
    """A search term: at most 200 characters, and something left of it once it is folded."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs | {"max_length": LONGEST_TERM, "required": False})

    def clean(self, value):
        value = super().clean(value)
        if value and not words_of(value):
            raise forms.ValidationError(_("Enter at least one letter, digit or character."))
        return value


def words_of(term: str) -> list[str]:
    """Return the folded words of a search term; a record must hold every one of them."""
    return [word for word in map(fold, term.split()) if any(c.isalnum() for c in word)]


def matching(queryset: QuerySet, term: str, *linked: tuple[str, QuerySet]) -> QuerySet:
    """Return the rows that hold every word of `term` in their own text, or in that of linked rows.

    `linked` pairs a lookup from this model with the rows to look in: ("partners__organisation", …). Each
    is a sub-query on the key, never a join: a join repeats rows, OR EXISTS is many times slower.
    """
    for word in words_of(term):
        found = Q(search_text__contains=word)
        for lookup, others in linked:
            keys = others.filter(search_text__contains=word).values("pk")
            found |= Q(pk__in=queryset.model._base_manager.filter(**{f"{lookup}__in": keys}).values("pk"))
        queryset = queryset.filter(found)
    return queryset


class SearchFilter(django_filters.CharFilter):
    """The search box; the filter set says in `search` where it looks."""

    field_class = SearchField

    def filter(self, queryset, value):
        return self.parent.search(queryset, value) if value else queryset


class ChoicesFilter(django_filters.MultipleChoiceFilter):
    """Any of several values of one column; NOT_STATED stands for an empty one.

    `field_name` is the lookup that gives the value, also through a to-many relation ("sectors__code"):
    rows are then chosen by a sub-query on the key, never by a join. `choices` may be a callable.
    `facet_by_condition` counts each choice by its condition where the lookup alone would count too much.
    `offers_found_only` leaves choices that give no rows out of the facet; an address may still name them.
    """

    facet_by_condition = False

    def __init__(self, *args, choices, offers_found_only=False, **kwargs):
        self.offers_found_only = offers_found_only
        if not callable(choices):
            choices = [(value, capfirst(label)) for value, label in choices]
        super().__init__(*args, choices=choices, **kwargs)

    @property
    def field(self):
        # Asked once for each filter set: the form and the facets share one list of choices.
        if callable(self.extra["choices"]):
            self.extra["choices"] = list(self.extra["choices"]())
        return super().field

    def condition(self, values: list[str], model) -> Q:
        """Return what must hold of a row of `model` for it to have one of `values`."""
        found = Q(**{f"{self.field_name}__in": [value for value in values if value != NOT_STATED]})
        if NOT_STATED in values:
            found |= Q(**{f"{self.field_name}__isnull": True}) | Q(**{self.field_name: ""})
        return found

    def filter(self, queryset, value):
        if not value:
            return queryset
        found = self.condition(list(dict.fromkeys(value)), queryset.model)
        if "__" not in self.field_name:
            return queryset.filter(found)
        return queryset.filter(pk__in=queryset.model._base_manager.filter(found).values("pk"))


class Listed(django_filters.FilterSet):
    """The base of every listing's filter set."""

    q = SearchFilter(label=_("Search term"))

    def search(self, queryset, term: str):
        return matching(queryset, term)

    def chosen(self) -> dict[str, list[str]]:
        """Return the filters in use: name to values, of a valid filter set."""
        data = self.form.cleaned_data
        return {
            name: list(dict.fromkeys(value)) if isinstance(value, (list, tuple)) else [value]
            for name, value in data.items()
            if value
        }
