"""What the page of record shows of its lines: the texts in two languages, the short fields, what differs."""

from django import template
from django.forms import BoundField, Form, Textarea
from django.urls import reverse
from django.utils.html import format_html

from documents.blocks import lang_of as language_of
from documents.blocks import lines_of

register = template.Library()


@register.filter
def texts(form: Form) -> list[BoundField]:
    """Return the fields of a line that are texts."""
    return [field for field in form if isinstance(field.field.widget, Textarea)]


@register.filter
def no_texts(form: Form) -> list[BoundField]:
    """Return the fields of a line that are no texts."""
    return [field for field in form if not isinstance(field.field.widget, Textarea)]


@register.filter
def meanwhile(form: Form, name: str) -> str | None:
    """Return what somebody else wrote into a field while it was open, None where nobody did."""
    return form.meanwhile.get(name)


@register.filter
def row_address(row) -> str:
    """Return the address where all of a decision or action is changed: its own page, else its meeting's."""
    if row._meta.model_name == "action":
        return reverse("admin:meetings_action_change", args=[row.pk])
    return reverse("admin:meetings_meeting_change", args=[row.meeting_id])


@register.filter
def lines(cell) -> list[str]:
    """Return the lines of a cell of a document."""
    return lines_of(cell)


@register.simple_tag
def lang_of(text: str) -> str:
    """Return the attribute that marks the language of a text that knows it."""
    known = language_of(text)
    return format_html(' lang="{}"', known) if known else ""
