"""The pages of what was: the changes of one record, a version of it, and what was deleted."""

import datetime

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from publishing.history import Filter, changes, title_of
from publishing.models import Tracked
from publishing.restoring import bring_back, deleted
from publishing.sides import side_choices
from publishing.snapshots import as_moment, as_number, differences, snapshot


def start_of(day: datetime.date) -> datetime.datetime:
    """Return the first moment of a day here."""
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time()))


class Day(forms.DateInput):
    """A day, chosen in the browser's own calendar."""

    input_type = "date"

    def __init__(self, **kwargs):
        super().__init__(format="%Y-%m-%d", **kwargs)


class HistoryFilter(forms.Form):
    """By whom, of which side, and when."""

    person = forms.ModelChoiceField(
        get_user_model().objects.none(),
        required=False,
        label=gettext_lazy("Person"),
        empty_label=gettext_lazy("All"),
    )
    side = forms.ChoiceField(required=False, label=gettext_lazy("Side"))
    since = forms.DateField(required=False, label=gettext_lazy("From"), widget=Day)
    until = forms.DateField(required=False, label=gettext_lazy("To"), widget=Day)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = get_user_model().objects.order_by("username")
        self.fields["side"].choices = [("", _("All")), *side_choices()]

    def asked(self, record: Tracked | None, before: str) -> Filter:
        """Return what to ask of the history; of a valid form."""
        data = self.cleaned_data
        return Filter(
            record=record,
            person=data["person"],
            side=data["side"],
            since=data["since"] and start_of(data["since"]),
            until=data["until"] and start_of(data["until"] + datetime.timedelta(days=1)),
            before=as_moment(before),
        )


def changes_page(request, record: Tracked | None = None) -> dict:
    """Return what a page of changes shows: the filter, the changes, and the address of the page after it."""
    form = HistoryFilter(request.GET or None)
    asked = form.asked(record, request.GET.get("before", "")) if form.is_valid() else Filter(record=record)
    found, is_cut = ([], False) if form.is_bound and not form.is_valid() else changes(request.user, asked)
    query = request.GET.copy()
    query["before"] = str(found[-1].number) if found else ""
    earlier = f"?{query.urlencode()}" if is_cut else ""
    del query["before"]
    return {"filter_form": form, "changes": found, "earlier": earlier, "query": query.urlencode()}


class HistoryPages(admin.ModelAdmin):
    """History in words, with the rows of a record; and bringing back what was deleted."""

    def get_urls(self):
        info = self.opts.app_label, self.opts.model_name
        view = self.admin_site.admin_view
        return [
            path("deleted/", view(self.deleted_view), name="{}_{}_deleted".format(*info)),
            path(
                "<path:object_id>/history/<slug:number>/",
                view(self.version_view),
                name="{}_{}_version".format(*info),
            ),
            *super().get_urls(),
        ]

    def _readable(self, request, object_id) -> Tracked:
        record = self.get_object(request, unquote(object_id))
        if record is None:
            raise Http404
        if not self.has_view_or_change_permission(request, record):
            raise PermissionDenied
        return record

    def _history_page(self, request, template: str, title: str, record=None, **context):
        return TemplateResponse(
            request,
            template,
            {
                **self.admin_site.each_context(request),
                "title": title,
                "opts": self.opts,
                "original": record,
                "object": record,
                "name": title_of(record) if record else "",
                **context,
            },
        )

    def history_view(self, request, object_id, extra_context=None):
        record = self._readable(request, object_id)
        return self._history_page(
            request,
            "admin/publishing/history.html",
            _("History of %(name)s") % {"name": title_of(record)},
            record,
            may_revert=self.has_change_permission(request, record),
            record_key=f"{self.opts.label_lower}:{record.pk}",
            **changes_page(request, record),
        )

    def version_view(self, request, object_id, number):
        """Show the record as it was at a moment, and how it differs from now."""
        record, moment = self._readable(request, object_id), as_moment(number)
        state = snapshot(record, moment, request.user) if moment else {}
        if not state:
            raise Http404
        present = snapshot(record, user=request.user)
        return self._history_page(
            request,
            "admin/publishing/version.html",
            title_of(record),
            record,
            moment=moment,
            number=as_number(moment),
            values=[one for one in differences(record, {}, state, request.user) if one.new],
            since=differences(record, state, present, request.user),
            may_revert=self.has_change_permission(request, record),
        )

    def deleted_view(self, request):
        """List what was deleted, and bring back what is asked for."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        found = deleted(self.model, request.user)
        may_bring_back = self.has_add_permission(request)
        if request.method == "POST":
            if not may_bring_back:
                raise PermissionDenied
            return self._bring_back(request, found)
        page = Paginator(found, 50).get_page(request.GET.get("p"))
        rows = [(version, title_of(version.instance)) for version in page]
        title = _("Deleted %(kinds)s") % {"kinds": self.opts.verbose_name_plural}
        return self._history_page(
            request, "admin/publishing/deleted.html", title, rows=rows, page=page, may_bring_back=may_bring_back
        )

    def _bring_back(self, request, found):
        given = request.POST.get("version", "")
        version = found.filter(pk=given).first() if given.isascii() and given.isdigit() else None
        address = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_deleted")
        if version is None:
            self.message_user(request, _("It is not there to be brought back."), messages.ERROR)
            return HttpResponseRedirect(address)
        try:
            # A row of a published record would be public again.
            if not self.has_change_permission(request, version.instance):
                raise ValidationError(_("The record is published: only a manager changes it."))
            record = bring_back(self.model, version)
        except ValidationError as error:
            for text in error.messages:
                self.message_user(request, text, messages.ERROR)
            return HttpResponseRedirect(address)
        words = _("%(kind)s “%(name)s” is on record again.")
        told = {"kind": capfirst(self.opts.verbose_name), "name": title_of(record)}
        self.message_user(request, words % told, messages.SUCCESS)
        return HttpResponseRedirect(
            reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[record.pk])
        )
