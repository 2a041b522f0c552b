from initiative.imports import CITED, CITED_KEY
from listing.imports import StrictResource
from projects.columns import COLUMNS
from projects.models import Milestone, Partner, ProgressReport, Project, ProjectCitation
from publishing.imports import GuardedImport


class ProjectImport(GuardedImport, StrictResource):
    people_columns = StrictResource.people_columns_of(COLUMNS)

    class Meta(StrictResource.Meta):
        model = Project
        import_id_fields = ("reference",)
        fields = tuple(column.key for column in COLUMNS if column.imported)


class ProjectCitationImport(GuardedImport, StrictResource):
    class Meta(StrictResource.Meta):
        model = ProjectCitation
        import_id_fields = ("project", *CITED_KEY)
        fields = ("project", *CITED)


class PartnerImport(GuardedImport, StrictResource):
    class Meta(StrictResource.Meta):
        model = Partner
        import_id_fields = ("project", "organisation")
        fields = (
            "project",
            "organisation",
            "side",
            "role",
            "position",
            "name_as_announced",
            "note_en",
            "note_zh",
        )


class MilestoneImport(GuardedImport, StrictResource):
    class Meta(StrictResource.Meta):
        model = Milestone
        import_id_fields = ("project", "title_en", "title_zh")
        fields = (
            "project",
            "title_en",
            "title_zh",
            "due_on",
            "due_on_precision",
            "reached_on",
            "reached_on_precision",
            "note_en",
            "note_zh",
        )


class ProgressReportImport(GuardedImport, StrictResource):
    class Meta(StrictResource.Meta):
        model = ProgressReport
        import_id_fields = ("project", "meeting")
        fields = ("project", "meeting", "text_en", "text_zh", "rating", "visibility")
