"""The head of a page for machines: canonical address, editions, OpenGraph, schema.org, feeds."""

import json
from functools import partial

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from initiative.models import Page
from organisations.models import Organisation
from publishing.addresses import absolute, html_language, in_language
from publishing.models import Publishable
from sci_portal import structured

register = template.Library()
# What would end the script element or be read as markup; the same three that json_script escapes.
ESCAPED = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}
LOCALES = {"en": "en_GB", "zh-hans": "zh_CN"}


def as_script(nodes: list[dict]) -> SafeString:
    """Return JSON-LD as a script element of data, which no browser runs."""
    text = json.dumps({"@context": "https://schema.org", "@graph": nodes}, ensure_ascii=False)
    return mark_safe(f'<script type="application/ld+json">{text.translate(ESCAPED)}</script>')


def canonical_path(context) -> str:
    """Return this page's own address: a list without its filters, but its second page as it is."""
    request, listing = context["request"], context.get("listing")
    number = context["page"].number if listing and set(request.GET) <= {"page"} else 1
    return f"{request.path}?page={number}" if number > 1 else request.path


def words(context) -> tuple[str, str]:
    """Return title and description of what the page shows."""
    site = settings.SITE_NAMES[get_language()]
    general = _("The public record of the %(site_name)s: meetings, organisations, MOUs and projects.")
    general %= {"site_name": site}
    record, listing, page = (context.get(name) for name in ("record", "listing", "page"))
    if isinstance(record, Publishable):
        title = structured.name_of(record)
        return title, getattr(record, "summary", "") or getattr(record, "outcome", "") or title
    if listing:
        return listing.title, structured.described_list(listing)
    if isinstance(page, Page):
        return page.title, general
    return context.get("title") or site, general


def nodes(context, url: structured.URL) -> list[dict]:
    """Return what schema.org has words for on this page."""
    record, listing = context.get("record"), context.get("listing")
    if isinstance(record, Publishable):
        return [structured.RECORDS[type(record)](record, url), structured.breadcrumbs(record, url)]
    if listing:
        return [structured.dataset(listing, url)]
    if context["request"].resolver_match.view_name == "home":
        return [structured.website(url)]
    return []


def is_no_page(context) -> bool:
    """Return whether the address leads to nothing that may be described: an error, what is private or gone."""
    if context.get("is_private"):
        return True
    record = context.get("record")
    gone = isinstance(record, Publishable) and not record.is_published
    return gone or "exception" in context or context["request"].resolver_match is None


@register.simple_tag(takes_context=True)
def head_for_machines(context) -> dict:
    """Return what includes/_head.html writes, or nothing for an error page."""
    if is_no_page(context):
        return {}
    request, language, path = context["request"], get_language(), canonical_path(context)
    url = partial(absolute, request)
    title, description = words(context)
    described = nodes(context, url)
    return {
        "canonical": url(path),
        "editions": [(html_language(code), url(in_language(path, code))) for code, _name in settings.LANGUAGES],
        "either": url(reverse("choose_language")),
        "title": title,
        "description": description,
        "type": "article" if isinstance(context.get("record"), Publishable) else "website",
        "locale": LOCALES[language],
        "other_locales": [locale for code, locale in LOCALES.items() if code != language],
        "data": as_script(described) if described else "",
    }


@register.simple_tag(takes_context=True)
def organisation_shown(context) -> Organisation | None:
    """Return the organisation whose page this is: it has a feed of its own."""
    record = context.get("record")
    return record if isinstance(record, Organisation) and not is_no_page(context) else None
