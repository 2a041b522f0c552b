"""Numbers that count records: each is a link to exactly those records, marked so that a test follows it."""

from urllib.parse import urlencode

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from initiative.counting import COMMITTEE, MEASURES, Figure
from initiative.counting import figure as figure_of

register = template.Library()


def linked(content, count: int, address: str) -> SafeString:
    """Return `content` as the link from a count to the list of what it counts; no link without an address."""
    if not address:
        return format_html('<span class="n" data-count="{}">{}</span>', count, content)
    return format_html('<a class="n" data-count="{}" href="{}">{}</a>', count, address, content)


@register.simple_tag
def figure(count: int, address: str) -> SafeString:
    """Return a count of records as a link to the list that holds exactly those records."""
    return linked(count, count, address)


@register.simple_block_tag
def figure_in_words(content, count: int, address: str) -> SafeString:
    """Return words that hold a count of records, "22 recorded here", as the same link."""
    return linked(content, count, address)


@register.simple_tag
def rows(listing: str, **filters) -> str:
    """Return the address of a public list under filters: {% rows "projects" meeting=meeting.slug %}."""
    return f"{reverse(f'{listing}:list')}?{urlencode(filters)}"


@register.simple_tag
def totals() -> list[Figure]:
    """Return what totals count, each with its definition and its number."""
    return [figure_of(key, COMMITTEE) for key in MEASURES]
