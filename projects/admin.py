from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from initiative.columns import FOR_STAFF
from listing.admin import SearchableAdmin, SheetImportMixin
from listing.list_files import ListFiles
from meetings.entering import EnteredAtMeeting, PartyInline
from meetings.models import Meeting
from projects.columns import COLUMNS
from projects.imports import (
    MilestoneImport,
    PartnerImport,
    ProgressReportImport,
    ProjectCitationImport,
    ProjectImport,
)
from projects.models import Milestone, Partner, ProgressReport, Project, ProjectCitation, ProjectFile
from projects.rounds import contact_admin  # noqa: F401  registers contacts
from projects.rounds import desk as round_desk  # noqa: F401  registers the desk's page
from publishing.admin import CitationInline, PublishableAdmin, RowInline
from publishing.file_admin import RecordFileAdmin, WithFiles
from publishing.list_filters import VisibleRelatedFilter


class PartnerInline(PartyInline):
    model = Partner


class MilestoneInline(RowInline):
    model = Milestone


class ProgressReportInline(RowInline):
    model = ProgressReport
    autocomplete_fields = ["meeting"]


class ProjectCitationInline(CitationInline):
    model = ProjectCitation


@admin.register(Project)
class ProjectAdmin(ListFiles, WithFiles, SheetImportMixin, SearchableAdmin, EnteredAtMeeting):
    file_columns = (*FOR_STAFF, *COLUMNS)
    resource_classes = [
        ProjectImport,
        PartnerImport,
        MilestoneImport,
        ProgressReportImport,
        ProjectCitationImport,
    ]
    list_display = ["reference", "status_shown", "both_languages", "meeting", "stage"]
    list_display_links = ["reference", "both_languages"]
    list_filter = [
        "status",
        "track",
        "tier",
        "stage",
        ("meeting", VisibleRelatedFilter),
        "pillar",
        "parties_known",
    ]
    list_select_related = ["meeting", "changed_by"]
    autocomplete_fields = ["pillar", "sectors", "meeting", "mous", "lead_singapore", "lead_shenzhen"]
    inlines = [PartnerInline, MilestoneInline, ProgressReportInline, ProjectCitationInline]
    fieldsets = [
        PublishableAdmin.record_fieldset,
        (
            _("Title and summary"),
            {
                "fields": [
                    ("title_en", "title_zh"),
                    ("title_basis_en", "title_basis_zh"),
                    ("summary_en", "summary_zh"),
                ],
                "description": _(
                    "One language is enough to publish; the other is then marked as not on record."
                ),
            },
        ),
        (
            _("Launch"),
            {
                "fields": [
                    ("track", "tier"),
                    ("stage", "stage_as_of"),
                    "meeting",
                    ("annex_letter", "annex_item"),
                    "parties_known",
                ]
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
            _("Dates"),
            {
                "fields": [
                    ("started_on", "started_on_precision"),
                    ("targeted_on", "targeted_on_precision"),
                    ("ended_on", "ended_on_precision"),
                ],
                "classes": ["collapse"],
            },
        ),
        (_("Links"), {"fields": ["mous", ("lead_singapore", "lead_shenzhen")], "classes": ["collapse"]}),
        PublishableAdmin.staff_fieldset,
    ]

    def defaults(self, meeting, last):
        held = meeting.phase == Meeting.Phase.HELD
        found = {"stage": Project.Stage.LAUNCHED if held else Project.Stage.PROPOSED}
        if held and meeting.starts_on and meeting.starts_on_precision == "day":
            found["stage_as_of"] = meeting.starts_on
        if last is not None and last.stage == found["stage"] and last.stage_as_of:
            found["stage_as_of"] = last.stage_as_of
        if last is not None and last.annex_letter:
            found |= {"annex_letter": last.annex_letter, "annex_item": (last.annex_item or 0) + 1}
        return found

    def cited_place(self, values):
        if not values.get("annex_letter"):
            return {}
        told = {"letter": values["annex_letter"], "item": values["annex_item"]}
        # As the sources' own annexes are cited (glossary §2.4).
        return {
            "locator_en": "Annex {letter}, item {item}".format(**told),
            "locator_zh": "附件{letter}第{item}项".format(**told),
        }


@admin.register(ProjectFile)
class ProjectFileAdmin(RecordFileAdmin):
    pass
