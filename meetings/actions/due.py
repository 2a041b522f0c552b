"""When follow-up actions are due and how they stand, in the database and in words; the section of the index."""

import datetime

from django.db import models
from django.db.models import Case, Q, When
from django.db.models.functions import Coalesce
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, ngettext_lazy, pgettext, pgettext_lazy

from initiative.dates import Precision, show
from meetings.models import Action, Meeting
from publishing.list_filters import ChoiceFilter
from publishing.sides import visible
from publishing.todo import MOST, Cell, Line, Number, Section, list_address, page_address

# Days ahead in which an open action is due soon.
SOON = 30
OPEN = (Action.State.OPEN, Action.State.IN_PROGRESS)


class LastDayOf(models.Func):
    """The last day of the month or year in which a date is; as `initiative.dates.settle` in Python."""

    output_field = models.DateField()

    def __init__(self, expression, period: str):
        super().__init__(expression, period=period)

    def as_sqlite(self, compiler, connection, **context):
        template = "date(%(expressions)s, 'start of %(period)s', '+1 %(period)s', '-1 day')"
        return self.as_sql(compiler, connection, template=template, **context)

    def as_postgresql(self, compiler, connection, **context):
        template = (
            "(date_trunc('%(period)s', %(expressions)s) + interval '1 %(period)s' - interval '1 day')::date"
        )
        return self.as_sql(compiler, connection, template=template, **context)


_PRECISION = "due_meeting__starts_on_precision"
# An action is due on its date, or on the last day on which the meeting can be held at which it is due.
DUE = Coalesce(
    "due_on",
    Case(
        When(**{_PRECISION: Precision.MONTH}, then=LastDayOf("due_meeting__starts_on", "month")),
        When(**{_PRECISION: Precision.YEAR}, then=LastDayOf("due_meeting__starts_on", "year")),
        default="due_meeting__starts_on",
        output_field=models.DateField(),
    ),
)


class Due(models.TextChoices):
    OVERDUE = "overdue", pgettext_lazy("due", "overdue")
    SOON = "soon", pgettext_lazy("due", "within 30 days")
    LATER = "later", pgettext_lazy("due", "later")
    NO_DATE = "no_date", pgettext_lazy("due", "no date")


def due_condition(due: Due, today: datetime.date) -> Q:
    """Return the condition on the annotation `due`; none holds of an action that is done or dropped."""
    soon = today + datetime.timedelta(days=SOON)
    return (
        Q(state__in=OPEN)
        & {
            Due.OVERDUE: Q(due__lt=today),
            Due.SOON: Q(due__gte=today, due__lte=soon),
            Due.LATER: Q(due__gt=soon),
            Due.NO_DATE: Q(due=None),
        }[Due(due)]
    )


def due_words(action: Action) -> str:
    """Return when an action is due: the day, or the meeting with its date; "" where neither is on record."""
    if action.due_on:
        return show(action.due_on, Precision.DAY)
    meeting = action.due_meeting
    if meeting is None:
        return ""
    day = _("date to be announced")
    if meeting.starts_on:
        day = show(meeting.starts_on, meeting.starts_on_precision)
    return _("%(meeting)s, %(day)s") % {"meeting": meeting.title, "day": day}


def days_late(action: Action, today: datetime.date) -> int:
    """Return by how many days an action annotated with `due` is overdue; 0 of one that is not, or is closed."""
    return max((today - action.due).days, 0) if action.due and action.state in OPEN else 0


def late_words(days: int) -> str:
    """Return "12 days late", or "" for 0."""
    return ngettext("%(count)s day late", "%(count)s days late", days) % {"count": days} if days else ""


def due_lines(action: Action, today: datetime.date) -> list[str]:
    """Return when an action annotated with `due` is due, and how late it is."""
    return [due_words(action) or _("no date"), late_words(days_late(action, today))]


def open_before(meeting: Meeting) -> models.QuerySet:
    """Return what is still open from the meetings before this one; before one without a date, from all held."""
    earlier = Action.objects.filter(state__in=OPEN).exclude(meeting=meeting)
    if meeting.starts_on:
        return earlier.filter(meeting__starts_on__lt=meeting.starts_on)
    return earlier.filter(meeting__phase=Meeting.Phase.HELD)


def open_from_earlier(meeting: Meeting, user) -> models.QuerySet:
    """Return what is still open, of what `user` may see, from the meetings before this one; by due day."""
    return by_due(visible(open_before(meeting), user))


def by_due(actions: models.QuerySet) -> models.QuerySet:
    """Return actions with their `due` and what a list of them names, what is due first before the others."""
    named = actions.select_related("meeting", "due_meeting", "organisation").annotate(due=DUE)
    return named.order_by(models.F("due").asc(nulls_last=True), "meeting", "number", "pk")


class DueFilter(ChoiceFilter):
    title = pgettext_lazy("of an open action", "due")
    parameter_name = "due"

    def lookups(self, request, model_admin):
        return Due.choices

    def queryset(self, request, queryset):
        if self.value():
            return queryset.annotate(due=DUE).filter(due_condition(self.value(), localdate()))
        return queryset


def due_cell(action: Action) -> Cell:
    """Return the cell of an action annotated with `due`: the day, and how far off it is."""
    days = (action.due - localdate()).days
    if days < 0:
        told, tone = late_words(-days), "late"
    elif days == 0:
        told, tone = pgettext("due", "today"), "soon"
    else:
        told, tone = ngettext("in %(count)s day", "in %(count)s days", days) % {"count": days}, "soon"
    return Cell(show(action.due, Precision.DAY), note=told, tone=tone, iso=action.due.isoformat())


def action_section(admin, request) -> Section:
    """Return the section of the index with the open actions that are overdue or due soon."""
    section = Section(
        "actions",
        _("Actions due"),
        [
            pgettext("at a meeting", "Action"),
            _("Meeting"),
            pgettext("of an action", "Owner"),
            pgettext("of an action", "Due"),
        ],
        _("No action is overdue or due within %(days)s days.") % {"days": SOON},
        10,
        ngettext_lazy("overdue action", "overdue actions", "count"),
        tone="late",
    )
    today, found = localdate(), admin.get_queryset(request).select_related("meeting").annotate(due=DUE)
    late, soon = due_condition(Due.OVERDUE, today), due_condition(Due.SOON, today)
    numbers = found.order_by().aggregate(
        late=models.Count("pk", filter=late), soon=models.Count("pk", filter=soon)
    )
    section.numbers = [
        Number(numbers["late"], Due.OVERDUE.label, list_address(Action, due=Due.OVERDUE)),
        Number(numbers["soon"], Due.SOON.label, list_address(Action, due=Due.SOON), tallied=False),
    ]
    for place, action in enumerate(found.filter(late | soon).order_by("due", "pk")[:MOST]):
        text = action.text or str(action)
        cells = [
            Cell(text, page_address(action), lead=str(action), lang=getattr(text, "lang", "")),
            Cell(action.meeting.code),
            Cell(action.get_owner_side_display(), side=action.owner_side),
            due_cell(action),
        ]
        section.lines.append(Line(cells, (place,)))
    return section
