from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import FileResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from listing.admin import SearchableAdmin, SheetImportMixin
from meetings.actions import DUE, DueFilter, action_section
from meetings.imports import (
    AnnouncedFigureImport,
    AttendanceImport,
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
from publishing.sides import visible


class AttendanceInline(RowInline):
    model = Attendance
    autocomplete_fields = ["person", "organisation"]


class AgendaItemInline(RowInline):
    model = AgendaItem


class PaperInline(RowInline):
    model = Paper
    autocomplete_fields = ["agenda_item"]
    fields = ["agenda_item", "title", "language", "version", "file", "download", "visibility", "owner_side"]
    readonly_fields = ["download"]
    # Django's own widget would link an address that a private file does not have.
    formfield_overrides = RowInline.formfield_overrides | {models.FileField: {"widget": forms.FileInput}}

    @admin.display(description=_("stored file"))
    def download(self, paper):
        if not paper.pk:
            return "–"
        address = reverse("admin:meetings_paper_file", args=[paper.pk])
        return format_html('<a href="{}" title="SHA-256 {}">{}</a>', address, paper.sha256, paper.file_name)


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
class MeetingAdmin(SheetImportMixin, SearchableAdmin, PublishableAdmin):
    resource_classes = [MeetingImport, AttendanceImport, MeetingCitationImport]
    list_display = ["reference", "status_shown", "both_languages", "kind", "starts_on", "phase", "changed_at"]
    list_display_links = ["reference", "both_languages"]
    list_filter = ["status", "kind", "phase", "format"]
    date_hierarchy = "starts_on"
    inlines = [
        AttendanceInline,
        AnnouncedFigureInline,
        AgendaItemInline,
        PaperInline,
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
        own = path("paper/<int:pk>/", self.admin_site.admin_view(self.paper_file), name="meetings_paper_file")
        return [own, *super().get_urls()]

    def paper_file(self, request, pk):
        """Give a stored file to those who may see its row."""
        if not request.user.has_perm("meetings.view_paper"):
            raise PermissionDenied
        paper = get_object_or_404(visible(Paper.objects.all(), request.user), pk=pk)
        return FileResponse(paper.file.open(), as_attachment=True, filename=paper.file_name)


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

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        # What cannot be found cannot be typed either: a key posted by hand is refused as unknown.
        others = db_field.remote_field.model._base_manager.all()
        return super().formfield_for_foreignkey(
            db_field, request, **{"queryset": visible(others, request.user)} | kwargs
        )

    def todo(self, request):
        return [action_section(self, request)] if self.has_view_permission(request) else []
