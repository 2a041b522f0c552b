"""The officers' pages of follow-up actions: the ledger, one action with what became of it, and its notes."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, Q
from django.http import Http404, HttpResponseBadRequest, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from initiative.dates import Precision, show
from listing.list_files import FiltersRefused, filters_of, list_as_shown
from meetings import desk
from meetings.actions import ledger
from meetings.actions.due import (
    DUE,
    OPEN,
    DueFilter,
    action_section,
    by_due,
    days_late,
    due_words,
    late_words,
    open_from_earlier,
)
from meetings.actions.follow_up import FollowUpForm, timeline
from meetings.minutes.freezing import frozen_words, is_held
from meetings.models import Action, ActionNote, AgendaItem
from publishing.admin import TrackedAdmin, without
from publishing.list_filters import ChoiceFilter
from publishing.models import Publication
from publishing.saving import typed_before
from publishing.sides import visible
from publishing.todo import page_address


class NamedFilter(ChoiceFilter):
    """A filter by what the actions name, of those that the person may see."""

    link = ""

    def lookups(self, request, model_admin):
        model = Action._meta.get_field(self.link).related_model
        named = model_admin.get_queryset(request).exclude(**{self.link: None}).values(self.link)
        return [(one.pk, self.name(one)) for one in model.objects.filter(pk__in=named)]

    def name(self, one) -> str:
        return str(one)

    def queryset(self, request, queryset):
        return queryset.filter(**{self.link: self.value()}) if self.value() else queryset


class MeetingFilter(NamedFilter):
    title = gettext_lazy("meeting")
    parameter_name = link = "meeting"

    def name(self, one) -> str:
        return one.code if one.number else str(one)


class OwnerFilter(NamedFilter):
    title = gettext_lazy("owner organisation")
    parameter_name = link = "organisation"


@admin.register(Action)
class ActionAdmin(TrackedAdmin):
    """The ledger of follow-up actions of all meetings; their rights are those of their meeting."""

    change_list_template = "admin/meetings/action_list.html"
    change_form_template = "admin/meetings/action_form.html"
    list_display = ["code", "text_shown", "due_shown", "state_shown", "owner_shown", "last_note_shown"]
    list_display_links = ["code", "text_shown"]
    list_filter = [DueFilter, "state", "owner_side", MeetingFilter, OwnerFilter]
    list_select_related = ["meeting", "due_meeting", "organisation"]
    ordering = [DUE.asc(nulls_last=True), "meeting", "number"]
    search_fields = ["text_en", "text_zh", "meeting__search_text"]
    show_full_result_count = False
    autocomplete_fields = ["meeting", "agenda_item", "organisation", "due_meeting"]
    fieldsets = [
        (None, {"fields": [("meeting", "number"), "agenda_item", ("text_en", "text_zh")]}),
        (pgettext_lazy("of an action", "Owner"), {"fields": [("owner_side", "organisation"), "visibility"]}),
        (pgettext_lazy("of an action", "Due"), {"fields": [("due_on", "due_meeting")]}),
        (pgettext_lazy("of an action", "State"), {"fields": [("state", "closed_on"), "closing_note"]}),
    ]

    # The list --------------------------------------------------------------------------------

    def get_queryset(self, request):
        return ledger.with_last_note(super().get_queryset(request), request.user).annotate(due=DUE)

    @admin.display(description=pgettext_lazy("of an action", "number"), ordering="meeting")
    def code(self, action):
        return str(action)

    @admin.display(description=gettext_lazy("text"))
    def text_shown(self, action):
        return format_html('<span lang="{}">{}</span>', action.text.lang, action.text) if action.text else "–"

    @admin.display(description=pgettext_lazy("of an action", "owner"), ordering="owner_side")
    def owner_shown(self, action):
        if not action.organisation:
            return action.get_owner_side_display()
        return format_html("{}<br>{}", action.get_owner_side_display(), action.organisation)

    @admin.display(description=pgettext_lazy("of an open action", "due"), ordering=DUE)
    def due_shown(self, action):
        words, late = due_words(action) or "–", _late(action)
        return format_html('{}<br><strong class="late">{}</strong>', words, late) if late else words

    @admin.display(description=pgettext_lazy("of an action", "state"), ordering="state")
    def state_shown(self, action):
        if not action.closed_on:
            return action.get_state_display()
        return format_html("{}<br>{}", action.get_state_display(), show(action.closed_on, Precision.DAY))

    @admin.display(description=gettext_lazy("last note"))
    def last_note_shown(self, action):
        if not action.last_note_at:
            return "–"
        day = localtime(action.last_note_at).date()
        return format_html(
            '<time datetime="{}">{}</time><br>{}',
            day.isoformat(),
            show(day, Precision.DAY),
            Truncator(action.last_note).chars(120),
        )

    def todo(self, request):
        return [action_section(self, request)] if self.has_view_permission(request) else []

    # The form --------------------------------------------------------------------------------

    def get_readonly_fields(self, request, obj=None):
        numbered = ["meeting", "number"] if obj else []
        return [*super().get_readonly_fields(request, obj), *numbered]

    def get_fieldsets(self, request, obj=None):
        # A link to an agenda item that the other side keeps is neither shown nor lost.
        if obj is None or not obj.agenda_item_id or self._sees_item(request, obj):
            return super().get_fieldsets(request, obj)
        return [
            (name, options | {"fields": without(options["fields"], {"agenda_item"})})
            for name, options in super().get_fieldsets(request, obj)
        ]

    def _sees_item(self, request, action) -> bool:
        return visible(AgendaItem.objects.filter(pk=action.agenda_item_id), request.user).exists()

    def get_deleted_objects(self, objs, request):
        if any(is_held(action) for action in objs):
            return [], {}, set(), [frozen_words()]
        return super().get_deleted_objects(objs, request)

    # Files -----------------------------------------------------------------------------------

    def get_urls(self):
        view = self.admin_site.admin_view
        own = [
            path("ledger.<str:format>", view(self.sheet), name="meetings_action_ledger"),
            path("ledger/<str:language>.<str:format>", view(self.document), name="meetings_action_document"),
            path("<int:object_id>/follow-up/", view(self.follow_up), name="meetings_action_follow_up"),
        ]
        return own + super().get_urls()

    def _answer(self, request, write):
        """Answer with what the list shows under the same filters; a filter that is none is refused."""
        try:
            return write(list_as_shown(self, request))
        except FiltersRefused as refused:
            return HttpResponseBadRequest(str(refused), content_type="text/plain; charset=utf-8")

    def sheet(self, request, format):
        def write(listed):
            return ledger.sheet(listed.queryset, format, filters_of(listed), request.user)

        return self._answer(request, write)

    def document(self, request, language, format):
        return self._answer(request, lambda listed: ledger.answer(listed.queryset, language, format))

    # One action ------------------------------------------------------------------------------

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj is not None and obj.pk:
            context["follow_up"] = self._follow_up(request, obj)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def _follow_up(self, request, action, form=None) -> dict:
        """Return what the part of a page on the follow-up shows; no form to who may write nothing."""
        form = form or FollowUpForm(action=action, user=request.user)
        return {"action": action, "entries": timeline(action, request.user), "form": form.fields and form}

    def follow_up(self, request, object_id):
        """Write a note on an action, change its state, or both."""
        with transaction.atomic():
            if request.method == "POST":
                Publication.lock()
            action = self.get_queryset(request).select_related("meeting").filter(pk=object_id).first()
            if action is None:
                raise Http404
            data = request.POST if request.method == "POST" else typed_before(request)
            form = FollowUpForm(data, action=action, user=request.user)
            if not (self.has_view_permission(request) and form.fields):
                raise PermissionDenied
            if request.method == "POST" and form.is_valid():
                form.save()
                self.message_user(request, _("%(action)s: saved.") % {"action": action}, messages.SUCCESS)
                return HttpResponseRedirect(f"{page_address(action)}#follow-up")
        return TemplateResponse(
            request,
            "admin/meetings/action_follow_up.html",
            self.admin_site.each_context(request)
            | {
                "title": _("Follow up %(action)s") % {"action": action},
                "opts": self.opts,
                "original": action,
                "follow_up": self._follow_up(request, action, form),
            },
        )


@admin.register(ActionNote)
class ActionNoteAdmin(TrackedAdmin):
    """For deleting a note, and bringing it back; notes are read and written on the page of their action."""

    actions = None
    list_display = ["action", "text", "written_by", "written_at"]
    list_select_related = ["action__meeting", "written_by"]
    fields = ["action", "text", "visibility", "owner_side", "written_by", "written_at"]

    def has_module_permission(self, request):
        return False

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        if obj is None:
            return request.user.has_perm("meetings.delete_actionnote")
        return obj.may_be_deleted_by(request.user)

    def response_delete(self, request, obj_display, obj_id):
        super().response_delete(request, obj_display, obj_id)
        return HttpResponseRedirect(request.note_of)

    def delete_model(self, request, obj):
        request.note_of = reverse("admin:meetings_action_change", args=[obj.action_id])
        super().delete_model(request, obj)


# The desk of a meeting ---------------------------------------------------------------------------


def actions_page(request, meeting):
    """Show the actions of a meeting, and what is still open from those before it."""
    own = visible(Action.objects.filter(meeting=meeting), request.user)
    lists = [by_due(own), open_from_earlier(meeting, request.user)]
    actions, earlier = (list(ledger.with_last_note(found, request.user)) for found in lists)
    admin_of_actions = admin.site.get_model_admin(Action)
    may_add = admin_of_actions.has_add_permission(request)
    return desk.page(
        request,
        meeting,
        "actions",
        "admin/meetings/desk/actions.html",
        actions=[(one, due_words(one), _late(one)) for one in actions],
        earlier=[(one, due_words(one), _late(one)) for one in earlier],
        files_query=f"meeting={meeting.pk}",
        may_add=may_add and admin_of_actions.may_change_record(request, meeting),
    )


def _late(action: Action) -> str:
    return late_words(days_late(action, localdate()))


def actions_note(request, meeting) -> str:
    """Return how many of a meeting's actions are open."""
    own = visible(Action.objects.filter(meeting=meeting), request.user)
    found = own.aggregate(all=Count("pk"), open=Count("pk", filter=Q(state__in=OPEN)))
    return _("%(open)s of %(all)s open") % found if found["all"] else ""


desk.register(
    desk.DeskPage(
        key="actions",
        label=gettext_lazy("Follow-up actions"),
        group="after",
        position=40,
        views={"": actions_page},
        note=actions_note,
        about=gettext_lazy("What was to be done, by whom, and what is still open from earlier meetings."),
    )
)
