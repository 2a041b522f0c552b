"""How to cite a record: what it is called, where it is, which source it cites, when it last changed."""

from django import template
from django.conf import settings
from django.utils.dateformat import format as date_format
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from initiative.dates import show
from initiative.models import Citation
from publishing.templatetags.bilingual import marked

register = template.Library()


@register.filter
def changed_on(record):
    """Return the day on which a record last changed, as a <time>."""
    day = localtime(record.last_changed_at).date()
    return format_html(
        '<time datetime="{}">{}</time>', day, date_format(day, pgettext("date to the day", "j F Y"))
    )


@register.filter
def confirmations(record) -> list[tuple[str, str]]:
    """Return (day, words) for each side that confirmed the text in its own language; [] where none does so."""
    if not settings.BOTH_SIDES_CONFIRM:
        return []
    texts = (
        (record.confirmed_en_at, _("English text confirmed by the Singapore side")),
        (record.confirmed_zh_at, _("Chinese text confirmed by the Shenzhen side")),
    )
    form = pgettext("date to the day", "j F Y")
    return [(date_format(localtime(at), form), words) for at, words in texts if at]


@register.simple_tag(takes_context=True)
def permanent_address(context, record) -> str:
    """Return the whole address of a record in the page's language."""
    return context["request"].build_absolute_uri(record.get_absolute_url())


def _title(record):
    """Return the title in the marks that the language puts around titles of its kind (glossary §1.2)."""
    title = marked(getattr(record, "title", "") or getattr(record, "name", ""))
    marks = {"P": pgettext("title of a project", "“{title}”"), "M": pgettext("title of an MOU", "“{title}”")}
    return format_html(marks.get(record.KIND, "{title}"), title=title)


def _source(source):
    """Return a source in words: its title, where it shows one, its publisher and its date."""
    words = {
        "title": format_html('<cite lang="{}">{}</cite>', source.lang, source.title),
        "publisher": format_html('<span lang="{}">{}</span>', source.publisher_lang, source.publisher),
        "date": show(source.dated_on, source.dated_on_precision)
        if source.dated_on
        else _("date not on record here"),
    }
    return format_html(
        _("“{title}”, {publisher}, {date}") if source.title else _("{publisher}, {date}"), **words
    )


def _sources(citations) -> str:
    """Return the first source that supports the record, and how many more are cited."""
    ordered = sorted(citations, key=lambda citation: citation.stance != Citation.Stance.SUPPORTS)
    sources = list(dict.fromkeys(citation.source for citation in ordered))
    if not sources:
        return _("not on record here")
    first, more = _source(sources[0]), len(sources) - 1
    if not more:
        return first
    words = ngettext("{source}, and {count} other source", "{source}, and {count} other sources", more)
    return format_html(words, source=first, count=more)


@register.simple_tag(takes_context=True)
def how_to_cite(context, record) -> str:
    """Return the citation of a record in the page's language, as HTML.

    While the site is not an official one the citation says so: what is quoted elsewhere stands alone.
    """
    words = {
        "site": context["site_name"],
        "notice": _("Unofficial record made from public sources; not issued or endorsed by either side"),
        "title": _title(record),
        "reference": record.reference,
        "source": _sources(record.citations.all()),
        "date": changed_on(record),
        "address": permanent_address(context, record),
    }
    if context["official"]:
        return format_html(
            _("{site}. {title} ({reference}). Source cited: {source}. Last changed on {date}. {address}"),
            **words,
        )
    return format_html(
        _("{site}. {notice}. {title} ({reference}). Source cited: {source}. Last changed on {date}. {address}"),
        **words,
    )
