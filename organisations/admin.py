from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from listing.admin import SearchableAdmin, SheetImportMixin
from organisations.imports import (
    OrganisationCitationImport,
    OrganisationImport,
    OrganisationNameImport,
    PersonImport,
)
from organisations.models import Organisation, OrganisationCitation, OrganisationName, Person
from publishing.admin import CitationInline, PublishableAdmin, RowInline, TrackedAdmin


class OrganisationNameInline(RowInline):
    model = OrganisationName
    classes = []


class OrganisationCitationInline(CitationInline):
    model = OrganisationCitation


@admin.register(Organisation)
class OrganisationAdmin(SheetImportMixin, SearchableAdmin, PublishableAdmin):
    resource_classes = [OrganisationImport, OrganisationNameImport, OrganisationCitationImport]
    list_display = ["reference", "status_shown", "both_languages", "kind", "place", "changed_at"]
    list_display_links = ["reference", "both_languages"]
    list_filter = ["status", "kind", "place"]
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


@admin.register(Person)
class PersonAdmin(SheetImportMixin, SearchableAdmin, TrackedAdmin):
    resource_classes = [PersonImport]
    list_display = ["both_languages", "suppressed"]
    list_filter = ["suppressed"]
    fieldsets = [
        (
            None,
            {
                "fields": [("name_en", "name_zh"), "suppressed"],
                "description": _("Persons have no page. The post they held is entered where they took part."),
            },
        )
    ]
