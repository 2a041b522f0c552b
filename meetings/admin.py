from django.contrib import admin
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from initiative.columns import FOR_STAFF
from listing.admin import SearchableAdmin, SheetImportMixin
from listing.list_files import ListFiles

# The pages of the desk, and the ledger, register themselves.
from meetings import desk, release_pages  # noqa: F401
from meetings.actions import admin as action_admin  # noqa: F401
from meetings.calling import agenda_desk, delegations_desk, packet_desk  # noqa: F401
from meetings.calling.planning import PlannedFromLast
from meetings.columns import COLUMNS
from meetings.imports import (
    ActionImport,
    ActionNoteImport,
    AgendaItemImport,
    AnnouncedFigureImport,
    AttendanceImport,
    DecisionImport,
    FigureCitationImport,
    MeetingCitationImport,
    MeetingImport,
)
from meetings.minutes import pages as minutes_pages  # noqa: F401
from meetings.minutes import record_pages  # noqa: F401
from meetings.minutes.freezing import frozen_words, is_agreed_file, is_held
from meetings.models import (
    Action,
    AgendaItem,
    AnnouncedFigure,
    Attendance,
    Decision,
    FigureCitation,
    Meeting,
    MeetingCitation,
    Paper,
)
from meetings.releases import ReleaseFilter, release_sections
from meetings.todo import DifferenceFilter, WarningFilter, figure_section
from publishing.admin import CitationInline, OrderedRows, PublishableAdmin, RowInline, TrackedAdmin, without
from publishing.file_admin import RecordFileAdmin, WithFiles, chosen
from publishing.file_forms import RecordFileForm
from publishing.models import Publishable
from publishing.sides import hidden_columns, visible


class MinutedRows(OrderedRows):
    """The number of a row is shown, not changed; a row that frozen minutes hold is not deleted."""

    def add_fields(self, form, index):
        super().add_fields(form, index)
        if form.instance.pk and "number" in form.fields:
            form.fields["number"].disabled = True

    def clean(self):
        super().clean()
        if any(form.instance.pk and is_held(form.instance) for form in self.deleted_forms):
            raise ValidationError(frozen_words())


class AttendanceInline(RowInline):
    model = Attendance
    is_copied = True
    autocomplete_fields = ["person", "organisation"]


class MinutedInline(RowInline):
    """Rows that agreed minutes hold: numbers stay, and nothing that is frozen is deleted."""

    formset = MinutedRows

    def get_exclude(self, request, obj=None):
        return [*(super().get_exclude(request, obj) or ()), *sorted(hidden_columns(self.model, request.user))]

    def get_fields(self, request, obj=None):
        return without(super().get_fields(request, obj), hidden_columns(self.model, request.user))


class AgendaItemInline(MinutedInline):
    model = AgendaItem
    is_copied = True
    fields = [
        "position",
        "kind",
        "title_en",
        "title_zh",
        "presenter",
        "presenter_zh",
        "noted_en",
        "noted_zh",
        "notes_singapore",
        "notes_shenzhen",
        "visibility",
        "owner_side",
    ]


class DecisionInline(MinutedInline):
    model = Decision
    autocomplete_fields = ["agenda_item"]


class ActionInline(MinutedInline):
    model = Action
    fk_name = "meeting"
    autocomplete_fields = ["agenda_item", "organisation", "due_meeting"]


class AnnouncedFigureInline(RowInline):
    model = AnnouncedFigure
    template = "admin/edit_inline/stacked.html"
    # The explanation is here too, where an officer proposes it; its sources are on its own page.
    fields = [
        ("measure", "value", "as_of"),
        ("track", "tier", "scope"),
        ("explanation_en", "explanation_zh"),
        "explanation_published",
    ]
    show_change_link = True


class MeetingCitationInline(CitationInline):
    model = MeetingCitation
    # What a source says of the last meeting it does not say of the next.
    is_copied = False


@admin.register(Meeting)
class MeetingAdmin(ListFiles, PlannedFromLast, WithFiles, SheetImportMixin, SearchableAdmin, PublishableAdmin):
    file_columns = (*FOR_STAFF, *COLUMNS)
    files = "papers"
    resource_classes = [
        MeetingImport,
        AttendanceImport,
        AgendaItemImport,
        DecisionImport,
        ActionImport,
        ActionNoteImport,
        MeetingCitationImport,
    ]
    list_display = ["reference", "status_shown", "both_languages", "kind", "starts_on", "phase", "changed_at"]
    list_display_links = ["reference", "both_languages"]
    list_filter = ["status", "kind", "phase", "format", ReleaseFilter]
    date_hierarchy = "starts_on"
    inlines = [
        AttendanceInline,
        AnnouncedFigureInline,
        AgendaItemInline,
        DecisionInline,
        ActionInline,
        MeetingCitationInline,
    ]
    fieldsets = [
        PublishableAdmin.record_fieldset,
        (_("Which meeting"), {"fields": [("kind", "number"), ("title_en", "title_zh"), "slug"]}),
        (
            _("When"),
            {
                "fields": [
                    ("phase", "format"),
                    ("starts_on", "starts_on_precision"),
                    ("ends_on", "ends_on_precision"),
                    ("announced_on", "announced_on_precision"),
                ]
            },
        ),
        (_("Where"), {"fields": ["host_side", ("city_en", "city_zh"), ("venue_en", "venue_zh")]}),
        (_("Outcome"), {"fields": [("outcome_en", "outcome_zh")]}),
        PublishableAdmin.staff_fieldset,
    ]

    def get_urls(self):
        return [*desk.desk_urls(self.admin_site), *super().get_urls()]

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj is not None and obj.pk:
            at_desk = (gettext("Desk of the meeting"), reverse("admin:desk", args=[obj.pk]))
            context["entered_here"] = [at_desk, *self._entered_here(request, obj)]
        return super().render_change_form(request, context, add, change, form_url, obj)

    def todo(self, request):
        found = super().todo(request)
        return [*found, *release_sections(self, request)] if self.has_view_permission(request) else found

    def _entered_here(self, request, meeting) -> list[tuple[str, str]]:
        """Return (label, address) of the lists of what a meeting brings, and of the forms that add to them."""
        kinds = [
            relation.related_model
            for relation in Meeting._meta.related_objects
            if issubclass(relation.related_model, Publishable) and relation.field.name == "meeting"
        ]
        found = []
        for kind in kinds:
            name = f"admin:{kind._meta.app_label}_{kind._meta.model_name}"
            listed = f"{reverse(f'{name}_changelist')}?meeting__id__exact={meeting.pk}"
            found.append((capfirst(kind._meta.verbose_name_plural), listed))
            if self.admin_site.get_model_admin(kind).has_add_permission(request):
                label = gettext("Add %(kind)s") % {"kind": kind._meta.verbose_name}
                found.append((label, f"{reverse(f'{name}_add')}?meeting={meeting.pk}"))
        return found


class FigureCitationInline(CitationInline):
    model = FigureCitation


@admin.register(AnnouncedFigure)
class AnnouncedFigureAdmin(SheetImportMixin, TrackedAdmin):
    resource_classes = [AnnouncedFigureImport, FigureCitationImport]
    list_display = ["meeting", "measure", "track", "tier", "scope", "value", "as_of"]
    list_display_links = ["meeting", "measure"]
    list_filter = [DifferenceFilter, WarningFilter, "measure", "track", "scope"]
    list_select_related = ["meeting"]
    autocomplete_fields = ["meeting"]
    search_fields = ["meeting__search_text"]
    inlines = [FigureCitationInline]
    fieldsets = [
        (
            None,
            {
                "fields": ["meeting", ("measure", "value"), ("track", "tier"), ("scope", "as_of")],
                "description": _("Only a number that somebody announced, never one worked out."),
            },
        ),
        (
            _("Explanation of a gap"),
            {"fields": [("explanation_en", "explanation_zh"), "explanation_published"]},
        ),
    ]

    def todo(self, request):
        return [figure_section(self, request)] if self.has_view_permission(request) else []


@admin.register(AgendaItem)
class AgendaItemAdmin(TrackedAdmin):
    """For choosing an agenda item in a paper or a decision; items are entered in their meeting."""

    search_fields = ["title_en", "title_zh", "meeting__search_text"]
    list_display = ["meeting", "position", "title_en", "title_zh"]
    list_select_related = ["meeting"]
    fieldsets = [(None, {"fields": ["meeting", ("position", "kind"), ("title_en", "title_zh")]})]

    def has_module_permission(self, request):
        return False

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False


class PaperForm(RecordFileForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "agenda_item" in self.fields:
            items = self.fields["agenda_item"]
            items.widget.can_delete_related = items.widget.can_view_related = False
            if self.fixed_record:
                items.queryset = items.queryset.filter(meeting=self.fixed_record)


@admin.register(Paper)
class PaperAdmin(RecordFileAdmin):
    form = PaperForm
    extra_fields = ["agenda_item"]

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and not (obj is not None and is_agreed_file(obj))

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        if obj and obj.agenda_item_id and not self._items(request).filter(pk=obj.agenda_item_id).exists():
            fieldsets[0][1]["fields"].remove("agenda_item")
        return fieldsets

    def _items(self, request):
        return visible(AgendaItem.objects.all(), request.user)

    def get_changeform_initial_data(self, request):
        item = chosen(self._items(request), request.GET.get("agenda_item"))
        return super().get_changeform_initial_data(request) | ({"agenda_item": item.pk} if item else {})

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "agenda_item":
            kwargs["queryset"] = self._items(request).select_related("meeting")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)
