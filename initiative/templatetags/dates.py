from django import template
from django.utils.html import format_html

from initiative.dates import show, show_iso

register = template.Library()


@register.filter
def dated(record, name: str):
    """Return a date of a record as a <time>, no more precise than its source; "" if there is none."""
    date = getattr(record, name)
    if date is None:
        return ""
    precision = getattr(record, f"{name}_precision", "day")
    return format_html('<time datetime="{}">{}</time>', show_iso(date, precision), show(date, precision))
