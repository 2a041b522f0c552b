"""The to-do index: the sections of every kind of record set together, what changed, and the next meeting."""

from dataclasses import dataclass

from django.db.models import F
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy, pgettext

from initiative.dates import show
from initiative.models import Source
from meetings.models import Meeting
from outbox.models import Mail
from publishing.recent import recent_changes
from publishing.sides import visible
from publishing.todo import MOST, Cell, Line, Number, Section, list_address, moment_cell, page_address
from sci_portal.loading import RECORDS


def sections(site, request) -> list[Section]:
    """Ask every ModelAdmin that has a `todo` for its sections; those of one key become one."""
    found: dict[str, Section] = {}
    for admin in site._registry.values():
        for section in admin.todo(request) if hasattr(admin, "todo") else ():
            one = found.setdefault(section.key, section)
            if one is not section:
                one.numbers += section.numbers
                one.lines += section.lines
    if section := failed_mails(site, request):
        found[section.key] = section
    return sorted(found.values(), key=lambda section: section.position)


def failed_mails(site, request) -> Section | None:
    """Return the section of e-mails that were not sent; None where there is none, or who may not see them."""
    admin = site.get_model_admin(Mail)
    if not admin.has_view_permission(request):
        return None
    failed = admin.get_queryset(request).filter(Mail.failed_or_broken_off()).order_by("-made_at", "-pk")
    if not (count := failed.count()):
        return None
    headings = [capfirst(_("e-mail")), pgettext("e-mail", "To"), _("Written"), pgettext("e-mail", "Problem")]
    tally = ngettext_lazy("e-mail that was not sent", "e-mails that were not sent", "count")
    section = Section("mails", _("E-mails that were not sent"), headings, "", 15, tally, tone="late")
    words = capfirst(Mail._meta.verbose_name_plural)
    section.numbers.append(Number(count, words, list_address(Mail, decide=1)))
    for place, mail in enumerate(failed[:MOST]):
        problem = mail.get_problem_display() or mail.get_state_display()
        cells = [
            Cell(mail.subject, page_address(mail)),
            Cell(mail.to),
            moment_cell(mail.made_at),
            Cell(problem, note=mail.error, tone="warn"),
        ]
        section.lines.append(Line(cells, (place,)))
    return section


@dataclass(frozen=True)
class NextMeeting:
    meeting: Meeting | None
    address: str
    may_change: bool

    @property
    def when(self) -> str:
        return show(self.meeting.starts_on, self.meeting.starts_on_precision)


def next_meeting(site, request) -> NextMeeting | None:
    """Return the next meeting planned, one without a date where none has one; None to who sees no meeting."""
    admin = site.get_model_admin(Meeting)
    if not admin.has_view_permission(request):
        return None
    coming = admin.get_queryset(request).filter(phase__in=[Meeting.Phase.PLANNED, Meeting.Phase.POSTPONED])
    coming = coming.exclude(starts_on__lt=localdate()).order_by(F("starts_on").asc(nulls_last=True), "pk")
    meeting = coming.first()
    if meeting is None:
        return NextMeeting(None, reverse("admin:meetings_meeting_add"), admin.has_add_permission(request))
    return NextMeeting(meeting, page_address(meeting), admin.has_change_permission(request, meeting))


def first_steps(site, request) -> list[tuple[str, str]] | None:
    """Return what to do first, as (words, address), while there is no record at all; else None."""
    if any(visible(model._base_manager.all(), request.user).exists() for model in RECORDS):
        return None
    steps = [
        (_("Add a source: the release or report that states the facts"), Source),
        *((_("Add %(kind)s") % {"kind": model._meta.verbose_name}, model) for model in RECORDS),
    ]
    return [
        (words, reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_add"))
        for words, model in steps
        if site.get_model_admin(model).has_add_permission(request)
    ]


def index_context(site, request) -> dict:
    """Return what the template of the index needs beside the list of models."""
    found = sections(site, request)
    return {
        "title": _("To do"),
        "sections": found,
        "tallies": [section for section in found if section.tally],
        "first_steps": first_steps(site, request),
        "changes": [(change, _history(site, change)) for change in recent_changes(request.user)],
        "next_meeting": next_meeting(site, request),
    }


def _history(site, change) -> str:
    """Return the address of a record's history; "" of one that was deleted."""
    return "" if change.type == "-" else page_address(change.record, "history")
