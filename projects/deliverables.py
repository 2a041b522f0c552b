"""A line of the deliverables list that is a project: its partners, as they are to be announced."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from meetings.deliverables import Deliverable, both_names, text_of_files


class ProjectDeliverable(Deliverable):
    RECORD = "project"
    project = models.OneToOneField(
        "projects.Project", models.CASCADE, verbose_name=_("project"), related_name="deliverable"
    )

    class Meta(Deliverable.Meta):
        verbose_name = _("project on the deliverables list")
        verbose_name_plural = _("projects on the deliverables list")

    @classmethod
    def agreed_text(cls, project):
        return {
            "titles": [project.title_en, project.title_zh],
            "parties": [
                [one.side, *both_names(one.organisation), one.name_as_announced, one.role]
                for one in project.partners.all()
            ],
            "signers": [],
            "text": text_of_files(project),
        }

    @classmethod
    def records_of(cls, meeting):
        return meeting.projects.select_related("meeting").prefetch_related("partners__organisation", "files")
