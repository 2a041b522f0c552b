"""A listing: filter, facets, sort and pages; the same rows as CSV, Excel and JSON."""

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.db.models import F
from django.http import (
    HttpResponse,
    HttpResponseBadRequest,
    HttpResponseRedirect,
    QueryDict,
    StreamingHttpResponse,
)
from django.urls import reverse
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django_filters.views import FilterView

from listing import exports
from listing.columns import Column, on_page
from listing.excel import TooManyRows, refuse_too_many
from listing.facets import facet

# How many rows a page may show; the first a reader gets who does not ask.
PER_PAGE = 25
PAGE_SIZES = (10, 25, 50, 100)
# How many pages the pager names on each side of the present one.
PAGER_REACH = 2


@dataclass(frozen=True)
class Heading:
    """The heading of a column on the page: where it leads to sort by it, and how it is sorted now."""

    column: Column
    name: str = ""  # of the sort in the URL; empty if the list cannot be sorted by it
    order: str = ""  # "ascending", "descending" or not sorted by it
    address: str = ""


def in_its_language(label) -> SafeString:
    """Return a label as HTML, in a span with its language where it stands in for one not on record."""
    if getattr(label, "is_fallback", False):
        return format_html('<span lang="{}">{}</span>', label.lang, str(label))
    return conditional_escape(label)


class ListingView(FilterView):
    """One listing of one kind of record.

    A kind of record gives: `get_queryset` (what the public may see, ordered by default, annotated with
    what its filters need), `filterset_class`, `columns`, `facets` (names of filters), `prefetch` (what
    a row of the page shows) and the words below. The URL's `format` asks for a file instead of a page.
    """

    name = ""  # of the URL namespace, of the files and of the templates' folder
    columns: tuple[Column, ...] = ()
    facets: tuple[str, ...] = ()
    prefetch: tuple = ()
    # What a phrase needs in both numbers; %(count)s in each.
    title = gettext_lazy("Records")
    search_label = gettext_lazy("Search")
    default_sort = "reference"

    def counted(self, count: int) -> str:
        """Return "13 projects" in the page's language."""
        raise NotImplementedError

    # Filter ----------------------------------------------------------------------------------

    def get_filterset_kwargs(self, filterset_class):
        # Bound always, so that cleaned_data is there without a filter too; "?stage=" is no filter.
        data = self.request.GET.copy()
        for name, values in self.request.GET.lists():
            data.setlist(name, [value for value in values if value])
        return super().get_filterset_kwargs(filterset_class) | {"data": data}

    def get(self, request, *args, **kwargs):
        self.filterset = self.get_filterset(self.get_filterset_class())
        valid = self.filterset.is_valid()
        if valid and self.sort_key() is None:
            self.filterset.form.add_error(
                None, _("This list cannot be sorted like that. Choose from “Sort by”.")
            )
            valid = False
        if valid and self.per_page() is None:
            self.filterset.form.add_error(
                None, _("This list cannot show that many rows. Choose from “Rows per page”.")
            )
            valid = False
        self.object_list = self.sorted(self.filterset.qs) if valid else self.filterset.queryset.none()
        if "format" in kwargs:
            return self.file(kwargs["format"]) if valid else self.refusal()
        self.paginator = Paginator(self.object_list, self.per_page() or PER_PAGE)
        asked = request.GET.get("page", "1")
        number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else 0
        if not 1 <= number <= self.paginator.num_pages:
            return HttpResponseRedirect(self.address(page=None))
        self.page = self.paginator.page(number)
        return self.render_to_response(self.get_context_data())

    def errors(self) -> list[str]:
        """Return what is wrong with the filters, each with the filter's label."""
        labels = {name: one.label for name, one in self.filterset.filters.items()}
        return [
            _("%(label)s: %(values)s") % {"label": labels[name], "values": error} if name in labels else error
            for name, errors in self.filterset.form.errors.items()
            for error in errors
        ]

    def refusal(self) -> HttpResponse:
        return HttpResponseBadRequest("\n".join(self.errors()), content_type="text/plain; charset=utf-8")

    # Sort ------------------------------------------------------------------------------------

    @property
    def language(self) -> str:
        return "zh" if get_language().startswith("zh") else "en"

    def sortable(self) -> dict[str, Column]:
        """Return the columns that this list can be sorted by: name in the URL to column."""
        columns = [c for c in self.columns if c.sort and c.language in ("", self.language)]
        return {column.key.removesuffix("_en").removesuffix("_zh"): column for column in columns}

    def sort_key(self) -> tuple[str, bool] | None:
        """Return the name of the column to sort by and whether downwards; None if there is no such."""
        asked = self.request.GET.get("sort") or self.default_sort
        key = asked.removeprefix("-")
        return (key, asked.startswith("-")) if key in self.sortable() else None

    def sorted(self, queryset, by: str = ""):
        """Return the rows in the order that is asked for, or in that of the sort `by`."""
        key, downwards = (by.removeprefix("-"), by.startswith("-")) if by else self.sort_key()
        column = self.sortable()[key]
        if column.sort == column.alias:
            queryset = queryset.annotate(**{column.alias: column.annotation})
        by = F(column.sort)
        order = by.desc(nulls_last=True) if downwards else by.asc(nulls_last=True)
        return queryset.order_by(order, "pk")

    def per_page(self) -> int | None:
        """Return how many rows a page shows; None if that many are not on offer."""
        asked = self.request.GET.get("per_page") or str(PER_PAGE)
        return {str(size): size for size in PAGE_SIZES}.get(asked)

    def headings(self) -> list[Heading]:
        """Return the headings of the page's table; what sorts upwards now will sort downwards."""
        names = {column.key: name for name, column in self.sortable().items()}
        now, downwards = self.sort_key() or ("", False)
        headings = []
        for column in on_page(self.columns, self.language):
            name = names.get(column.key, "")
            if not name:
                headings.append(Heading(column))
                continue
            order = ("descending" if downwards else "ascending") if name == now else ""
            wanted = f"-{name}" if order == "ascending" else name
            address = self.address(page=None, sort=None if wanted == self.default_sort else wanted)
            headings.append(Heading(column, name, order, address))
        return headings

    def sort_options(self) -> list[tuple[str, str]]:
        options = []
        for key, column in self.sortable().items():
            label = column.page or column.label
            options.append((key, label))
            options.append((f"-{key}", _("%(column)s, descending") % {"column": label}))
        return options

    # Addresses -------------------------------------------------------------------------------

    def address(self, path: str = "", **changes) -> str:
        """Return this address with some parameters changed; None takes one away."""
        data = self.request.GET.copy()
        for name, value in changes.items():
            data.pop(name, None)
            if isinstance(value, list):
                data.setlist(name, value)
            elif value is not None:
                data[name] = value
        query = data.urlencode()
        path = path or reverse(f"{self.name}:list")
        return f"{path}?{query}" if query else path

    # Words -----------------------------------------------------------------------------------

    def conditions(self) -> list[dict]:
        """Return the filters in use, in words, each with the address that drops it."""
        if not self.filterset.is_valid():
            return []
        found = []
        for name, values in self.filterset.chosen().items():
            labels = dict(getattr(self.filterset.filters[name].field, "choices", ()))
            for value in values:
                rest = [other for other in values if other != value]
                found.append(
                    {
                        "label": self.filterset.filters[name].label,
                        "value": labels.get(value) or _("“%(term)s”") % {"term": value},
                        "shown": in_its_language(labels.get(value) or _("“%(term)s”") % {"term": value}),
                        "without": self.address(page=None, **{name: rest or None}),
                    }
                )
        return found

    def sentence(self, count: int, show=str) -> str:
        """Return the result in words: "13 projects (Meeting: fourth; Stage: Launched)".

        `show` makes each value ready for where it stands: plain text, or HTML marked with its language.
        """
        words: dict[str, list[str]] = {}
        for condition in self.conditions():
            words.setdefault(show(condition["label"]), []).append(show(condition["value"]))
        if not words:
            return self.counted(count)
        parts = [
            _("%(label)s: %(values)s") % {"label": label, "values": _(" or ").join(values)}
            for label, values in words.items()
        ]
        return _("%(counted)s (%(conditions)s)") % {
            "counted": self.counted(count),
            "conditions": _("; ").join(parts),
        }

    def heading(self, count: int) -> SafeString:
        """Return the sentence as HTML, each name marked with its language, the number large."""
        sentence = self.sentence(count, show=in_its_language)
        return mark_safe(sentence.replace(str(count), f"<b>{count}</b>", 1))

    # Renderings ------------------------------------------------------------------------------

    def pages(self) -> list[dict]:
        """Return the pager's pages: number and address; a gap has no number."""
        last, here = self.paginator.num_pages, self.page.number
        shown = sorted({1, last, *range(max(1, here - PAGER_REACH), min(last, here + PAGER_REACH) + 1)})
        pages = []
        for number in shown:
            if pages and number > pages[-1]["number"] + 1:
                pages.append({"number": number - 1, "gap": True})
            pages.append({"number": number, "address": self.address(page=str(number))})
        return pages

    def get_context_data(self, **kwargs):
        count, valid = self.paginator.count, self.filterset.is_valid()
        conditions = self.conditions()
        alternatives = []
        if valid and not count and conditions:
            alternatives = [c | {"count": n} for c in conditions if (n := self.count_at(c["without"]))]
        rows = self.page.object_list.prefetch_related(*self.prefetch)
        return super(FilterView, self).get_context_data(
            object_list=rows,
            listing=self,
            rows=rows,
            count=count,
            valid=valid,
            filter_errors=self.errors(),
            whole=self.counted(count),
            sentence=self.sentence(count) if valid else _("Nothing is shown"),
            heading=self.heading(count) if valid else _("Nothing is shown"),
            conditions=conditions,
            alternatives=alternatives,
            everything=self.counted(self.filterset.queryset.count()) if not count else "",
            headings=self.headings(),
            facets=[facet(self.filterset, name) for name in self.facets] if valid else [],
            page=self.page,
            pages=self.pages(),
            previous=self.address(page=str(self.page.number - 1)) if self.page.has_previous() else "",
            next=self.address(page=str(self.page.number + 1)) if self.page.has_next() else "",
            sort=self.request.GET.get("sort") or self.default_sort,
            per_page=self.per_page(),
            page_sizes=PAGE_SIZES if count > PAGE_SIZES[0] else (),
            usual_per_page=PER_PAGE,
            sort_label=dict(self.sort_options()).get(self.request.GET.get("sort") or self.default_sort, ""),
            downloads=[
                (label, self.address(reverse(f"{self.name}:export", args=[suffix]), page=None, per_page=None))
                for suffix, label in exports.format_names()
            ],
            list_address=reverse(f"{self.name}:list"),
        )

    def count_at(self, address: str) -> str:
        """Return "3 projects" for another set of filters of this list, or "" if it has none."""
        data = QueryDict(address.partition("?")[2])
        others = self.filterset_class(data, queryset=self.filterset.queryset, request=self.request)
        count = others.qs.count() if others.is_valid() else 0
        return self.counted(count) if count else ""

    def get_template_names(self):
        return [f"{self.name}/list.html"]

    def definition(self) -> str:
        """Return the definition of the count, where the filters leave what totals count; else ""."""
        return ""

    def defined(self) -> dict[str, tuple[str, str]]:
        """Return the definition as what a file says of itself: stable key to label and text."""
        definition = self.definition()
        return {"definition": (_("Definition"), definition)} if definition else {}

    def file(self, suffix: str) -> HttpResponse:
        rows, count = self.object_list, self.object_list.count()
        contents = self.sentence(count)
        if suffix == "csv":
            response = StreamingHttpResponse(exports.to_csv(rows, self.columns))
        elif suffix == "json":
            about = {key: text for key, (_label, text) in (exports.about(contents) | self.defined()).items()}
            response = StreamingHttpResponse(exports.to_json(rows, self.columns, about))
        else:
            try:
                refuse_too_many(count)
                about = exports.about_sheet(contents, *self.defined().values())
                response = HttpResponse(exports.to_xlsx(rows, self.columns, about))
            except TooManyRows as refused:
                return HttpResponseBadRequest(str(refused), content_type="text/plain; charset=utf-8")
        response["Content-Type"] = exports.CONTENT_TYPES[suffix]
        name = exports.file_name(self.name, self.filterset.chosen())
        response["Content-Disposition"] = f'attachment; filename="{name}.{suffix}"'
        return response
