"""The list of an admin page as a file: what its filters and its search leave, as CSV or Excel."""

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import SEARCH_VAR, ChangeList
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBadRequest, StreamingHttpResponse
from django.urls import path
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from listing.columns import Column
from listing.excel import TooManyRows, refuse_too_many
from listing.exports import CONTENT_TYPES, SHEETS, about_sheet, file_name, to_csv, to_xlsx


def filters_of(listed: ChangeList) -> dict[str, list[str]]:
    """Return the filters of a list and its search as the address has them: name to values."""
    given = {
        name.removesuffix("__exact").removesuffix("__id"): list(values)
        for name, values in listed.get_filters_params().items()
    }
    return given | ({SEARCH_VAR: [listed.query]} if listed.query else {})


def conditions_of(listed: ChangeList) -> str:
    """Return the filters of a list and its search in words, "" where there are none."""
    chosen = {}
    for filter in listed.filter_specs:
        # The first choice of every filter of the admin is that of all rows.
        labels = [str(one["display"]) for one in list(filter.choices(listed))[1:] if one["selected"]]
        if labels:
            chosen[capfirst(str(filter.title))] = labels
    if listed.query:
        chosen[_("Search")] = [_("“%(term)s”") % {"term": listed.query}]
    words = (
        _("%(label)s: %(values)s") % {"label": label, "values": _(" or ").join(labels)}
        for label, labels in chosen.items()
    )
    return _("; ").join(words)


class FiltersRefused(Exception):
    """The list has no such filters; the message says what to do."""


def list_as_shown(options: admin.ModelAdmin, request) -> ChangeList:
    """Return the list as its page shows it. Raises PermissionDenied; FiltersRefused of filters it has not."""
    if not options.has_view_permission(request):
        raise PermissionDenied
    try:
        return options.get_changelist_instance(request)
    except IncorrectLookupParameters:
        words = _("These filters do not fit the list: open the list and choose again.")
        raise FiltersRefused(words) from None


class ListFiles(admin.ModelAdmin):
    """A list in the admin that whoever may view it may take away, with its filters and its search.

    The base admin leaves out what the person may not see, and says by `file_notes` for whom a file is.
    """

    file_columns: tuple[Column, ...] = ()

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_export"
        own = path("export.<str:format>", self.admin_site.admin_view(self.list_file), name=name)
        return [own, *super().get_urls()]

    def list_file(self, request, format: str) -> HttpResponse:
        """Give the rows of the list as a file. Raises Http404 of another format."""
        if format not in SHEETS:
            raise Http404
        try:
            listed = list_as_shown(self, request)
            answer = self._written(request, listed, format)
        except (FiltersRefused, TooManyRows) as refused:
            return HttpResponseBadRequest(str(refused), content_type="text/plain; charset=utf-8")
        answer["Content-Type"] = CONTENT_TYPES[format]
        name = file_name(f"staff-{self.opts.model_name}", filters_of(listed))
        answer["Content-Disposition"] = f'attachment; filename="{name}.{format}"'
        return answer

    def _written(self, request, listed: ChangeList, format: str) -> HttpResponse:
        rows = listed.queryset
        if format == "csv":
            return StreamingHttpResponse(to_csv(rows, self.file_columns))
        refuse_too_many(listed.result_count)
        contents = _("%(kind)s: %(count)s") % {
            "kind": capfirst(str(self.opts.verbose_name_plural)),
            "count": listed.result_count,
        }
        if conditions := conditions_of(listed):
            contents = _("%(counted)s (%(conditions)s)") % {"counted": contents, "conditions": conditions}
        about = about_sheet(contents, *self.file_notes(request, rows))
        frozen = [column.key for column in self.file_columns].index("reference") + 1
        return HttpResponse(to_xlsx(rows, self.file_columns, about, frozen))
