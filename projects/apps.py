from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProjectsConfig(AppConfig):
    name = "projects"
    verbose_name = _("Projects")

    def ready(self):
        from projects.rounds.answering import release_reports
        from publishing.releasing import ALSO_RELEASED

        ALSO_RELEASED.append(release_reports)
