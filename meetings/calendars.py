"""Meetings as iCalendar files (RFC 5545): all of them to subscribe to, and each alone.

Only meetings with a date to the day: an event on the first of a month would say more than its source.
"""

import datetime

from django.conf import settings
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language, gettext, pgettext
from icalendar import Calendar, Event, vText

from initiative.dates import Precision
from meetings.models import Meeting
from publishing.addresses import absolute, authority, html_language, notice
from publishing.bilingual import LocalText
from publishing.sides import Visibility
from publishing.views import RecordDetail

STATUS = {
    Meeting.Phase.PLANNED: "TENTATIVE",
    Meeting.Phase.HELD: "CONFIRMED",
    Meeting.Phase.POSTPONED: "TENTATIVE",
    Meeting.Phase.CANCELLED: "CANCELLED",
}


def on_a_day():
    """Return the published meetings that a calendar can hold, the earliest first."""
    dated = Meeting.objects.published().filter(starts_on__isnull=False, starts_on_precision=Precision.DAY)
    return dated.order_by("starts_on", "pk")


def day_after(meeting: Meeting) -> datetime.date:
    """Return the day after the last one: DTEND of all-day events is exclusive."""
    several = meeting.ends_on and meeting.ends_on_precision == Precision.DAY
    return (meeting.ends_on if several else meeting.starts_on) + datetime.timedelta(days=1)


def add_text(event: Event, name: str, text: LocalText) -> None:
    """Add a text of the record with its language, if there is one."""
    if text:
        event.add(name, str(text), parameters={"LANGUAGE": text.lang})


def is_on_a_day(meeting: Meeting) -> bool:
    """Return whether a calendar can hold the meeting."""
    return bool(meeting.starts_on) and meeting.starts_on_precision == Precision.DAY


def event_of(meeting: Meeting, versions: int, request, said: str | None = None, url: str = "") -> Event:
    """Return a meeting as an all-day event. `versions` counts its history: each raises SEQUENCE.

    `said` and `url` stand in for what the public reads, and where.
    """
    event = Event()
    event.add("uid", f"{meeting.reference}@{authority(request)}")
    changed = meeting.last_changed_at.astimezone(datetime.UTC).replace(microsecond=0)
    # icalendar adds no DTSTAMP by itself; in a published calendar it is the time of the last change.
    event.add("dtstamp", changed)
    event.add("last-modified", changed)
    event.add("sequence", max(versions - 1, 0))
    event.add("dtstart", meeting.starts_on)
    event.add("dtend", day_after(meeting))
    add_text(event, "summary", meeting.title)
    place = [str(part) for part in (meeting.venue, meeting.city) if part]
    if place:
        event.add("location", pgettext("list", ", ").join(place))
    parts = [str(meeting.outcome) if said is None else said, notice()]
    if any(parts):
        event.add("description", "\n\n".join(filter(None, parts)))
    event.add("status", STATUS[Meeting.Phase(meeting.phase)])
    event.add("transp", "TRANSPARENT")
    event.add("url", absolute(request, url or meeting.get_absolute_url()))
    return event


def versions_of(meetings) -> dict[int, int]:
    """Return how many versions each of some meetings has, in one query."""
    keys = [meeting.pk for meeting in meetings]
    counted = Meeting.history.filter(id__in=keys).order_by().values_list("id").annotate(Count("history_id"))
    return dict(counted)


def calendar_of(events, name: str) -> HttpResponse:
    """Return the file of some events."""
    calendar = Calendar()
    calendar.add("prodid", f"-//SCI Portal//{html_language(get_language())}")
    calendar.add("version", "2.0")
    # Calendar programs show these two; the library does not know that they are text to be escaped.
    calendar.add("x-wr-calname", vText(settings.SITE_NAMES[get_language()]))
    if notice():
        calendar.add("x-wr-caldesc", vText(notice()))
    for event in events:
        calendar.add_component(event)
    response = HttpResponse(calendar.to_ical(), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'inline; filename="{name}.ics"'
    return response


def calendar_file(meetings, name: str, request) -> HttpResponse:
    """Return the file of some published meetings."""
    versions = versions_of(meetings)
    return calendar_of((event_of(one, versions.get(one.pk, 1), request) for one in meetings), name)


def staff_calendar(meeting: Meeting, request, name: str) -> HttpResponse:
    """Return the file of a meeting that need not be published, with the agenda that both sides see."""
    items = meeting.agenda_items.exclude(visibility=Visibility.OWN_SIDE)
    agenda = "\n".join(f"{number}. {item.title}" for number, item in enumerate(items, 1))
    desk = reverse("admin:desk", args=[meeting.pk])
    said = f"{gettext('Agenda')}\n{agenda}" if agenda else ""
    event = event_of(meeting, versions_of([meeting]).get(meeting.pk, 1), request, said, desk)
    response = calendar_of([event], name)
    response["Content-Disposition"] = f'attachment; filename="{name}.ics"'
    return response


def calendar(request):
    """All meetings (/en/meetings/meetings.ics)."""
    return calendar_file(list(on_a_day()), "sci-meetings", request)


class MeetingCalendar(RecordDetail):
    """One meeting, under its reference, which never changes (/en/meetings/SCI-C-0004.ics)."""

    model = Meeting

    def get_queryset(self):
        return Meeting.objects.published()

    def address(self, record):
        return reverse("meetings:event", args=[record.reference])

    def render_to_response(self, context, **kwargs):
        if not on_a_day().filter(pk=self.object.pk).exists():
            raise Http404
        return calendar_file([self.object], self.object.reference, self.request)
