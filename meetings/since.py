"""The time between two meetings: which meetings and days it holds, and what meetings brought in it."""

import datetime
from dataclasses import dataclass, field

from django.db import models
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from initiative.dates import Precision, settle, show
from meetings.models import Action, AnnouncedFigure, Decision, Meeting
from publishing.bilingual import LocalText
from publishing.models import Status
from publishing.sides import visible

# A record that was withdrawn is no longer work.
LIVE = (Status.DRAFT, Status.IN_REVIEW, Status.PUBLISHED)
NOT_HELD = (Meeting.Phase.POSTPONED, Meeting.Phase.CANCELLED)


@dataclass(frozen=True)
class Change:
    """One line of what came since: the record or row, what it is called, when, and what more is to be said.

    `code` is a reference, JIC4-D3 or JIC4-A2, or "" where the title says all.
    """

    record: models.Model
    code: str
    title: str
    day: datetime.date | None = None
    precision: str = Precision.DAY
    note: str = ""

    @property
    def day_shown(self) -> str:
        return show(self.day, self.precision) if self.day else ""

    @property
    def order(self) -> tuple:
        return self.day or datetime.date.min, self.code, self.record.pk


@dataclass(frozen=True)
class Section:
    """One question with its answers: `asked` says what is counted, `empty` what is said when nothing is."""

    key: str
    title: str
    asked: str
    empty: str
    rows: list[Change] = field(default_factory=list)


@dataclass(frozen=True)
class Interval:
    """From the day after one meeting up to and with another, or to today where that is still to come.

    `held` are the meetings in it that the person may see, by key; `later` is one of them, or None: until today.
    """

    earlier: Meeting
    later: Meeting | None
    after: datetime.date
    until: datetime.date
    held: dict[int, Meeting]

    @property
    def start(self) -> datetime.datetime:
        """Return the first moment after the earlier meeting's last day."""
        return _midnight(self.after + datetime.timedelta(days=1))

    @property
    def end(self) -> datetime.datetime:
        """Return the moment at which the last day is over."""
        return _midnight(self.until + datetime.timedelta(days=1))

    def holds(self, day: datetime.date | None) -> bool:
        return day is not None and self.after < day <= self.until


def _midnight(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time()))


def last_day(meeting: Meeting) -> datetime.date | None:
    """Return the last day that a meeting's date can mean, or None without a date."""
    if meeting.ends_on:
        return settle(meeting.ends_on, meeting.ends_on_precision, last=True)
    return meeting.starts_on and settle(meeting.starts_on, meeting.starts_on_precision, last=True)


def interval_problem(earlier: Meeting, later: Meeting | None) -> str:
    """Return in words why two meetings make no interval, or ""."""
    if earlier == later:
        return _("Choose two different meetings.")
    after, until = last_day(earlier), later and last_day(later)
    if after is None:
        return _("No date of %(meeting)s is on record here: enter it, or choose another meeting.") % {
            "meeting": earlier.code
        }
    if until and until < after:
        return _("%(later)s was held before %(earlier)s: choose them the other way round.") % {
            "later": later.code,
            "earlier": earlier.code,
        }
    if after > localdate():
        return _("%(meeting)s is still to come: choose a meeting that was held.") % {"meeting": earlier.code}
    return ""


def interval(earlier: Meeting, later: Meeting | None, user) -> Interval:
    """Return the time between two meetings, or from one to today, with its meetings as `user` may see them.

    Raises ValueError, in words, where `interval_problem` finds one. One query.
    """
    if problem := interval_problem(earlier, later):
        raise ValueError(problem)
    after, ends = last_day(earlier), later and last_day(later)
    until = max(after, min(ends or localdate(), localdate()))
    meetings = visible(Meeting.objects.filter(status__in=LIVE), user)
    held = meetings.filter(starts_on__gt=after, starts_on__lte=until).exclude(phase__in=NOT_HELD)
    found = {meeting.pk: meeting for meeting in held if meeting != earlier}
    if later:
        found[later.pk] = later
    return Interval(earlier, later, after, until, found)


def meeting_before(meeting: Meeting, user) -> Meeting | None:
    """Return the last meeting of the same kind held before this one, as far as `user` may see; one query.

    A meeting without a date comes after all that were held.
    """
    held = visible(Meeting.objects.filter(status__in=LIVE), user).filter(
        kind=meeting.kind, phase=Meeting.Phase.HELD, starts_on__isnull=False
    )
    if meeting.starts_on:
        held = held.filter(starts_on__lt=meeting.starts_on)
    return held.exclude(pk=meeting.pk).order_by("-starts_on", "-pk").first()


def told(record, name: str = "text") -> LocalText | str:
    """Return a row's text in the page's language or the other, or its code where it has none."""
    return getattr(record, name) or str(record)


def figures(interval: Interval, user) -> Section:
    """Return the numbers announced at the meetings of the interval, or of them."""
    rows = visible(AnnouncedFigure.objects.filter(meeting__in=interval.held), user)
    found = []
    for figure in rows.order_by("meeting__starts_on", "pk"):
        parts = [
            "" if figure.track == "jic" else figure.get_track_display(),
            figure.get_tier_display(),
            figure.get_scope_display(),
        ]
        meeting = interval.held[figure.meeting_id]
        found.append(
            Change(
                figure, meeting.code, capfirst(str(figure)), figure.as_of, note=" · ".join(filter(None, parts))
            )
        )
    return Section(
        "figures",
        _("Figures announced"),
        _("Numbers announced of the meetings in this time."),
        _("No figure was announced."),
        found,
    )


def decisions(interval: Interval, user) -> Section:
    """Return the decisions taken at the meetings of the interval."""
    found = visible(Decision.objects.filter(meeting__in=interval.held), user).select_related("meeting")
    return Section(
        "decisions",
        _("Decisions taken"),
        _("Decisions of the meetings in this time."),
        _("No decision is on record here."),
        [
            Change(one, str(one), told(one), one.meeting.starts_on, one.meeting.starts_on_precision)
            for one in found.order_by("meeting__starts_on", "number", "pk")
        ],
    )


def _action(action: Action, day, precision: str) -> Change:
    state = pgettext("of an action", "Owner: %(side)s · %(state)s") % {
        "side": action.get_owner_side_display(),
        "state": action.get_state_display(),
    }
    return Change(action, str(action), told(action), day, precision, state)


def actions(interval: Interval, user) -> list[Section]:
    """Return the follow-up actions that the meetings of the interval gave, and those closed in it."""
    mine = (
        visible(Action.objects.all(), user).select_related("meeting").order_by("meeting__starts_on", "number")
    )
    opened = mine.filter(meeting__in=interval.held)
    closed = mine.filter(closed_on__gt=interval.after, closed_on__lte=interval.until)
    return [
        Section(
            "actions_opened",
            _("Actions opened"),
            _("Follow-up actions that the meetings in this time gave."),
            _("No action was opened."),
            [_action(one, one.meeting.starts_on, one.meeting.starts_on_precision) for one in opened],
        ),
        Section(
            "actions_closed",
            _("Actions closed"),
            _("Follow-up actions of any meeting that were done or dropped in this time."),
            _("No action was closed."),
            sorted((_action(one, one.closed_on, Precision.DAY) for one in closed), key=lambda row: row.order),
        ),
    ]
