"""The ledger of follow-up actions as files: one row for each, as a sheet and as a document."""

from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404, HttpResponse
from django.utils import translation
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from documents.answers import attachment, document_response
from documents.blocks import Document, Table, Text
from initiative.dates import Precision, show
from listing.exports import table, table_xlsx
from meetings.actions.due import by_due, days_late, due_words, late_words
from meetings.models import Action, ActionNote
from publishing.sides import Visibility, visible

SHEETS = {"csv": table, "xlsx": table_xlsx}
KEYS = [
    "code",
    "meeting",
    "text_en",
    "text_zh",
    "owner_side",
    "organisation",
    "organisation_en",
    "organisation_zh",
    "due",
    "due_on",
    "due_meeting",
    "days_late",
    "state",
    "closed_on",
    "closing_note",
    "last_note_on",
    "last_note",
]


def with_last_note(actions: QuerySet, user) -> QuerySet:
    """Return actions with the newest note that `user` may read: its text, when, and who sees it."""
    notes = visible(ActionNote.objects.filter(action=OuterRef("pk")), user).order_by("-written_at", "-pk")
    columns = {"last_note": "text", "last_note_at": "written_at", "last_note_visibility": "visibility"}
    return actions.annotate(**{name: Subquery(notes.values(column)[:1]) for name, column in columns.items()})


def sheet(actions: QuerySet, format: str) -> HttpResponse:
    """Return the actions as "csv" or "xlsx", in both languages. Raises Http404 for another format."""
    if format not in SHEETS:
        raise Http404
    today = localdate()
    rows = [_cells(action, today) for action in by_due(actions)]
    return attachment(SHEETS[format](KEYS, rows), format, f"follow-up-actions-{today}")


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
    count = ngettext("%(count)s follow-up action.", "%(count)s follow-up actions.", len(actions))
    lines = [count % {"count": len(actions)}]
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
