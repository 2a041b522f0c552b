"""Texts in two languages in templates: marked with their language where it is not the page's."""

from django import template
from django.utils.html import format_html
from django.utils.translation import gettext as _

from publishing.bilingual import page_suffix

register = template.Library()


@register.filter
def marked(text):
    """Return the text, in a span with its language where it stands in for the page's own."""
    if getattr(text, "is_fallback", False):
        return format_html('<span lang="{}">{}</span>', text.lang, str(text))
    return text


@register.filter
def only(text) -> str:
    """Return "English only" or "Chinese only" for a text that stands in for the page's language, else ""."""
    if not getattr(text, "is_fallback", False):
        return ""
    return _("English only") if text.lang == "en" else _("Chinese only")


@register.simple_tag
def other(record, name: str):
    """Return the text `name` of a record in the language that the page is not in, with its language tag."""
    suffix = "en" if page_suffix() == "zh" else "zh"
    text = getattr(record, f"{name}_{suffix}")
    if not text or text == str(getattr(record, name)):
        return ""
    return format_html('<p class="other" lang="{}">{}</p>', "en" if suffix == "en" else "zh-Hans", text)
