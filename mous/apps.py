from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MOUsConfig(AppConfig):
    name = "mous"
    verbose_name = _("MOUs")

    def ready(self):
        from initiative.counting import Measure, register
        from mous.filters import MOUFilter
        from mous.models import MOU
        from mous.reminders.source import MOUReminders
        from outbox import reminding

        register(
            Measure(
                "mous",
                _("MOUs"),
                _(
                    "Records of MOUs with a date of signing, signed at a JIC meeting or on its sidelines. What"
                    " renews, amends or replaces one of them is not counted again, unless every signing is"
                    " asked for."
                ),
                lambda how: MOU.objects.counted(
                    *how.tracks, published=how.published, distinct=how.distinct, on=how.on
                ),
                MOUFilter,
            )
        )
        reminding.register(MOUReminders())
