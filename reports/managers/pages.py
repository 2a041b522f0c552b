"""The pages of managers' reports in the admin: the index, a report with its picture, and its files."""

from functools import wraps

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBadRequest
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from documents.answers import attachment
from listing import exports
from listing.columns import on_page
from publishing.sides import own_side_label
from reports.managers.frame import Cell, Filters, Report, may_read, report, reports

# Rows of a table on one page; files hold all.
PER_PAGE = 200


def for_readers(view):
    """Refuse who may not read reports."""

    @wraps(view)
    def asked(request, *args, **kwargs):
        if not may_read(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return asked


def page(request, template: str, title: str, **context) -> TemplateResponse:
    """Return a page of the reports, with what every page of the admin has."""
    return TemplateResponse(request, template, admin.site.each_context(request) | {"title": title} | context)


@for_readers
def index(request):
    return page(request, "admin/reports/index.html", _("Reports"), reports=reports())


def _known(key: str) -> Report:
    found = report(key)
    if found is None:
        raise Http404
    return found


def shown(columns, rows: list[list[Cell]]) -> list[list[tuple]]:
    """Return the rows as a page in the active language shows them: (column, cell) of each of its columns."""
    wanted = {id(column) for column in _on_page(columns)}
    return [[pair for pair in zip(columns, row, strict=True) if id(pair[0]) in wanted] for row in rows]


def _on_page(columns) -> list:
    return on_page(columns, "zh" if get_language().startswith("zh") else "en")


def _parts(request, part) -> list[tuple[str, str]]:
    """Return the ways to the rows before and after those of a part of a long table: (words, address)."""
    found = []
    if part.has_previous():
        found.append((_("Earlier rows"), part.previous_page_number()))
    if part.has_next():
        found.append((_("Further rows"), part.next_page_number()))
    query = request.GET.copy()
    ways = []
    for words, number in found:
        query["page"] = number
        ways.append((words, f"?{query.urlencode()}"))
    return ways


@for_readers
def show(request, key: str):
    """Show a report: filters, picture, table, and the way to its files."""
    one = _known(key)
    form = one.form_class(request.GET, request.user)
    context = {"report": one, "form": form, "files": []}
    if form.is_valid():
        chosen = form.cleaned_data
        columns, rows = one.columns(chosen), one.rows(chosen, request.user)
        total = one.total(chosen, rows)
        query = f"?{request.GET.urlencode()}" if request.GET else ""
        part = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
        context |= {
            "columns": _on_page(columns),
            "rows": shown(columns, part.object_list),
            "part": part,
            "parts": _parts(request, part),
            "total": shown(columns, [total])[0] if total else None,
            "picture": one.picture(chosen, rows) if rows else None,
            "notes": one.notes(chosen, rows),
            "words": form.in_words(),
            "unpublished": one.holds_unpublished(chosen),
            "own_side": own_side_label(request.user.side),
            "files": [
                (label, reverse("admin:report_file", args=[key, suffix]) + query)
                for suffix, label in (("csv", "CSV"), ("xlsx", _("Excel")))
            ],
        }
    return page(request, "admin/reports/report.html", one.title, **context)


def about(one: Report, form: Filters, user) -> list[tuple[str, str]]:
    """Return what a file says of itself: (label, text), in the active language."""
    lines = [
        (_("Definition"), str(one.about)),
        (_("Filters"), form.in_words() or _("none")),
    ]
    if one.holds_unpublished(form.cleaned_data):
        told = _("Holds drafts and records in review: not for publication.")
        lines.append((_("Unpublished"), f"{told} {own_side_label(user.side)}"))
    return exports.about_sheet(str(one.title), *lines)


def file_of(one: Report, form: Filters, user, suffix: str, rows: list[list[Cell]] | None = None) -> bytes:
    """Return a report as "csv" or "xlsx", of a valid form; `rows` if they are computed already."""
    chosen = form.cleaned_data
    columns = one.columns(chosen)
    found = one.rows(chosen, user) if rows is None else rows
    rows = ([cell.value for cell in row] for row in found)
    if suffix == "csv":
        return b"".join(exports.rows_csv(columns, rows))
    return exports.rows_xlsx(columns, rows, about(one, form, user))


def file_stem(one: Report, form: Filters) -> str:
    """Return the name of a report's file: it says where it holds what is not published."""
    return f"report-{one.key}-staff" if one.holds_unpublished(form.cleaned_data) else f"report-{one.key}"


@for_readers
def download(request, key: str, suffix: str) -> HttpResponse:
    """Give a report as a file, or say what is wrong with its filters."""
    one = _known(key)
    if suffix not in ("csv", "xlsx"):
        raise Http404
    form = one.form_class(request.GET, request.user)
    if not form.is_valid():
        return HttpResponseBadRequest(form.problems(), content_type="text/plain; charset=utf-8")
    name = exports.file_name(file_stem(one, form), {name: request.GET.getlist(name) for name in form.fields})
    return attachment(file_of(one, form, request.user, suffix), suffix, name)


def report_urls(site: admin.AdminSite) -> list:
    """Return the addresses of the reports, to stand under "reports/"."""
    return [
        path("", site.admin_view(index), name="reports"),
        path("<slug:key>.<slug:suffix>", site.admin_view(download), name="report_file"),
        path("<slug:key>/", site.admin_view(show), name="report"),
    ]
