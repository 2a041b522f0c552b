from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from import_export.fields import Field

from initiative.imports import CITED, CITED_KEY
from listing.cells import CellWidget
from listing.imports import StrictResource
from listing.suggestions import CellError, did_you_mean
from meetings.columns import COLUMNS
from meetings.models import (
    Action,
    ActionNote,
    AgendaItem,
    AnnouncedFigure,
    Attendance,
    Decision,
    FigureCitation,
    Meeting,
    MeetingCitation,
)
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


class FigureWidget(CellWidget):
    """Finds an announced figure by the columns that tell it from the meeting's others."""

    def clean(self, value, row=None, **kwargs):
        meeting = self.resource.find(Meeting, row["meeting"])
        lookups = {name: row[name] for name in FIGURE} | {"meeting": meeting}
        figure = None
        if value.isascii() and value.isdigit():
            seen = self.resource.seen
            once = seen(AnnouncedFigure.history.filter(**lookups)).values("id")
            figure = (
                seen(AnnouncedFigure.objects.filter(**lookups)).first()
                or seen(AnnouncedFigure.objects.filter(pk__in=once)).first()
            )
        if figure is None:
            raise CellError(_("No such figure is on record for this meeting."))
        return figure

    def render(self, value, obj=None, **kwargs):
        return str(value.value) if value else ""

    def how(self):
        return _("a whole number")


class FigureCitationImport(GuardedImport, StrictResource):
    also_read = FIGURE[:-1]
    figure = Field(attribute="figure", column_name="value", widget=FigureWidget())

    class Meta(StrictResource.Meta):
        model = FigureCitation
        import_id_fields = ("figure", *CITED_KEY)
        fields = ("figure", *CITED)

    def get_queryset(self):
        return super().get_queryset().select_related("figure__meeting")

    def model_field(self, column):
        return AnnouncedFigure._meta.get_field(column) if column in FIGURE else super().model_field(column)

    def also_cells(self, instance):
        figure = instance.figure
        return [figure.meeting.reference, figure.measure, figure.track, figure.tier, figure.scope]


class AgendaItemImport(GuardedImport, StrictResource):
    class Meta(StrictResource.Meta):
        model = AgendaItem
        import_id_fields = ("meeting", "title_en", "title_zh")
        fields = (
            "meeting",
            "position",
            "kind",
            "title_en",
            "title_zh",
            "presenter",
            "presenter_zh",
            "noted_en",
            "noted_zh",
            "visibility",
            "owner_side",
        )


class AgendaItemWidget(CellWidget):
    """Finds an agenda item of the row's meeting by its place and title, or by either."""

    agenda: dict[int, list[AgendaItem]] | None = None

    def items(self, meeting) -> list[AgendaItem]:
        """Return the meeting's agenda items that the person may see, read once for an import."""
        if self.agenda is None:
            self.agenda = {}
            for item in self.resource.seen(AgendaItem.objects.all()).order_by("position", "pk"):
                self.agenda.setdefault(item.meeting_id, []).append(item)
        return self.agenda.get(meeting.pk, [])

    @staticmethod
    def names(item: AgendaItem) -> list[str]:
        return [
            f"{item.position}. {item.title_en or item.title_zh}".strip(),
            *filter(None, (item.title_en, item.title_zh)),
            str(item.position),
        ]

    def clean(self, value, row=None, **kwargs):
        if not value:
            return None
        items = self.items(self.resource.find(Meeting, row["meeting"]))
        # By place and title first: what our own sheets write.
        for names in (slice(0, 1), slice(1, None)):
            found = [item for item in items if value in self.names(item)[names]]
            if len(found) == 1:
                return found[0]
            if found:
                raise CellError(
                    _("“%(value)s” is the name of several agenda items. Write place and title: “3. Title”.")
                    % {"value": value}
                )
        near = did_you_mean(value, [name for item in items for name in self.names(item)[:-1]])
        raise CellError(_("The meeting has no agenda item “%(value)s”.") % {"value": value}, near)

    def hides(self, item) -> bool:
        return item not in self.items(item.meeting)

    def render(self, value, obj=None, **kwargs):
        return "" if value is None or self.hides(value) else self.names(value)[0]

    def how(self):
        return _("place and title of an agenda item of the meeting, such as “3. Smart mobility”")


class NumberedImport(GuardedImport, StrictResource):
    """Rows told apart by their number: a sheet gives it, so that the sheet can be imported a second time."""

    def validate_instance(self, instance, import_validation_errors=None, validate_unique=True):
        errors = dict(import_validation_errors or {})
        if instance.number is None and "number" not in errors:
            errors["number"] = ValidationError(_("Write the number: 3 of JIC4-D3."))
        super().validate_instance(instance, errors, validate_unique)


class DecisionImport(NumberedImport):
    agenda_item = Field(attribute="agenda_item", column_name="agenda_item", widget=AgendaItemWidget())

    class Meta(StrictResource.Meta):
        model = Decision
        import_id_fields = ("meeting", "number")
        fields = ("meeting", "number", "agenda_item", "text_en", "text_zh", "visibility", "owner_side")

    def get_queryset(self):
        return super().get_queryset().select_related("agenda_item__meeting")


class ActionImport(NumberedImport):
    agenda_item = Field(attribute="agenda_item", column_name="agenda_item", widget=AgendaItemWidget())

    class Meta(StrictResource.Meta):
        model = Action
        import_id_fields = ("meeting", "number")
        fields = (
            "meeting",
            "number",
            "agenda_item",
            "text_en",
            "text_zh",
            "owner_side",
            "organisation",
            "due_on",
            "due_meeting",
            "state",
            "closed_on",
            "closing_note",
            "visibility",
        )

    def get_queryset(self):
        return super().get_queryset().select_related("agenda_item__meeting")


class ActionWidget(CellWidget):
    """Finds a follow-up action by its code: JIC4-A2, or SCI-M-0008-A2 of a meeting without a number."""

    def clean(self, value, row=None, **kwargs):
        meeting, _dash, number = value.rpartition("-A")
        action = None
        if meeting and number.isascii() and number.isdigit() and len(number) <= 5:
            found = self.resource.find(Meeting, meeting)
            action = self.resource.seen(Action.objects.filter(meeting=found, number=number)).first()
        if action is None:
            raise CellError(_("No follow-up action “%(value)s” is on record.") % {"value": value})
        return action

    def render(self, value, obj=None, **kwargs):
        return str(value) if value else ""

    def how(self):
        return _("the number of a follow-up action, such as JIC4-A2")


class ActionNoteImport(GuardedImport, StrictResource):
    action = Field(attribute="action", column_name="code", widget=ActionWidget())

    class Meta(StrictResource.Meta):
        model = ActionNote
        import_id_fields = ("action", "text")
        fields = ("action", "text", "visibility", "owner_side")

    def get_queryset(self):
        return super().get_queryset().select_related("action__meeting")
