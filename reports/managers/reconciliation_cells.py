"""The cells of the report on announced and recorded: sources, sums, explanations, for page and files."""

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from meetings.figure_words import (
    contradiction_words,
    difference_words,
    stance_words,
    sum_difference_words,
    sum_words,
)
from meetings.figures import Comparison
from meetings.models import AnnouncedFigure
from meetings.todo import figure_name
from publishing.bilingual import LANGUAGE_TAGS
from publishing.todo import page_address
from publishing.workflow import may
from reports.managers.frame import Cell

CODES = {"en": "en", "zh": "zh-hans"}


def sources_text(one: Comparison, suffix: str) -> str:
    """Return the sources of a figure for a file, each with its stance and what it says, in one language."""
    with override(CODES[suffix]):
        told = []
        for citation in one.figure.citations.all():
            named = f"{citation.source.publisher} {stance_words(citation)}"
            says = getattr(citation, f"says_{suffix}")
            told.append(pgettext("joint", ": ").join(filter(None, [named, says])))
        return "; ".join(told)


def _marked(words) -> SafeString:
    """Return a text in the language that it is in."""
    return format_html('<span lang="{}">{}</span>', words.lang, words) if words else SafeString()


def _sources(one: Comparison) -> SafeString:
    """Return the sources for the page: those that support and those that differ, all alike."""
    lines = [
        (
            citation.source.publisher_lang,
            citation.source.publisher,
            pgettext("before brackets", " "),
            stance_words(citation),
            pgettext("joint", ": ") if citation.says else "",
            _marked(citation.says),
        )
        for citation in one.figure.citations.all()
    ]
    listed = format_html_join("", '<li><span lang="{}">{}</span>{}{}{}{}</li>', lines)
    return format_html("<ul>{}</ul>", listed) if lines else format_html("{}", _("Not on record here"))


def _form(figure: AnnouncedFigure, user) -> str:
    """Return the form where `user` writes an explanation, or proposes it (the meeting's); "" for neither."""
    if not may(figure.meeting, "change", user):
        return ""
    if may(figure.meeting, "publish", user):
        return f"{page_address(figure)}#id_explanation_en"
    return f"{page_address(figure.meeting)}#figures-group"


def _explanation(one: Comparison, user) -> SafeString:
    """Return the explanation with its publication state, and the way to the form where it is written."""
    figure, parts = one.figure, []
    if figure.explanation:
        parts += [_marked(figure.explanation), format_html("<small>{}</small>", _state(one))]
    if (one.differs or figure.explanation) and (form := _form(figure, user)):
        words = _("Change the explanation") if figure.explanation else _("Write an explanation")
        name = figure_name(figure)
        link = '<a class="act" href="{}">{}<span class="visually-hidden">: {}</span></a>'
        parts.append(format_html(link, form, words, name))
    if not parts and one.differs:
        parts.append(format_html("{}", pgettext("explanation", "None")))
    return format_html_join("", "<p>{}</p>", ((part,) for part in parts))


def _lines(*words: str) -> SafeString:
    return format_html_join("", "<p>{}</p>", ((one,) for one in words if one))


def _in_lines(value, *words: str) -> Cell:
    """Return a cell that says more than its value, a line for each of the words."""
    return Cell(value, shown=_lines(*words), told=_("; ").join(filter(None, words)))


def _summed(one: Comparison) -> Cell:
    """Return the cell of the sum of the single meetings: how the total differs, and how the sum came about."""
    if not one.summed:
        return Cell(None)
    value = one.summed.value
    return _in_lines(
        value, "" if value is None else str(value), sum_difference_words(one), sum_words(one.summed)
    )


def _announced(one: Comparison) -> Cell:
    value = one.figure.value
    return _in_lines(value, str(value), contradiction_words(one)) if one.rivals else Cell(value)


def _state(one: Comparison) -> str:
    return _("Published") if one.is_explained else _("Not published: read by staff only")


def cells(one: Comparison, user) -> list[Cell]:
    """Return the row of one figure as `user` reads it, a cell for each column of the report."""
    figure, meeting, summed = one.figure, one.figure.meeting, one.summed
    name, parts = figure_name(figure), summed.parts if summed else []
    sources, explanation = _sources(one), _explanation(one, user)
    told = f"{figure.explanation} · {_state(one)}" if figure.explanation else ""
    published = {True: "yes", False: "no"}[figure.explanation_published] if figure.explanation else ""
    return [
        Cell(meeting.code, page_address(figure), shown=name),
        Cell(meeting.title_in("en")),
        Cell(meeting.title_in("zh")),
        Cell(figure.measure),
        Cell(figure.track),
        Cell(figure.tier),
        Cell(figure.scope),
        Cell(figure.as_of),
        _announced(one),
        Cell("; ".join(str(value) for value in one.rivals)),
        Cell(one.recorded, one.address, shown=str(one.recorded)),
        _in_lines(one.gap, difference_words(one)),
        _summed(one),
        Cell("; ".join(f"{at.code}: {' / '.join(map(str, values)) or '?'}" for at, values in parts)),
        Cell(one.sum_gap),
        *(Cell(sources_text(one, suffix), shown=sources) for suffix in LANGUAGE_TAGS),
        *(
            Cell(getattr(figure, f"explanation_{suffix}"), shown=explanation, told=told)
            for suffix in LANGUAGE_TAGS
        ),
        Cell(published),
    ]
