"""What came since the last meeting, as officers take it away: a table for sheets, a document for reading."""

from collections.abc import Iterator

from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _

from documents.blocks import Document, Heading, Table, Text
from initiative.dates import Precision, show, show_iso
from listing.columns import Column, Kind
from meetings.models import Meeting
from meetings.since import Change, Interval, Section
from projects.since import since
from publishing.bilingual import LocalText
from publishing.sides import own_side_label

COLUMNS = (
    Column("section", gettext_lazy("What is told, by a code")),
    Column("reference", gettext_lazy("Reference")),
    Column("title_en", gettext_lazy("Title or name (English)")),
    Column("title_zh", gettext_lazy("Title or name (Chinese)")),
    Column("date", gettext_lazy("Day; a month or a year where no more is known"), kind=Kind.DATE),
    Column("note_en", gettext_lazy("What happened (English)")),
    Column("note_zh", gettext_lazy("What happened (Chinese)")),
)


def meeting_words(meeting: Meeting | None) -> str:
    """Return a meeting with its day: "Fourth JIC meeting (14 December 2023)"; "today" for None."""
    if meeting is None:
        return _("today")
    if not meeting.starts_on:
        return _("%(meeting)s (no date yet)") % {"meeting": meeting.title}
    day = show(meeting.starts_on, meeting.starts_on_precision)
    return _("%(meeting)s (%(day)s)") % {"meeting": meeting.title, "day": day}


def interval_words(interval: Interval) -> str:
    """Return the interval in words: from which meeting to which, and its first and last day."""
    between = {"earlier": meeting_words(interval.earlier), "later": meeting_words(interval.later)}
    words = _("%(earlier)s to %(later)s") % between
    days = {"first": show(interval.start.date(), "day"), "last": show(interval.until, "day")}
    return _("%(interval)s: %(first)s to %(last)s") % {"interval": words, **days}


def _own(text: str) -> str:
    """Return a text only if it is in the language in which it is read."""
    return "" if isinstance(text, LocalText) and text.is_fallback else str(text)


def sheet_rows(interval: Interval, user) -> Iterator[list]:
    """Yield the rows of the sheet, whose columns are COLUMNS, in both languages always."""
    with override("en"):
        english = since(interval, user)
    with override("zh-hans"):
        chinese = since(interval, user)
    for one, other in zip(english, chinese, strict=True):
        for row, same in zip(one.rows, other.rows, strict=True):
            whole = not row.day or row.precision == Precision.DAY
            day = row.day if whole else show_iso(row.day, row.precision)
            yield [one.key, row.code, _own(row.title), _own(same.title), day, row.note, same.note]


def _table(rows: list[Change]) -> Table:
    """Return the rows as a table; no column of dates where none has one."""
    if not any(row.day for row in rows):
        return Table([_("Reference"), _("What")], [[row.code, [row.title, row.note]] for row in rows], [1, 5])
    cells = [[row.code, [row.title, row.note], row.day_shown] for row in rows]
    return Table([_("Reference"), _("What"), _("Date")], cells, widths=[1.1, 4, 1.4])


def _blocks(section: Section) -> list:
    counted = _("%(title)s (%(count)s)") % {"title": section.title, "count": len(section.rows)}
    head = [Heading(counted), Text(section.asked, quiet=True)]
    if not section.rows:
        return [*head, Text(section.empty)]
    return [*head, _table(section.rows)]


def since_document(interval: Interval, user) -> Document:
    """Return the document in the active language, marked with the side for which it is."""
    return Document(
        title=_("Since the last meeting"),
        subtitle=interval_words(interval),
        label=own_side_label(user.side),
        language=get_language(),
        blocks=[block for section in since(interval, user) for block in _blocks(section)],
    )
