"""The base of every record's admin: status only through `move`, four eyes, one writer at a time."""

from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminTextareaWidget, AdminTextInputWidget
from django.db import models, transaction
from django.http import Http404
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from simple_history.admin import SimpleHistoryAdmin

from publishing.models import Publication, Publishable, Status
from publishing.naming import published_naming, record_of, rows_of
from publishing.sides import BOTH, hidden_columns, side_choices, visible
from publishing.waiting import RecordTodo
from publishing.workflow import Refused, disclosures, may, move, possible_moves, publication_problems

# What the button of a step says, by the status before and after it.
MOVE_LABELS = {
    (Status.DRAFT, Status.IN_REVIEW): gettext_lazy("Save and submit for review"),
    (Status.DRAFT, Status.PUBLISHED): gettext_lazy("Save and publish"),
    (Status.IN_REVIEW, Status.DRAFT): gettext_lazy("Save and send back"),
    (Status.IN_REVIEW, Status.PUBLISHED): gettext_lazy("Save and publish"),
    (Status.PUBLISHED, Status.WITHDRAWN): gettext_lazy("Withdraw"),
    (Status.WITHDRAWN, Status.DRAFT): gettext_lazy("Make it a draft again"),
    (Status.WITHDRAWN, Status.PUBLISHED): gettext_lazy("Publish again"),
}


# Room for three lines: the browser lets each be drawn larger.
SHORT_TEXTS = {
    models.TextField: {"widget": AdminTextareaWidget(attrs={"rows": 3})},
    models.CharField: {"widget": AdminTextInputWidget(attrs={"class": "vLargeTextField"})},
    models.URLField: {"assume_scheme": "https"},
}


def as_list(lines: list[str]) -> str:
    return format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", ((line,) for line in lines)))


def without(fields, hidden: set[str]) -> list:
    """Return the fields of a fieldset, in their lines, without the hidden ones."""
    kept = []
    for line in fields:
        names = [name for name in ([line] if isinstance(line, str) else line) if name not in hidden]
        if names:
            kept.append(names[0] if len(names) == 1 else tuple(names))
    return kept


class UnfitToBePublic(Exception):
    """A save would leave a published record unfit to be public."""

    def __init__(self, problems: list[str]):
        super().__init__(" ".join(problems))
        self.problems = problems


def hidden_rows(record, user) -> bool:
    """Return whether `record` holds rows that the other side keeps to itself."""
    for row, lookup in rows_of(type(record)):
        rows = row._base_manager.filter(**{lookup: record})
        if visible(rows, user).count() != rows.count():
            return True
    return False


def side_arguments(db_field, request, kwargs: dict) -> dict:
    """Return the form field's arguments: an owner side begins as one's own, a draft is kept by one's own."""
    if request.user.side == BOTH:
        return kwargs
    if db_field.name == "owner_side":
        return kwargs | {"initial": request.user.side}
    if db_field.name == "kept_by":
        own = [(side, label) for side, label in side_choices() if side == request.user.side]
        return kwargs | {"choices": [("", _("neither: both sides see it")), *own]}
    return kwargs


class TrackedAdmin(SimpleHistoryAdmin):
    """Admin of a tracked model.

    Writers wait for each other *before* their forms are checked, so that what the second one breaks is told
    in words, not found by the database. What the public sees is changed only by those who may publish: of
    a record, of its rows, and of the sources and persons that published records name.
    """

    list_per_page = 50
    formfield_overrides = SHORT_TEXTS

    # Rights ----------------------------------------------------------------------------------

    def get_queryset(self, request):
        return visible(super().get_queryset(request), request.user)

    def may_change_record(self, request, record: Publishable) -> bool:
        return record.status in (Status.DRAFT, Status.IN_REVIEW) or may(record, "publish", request.user)

    def has_change_permission(self, request, obj=None):
        allowed = super().has_change_permission(request, obj)
        if obj is None or not allowed:
            return allowed
        record = record_of(obj)
        naming = published_naming(obj) if record is None else [record]
        return all(self.may_change_record(request, one) for one in naming)

    def has_delete_permission(self, request, obj=None):
        allowed = super().has_delete_permission(request, obj)
        if obj is None or not allowed:
            return allowed
        record = record_of(obj)
        if record is obj:
            return not record.was_ever_published
        return record is None or self.may_change_record(request, record)

    # History ---------------------------------------------------------------------------------

    def _refuse_hidden(self, request, object_id) -> None:
        has_visibility = any(field.name == "visibility" for field in self.opts.fields)
        if has_visibility and not self.get_queryset(request).filter(pk=object_id).exists():
            raise Http404

    def history_view(self, request, object_id, extra_context=None):
        self._refuse_hidden(request, object_id)
        return super().history_view(request, object_id, extra_context)

    def history_form_view(self, request, object_id, version_id, extra_context=None):
        self._refuse_hidden(request, object_id)
        if not str(version_id).isdigit():
            raise Http404
        return super().history_form_view(request, object_id, version_id, extra_context)

    # Saving ----------------------------------------------------------------------------------

    def formfield_for_choice_field(self, db_field, request, **kwargs):
        return super().formfield_for_choice_field(
            db_field, request, **side_arguments(db_field, request, kwargs)
        )

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        try:
            with transaction.atomic():
                return super().changeform_view(request, object_id, form_url, extra_context)
        except UnfitToBePublic as unfit:
            # Nothing is written; the form is shown again with what was typed and with the reasons.
            request.unfit = unfit.problems
            return super().changeform_view(request, object_id, form_url, extra_context)

    def _changeform_view(self, request, object_id, form_url, extra_context):
        if request.method == "POST":
            Publication.lock()
        return super()._changeform_view(request, object_id, form_url, extra_context)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        problems = getattr(request, "unfit", None)
        if not problems:
            return form

        class RefusedForm(form):
            def clean(self):
                self.add_error(None, problems)
                return super().clean()

        return RefusedForm

    def save_model(self, request, obj, form, change):
        record = record_of(obj)
        if record is not None and record.pk and not self.may_change_record(request, record):
            raise UnfitToBePublic([_("The record is published: only a manager changes it.")])
        # Pressing Save without a change is none: the author of the last change stays.
        if not change or form.has_changed():
            super().save_model(request, obj, form, change)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        record = record_of(form.instance)
        if record is None:
            return
        problems = publication_problems(record) if record.is_published else []
        if problems := [*problems, *disclosures(record)]:
            raise UnfitToBePublic(problems)


class RowInline(admin.TabularInline):
    """Rows of a record, in its form."""

    extra = 0
    classes = ["collapse"]
    formfield_overrides = {models.TextField: {"widget": AdminTextareaWidget(attrs={"rows": 2})}}

    def get_queryset(self, request):
        return visible(super().get_queryset(request), request.user)

    def formfield_for_choice_field(self, db_field, request, **kwargs):
        return super().formfield_for_choice_field(
            db_field, request, **side_arguments(db_field, request, kwargs)
        )


class CitationInline(admin.StackedInline):
    """Sources of a record, in its form."""

    extra = 0
    autocomplete_fields = ["source"]
    fields = [
        ("source", "stance"),
        ("locator_en", "locator_zh"),
        ("about_en", "about_zh"),
        ("says_en", "says_zh"),
        "as_printed",
    ]
    verbose_name_plural = gettext_lazy("sources")
    formfield_overrides = {models.TextField: {"widget": AdminTextareaWidget(attrs={"rows": 2})}}


class PublishableAdmin(RecordTodo, TrackedAdmin):
    change_form_template = "admin/publishing/change_form.html"
    list_filter = ["status"]
    readonly_fields = ["reference", "status_shown", "author_shown"]
    # Withdrawing asks for a reason, one record at a time, on the record's own page.
    actions = ["submit_for_review", "publish", "send_back"]
    save_on_top = True
    record_fieldset = (gettext_lazy("Record"), {"fields": [("reference", "status_shown", "author_shown")]})
    staff_fieldset = (
        gettext_lazy("For staff"),
        {
            "fields": [
                "kept_by",
                "notes",
                ("notes_singapore", "notes_shenzhen"),
                ("file_reference_singapore", "file_reference_shenzhen"),
            ],
            "classes": ["collapse"],
        },
    )

    # Rights ----------------------------------------------------------------------------------

    def may_publish(self, request) -> bool:
        return request.user.has_perm(f"{self.opts.app_label}.publish_{self.opts.model_name}")

    def get_deleted_objects(self, objs, request):
        listed, counts, perms, protected = super().get_deleted_objects(objs, request)
        if any(hidden_rows(record, request.user) for record in objs):
            refusal = _("The other side keeps rows of its own here. Ask a person of that side to delete them.")
            return [], {}, perms, [refusal]
        return listed, counts, perms, protected

    # What is shown ---------------------------------------------------------------------------

    @admin.display(description=gettext_lazy("publication status"), ordering="status")
    def status_shown(self, record):
        return format_html(
            '<span class="publication" data-status="{}">{}</span>', record.status, record.get_status_display()
        )

    @admin.display(description=gettext_lazy("author of the last change"))
    def author_shown(self, record):
        return record.changed_by or "–"

    @admin.display(description=gettext_lazy("address on the site"))
    def public_link(self, record):
        if not record.is_published:
            return "–"
        return format_html('<a href="{}">{}</a>', record.get_absolute_url(), record.get_absolute_url())

    def view_on_site(self, record):
        return record.get_absolute_url() if record.is_published else None

    def get_queryset(self, request):
        # Django leaves list_select_related aside where a queryset names relations itself.
        return super().get_queryset(request).select_related("changed_by", *(self.list_select_related or ()))

    def get_fieldsets(self, request, obj=None):
        hidden = hidden_columns(self.model, request.user)
        if obj is not None and obj.was_ever_published:
            hidden = hidden | {"kept_by"}
        return [
            (name, options | {"fields": without(options["fields"], hidden)})
            for name, options in super().get_fieldsets(request, obj)
        ]

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj is not None:
            moves = possible_moves(obj, request.user)
            context["publication"] = {
                "problems": [] if obj.is_published else publication_problems(obj),
                "warnings": obj.publication_warnings(),
                "moves": [(to.value, MOVE_LABELS[(Status(obj.status), to)]) for to in moves],
                "may_withdraw": Status.WITHDRAWN in moves,
            }
        return super().render_change_form(request, context, add, change, form_url, obj)

    # Saving ----------------------------------------------------------------------------------

    def response_add(self, request, obj, post_url_continue=None):
        self._move_after_save(request, obj)
        return super().response_add(request, obj, post_url_continue)

    def response_change(self, request, obj):
        self._move_after_save(request, obj)
        return super().response_change(request, obj)

    def _move_after_save(self, request, obj) -> None:
        to = request.POST.get("_move")
        if to not in Status.values:
            return
        # Back to the record, where its new status and what it lacks can be seen.
        request.POST = request.POST.copy()
        request.POST["_continue"] = "1"
        reason = request.POST.get("_withdrawal_reason", "").strip()
        if to == Status.WITHDRAWN and not reason:
            self.message_user(
                request, _("Give the reason for withdrawing it; the public reads it."), messages.ERROR
            )
        else:
            self._move(request, obj, to, reason)

    def _move(self, request, record, to: str, reason: str = "") -> bool:
        try:
            move(record, to, by=request.user, reason=reason)
        except Refused as refused:
            words = _("%(reference)s “%(name)s” stays “%(status)s”:") % {
                "reference": record.reference,
                "name": record,
                "status": record.get_status_display(),
            }
            self.message_user(request, format_html("{} {}", words, as_list(refused.problems)), messages.ERROR)
            return False
        self.message_user(
            request,
            _("%(reference)s “%(name)s” is now “%(status)s”.")
            % {"reference": record.reference, "name": record, "status": record.get_status_display()},
            messages.SUCCESS,
        )
        for warning in record.publication_warnings() if to == Status.PUBLISHED else []:
            self.message_user(request, warning, messages.WARNING)
        return True

    # Actions on a list -----------------------------------------------------------------------

    def _move_all(self, request, queryset, to: str) -> None:
        done = sum(self._move(request, record, to) for record in queryset.order_by("pk"))
        total = queryset.count()
        if total > 1:
            words = ngettext(
                "%(done)s of %(total)s record moved.", "%(done)s of %(total)s records moved.", total
            )
            self.message_user(request, words % {"done": done, "total": total})

    @admin.action(description=gettext_lazy("Submit for review"), permissions=["change"])
    def submit_for_review(self, request, queryset):
        self._move_all(request, queryset, Status.IN_REVIEW)

    @admin.action(description=gettext_lazy("Publish"), permissions=["publish"])
    def publish(self, request, queryset):
        self._move_all(request, queryset, Status.PUBLISHED)

    @admin.action(description=gettext_lazy("Send back"), permissions=["change"])
    def send_back(self, request, queryset):
        self._move_all(request, queryset, Status.DRAFT)

    def has_publish_permission(self, request) -> bool:
        return self.may_publish(request)
