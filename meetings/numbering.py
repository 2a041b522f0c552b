"""Numbers of decisions and follow-up actions: given once within a meeting, never changed or used again."""

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils.translation import gettext as _


def next_number(row) -> int:
    """Return the number after every one that a decision or action of the row's meeting ever had.

    Ask under the lock of the Publication row. The history is asked too: a deleted row keeps its number.
    """
    kept = (type(row)._base_manager, type(row).history)
    last = (rows.filter(meeting=row.meeting_id).aggregate(last=Max("number"))["last"] for rows in kept)
    return max(filter(None, last), default=0) + 1


def was_given(row, number: int) -> bool:
    """Return whether the row's meeting once gave `number` to another row of this kind, which is gone."""
    return type(row).history.filter(meeting=row.meeting_id, number=number).exclude(id=row.pk).exists()


def refuse_renumbering(row, stored: dict) -> None:
    """Raise ValidationError where a row would take another number or meeting than those it was given."""
    changed = {name for name in ("number", "meeting_id") if stored and stored[name] != getattr(row, name)}
    if "number" in changed:
        words = _("A number is never changed: it stays %(number)s. Add another line for another number.")
        raise ValidationError({"number": words % {"number": stored["number"]}})
    if changed:
        words = _("It belongs to the meeting that numbered it. Add it to the other meeting as another line.")
        raise ValidationError({"meeting": words})
