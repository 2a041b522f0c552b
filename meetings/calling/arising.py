"""Matters arising: the follow-up actions of earlier meetings that are still open when another is called."""

from meetings.actions.due import open_before
from meetings.models import Action, Meeting
from publishing.sides import visible


def matters_arising(meeting: Meeting, user) -> list[Action]:
    """Return the open actions of the meetings before `meeting` that `user` may see, the oldest first."""
    found = visible(open_before(meeting), user)
    named = found.select_related("meeting", "organisation", "due_meeting")
    return list(named.order_by("meeting__starts_on", "meeting", "number"))
