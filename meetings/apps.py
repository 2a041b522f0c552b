from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MeetingsConfig(AppConfig):
    name = "meetings"
    verbose_name = _("Meetings")

    def ready(self):
        from initiative.counting import Measure, register
        from meetings.filters import MeetingFilter
        from meetings.models import Meeting

        register(
            Measure(
                "meetings",
                _("Meetings"),
                _("Records of meetings of the Committee that have been held."),
                lambda how: Meeting.objects.counted(published=how.published, on=how.on),
                MeetingFilter,
                always={"kind": [Meeting.Kind.JIC], "phase": [Meeting.Phase.HELD]},
            )
        )
