"""Matters arising: the follow-up actions of earlier meetings that are still open when another is called."""

from django.db.models import Q

from meetings.actions import OPEN
from meetings.models import Action, Meeting
from publishing.sides import visible


def matters_arising(meeting: Meeting, user) -> list[Action]:
    """Return the open actions of the meetings before `meeting` that `user` may see, the oldest first.

    Before a meeting without a date come all others.
    """
    earlier = ~Q(meeting=meeting)
    if meeting.starts_on:
        earlier &= Q(meeting__starts_on__lt=meeting.starts_on)
    found = visible(Action.objects.filter(earlier, state__in=OPEN), user)
    named = found.select_related("meeting", "organisation", "due_meeting")
    return list(named.order_by("meeting__starts_on", "meeting", "number"))
