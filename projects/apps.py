from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProjectsConfig(AppConfig):
    name = "projects"
    verbose_name = _("Projects")

    def ready(self):
        from initiative.counting import Measure, register
        from projects.filters import ProjectFilter
        from projects.models import Project
        from projects.rounds.answering import release_reports
        from publishing.releasing import ALSO_RELEASED

        register(
            Measure(
                "projects",
                _("Projects"),
                _("Records of projects whose launch meeting has been held."),
                lambda how: Project.objects.counted(*how.tracks, published=how.published, on=how.on),
                ProjectFilter,
            )
        )
        ALSO_RELEASED.append(release_reports)
