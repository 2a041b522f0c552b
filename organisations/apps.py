from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrganisationsConfig(AppConfig):
    name = "organisations"
    verbose_name = _("Organisations")

    def ready(self):
        from initiative.counting import Measure, register
        from organisations.filters import OrganisationFilter
        from organisations.models import Organisation

        register(
            Measure(
                "organisations",
                _("Organisations"),
                _("Records of organisations. Up to a day: those that had taken part by then."),
                lambda how: Organisation.objects.counted(published=how.published, on=how.on),
                OrganisationFilter,
                always={},
            )
        )
