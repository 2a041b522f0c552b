"""Filters of the officers' lists of records: what is still to do, and whose last change it was."""

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from publishing import gaps
from publishing.sides import kept_from


class ChoiceFilter(admin.SimpleListFilter):
    """A filter whose values are known beforehand: another value in the address is refused, not ignored."""

    def value(self):
        value = super().value()
        if value is not None and value not in {str(key) for key, _label in self.lookup_choices}:
            raise IncorrectLookupParameters(value)
        return value


class VisibleRelatedFilter(admin.RelatedFieldListFilter):
    """A filter by a record named, without the records that the other side keeps to itself."""

    def field_choices(self, field, request, model_admin):
        return field.get_choices(
            include_blank=False,
            ordering=self.field_admin_ordering(field, request, model_admin),
            limit_choices_to=~kept_from(field.related_model, request.user),
        )


class GapFilter(ChoiceFilter):
    title = _("still to do")
    parameter_name = "gap"

    def lookups(self, request, model_admin):
        numbers = gaps.counts(model_admin.get_queryset(request))
        return [(gap.key, f"{gap.name} ({numbers[gap.key]})") for gap in model_admin.model.gaps()]

    def queryset(self, request, queryset):
        return gaps.having(queryset, self.value()) if self.value() else queryset

    def choices(self, changelist):
        # The numbers stand there already, of one query for all.
        changelist.add_facets, asked = False, changelist.add_facets
        yield from super().choices(changelist)
        changelist.add_facets = asked


class MineFilter(ChoiceFilter):
    title = _("last changed by")
    parameter_name = "mine"

    def lookups(self, request, model_admin):
        return [
            ("1", pgettext_lazy("last changed by", "me")),
            ("0", pgettext_lazy("last changed by", "somebody else")),
        ]

    def queryset(self, request, queryset):
        mine = {"changed_by": request.user}
        return {None: queryset, "1": queryset.filter(**mine), "0": queryset.exclude(**mine)}[self.value()]
