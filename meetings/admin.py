from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from listing.admin import SearchableAdmin, SheetImportMixin
from meetings import desk
from meetings.actions import DUE, DueFilter, action_section
from meetings.imports import (
    ActionImport,
    AgendaItemImport,
    AnnouncedFigureImport,
    AttendanceImport,
    DecisionImport,
    FigureCitationImport,
    MeetingCitationImport,
    MeetingImport,
)
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
from meetings.todo import DifferenceFilter, figure_section
from publishing.admin import CitationInline, PublishableAdmin, RowInline, TrackedAdmin
from publishing.file_admin import RecordFileAdmin, WithFiles
from publishing.file_forms import RecordFileForm
from publishing.models import Publishable
from publishing.sides import visible


class AttendanceInline(RowInline):
    model = Attendance
    autocomplete_fields = ["person", "organisation"]


class AgendaItemInline(RowInline):
    model = AgendaItem


class DecisionInline(RowInline):
    model = Decision
    autocomplete_fields = ["agenda_item"]


class ActionInline(RowInline):
    model = Action
    fk_name = "meeting"
    autocomplete_fields = ["organisation", "due_meeting"]


class AnnouncedFigureInline(RowInline):
    model = AnnouncedFigure
    fields = ["measure", "track", "tier", "scope", "value", "as_of"]
    # Its sources and the explanation of a gap are on its own page.
    show_change_link = True


class MeetingCitationInline(CitationInline):
    model = MeetingCitation


@admin.register(Meeting)
class MeetingAdmin(WithFiles, SheetImportMixin, SearchableAdmin, PublishableAdmin):
    files = "papers"
    resource_classes = [
        MeetingImport,
        AttendanceImport,
        AgendaItemImport,
        DecisionImport,
        ActionImport,
        MeetingCitationImport,
    ]
    list_display = ["reference", "status_shown", "both_languages", "kind", "starts_on", "phase", "changed_at"]
    list_display_links = ["reference", "both_languages"]
    list_filter = ["status", "kind", "phase", "format"]
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
    list_filter = [DifferenceFilter, "measure", "track", "scope"]
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

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        if obj and obj.agenda_item_id and not self._items(request).filter(pk=obj.agenda_item_id).exists():
            fieldsets[0][1]["fields"].remove("agenda_item")
        return fieldsets

    def _items(self, request):
        return visible(AgendaItem.objects.all(), request.user)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "agenda_item":
            kwargs["queryset"] = self._items(request).select_related("meeting")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


@admin.register(Action)
class ActionAdmin(TrackedAdmin):
    """Follow-up actions of all meetings, to see what is due; their rights are those of their meeting."""

    list_display = ["code", "text_shown", "owner_side", "organisation", "due_shown", "state"]
    list_display_links = ["code", "text_shown"]
    list_filter = [DueFilter, "state", "owner_side"]
    list_select_related = ["meeting", "due_meeting", "organisation"]
    ordering = [DUE.asc(nulls_last=True), "meeting", "number"]
    search_fields = ["text_en", "text_zh", "meeting__search_text"]
    show_full_result_count = False
    autocomplete_fields = ["meeting", "organisation", "due_meeting"]
    fieldsets = [
        (None, {"fields": [("meeting", "number"), ("text_en", "text_zh")]}),
        (pgettext_lazy("of an action", "Owner"), {"fields": [("owner_side", "organisation"), "visibility"]}),
        (pgettext_lazy("of an action", "Due"), {"fields": [("due_on", "due_meeting")]}),
        (pgettext_lazy("of an action", "State"), {"fields": ["state", "closing_note"]}),
    ]

    @admin.display(description=pgettext_lazy("of an action", "number"), ordering="meeting")
    def code(self, action):
        return str(action)

    @admin.display(description=_("text"))
    def text_shown(self, action):
        return format_html('<span lang="{}">{}</span>', action.text.lang, action.text) if action.text else "–"

    @admin.display(description=pgettext_lazy("of an open action", "due"), ordering=DUE)
    def due_shown(self, action):
        return action.due_on or action.due_meeting or "–"

    def todo(self, request):
        return [action_section(self, request)] if self.has_view_permission(request) else []
