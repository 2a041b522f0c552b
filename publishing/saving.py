"""Saving a form of the admin so that nothing is lost: repeated, stale, lapsed, filled in from elsewhere."""

import copy
import hashlib
import secrets
from datetime import timedelta

from django.contrib import admin, messages
from django.contrib.admin.utils import flatten_fieldsets, unquote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.forms.formsets import all_valid
from django.http import Http404, QueryDict
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from publishing.models import Publication, SubmittedForm
from publishing.posted import fill, merge, without_empty_rows
from publishing.sides import STAFF_COLUMNS
from publishing.snapshots import as_moment, as_number, differences, snapshot, version_of

# What a form carries beside its fields: the moment of the version shown, and a name of this very form.
OPENED, TOKEN = "_opened", "_form"
# A form that was sent is remembered so long.
REMEMBERED = timedelta(days=30)
# Where the session keeps what was typed when the last one had ended, by the address of the form.
KEPT = "typed"


class Refusal(Exception):
    """A save was refused: nothing is written, and the form is shown again with `problems` at its head.

    `data` is what the form then holds, if not what was sent; `changes` tells what was saved meanwhile.
    """

    def __init__(self, problems: list[str], data: QueryDict | None = None, changes: list = ()):
        super().__init__(" ".join(problems))
        self.problems, self.data, self.changes = problems, data, changes


class Repeated(Exception):
    """This very form was saved already."""

    def __init__(self, object_id: str):
        super().__init__(object_id)
        self.object_id = object_id


def digest(data: QueryDict) -> str:
    """Return a fingerprint of what a form sent, without its protection against forgery."""
    sent = sorted((key, values) for key, values in data.lists() if key != "csrfmiddlewaretoken")
    return hashlib.sha256(repr(sent).encode()).hexdigest()


def of_the_form(state: dict, fields: set[str]) -> dict:
    """Return the part of a snapshot that a form can change."""
    kept = {name: value for name, value in state.get("fields", {}).items() if name in fields}
    return {"fields": kept, "rows": {row: rows for row, rows in state.get("rows", {}).items() if rows}}


def as_post(request, data: QueryDict):
    """Return a copy of `request` that posts `data`; files are not part of it."""
    post = copy.copy(request)
    post.method, post.POST, post._files = "POST", data, MultiValueDict()
    return post


def typed_before(request) -> QueryDict | None:
    """Return what was typed at this address when a session had ended, once, and say so; or None."""
    typed = request.session.get(KEPT, {}).pop(request.path, None)
    if typed is None:
        return None
    request.session.modified = True
    words = _(
        "Your session had ended. What you typed is in the form again and was not saved: "
        "check it and save. Files must be chosen again."
    )
    messages.warning(request, words)
    return QueryDict(typed)


class CarefulSaving(admin.ModelAdmin):
    """Writers wait for each other before their forms are checked; a form is saved once, and nothing is lost."""

    # The form and its rows ---------------------------------------------------------------------

    def form_and_formsets(self, request, record=None):
        """Return the form of a record (None: of a new one) and its formsets, bound if `request` posts."""
        fields = flatten_fieldsets(self.get_fieldsets(request, record))
        form_class = self.get_form(request, record, change=record is not None, fields=fields)
        bound = (request.POST, request.FILES) if request.method == "POST" else ()
        form = form_class(*bound, instance=record)
        formsets, _inlines = self._create_formsets(request, form.instance, change=record is not None)
        return form, formsets

    def replay(self, request, record, data: QueryDict):
        """Save `data` as the form of `record` would, in the name of whoever acts; return the record.

        Raises Refusal, with what is wrong in the form.
        """
        post = as_post(request, data)
        form, formsets = self.form_and_formsets(post, record)
        valid = form.is_valid()
        if not (all_valid(formsets) and valid):
            problems = [text for errors in form.errors.values() for text in errors]
            for formset in formsets:
                problems += formset.non_form_errors()
                problems += [text for row in formset.errors for errors in row.values() for text in errors]
            raise Refusal(problems)
        instance = self.save_form(post, form, change=record is not None)
        self.save_model(post, instance, form, record is not None)
        self.save_related(post, form, formsets, record is not None)
        return instance

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        problems = getattr(request, "problems", None)
        filled = getattr(request, "filled", None) if request.method == "GET" else None

        class Prepared(form):
            def __init__(self, data=None, files=None, **given):
                super().__init__(filled if data is None else data, files, **given)

            def clean(self):
                if problems:
                    self.add_error(None, problems)
                return super().clean()

        return Prepared if problems or filled is not None else form

    def get_formset_kwargs(self, request, obj, inline, prefix):
        arguments = super().get_formset_kwargs(request, obj, inline, prefix)
        if request.method == "GET" and getattr(request, "filled", None) is not None:
            arguments["data"] = request.filled.copy()
        return arguments

    # Showing and saving ------------------------------------------------------------------------

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        try:
            with transaction.atomic():
                answer = super().changeform_view(request, object_id, form_url, extra_context)
                self._remember(request)
                return answer
        except Repeated as repeated:
            return self._answer_again(request, object_id, repeated.object_id)
        except Refusal as refusal:
            # Nothing is written; the form is shown again with what was typed and with the reasons.
            request.problems = refusal.problems
            if refusal.data is not None:
                request.POST = refusal.data
            extra = (extra_context or {}) | {"meanwhile": refusal.changes}
            return super().changeform_view(request, object_id, form_url, extra)

    def _changeform_view(self, request, object_id, form_url, extra_context):
        first = not hasattr(request, "problems")
        if request.method == "POST" and first:
            Publication.lock()
            self._refuse_repeated(request, object_id)
            if object_id:
                self._refuse_stale(request, object_id)
        elif request.method == "GET":
            self._fill(request, object_id)
        return super()._changeform_view(request, object_id, form_url, extra_context)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        moment = version_of(obj) if obj is not None and obj.pk else None
        context["opened"] = as_number(moment) if moment else ""
        context["form_token"] = secrets.token_hex(16)
        context |= {"may_be_copied": self.may_be_copied, "copy_label": self.copy_label}
        return super().render_change_form(request, context, add, change, form_url, obj)

    # Once ----------------------------------------------------------------------------------------

    def response_add(self, request, obj, post_url_continue=None):
        request.saved = obj
        return super().response_add(request, obj, post_url_continue)

    def response_change(self, request, obj):
        request.saved = obj
        return super().response_change(request, obj)

    def _remember(self, request) -> None:
        token = request.POST.get(TOKEN, "") if hasattr(request, "saved") else ""
        if not token or len(token) > 32:
            return
        SubmittedForm.objects.filter(at__lt=timezone.now() - REMEMBERED).delete()
        SubmittedForm.objects.create(
            token=token,
            digest=request.sent_digest,
            object_id=str(request.saved.pk),
            user=request.user,
        )

    def _refuse_repeated(self, request, object_id) -> None:
        request.sent_digest = digest(request.POST)
        token = request.POST.get(TOKEN, "")
        sent = SubmittedForm.objects.filter(token=token, user=request.user).first() if token else None
        if sent is None:
            return
        if sent.digest == request.sent_digest:
            raise Repeated(sent.object_id)
        if not object_id:
            saved = self.get_queryset(request).filter(pk=sent.object_id).first()
            raise Refusal(
                [
                    _(
                        "This form was saved before, as “%(name)s”. To change that, open it. "
                        "To make another record of what you typed now, save again."
                    )
                    % {"name": saved or "–"}
                ]
            )

    def _answer_again(self, request, object_id, saved_id: str):
        """Answer a form that was sent twice as it was answered the first time; write nothing."""
        saved = self.get_queryset(request).filter(pk=saved_id).first()
        if saved is None:
            raise Http404
        if object_id is None:
            return admin.ModelAdmin.response_add(self, request, saved)
        return admin.ModelAdmin.response_change(self, request, saved)

    # Stale ---------------------------------------------------------------------------------------

    def _refuse_stale(self, request, object_id) -> None:
        """Show what was saved since the form was opened, and keep what was typed."""
        opened = as_moment(request.POST.get(OPENED, ""))
        record = self.get_object(request, unquote(object_id))
        if record is None or opened is None or not self.has_change_permission(request, record):
            return
        if (version_of(record) or opened) <= opened:
            return
        base, theirs = snapshot(record, opened, request.user), snapshot(record, user=request.user)
        form, formsets = self.form_and_formsets(as_post(request, request.POST), record)
        names = set(form.fields)
        if not base or of_the_form(base, names) == of_the_form(theirs, names):
            return
        data, differ = merge(form, formsets, request.POST, base, theirs)
        if not differ:
            return
        last = self.model.history.filter(id=record.pk).order_by("history_date", "history_id").last()
        person = getattr(record, "changed_by", None) or last.history_user
        words = _(
            "%(person)s saved this on %(moment)s, while you had it open. What changed meanwhile is listed "
            "below and is in the form already; where both of you changed the same, the form keeps your words. "
            "Check it and save again."
        ) % {
            "person": (person and (person.get_full_name() or person.username)) or "–",
            "moment": date_format(localtime(version_of(record)), "DATETIME_FORMAT"),
        }
        record.refresh_from_db()
        told = differences(record, base, theirs, request.user)
        changes = [one for one in told if one.row or one.name in names]
        raise Refusal([words], data, changes)

    # Filled in from elsewhere ----------------------------------------------------------------------

    def _fill(self, request, object_id) -> None:
        """Fill the form from an old version, another record, or what was typed before a session ended."""
        typed = typed_before(request)
        if typed is not None:
            request.filled = without_empty_rows(typed)
        elif object_id and "version" in request.GET:
            self._fill_version(request, object_id)
        elif not object_id and "copy" in request.GET:
            self._fill_copy(request)

    def _fill_version(self, request, object_id) -> None:
        record = self.get_object(request, unquote(object_id))
        moment = as_moment(request.GET["version"])
        if record is None or moment is None:
            raise Http404
        if not self.has_change_permission(request, record):
            raise PermissionDenied
        wanted = snapshot(record, moment, request.user)
        if not wanted:
            raise Http404
        form, formsets = self.form_and_formsets(request, record)
        request.filled = fill(form, formsets, wanted, snapshot(record, user=request.user))
        messages.info(
            request,
            _("The form holds what was on record on %(moment)s. Nothing is changed until you save.")
            % {"moment": date_format(localtime(moment), "DATETIME_FORMAT")},
        )

    # Whether a copy of a record is a thing of use: a file cannot be copied without its bytes.
    may_be_copied = True
    # What the link says that opens a form filled from a record.
    copy_label = gettext_lazy("Copy")
    # Columns that a copy does not take over: they belong to one record alone.
    not_copied: tuple[str, ...] = ("slug", "uen", "uscc", "number", *STAFF_COLUMNS)

    @property
    def copied_rows(self) -> list[type]:
        """Return the models of the rows that a copy takes over."""
        return [inline.model for inline in self.inlines if getattr(inline, "is_copied", False)]

    def copied(self, request, record, state: dict) -> dict:
        """Return, as a snapshot, what a copy of `record` begins with; `state` is the snapshot of `record`."""
        # The copy of a draft that the other side does not see yet is not seen either.
        own = (state["fields"].keys() & set(self.not_copied)) - {"kept_by"}
        fields = state["fields"] | {name: self.opts.get_field(name).get_default() for name in own}
        return {"fields": fields, "rows": {row: state["rows"].get(row, {}) for row in self.copied_rows}}

    def copied_words(self, record) -> str:
        """Return what a form says that was filled from `record`."""
        words = _("The form holds a copy of “%(name)s”. Nothing is on record until you save.")
        return words % {"name": record}

    def _fill_copy(self, request) -> None:
        given, known = request.GET["copy"], self.get_queryset(request)
        record = known.filter(pk=given).first() if given.isascii() and given.isdigit() else None
        if record is None or not self.may_be_copied:
            raise Http404
        form, formsets = self.form_and_formsets(request)
        wanted = self.copied(request, record, snapshot(record, user=request.user))
        request.filled = fill(form, formsets, wanted, {})
        messages.info(request, self.copied_words(record))
