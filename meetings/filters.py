from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from listing.filters import NOT_STATED_CHOICE, ChoicesFilter, Listed
from meetings.models import Meeting


class MeetingFilter(Listed):
    kind = ChoicesFilter(label=_("Kind"), choices=Meeting.Kind.choices)
    format = ChoicesFilter(
        label=pgettext_lazy("of a meeting", "Format"), choices=[*Meeting.Format.choices, NOT_STATED_CHOICE]
    )
    phase = ChoicesFilter(label=_("Phase"), choices=Meeting.Phase.choices)

    class Meta:
        model = Meeting
        fields: list[str] = []


def meeting_choices() -> list[tuple[str, str]]:
    """Return the choices of a filter by meeting: address and title, newest first."""
    meetings = Meeting.objects.published().order_by("-starts_on", "pk")
    return [*((meeting.slug, meeting.title) for meeting in meetings), NOT_STATED_CHOICE]
