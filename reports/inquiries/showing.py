"""What the pages of inquiries share: an answer with its links and its records in pages."""

from django.core.paginator import Page, Paginator
from django.template.response import TemplateResponse
from django.urls import reverse

from initiative.counting import MEASURES
from publishing.addresses import notice
from publishing.sides import visible
from reports.inquiries.reading import Line, Shown, dates, for_whom, not_recorded_words, shown
from reports.inquiries.words import read
from reports.managers.pages import page

# Records of one kind on a page.
RECORDS = 100


def may_freeze(user) -> bool:
    return user.has_perm("reports.add_inquiry")


def inquiry_page(request, template: str, title: str, **context) -> TemplateResponse:
    """Return a page of the inquiries."""
    address = f"admin/reports/inquiries/{template}.html"
    return page(request, address, title, may_freeze=may_freeze(request.user), **context)


def _page_of(request, kind: str, lines: list) -> Page:
    return Paginator(lines, RECORDS).get_page(request.GET.get(f"{kind}-page"))


def _address(request, kind: str, number: int) -> str:
    data = request.GET.copy()
    data[f"{kind}-page"] = str(number)
    return f"?{data.urlencode()}#count-{kind}"


def _links(user, kind: str, references: list[str]) -> dict[str, str]:
    """Return the address of each record that is still there, by reference; one query."""
    model = MEASURES[kind].filterset._meta.model
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}_change"
    found = visible(model.objects.filter(reference__in=references), user).values_list("reference", "pk")
    return {reference: reverse(name, args=[key]) for reference, key in found}


def _counts(request, answer: dict) -> list[dict]:
    """Return what the page shows of each count: its words, a page of its records, and where they lead."""
    found = []
    for count in map(shown, answer["counts"]):
        page = _page_of(request, count.kind, count.lines)
        links = _links(request.user, count.kind, [line.reference for line in page])
        found.append(
            {
                "count": count,
                "page": page,
                "lines": [_line(count, line, links.get(line.reference, "")) for line in page],
                "earlier": _address(request, count.kind, page.number - 1) if page.has_previous() else "",
                "later": _address(request, count.kind, page.number + 1) if page.has_next() else "",
            }
        )
    return found


def _line(count: Shown, line: Line, address: str) -> tuple:
    """Return a record with its address and its cells under their headings, of which the first is the date's."""
    return line, address, list(zip(count.headings[1:], line.cells, strict=True))


def answer_context(request, answer: dict) -> dict:
    """Return what a page needs to show an answer."""
    return {
        "counts": _counts(request, answer),
        "dates": dates(answer),
        "for_whom": for_whom(answer),
        "conditions": [read(one) for one in answer["conditions"]],
        "notice": notice(),
        "not_recorded": not_recorded_words(answer),
    }
