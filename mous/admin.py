from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from initiative.columns import FOR_STAFF
from listing.admin import SearchableAdmin, SheetImportMixin
from listing.list_files import ListFiles
from meetings.entering import EnteredAtMeeting, PartyInline
from meetings.models import Meeting
from mous.columns import COLUMNS
from mous.imports import MOUCitationImport, MOUImport, MOULinkImport, SignatoryImport, SigningImport
from mous.models import MOU, MOUCitation, MOUFile, MOULink, Signatory, Signing
from mous.todo import StateFilter, ending_section
from publishing.admin import CitationInline, PublishableAdmin, RowInline
from publishing.file_admin import RecordFileAdmin, WithFiles
from publishing.list_filters import VisibleRelatedFilter


class SignatoryInline(PartyInline):
    model = Signatory


class SigningInline(RowInline):
    model = Signing
    autocomplete_fields = ["person", "organisation"]


class MOULinkInline(RowInline):
    model = MOULink
    fk_name = "from_mou"
    autocomplete_fields = ["to_mou"]


class MOUCitationInline(CitationInline):
    model = MOUCitation


@admin.register(MOU)
class MOUAdmin(ListFiles, WithFiles, SheetImportMixin, SearchableAdmin, EnteredAtMeeting):
    file_columns = (*FOR_STAFF, *COLUMNS)
    resource_classes = [MOUImport, SignatoryImport, SigningImport, MOULinkImport, MOUCitationImport]
    list_display = ["reference", "status_shown", "both_languages", "meeting", "signed_on"]
    list_display_links = ["reference", "both_languages"]
    list_filter = ["status", StateFilter, "track", ("meeting", VisibleRelatedFilter), "pillar", "parties_known"]
    list_select_related = ["meeting", "changed_by"]
    date_hierarchy = "signed_on"
    autocomplete_fields = [
        "pillar",
        "sectors",
        "meeting",
        "lead_singapore",
        "lead_shenzhen",
        "holder_singapore",
        "holder_shenzhen",
    ]
    inlines = [SignatoryInline, SigningInline, MOULinkInline, MOUCitationInline]
    fieldsets = [
        PublishableAdmin.record_fieldset,
        (
            _("Title and summary"),
            {
                "fields": [
                    ("title_en", "title_zh"),
                    ("title_basis_en", "title_basis_zh", "instrument"),
                    ("summary_en", "summary_zh"),
                ],
                "description": _(
                    "One language is enough to publish; the other is then marked as not on record."
                ),
            },
        ),
        (
            _("Signing"),
            {
                "fields": [
                    "meeting",
                    ("occasion", "batch"),
                    ("track", "parties_known"),
                    ("place_en", "place_zh"),
                ]
            },
        ),
        (
            _("Dates and term"),
            {
                "fields": [
                    ("signed_on", "signed_on_precision"),
                    ("effective_on", "effective_on_precision"),
                    ("ends_on", "ends_on_precision"),
                    ("review_on", "review_on_precision"),
                    ("term_en", "term_zh"),
                    ("renews_automatically", "notice_days"),
                    ("terminated_on", "superseded_on"),
                ],
                "description": _(
                    "Only what a source states. Without a term it reads “signed (term not stated)”."
                ),
            },
        ),
        (
            _("Classification"),
            {
                "fields": ["pillar", "sectors", "classified_by"],
                "description": _("Leave empty where the description does not decide."),
            },
        ),
        (
            _("Text and bodies"),
            {
                "fields": [
                    ("text_languages", "prevailing_text", "text_access"),
                    ("lead_singapore", "lead_shenzhen"),
                    ("holder_singapore", "holder_shenzhen"),
                ],
                "classes": ["collapse"],
            },
        ),
        PublishableAdmin.staff_fieldset,
    ]

    def defaults(self, meeting, last):
        found = {}
        if meeting.phase == Meeting.Phase.HELD:
            found = {
                "signed_on": meeting.starts_on,
                "signed_on_precision": meeting.starts_on_precision,
                "place_en": meeting.city_en,
                "place_zh": meeting.city_zh,
            }
        return found | ({"occasion": last.occasion, "batch": last.batch} if last else {})

    def todo(self, request):
        found = super().todo(request)
        return [*found, ending_section(self, request)] if found else []


@admin.register(MOUFile)
class MOUFileAdmin(RecordFileAdmin):
    pass
