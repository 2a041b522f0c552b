"""What agreed minutes hold fast: while they are frozen, the shared texts they are made of do not change."""

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError, QuerySet
from django.utils.translation import gettext as _

from publishing.sides import Visibility


def frozen_words() -> str:
    """Return what somebody is told who would change what agreed minutes say."""
    return _(
        "The minutes of this meeting are agreed and frozen, and they hold this. "
        "A manager can reopen them, with a reason, on the meeting's page “Minutes”."
    )


def is_frozen(meeting_id) -> bool:
    """Return whether the minutes of a meeting, by its key, are agreed and not reopened."""
    minutes = apps.get_model("meetings", "Minutes")
    return minutes.objects.filter(meeting=meeting_id, frozen_at__isnull=False).exists()


def changes_minutes(row, stored: dict) -> bool:
    """Return whether `row`, of which the database holds `stored`, would change what shared minutes say."""
    is_kept = row.visibility == Visibility.OWN_SIDE
    was_kept = stored.get("visibility", Visibility.OWN_SIDE) == Visibility.OWN_SIDE
    if is_kept or was_kept:
        return is_kept != was_kept
    return any(_plain(getattr(row, name)) != _plain(stored[name]) for name in row.IN_MINUTES)


def _plain(value):
    # Forms bring the line ends of browsers, and no space around a text.
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else value


def frozen_refusal(row, stored: dict) -> str:
    """Return, in words, why `row` is not saved so; "" where nothing is against it."""
    return frozen_words() if changes_minutes(row, stored) and is_frozen(row.meeting_id) else ""


def is_held(row) -> bool:
    """Return whether frozen minutes hold `row`, so that it is not deleted."""
    return row.visibility != Visibility.OWN_SIDE and is_frozen(row.meeting_id)


def refuse_deletion(row, origin) -> None:
    """Raise ProtectedError where frozen minutes hold `row`; with its whole meeting it may go."""
    model = origin.model if isinstance(origin, QuerySet) else type(origin)
    if model is type(row) and is_held(row):
        raise ProtectedError(frozen_words(), {row})


def is_agreed_file(paper) -> bool:
    """Return whether a paper is a file of agreed minutes, of whatever version: it is not deleted."""
    minutes = apps.get_model("meetings", "Minutes").objects.filter(meeting=paper.meeting_id).first()
    return minutes is not None and any(one["paper"] == paper.pk for one in minutes.files)


def refuse_hiding(paper) -> None:
    """Raise ValidationError where one side would keep to itself a file that both sides agreed."""
    if paper.pk and paper.visibility == Visibility.OWN_SIDE and is_agreed_file(paper):
        words = _("Both sides agreed this file, so both sides go on seeing it.")
        raise ValidationError({"visibility": words})
