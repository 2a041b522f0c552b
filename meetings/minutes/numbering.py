"""Numbers of decisions and follow-up actions: given once within a meeting, never changed or used again."""

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils.translation import gettext as _


def _same_code(row) -> set[int]:
    """Return the keys of the meetings whose rows bear the same code: the row's, and those deleted before it."""
    versions = type(row.meeting).history
    gone = versions.filter(number=row.meeting.number, number__isnull=False, history_type="-")
    return {row.meeting_id, *gone.values_list("id", flat=True)}


def next_number(row) -> int:
    """Return the number after every one that a decision or action of the row's meeting ever had.

    Ask under the lock of the Publication row. The history is asked too: a deleted row keeps its number.
    """
    kept = (type(row)._base_manager, type(row).history)
    meetings = _same_code(row)
    last = (rows.filter(meeting__in=meetings).aggregate(last=Max("number"))["last"] for rows in kept)
    return max(filter(None, last), default=0) + 1


def was_given(row, number: int) -> bool:
    """Return whether the row's meeting once gave `number` to another row of this kind, which is gone."""
    versions = type(row).history.filter(meeting__in=_same_code(row), number=number).exclude(id=row.pk)
    return versions.exclude(id__in=type(row)._base_manager.values("pk")).exists()


def refuse_reuse(row, stored: dict) -> None:
    """Raise ValidationError where a new row would take the number of one that is deleted."""
    if not stored and row.number is not None and was_given(row, row.number):
        words = _("Number %(number)s was given before, and a number is not used again. Leave it empty.")
        raise ValidationError({"number": words % {"number": row.number}})


def refuse_another_code(meeting, stored: dict) -> None:
    """Raise ValidationError where decisions or actions bear the number that the meeting would lose."""
    if not stored or stored["number"] == meeting.number:
        return
    kinds = (meeting.decisions.model, meeting.actions.model)
    if any(kind.history.filter(meeting=meeting.pk).exists() for kind in kinds):
        words = _("Its decisions and actions are numbered %(code)s-D1, %(code)s-A1: its number stays.")
        code = f"JIC{stored['number']}" if stored["number"] else meeting.reference
        raise ValidationError({"number": words % {"code": code}})


def refuse_renumbering(row, stored: dict) -> None:
    """Raise ValidationError where a row would take another number or meeting than those it was given."""
    changed = {name for name in ("number", "meeting_id") if stored and stored[name] != getattr(row, name)}
    if "number" in changed:
        words = _("A number is never changed: it stays %(number)s. Add another line for another number.")
        raise ValidationError({"number": words % {"number": stored["number"]}})
    if changed:
        words = _("It belongs to the meeting that numbered it. Add it to the other meeting as another line.")
        raise ValidationError({"meeting": words})
