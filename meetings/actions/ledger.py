"""The ledger of follow-up actions as files: one row for each, as a sheet and as a document."""

from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404, HttpResponse
from django.utils import translation
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from documents.answers import attachment, document_response
from documents.blocks import Document, Table, Text
from initiative.dates import Precision, show
from listing.columns import Column, Kind
from listing.exports import SHEETS, about_sheet, file_name, rows_file
from meetings.actions.due import by_due, days_late, due_words, late_words
from meetings.models import Action, ActionNote
from publishing.sides import Visibility, own_side_label, visible

COLUMNS = (
    Column("code", pgettext_lazy("of an action", "Number")),
    Column("meeting", gettext_lazy("Meeting (reference)")),
    Column("text_en", gettext_lazy("Text (English)")),
    Column("text_zh", gettext_lazy("Text (Chinese)")),
    Column("owner_side", gettext_lazy("Side that owns it")),
    Column("organisation", gettext_lazy("Organisation that owns it (reference)")),
    Column("organisation_en", gettext_lazy("Organisation that owns it (English)")),
    Column("organisation_zh", gettext_lazy("Organisation that owns it (Chinese)")),
    Column("due", gettext_lazy("Day by which it is due"), kind=Kind.DATE),
    Column("due_on", gettext_lazy("Due on, if a day was set"), kind=Kind.DATE),
    Column("due_meeting", gettext_lazy("Due by the meeting, if one was set")),
    Column("days_late", gettext_lazy("Days late on the day of the file"), kind=Kind.INTEGER),
    Column("state", pgettext_lazy("of an action", "State")),
    Column("closed_on", gettext_lazy("Closed on"), kind=Kind.DATE),
    Column("closing_note", gettext_lazy("Closing note")),
    Column("last_note_on", gettext_lazy("Day of the last note"), kind=Kind.DATE),
    Column("last_note", gettext_lazy("Last note")),
)


def with_last_note(actions: QuerySet, user) -> QuerySet:
    """Return actions with the newest note that `user` may read: its text, when, and who sees it."""
    notes = visible(ActionNote.objects.filter(action=OuterRef("pk")), user).order_by("-written_at", "-pk")
    columns = {"last_note": "text", "last_note_at": "written_at", "last_note_visibility": "visibility"}
    return actions.annotate(**{name: Subquery(notes.values(column)[:1]) for name, column in columns.items()})


def sheet(actions: QuerySet, format: str, query: dict, user) -> HttpResponse:
    """Return the actions as "csv" or "xlsx", in both languages, filtered by `query` as its name says.

    Raises Http404 for another format.
    """
    if format not in SHEETS:
        raise Http404
    today = localdate()
    found = list(by_due(actions))
    label = (_("For whom"), own_side_label(user.side))
    file = rows_file(
        format, COLUMNS, [_cells(action, today) for action in found], about_sheet(_counted(found), label)
    )
    return attachment(file, format, file_name("follow-up-actions", query))


def _counted(actions: list[Action]) -> str:
    count = len(actions)
    return ngettext("%(count)s follow-up action.", "%(count)s follow-up actions.", count) % {"count": count}


def _cells(action: Action, today) -> list:
    organisation = action.organisation
    return [
        str(action),
        action.meeting.reference,
        action.text_en,
        action.text_zh,
        action.owner_side,
        organisation and organisation.reference,
        organisation and organisation.name_en,
        organisation and organisation.name_zh,
        action.due,
        action.due_on,
        action.due_meeting and action.due_meeting.code,
        days_late(action, today) or None,
        action.state,
        action.closed_on,
        action.closing_note,
        action.last_note_at and localdate(action.last_note_at),
        action.last_note,
    ]


def answer(actions: QuerySet, language: str, format: str) -> HttpResponse:
    """Return the actions as a document, "docx" or "pdf". Raises Http404 for another language or format."""
    if language not in ("en", "zh-hans"):
        raise Http404
    with translation.override(language):
        document = ledger(list(by_due(actions)), language)
        return document_response(document, format, f"follow-up-actions-{localdate()}-{language[:2]}")


def ledger(actions: list[Action], language: str) -> Document:
    """Return the document; each action has its `due` and last note. To be called in its language."""
    today = localdate()
    lines = [_counted(actions)]
    if any(Visibility.OWN_SIDE in (one.visibility, one.last_note_visibility) for one in actions):
        lines.append(_("Holds what one side keeps to itself: not for the other side."))
    headings = [
        pgettext("of an action", "number"),
        pgettext("at a meeting", "Action"),
        pgettext("of an action", "Owner"),
        pgettext("of an action", "Due"),
        pgettext("of an action", "State"),
        _("Last note"),
    ]
    return Document(
        title=_("Ledger of follow-up actions"),
        language=language,
        subtitle=_("As of %(day)s") % {"day": show(today, Precision.DAY)},
        blocks=[Text(" ".join(lines)), Table(headings, [_line(one, today) for one in actions], _WIDTHS)],
        landscape=True,
    )


_WIDTHS = [1.1, 4, 2, 2.2, 1.3, 3]


def _line(action: Action, today) -> list:
    late, note = days_late(action, today), []
    if action.last_note_at:
        note = [show(localdate(action.last_note_at), Precision.DAY), action.last_note]
    closed = show(action.closed_on, Precision.DAY) if action.closed_on else ""
    return [
        str(action),
        action.text,
        [action.get_owner_side_display(), action.organisation.name if action.organisation else ""],
        [due_words(action), late_words(late)],
        [action.get_state_display(), closed],
        note,
    ]
