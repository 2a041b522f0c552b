from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from initiative import departures
from initiative.imports import PageImport, PillarImport, SectorImport, SourceImport, TermImport
from initiative.models import Page, Pillar, Sector, Source, Term
from listing.admin import SheetImportMixin
from publishing.admin import REMARKS, TrackedAdmin

REMARKS.append(departures.remarks)


@admin.register(Pillar)
class PillarAdmin(SheetImportMixin, TrackedAdmin):
    resource_classes = [PillarImport]
    list_display = ["numeral", "name_en", "name_zh", "code"]
    list_display_links = ["numeral", "name_en"]
    search_fields = ["name_en", "name_zh", "code"]
    fieldsets = [
        (None, {"fields": [("numeral", "code", "position")]}),
        (_("Names"), {"fields": [("name_en", "name_zh"), ("short_name_en", "short_name_zh")]}),
        (
            _("Description"),
            {
                "fields": [("description_en", "description_zh")],
                "description": _("Only what a source says of the pillar; empty if none does."),
            },
        ),
    ]


@admin.register(Sector)
class SectorAdmin(SheetImportMixin, TrackedAdmin):
    resource_classes = [SectorImport]
    list_display = ["name_en", "name_zh", "code", "position"]
    search_fields = ["name_en", "name_zh", "code"]
    fieldsets = [(None, {"fields": [("name_en", "name_zh"), ("code", "position")]})]


@admin.register(Source)
class SourceAdmin(SheetImportMixin, TrackedAdmin):
    resource_classes = [SourceImport]
    list_display = ["code", "__str__", "publisher", "kind", "language", "dated_on", "link_public"]
    list_display_links = ["code", "__str__"]
    list_filter = ["kind", "language", "link_public"]
    search_fields = ["code", "title", "publisher", "url"]
    date_hierarchy = "dated_on"
    fieldsets = [
        (None, {"fields": ["code", "title", "publisher", ("kind", "language")]}),
        (
            _("Date"),
            {
                "fields": [("dated_on", "dated_on_precision")],
                "description": _(
                    "As the source gives it. For “June 2020” enter any day of it and choose “to the month”."
                ),
            },
        ),
        (_("Address"), {"fields": ["url", "link_public"]}),
        (_("Note for readers"), {"fields": [("note_en", "note_zh")], "classes": ["collapse"]}),
    ]


@admin.register(Term)
class TermAdmin(SheetImportMixin, TrackedAdmin):
    resource_classes = [TermImport]
    list_display = ["english", "chinese_singapore", "chinese_shenzhen", "avoid"]
    search_fields = ["english", "chinese_singapore", "chinese_shenzhen", "note", "avoid"]
    fieldsets = [
        (
            None,
            {
                "fields": ["english", ("chinese_singapore", "chinese_shenzhen"), "avoid", "note"],
                "description": _(
                    "Texts that use the English and none of the Chinese forms are shown under “Two languages”. "
                    "Names and titles as a source prints them are left alone."
                ),
            },
        )
    ]


@admin.register(Page)
class PageAdmin(SheetImportMixin, TrackedAdmin):
    resource_classes = [PageImport]
    list_display = ["slug", "title_en", "title_zh"]
    search_fields = ["slug", "title_en", "title_zh"]
    fieldsets = [
        (None, {"fields": ["slug", ("title_en", "title_zh")]}),
        (
            _("Text"),
            {
                "fields": ["body_en", "body_zh"],
                "description": _(
                    "Paragraphs are parted by an empty line; a line that begins with “## ” is a heading. "
                    "Both languages say the same."
                ),
            },
        ),
    ]
