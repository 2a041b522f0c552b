from django.utils.translation import gettext as _
from import_export.fields import Field
from import_export.widgets import Widget

from initiative.imports import CITED, CITED_KEY
from listing.imports import StrictResource, find
from meetings.columns import COLUMNS
from meetings.models import AnnouncedFigure, Attendance, FigureCitation, Meeting, MeetingCitation
from publishing.imports import GuardedImport


class MeetingImport(GuardedImport, StrictResource):
    people_columns = StrictResource.people_columns_of(COLUMNS)

    class Meta(StrictResource.Meta):
        model = Meeting
        import_id_fields = ("reference",)
        fields = tuple(column.key for column in COLUMNS if column.imported)


class MeetingCitationImport(GuardedImport, StrictResource):
    class Meta(StrictResource.Meta):
        model = MeetingCitation
        import_id_fields = ("meeting", *CITED_KEY)
        fields = ("meeting", *CITED)


class AttendanceImport(GuardedImport, StrictResource):
    class Meta(StrictResource.Meta):
        model = Attendance
        import_id_fields = ("meeting", "person", "words_en", "words_zh", "role")
        fields = (
            "meeting",
            "person",
            "words_en",
            "words_zh",
            "side",
            "organisation",
            "post_en",
            "post_zh",
            "role",
            "position",
        )


# What tells one announced figure from another.
FIGURE = ("meeting", "measure", "track", "tier", "scope", "value")


class AnnouncedFigureImport(GuardedImport, StrictResource):
    class Meta(StrictResource.Meta):
        model = AnnouncedFigure
        import_id_fields = FIGURE
        fields = (*FIGURE, "as_of")


class FigureWidget(Widget):
    """Finds an announced figure by the columns that tell it from the meeting's others."""

    def clean(self, value, row=None, **kwargs):
        lookups = {name: row[name] for name in FIGURE} | {"meeting": find(Meeting, row["meeting"])}
        figure = None
        if value.isascii() and value.isdigit():
            once = AnnouncedFigure.history.filter(**lookups).values("id")
            figure = (
                AnnouncedFigure.objects.filter(**lookups).first()
                or AnnouncedFigure.objects.filter(pk__in=once).first()
            )
        if figure is None:
            raise ValueError(_("No such figure is on record for this meeting."))
        return figure

    def render(self, value, obj=None, **kwargs):
        return str(value.value) if value else ""


class FigureCitationImport(GuardedImport, StrictResource):
    also_read = FIGURE[:-1]
    figure = Field(attribute="figure", column_name="value", widget=FigureWidget())

    class Meta(StrictResource.Meta):
        model = FigureCitation
        import_id_fields = ("figure", *CITED_KEY)
        fields = ("figure", *CITED)
