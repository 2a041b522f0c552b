"""Running an update round: opening it, the e-mails with the links, chasing, closing; deleting contacts."""

import datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import override

from outbox.models import Mail, State
from outbox.sending import Tally, send_waiting
from projects.models import Contact, Project, UpdateAnswer, UpdateRequest, UpdateRound
from projects.rounds.models import MAIL
from projects.rounds.notices import notice, site_name
from publishing.addresses import absolute
from publishing.models import Publication
from publishing.sides import visible
from publishing.workflow import Refused

RUNNING = (Project.Stage.LAUNCHED, Project.Stage.IN_PROGRESS)
# What was written of a contact who is not on record is emptied so long after the round.
NOTES_KEPT = datetime.timedelta(days=90)


def refuse_kept(meeting) -> None:
    """Raise Refused where one side keeps the meeting: what projects report to it, the other side would read."""
    meeting.refresh_from_db()
    if meeting.kept_by:
        raise Refused([_("The other side does not see this meeting yet. Share it first.")])


def running_projects():
    """Return the published projects that a round asks: launched or in progress."""
    return Project.objects.published().filter(stage__in=RUNNING)


def not_asked(round: UpdateRound):
    """Return the running projects that the round does not ask yet."""
    return running_projects().exclude(update_requests__round=round)


def open_round(meeting, closes_on: datetime.date, user, note_en: str = "", note_zh: str = "") -> UpdateRound:
    """Open the meeting's round and ask every running project.

    Raises Refused where it has one already, or where one side keeps the meeting to itself.
    """
    with transaction.atomic():
        Publication.lock()
        refuse_kept(meeting)
        if UpdateRound.objects.filter(meeting=meeting).exists():
            raise Refused([_("This meeting has an update round already.")])
        delete_overdue()
        round = UpdateRound.objects.create(
            meeting=meeting, closes_on=closes_on, opened_by=user, note_en=note_en, note_zh=note_zh
        )
        ask(round, user)
    return round


def ask(round: UpdateRound, user) -> int:
    """Ask the running projects that were not asked, each by its first contact that `user` may see."""
    with transaction.atomic():
        Publication.lock()
        projects = list(not_asked(round))
        contacts: dict[int, Contact] = {}
        for contact in visible(Contact.objects.filter(project__in=projects), user).order_by("pk"):
            contacts.setdefault(contact.project_id, contact)
        for project in projects:
            UpdateRequest.objects.create(round=round, project=project, contact=contacts.get(project.pk))
    return len(projects)


def close_round(round: UpdateRound) -> None:
    """Take no more answers; a later last day opens it again."""
    with transaction.atomic():
        Publication.lock()
        round.closed_at = timezone.now()
        round.save(update_fields=["closed_at"])


def reopen(round: UpdateRound, closes_on: datetime.date, note_en: str, note_zh: str) -> None:
    """Set the last day and the note anew; a round that was closed is open again."""
    with transaction.atomic():
        Publication.lock()
        round.closes_on, round.note_en, round.note_zh, round.closed_at = closes_on, note_en, note_zh, None
        round.save()


def revoke(request: UpdateRequest) -> None:
    """Kill the link of a project."""
    with transaction.atomic():
        Publication.lock()
        request.refresh_from_db()
        request.revoke()


def renew(request: UpdateRequest, contact: Contact | None) -> None:
    """Make another link, for the contact given; the old one is dead."""
    with transaction.atomic():
        Publication.lock()
        request.refresh_from_db()
        request.new_link(contact)


# E-mails ------------------------------------------------------------------------------------------


def link_of(request: UpdateRequest, http_request, language: str) -> str:
    """Return the whole address of a project's form in a language."""
    with override(language):
        return absolute(http_request, reverse("updates:form", args=[request.token]))


def unanswered(round: UpdateRound) -> list[UpdateRequest]:
    """Return the requests without an answer whose contact can be written to."""
    known = round.requests.filter(answered_at=None, revoked_at=None).exclude(contact=None)
    known = known.select_related("round__meeting", "project", "contact", "mail")
    return [request for request in known if not request.fault]


def chase(requests: list[UpdateRequest], http_request) -> Tally:
    """Mail the links: one mail a day for each link at most; one that failed today is tried again.

    Call it outside of a transaction, as the mails are sent at once.
    """
    keys = []
    for request in requests:
        mail = _put(request, http_request)
        if mail:
            keys.append(mail.pk)
    return send_waiting(keys=keys)


def _put(request: UpdateRequest, http_request) -> Mail | None:
    """Put the day's mail of a request; return it if it is new, or failed before.

    One whose sending broke off may have arrived: it is sent again from the list of e-mails alone.
    """
    with transaction.atomic():
        Publication.lock()
        request.refresh_from_db()
        contact = request.contact
        if contact is None or request.answered_at or request.fault:
            return None  # meanwhile, by somebody else
        key = f"{request.pk}:{localdate().isoformat()}:{request.nonce}"
        mail = Mail.put(
            kind=MAIL,
            key=key,
            to=contact.email,
            subject=_subject(request, contact.language),
            body=body(request, http_request),
            side=contact.owner_side if contact.visibility == "own_side" else "",
        )
        if mail is None:
            earlier = Mail.objects.filter(kind=MAIL, key=key)
            failed = earlier.filter(state=State.FAILED)
            return earlier.first() if failed.again() else None
        request.mail = mail
        request.save(update_fields=["mail"])
    return mail


def _subject(request: UpdateRequest, language: str) -> str:
    found = []
    for one in _first(language):
        with override(one):
            found.append(_("Progress of %(reference)s") % {"reference": request.project.reference})
    return " · ".join(found)


def _first(language: str) -> list[str]:
    return sorted(("en", "zh-hans"), key=lambda one: one != language)


def body(request: UpdateRequest, http_request) -> str:
    """Return the mail in both languages, the contact's own first: who asks, why, until when, how to object."""
    return "\n\n* * *\n\n".join(_body(request, http_request, one) for one in _first(request.contact.language))


def _body(request: UpdateRequest, http_request, language: str) -> str:
    with override(language):
        parts = [
            _("The secretariats of the %(initiative)s ask how this project stands, for the coming meeting:")
            % {"initiative": site_name()},
            f"{request.project.title} ({request.project.reference})",
            _("You are on record as its contact. Please fill in the short form by %(day)s:")
            % {"day": date_format(request.round.closes_on, "DATE_FORMAT")},
            link_of(request, http_request, language),
            str(request.round.note),
            _(
                "The link is for this project alone and needs no account. Pass it on only to "
                "whoever answers for it."
            ),
            notice(),
        ]
        return "\n\n".join(part for part in parts if part)


# Contacts -----------------------------------------------------------------------------------------


def delete_overdue() -> int:
    """Delete the contacts whose time is over, with their links; return how many.

    What was written of contacts who are not on record is emptied some months after the round.
    """
    with transaction.atomic():
        Publication.lock()
        overdue = list(Contact.everything.filter(delete_after__lt=localdate()))
        for contact in overdue:
            contact.delete()
        old = UpdateAnswer.objects.exclude(contact_note="").filter(
            request__contact=None, request__round__closes_on__lt=localdate() - NOTES_KEPT
        )
        for answer in old:
            answer.contact_note = ""
            answer.save(update_fields=["contact_note"])
    return len(overdue)
