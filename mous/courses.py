"""What the JIC settled for an MOU: to keep, renew or let it lapse, and the decision that says so."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from publishing.sides import Visibility


def is_shared(decision) -> bool:
    """Return whether both sides see a decision: it and its meeting."""
    return decision.visibility != Visibility.OWN_SIDE and not decision.meeting.kept_by


def refuse_unshared_decision(mou) -> None:
    """Refuse a decision that one side keeps to itself, and any for an MOU that one side keeps.

    What the Committee decided is known to both sides. A decision that a side keeps to itself since stays: who
    saves the MOU may not see it. Raises ValidationError.
    """
    if not mou.course_decision_id:
        return
    if mou.kept_by:
        told = _("The JIC decides on MOUs that both sides see. Share this MOU, or leave the decision out.")
        raise ValidationError({"kept_by": told})
    if not is_shared(mou.course_decision) and not _was_so(mou):
        told = _("One side keeps this decision to itself. Choose a decision that both sides see.")
        raise ValidationError({"course_decision": told})


def _was_so(mou) -> bool:
    known = type(mou)._base_manager.filter(pk=mou.pk, course_decision=mou.course_decision_id)
    return bool(mou.pk) and known.exists()
