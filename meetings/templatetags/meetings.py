from django import template
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from initiative.models import Track
from initiative.templatetags.dates import dated
from meetings import figure_words
from publishing.templatetags.bilingual import marked

register = template.Library()
for words in (
    figure_words.announced_words,
    figure_words.contradiction_words,
    figure_words.difference_words,
    figure_words.stance_words,
    figure_words.sum_difference_words,
    figure_words.sum_words,
):
    register.filter(words)


@register.filter
def on_side(rows: list, side: str) -> list:
    return [row for row in rows if row.side == side]


@register.simple_tag
def meeting_line(meeting) -> str:
    """Return how, where and when a meeting is held, in one sentence of what is on record."""
    parts = {
        "when": dated(meeting, "starts_on"),
        "where": marked(meeting.city),
        "how": meeting.get_format_display(),
    }
    if meeting.phase != meeting.Phase.HELD:
        return format_html("{}", _("%(phase)s.") % {"phase": meeting.get_phase_display().capitalize()})
    if not meeting.starts_on:
        if meeting.city:
            return format_html(_("Held in {where}; no date is on record here."), **parts)
        return _("No date is on record here.")
    if meeting.city and meeting.format:
        return format_html(_("Held in {where} on {when}, {how}."), **parts)
    if meeting.city:
        return format_html(_("Held in {where} on {when}."), **parts)
    if meeting.format:
        return format_html(_("Held on {when}, {how}; no city is on record here."), **parts)
    return format_html(_("Held on {when}."), **parts)


@register.simple_tag
def figure_label(figure) -> str:
    """Return what an announced figure counts, in words: "projects launched, flagship tier, to date"."""
    words = [figure.get_measure_display()]
    if figure.track != Track.JIC:
        words.append(figure.get_track_display())
    if figure.tier:
        words.append(_("%(tier)s tier") % {"tier": figure.get_tier_display()})
    if figure.scope == figure.Scope.CUMULATIVE:
        words.append(figure.get_scope_display())
    return capfirst(pgettext("figure", ", ").join(str(word) for word in words))
