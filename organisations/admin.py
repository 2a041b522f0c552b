from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from initiative.columns import FOR_STAFF
from listing.admin import SearchableAdmin, SheetImportMixin
from listing.list_files import ListFiles
from organisations.columns import COLUMNS
from organisations.desk import MergingAdmin
from organisations.imports import (
    OrganisationCitationImport,
    OrganisationImport,
    OrganisationNameImport,
    PersonImport,
)
from organisations.models import Organisation, OrganisationCitation, OrganisationName, Person
from organisations.suggesting import SuggestingAdmin
from publishing.admin import CitationInline, PublishableAdmin, RowInline, TrackedAdmin


class OrganisationNameInline(RowInline):
    model = OrganisationName
    classes = []


class OrganisationCitationInline(CitationInline):
    model = OrganisationCitation


class MergedFilter(admin.SimpleListFilter):
    """Those in use, unless those merged into another are asked for."""

    title = _("merging")
    parameter_name = "merged"

    def lookups(self, request, model_admin):
        return [("yes", _("Merged into another"))]

    def choices(self, changelist):
        for choice in super().choices(changelist):
            yield (
                choice
                if choice["query_string"] != changelist.get_query_string(remove=[self.parameter_name])
                else (choice | {"display": _("In use")})
            )

    def queryset(self, request, queryset):
        return queryset.filter(merged_into__isnull=self.value() != "yes")


@admin.register(Organisation)
class OrganisationAdmin(
    ListFiles, MergingAdmin, SuggestingAdmin, SheetImportMixin, SearchableAdmin, PublishableAdmin
):
    file_columns = (*FOR_STAFF, *COLUMNS)
    resource_classes = [OrganisationImport, OrganisationNameImport, OrganisationCitationImport]
    list_display = ["reference", "status_shown", "both_languages", "kind", "place", "changed_at"]
    list_display_links = ["reference", "both_languages"]
    list_filter = ["status", "kind", "place", MergedFilter]
    actions = [*PublishableAdmin.actions, *MergingAdmin.actions]
    readonly_fields = [*PublishableAdmin.readonly_fields, "merged_shown"]
    autocomplete_fields = ["parent"]
    inlines = [OrganisationNameInline, OrganisationCitationInline]
    fieldsets = [
        PublishableAdmin.record_fieldset,
        (
            _("Names"),
            {
                "fields": [("name_en", "name_zh"), ("short_name_en", "short_name_zh"), "slug"],
                "description": _("One language is enough. Enter a name only as a source prints it."),
            },
        ),
        (_("What it is"), {"fields": [("kind", "place"), "parent", "website", ("uen", "uscc")]}),
        (pgettext_lazy("of an organisation", "Summary"), {"fields": [("summary_en", "summary_zh")]}),
        PublishableAdmin.staff_fieldset,
    ]

    def get_fieldsets(self, request, obj=None):
        merged = [(None, {"fields": ["merged_shown"]})] if obj is not None and obj.merged_into_id else []
        return [*merged, *super().get_fieldsets(request, obj)]

    @admin.display(description=_("merged into"))
    def merged_shown(self, record):
        address = reverse("admin:organisations_organisation_change", args=[record.merged_into_id])
        return format_html('<a href="{}">{}</a>', address, record.merged_into)

    def has_change_permission(self, request, obj=None):
        return not (obj and obj.merged_into_id) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        return not (obj and obj.merged_into_id) and super().has_delete_permission(request, obj)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        page = super().render_change_form(request, context, add, change, form_url, obj)
        if obj is not None and obj.merged_into_id:
            page.context_data["publication"]["moves"] = []
        return page


@admin.register(Person)
class PersonAdmin(MergingAdmin, SuggestingAdmin, SheetImportMixin, SearchableAdmin, TrackedAdmin):
    resource_classes = [PersonImport]
    list_display = ["both_languages", "suppressed"]
    list_filter = ["suppressed"]
    fieldsets = [
        (
            None,
            {
                "fields": [("name_en", "name_zh"), "other_names", "suppressed"],
                "description": _("Persons have no page. The post they held is entered where they took part."),
            },
        )
    ]
