"""Follow-up actions as one list: when each is due, the filter by it, and the section of the index."""

import datetime

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, ngettext_lazy, pgettext, pgettext_lazy

from initiative.dates import Precision, show
from meetings.models import Action
from publishing.list_filters import ChoiceFilter
from publishing.todo import MOST, Cell, Line, Number, Section, list_address, page_address

# Days ahead in which an open action is due soon.
SOON = 30
OPEN = (Action.State.OPEN, Action.State.IN_PROGRESS)
# An action is due on its date, or when the meeting is held at which it is due.
DUE = Coalesce("due_on", "due_meeting__starts_on")


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


class DueFilter(ChoiceFilter):
    title = pgettext_lazy("of an open action", "due")
    parameter_name = "due"

    def lookups(self, request, model_admin):
        return Due.choices

    def queryset(self, request, queryset):
        if self.value():
            return queryset.alias(due=DUE).filter(due_condition(self.value(), localdate()))
        return queryset


def due_cell(action: Action) -> Cell:
    """Return the cell of an action annotated with `due`: the day, and how far off it is."""
    days = (action.due - localdate()).days
    if days < 0:
        told, tone = ngettext("%(count)s day late", "%(count)s days late", -days) % {"count": -days}, "late"
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
