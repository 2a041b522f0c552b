from django.contrib import admin
from django.forms import ModelChoiceField
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.text import Truncator
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from initiative.columns import FOR_STAFF
from listing.admin import SearchableAdmin, SheetImportMixin
from listing.list_files import ListFiles
from meetings.entering import EnteredAtMeeting, PartyInline
from meetings.models import Decision, Meeting
from mous.columns import COLUMNS
from mous.imports import MOUCitationImport, MOUImport, MOULinkImport, SignatoryImport, SigningImport
from mous.models import MOU, MOUCitation, MOUFile, MOULink, Signatory, Signing
from mous.reminders.shown import reminder_lines
from mous.todo import StateFilter, ending_section
from publishing.admin import CitationInline, PublishableAdmin, RowInline, without
from publishing.authorship import acting_user
from publishing.file_admin import RecordFileAdmin, WithFiles
from publishing.list_filters import VisibleRelatedFilter
from publishing.sides import Visibility


class SignatoryInline(PartyInline):
    model = Signatory


class SigningInline(RowInline):
    model = Signing
    autocomplete_fields = ["person", "organisation"]


class DecisionField(ModelChoiceField):
    """A choice of a decision by its number and how it begins."""

    def label_from_instance(self, decision):
        return f"{decision}: {Truncator(decision.text).chars(80)}"


class MOULinkInline(RowInline):
    """What this MOU follows; once it is signed, "superseded on" of what it renews or replaces is filled in."""

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
                    ("renews_automatically", "renewal_months", "notice_days"),
                    ("terminated_on", "superseded_on"),
                    "reminders_shown",
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
        (
            _("For the JIC: keep, renew or let lapse"),
            {
                "fields": [("course", "course_decision")],
                "description": _("For staff only, never public. The MOU register lists what needs a decision."),
                "classes": ["collapse"],
            },
        ),
        PublishableAdmin.staff_fieldset,
    ]

    readonly_fields = [*PublishableAdmin.readonly_fields, "reminders_shown"]

    @admin.display(description=_("reminders by e-mail"))
    def reminders_shown(self, mou):
        lines = reminder_lines(mou, acting_user(), localdate()) if mou.pk else []
        return format_html_join("", "<div>{}</div>", ((line,) for line in lines)) or "–"

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

    def changelist_view(self, request, extra_context=None):
        tools = [(gettext("MOU register"), reverse("admin:mou_register"))]
        return super().changelist_view(request, (extra_context or {}) | {"list_tools": tools})

    def get_fieldsets(self, request, obj=None):
        # A decision that a side keeps to itself since is neither shown nor lost.
        if obj is None or not obj.course_decision_id or self._decisions(request).contains(obj.course_decision):
            return super().get_fieldsets(request, obj)
        return [
            (name, options | {"fields": without(options["fields"], {"course_decision"})})
            for name, options in super().get_fieldsets(request, obj)
        ]

    def _decisions(self, request):
        """Return the decisions that an MOU may name: those that both sides see, the newest first."""
        shared = Decision.objects.filter(meeting__kept_by="").exclude(visibility=Visibility.OWN_SIDE)
        return shared.select_related("meeting").order_by("-meeting__starts_on", "number", "pk")

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "course_decision":
            kwargs |= {"queryset": self._decisions(request), "form_class": DecisionField}
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def todo(self, request):
        found = super().todo(request)
        return [*found, ending_section(self, request)] if found else []


@admin.register(MOUFile)
class MOUFileAdmin(RecordFileAdmin):
    pass
