from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MOUsConfig(AppConfig):
    name = "mous"
    verbose_name = _("MOUs")

    def ready(self):
        from mous import reminding  # noqa: F401  registers what people are reminded of
