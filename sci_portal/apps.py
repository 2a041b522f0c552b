from django.apps import AppConfig, apps
from django.contrib.admin.apps import AdminConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class SCIPortalConfig(AppConfig):
    name = "sci_portal"
    verbose_name = _("SCI Portal")

    def ready(self):
        # What is registered by being imported: the system checks, and the reports that span all apps. Commands
        # need the reports too, and load no addresses.
        from sci_portal import checks, not_on_record, work_waiting  # noqa: F401
        from sci_portal.roles import ensure_all

        # The signal is sent for one app after the other, each making its permissions: wait for the last.
        last = [config for config in apps.get_app_configs() if config.models_module][-1]
        post_migrate.connect(ensure_all, sender=last, dispatch_uid="sci_portal.ensure_all")


class SCIPortalAdminConfig(AdminConfig):
    default_site = "sci_portal.admin.SCIPortalAdminSite"
