"""The base of every record's admin: status only through `move`, four eyes, one writer at a time."""

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminTextareaWidget, AdminTextInputWidget, RelatedFieldWidgetWrapper
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.forms import BaseInlineFormSet
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from publishing import proposal_pages  # noqa: F401  registers the proposed changes
from publishing.history_pages import HistoryPages
from publishing.models import ProposedChange, Publishable, Status
from publishing.naming import kept_here, published_naming, record_of
from publishing.proposals import Proposing, proposals_of
from publishing.receivers import is_awaited, release_waits
from publishing.rehearsal_pages import RehearsalPages
from publishing.row_forms import KEPT_HERE, KnownSelect, KnownSelectMultiple, guarded
from publishing.saving import Refusal
from publishing.sides import BOTH, hidden_columns, own_side_label, side_choices, visible
from publishing.waiting import RecordTodo
from publishing.workflow import (
    WRITES,
    Refused,
    confirm,
    disclosures,
    may,
    may_confirm,
    move,
    possible_moves,
    publication_problems,
)

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


# What other packages have to say of a record on its page: functions of (record, user) that return lines.
REMARKS: list = []

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


class SeenBySide(admin.options.BaseModelAdmin):
    """Rows and choices of a form: none that the other side keeps to itself."""

    def get_queryset(self, request):
        return visible(super().get_queryset(request), request.user)

    def formfield_for_choice_field(self, db_field, request, **kwargs):
        kwargs = side_arguments(db_field, request, kwargs)
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        arguments = self._choices(db_field, request, KnownSelect) | kwargs
        return super().formfield_for_foreignkey(db_field, request, **arguments)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        # A cross beside a choice reads as "empty this"; it would delete what is chosen.
        if isinstance(getattr(field, "widget", None), RelatedFieldWidgetWrapper):
            field.widget.can_delete_related = False
        return field

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        arguments = self._choices(db_field, request, KnownSelectMultiple) | kwargs
        return super().formfield_for_manytomany(db_field, request, **arguments)

    def _choices(self, db_field, request, widget) -> dict:
        """Return what a field offers: the rows that the person may see, by typing where the admin says so."""
        known = db_field.remote_field.model._default_manager.all()
        found = {"queryset": visible(known, request.user)}
        if db_field.name in self.get_autocomplete_fields(request):
            found["widget"] = widget(db_field, self.admin_site)
        return found

    def lookup_allowed(self, lookup, value, request=None):
        """Refuse to filter by what the person may not read: columns of the other side, rows of a record."""
        try:
            field = self.opts.get_field(lookup.split("__")[0])
        except FieldDoesNotExist:
            return super().lookup_allowed(lookup, value, request)
        is_own = lookup in {getattr(one, "parameter_name", "") for one in self.get_list_filter(request)}
        readable = field.concrete and field.name not in hidden_columns(self.model, request.user)
        return (is_own or readable) and super().lookup_allowed(lookup, value, request)


class TrackedAdmin(HistoryPages, Proposing, SeenBySide):
    """Admin of a tracked model.

    Writers wait for each other *before* their forms are checked, so that what the second one breaks is told
    in words, not found by the database. What the public sees is changed only by those who may publish: of
    a record, of its rows, and of the sources and persons that published records name.
    """

    list_per_page = 50
    change_list_template = "admin/publishing/record_list.html"
    change_form_template = "admin/publishing/record_form.html"
    formfield_overrides = SHORT_TEXTS

    # Rights ----------------------------------------------------------------------------------

    def may_change_record(self, request, record: Publishable) -> bool:
        return record.status in (Status.DRAFT, Status.IN_REVIEW) or may(record, "publish", request.user)

    def has_change_permission(self, request, obj=None):
        allowed = super().has_change_permission(request, obj)
        if obj is None or not allowed:
            return allowed
        if self.is_proposing(request, obj):
            return True
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

    def get_deleted_objects(self, objs, request):
        # The page would list what names them, and so what the other side keeps to itself.
        if kept_here(self.model, [one.pk for one in objs], request.user):
            return [], {}, set(), [KEPT_HERE]
        waiting = [release_waits(one) for one in objs if isinstance(one, Publishable) and is_awaited(one)]
        return ([], {}, set(), waiting) if waiting else super().get_deleted_objects(objs, request)

    # Saving ----------------------------------------------------------------------------------

    def get_changeform_initial_data(self, request):
        """Return the first values that the address gives; a link to what is not there is left out."""
        given = super().get_changeform_initial_data(request)
        for field in [*self.opts.concrete_fields, *self.opts.many_to_many]:
            if field.is_relation and field.name in given:
                keys = given[field.name] if isinstance(given[field.name], list) else [given[field.name]]
                if not all(str(key).isascii() and str(key).isdigit() for key in keys):
                    del given[field.name]
        return given

    def save_model(self, request, obj, form, change):
        record = record_of(obj)
        allowed = record is None or self.is_proposing(request, obj) or self.may_change_record(request, record)
        if not allowed and record.pk:
            raise Refusal([_("The record is published: only a manager changes it.")])
        self.note_before(request, obj)
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
            raise Refusal(problems)
        self.propose_instead(request, form.instance)


class OrderedRows(BaseInlineFormSet):
    """Rows in the order of entry, one without a number after the others; every control is named."""

    def add_fields(self, form, index):
        super().add_fields(form, index)
        # The headings of a table label no control for who hears the page.
        for field in form.fields.values():
            widget = getattr(field.widget, "widget", field.widget)
            if not widget.is_hidden:
                widget.attrs.setdefault("aria-label", field.label)

    def clean(self):
        super().clean()
        if "position" not in self.empty_form.fields:
            return
        filled = [form for form in self.forms if form.has_changed() or form.instance.pk]
        numbers = [form.cleaned_data.get("position") or 0 for form in filled if hasattr(form, "cleaned_data")]
        last = max(numbers, default=0)
        for form in filled:
            if hasattr(form, "cleaned_data") and form.cleaned_data.get("position") is None:
                last += 1
                form.instance.position = last


class RowInline(SeenBySide, admin.TabularInline):
    """Rows of a record, in its form."""

    extra = 0
    classes = ["collapse"]
    # Whether a copy of the record takes these rows over.
    is_copied = False
    formset = OrderedRows
    formfield_overrides = {models.TextField: {"widget": AdminTextareaWidget(attrs={"rows": 2})}}

    def get_formset(self, request, obj=None, **kwargs):
        return guarded(super().get_formset(request, obj, **kwargs), request.user)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "position":
            field.required, field.initial = False, None
            field.help_text = _("Empty: after the others.")
        return field


class CitationInline(SeenBySide, admin.StackedInline):
    """Sources of a record, in its form."""

    extra = 0
    is_copied = True
    autocomplete_fields = ["source"]
    fields = [
        ("source", "stance"),
        ("locator_en", "locator_zh"),
        ("about_en", "about_zh"),
        ("says_en", "says_zh"),
        "as_printed",
    ]
    verbose_name = gettext_lazy("source")
    verbose_name_plural = gettext_lazy("sources")
    formfield_overrides = SHORT_TEXTS | {models.TextField: {"widget": AdminTextareaWidget(attrs={"rows": 2})}}


class PublishableAdmin(RehearsalPages, RecordTodo, TrackedAdmin):
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

    # What is shown ---------------------------------------------------------------------------

    @admin.display(description=gettext_lazy("publication status"), ordering="status")
    def status_shown(self, record):
        return format_html(
            '<span class="publication" data-status="{}">{}</span>', record.status, record.get_status_display()
        )

    @admin.display(description=gettext_lazy("author of the last change"))
    def author_shown(self, record):
        return (record.changed_by and (record.changed_by.get_full_name() or record.changed_by)) or "–"

    @admin.display(description=gettext_lazy("address on the site"))
    def public_link(self, record):
        if not record.is_published:
            return "–"
        return format_html('<a href="{}">{}</a>', record.get_absolute_url(), record.get_absolute_url())

    def file_notes(self, request, rows) -> list[tuple[str, str]]:
        """Return what a file of the list says of itself: for whom it is, and whether all of it is public."""
        kept, open_to_all = rows.exclude(kept_by=""), rows.exclude(status=Status.PUBLISHED)
        reader = own_side_label(request.user.side) if kept.exists() else _("For staff of both sides")
        words = _("Holds records that are not published: not for the public. The column “status” says which.")
        public = words if open_to_all.exists() else _("Every record in it is published.")
        return [(_("For whom"), reader), (_("Publication"), public)]

    def view_on_site(self, record):
        # As it is stored: a form that is shown again holds what was typed, such as no address at all.
        stored = type(record)._base_manager.get(pk=record.pk)
        return stored.get_absolute_url() if stored.is_published else None

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
                "warnings": obj.publication_warnings()
                + [line for remarks in REMARKS for line in remarks(obj, request.user)],
                "moves": [(to.value, MOVE_LABELS[(Status(obj.status), to)]) for to in moves],
                "may_withdraw": Status.WITHDRAWN in moves,
                "confirmations": self._confirmations(request, obj),
                "release": obj.release if obj.release_id and not obj.is_published else None,
            }
            context["proposals"] = proposals_of(obj, request.user).filter(
                state__in=[ProposedChange.State.OPEN, ProposedChange.State.SENT_BACK]
            )
            if self.is_proposing(request, obj):
                context |= {
                    "is_proposing": True,
                    "show_save": False,
                    "show_save_and_add_another": False,
                    "show_save_and_continue": False,
                }
        # What a person writes now, another publishes.
        own = [to for to in possible_moves(self.model(), request.user) if to != Status.PUBLISHED] if add else []
        context["first_moves"] = [(to.value, MOVE_LABELS[(Status.DRAFT, to)]) for to in own]
        context["languages"] = settings.LANGUAGES
        context["object_or_add"] = obj.pk if obj is not None and obj.pk else "add"
        return super().render_change_form(request, context, add, change, form_url, obj)

    def _confirmations(self, request, record) -> list[dict]:
        """Return what to say of the confirmation of each language's text, where texts are confirmed."""
        if not settings.BOTH_SIDES_CONFIRM:
            return []
        texts = {
            "en": (_("English text"), _("Confirm the English text")),
            "zh": (_("Chinese text"), _("Confirm the Chinese text")),
        }
        found = []
        for suffix, (text, label) in texts.items():
            by, at = getattr(record, f"confirmed_{suffix}_by"), getattr(record, f"confirmed_{suffix}_at")
            words = _("%(text)s: not confirmed") % {"text": text}
            if at:
                told = {"text": text, "person": by or "–", "day": date_format(localtime(at), "DATE_FORMAT")}
                words = _("%(text)s: confirmed by %(person)s on %(day)s") % told
            free = not at and may_confirm(record, suffix, request.user)
            found.append({"suffix": suffix, "words": words, "label": label, "may_confirm": free})
        return found

    # Saving ----------------------------------------------------------------------------------

    def response_add(self, request, obj, post_url_continue=None):
        self._move_after_save(request, obj)
        return super().response_add(request, obj, post_url_continue)

    def response_change(self, request, obj):
        self._move_after_save(request, obj)
        return super().response_change(request, obj)

    def _confirm_after_save(self, request, obj) -> None:
        suffix = request.POST.get("_confirm")
        if suffix not in WRITES.values():
            return
        request.POST = request.POST.copy()
        request.POST["_continue"] = "1"
        try:
            confirm(obj, suffix, by=request.user)
        except Refused as refused:
            self.message_user(request, as_list(refused.problems), messages.ERROR)

    def _move_after_save(self, request, obj) -> None:
        self._confirm_after_save(request, obj)
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

    def _move(self, request, record, to: str, reason: str = "", is_one: bool = True) -> bool:
        """Move a record and tell the person; of one among many only what was refused, and what it lacks."""
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
        if is_one:
            self.message_user(
                request,
                _("%(reference)s “%(name)s” is now “%(status)s”.")
                % {"reference": record.reference, "name": record, "status": record.get_status_display()},
                messages.SUCCESS,
            )
        for warning in record.publication_warnings() if to == Status.PUBLISHED else []:
            words = warning if is_one else f"{record.reference}: {warning}"
            self.message_user(request, words, messages.WARNING)
        return True

    # Actions on a list -----------------------------------------------------------------------

    def _move_all(self, request, queryset, to: str) -> None:
        # Read once: what was moved may no longer be in the list that the action was called on.
        records = list(queryset.order_by("pk"))
        total = len(records)
        done = sum(self._move(request, record, to, is_one=total == 1) for record in records)
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
