"""What the pages of an update round show: a row for each project, told as far as the reader's side may see."""

from dataclasses import dataclass

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from outbox.models import State as MailState
from projects.models import Contact, ProgressReport, Project, UpdateAnswer, UpdateRequest, UpdateRound
from projects.rounds.answering import AnswerForm
from projects.rounds.asking import running_projects
from projects.rounds.views import said
from publishing.sides import Visibility, visible

State = UpdateAnswer.State


@dataclass
class Row:
    """One project asked. `contact` is None where there is none, or none that the reader may see."""

    request: UpdateRequest
    contact: Contact | None
    is_kept_from_here: bool
    answers: list[UpdateAnswer]

    @property
    def contact_words(self) -> str:
        """Return the contact in words; of one that the other side keeps only that."""
        if self.is_kept_from_here:
            return _("a contact kept by the other side")
        return f"{self.contact.name} · {self.contact.organisation_name}" if self.contact else ""

    @property
    def waiting(self) -> UpdateAnswer | None:
        return next((one for one in self.answers if one.state == State.WAITING), None)

    @property
    def can_be_mailed(self) -> bool:
        """Return whether the link is to be mailed: no answer yet, somebody to write to, not today yet."""
        asked = self.request
        known = (self.contact or self.is_kept_from_here) and not asked.answered_at and not asked.fault
        return bool(known) and not self._was_mailed_today

    @property
    def _was_mailed_today(self) -> bool:
        mail = self.request.mail
        return bool(mail) and mail.state != MailState.FAILED and localdate(mail.made_at) == localdate()

    @property
    def link_words(self) -> str:
        """Return how the link stands."""
        asked = self.request
        words = {
            asked.Fault.REVOKED: _("link revoked"),
            asked.Fault.WITHDRAWN: _("project not published any longer"),
        }
        if asked.fault in words:
            return words[asked.fault]
        if asked.opened_at:
            return _("opened")
        return _("sent, not opened") if asked.mail else _("not sent")


def _kept_from(request: UpdateRequest, seen: set[int]) -> bool:
    contact = request.contact
    return bool(contact and contact.is_kept and contact.pk not in seen)


def _row(request: UpdateRequest, seen: set[int], answers: list[UpdateAnswer]) -> Row:
    contact = request.contact if request.contact_id in seen else None
    return Row(request, contact, _kept_from(request, seen), answers)


def rows_of(round: UpdateRound, user) -> list[Row]:
    """Return a row for each project that the round asks, in the order of references."""
    seen = set(visible(Contact.objects.filter(requests__round=round), user).values_list("pk", flat=True))
    requests = round.requests.select_related("project", "contact__organisation", "mail", "round")
    requests = requests.prefetch_related("answers")
    return [_row(request, seen, list(request.answers.all())) for request in requests]


def row_of(request: UpdateRequest, user) -> Row:
    """Return the row of one request."""
    known = Contact.objects.filter(pk=request.contact_id)
    return _row(request, set(visible(known, user).values_list("pk", flat=True)), list(request.answers.all()))


def to_ask(user) -> list[tuple[Project, Contact | None]]:
    """Return the projects that a round would ask, each with the contact that it would be asked by."""
    contacts = {}
    for contact in visible(Contact.objects.select_related("organisation"), user).order_by("-pk"):
        contacts[contact.project_id] = contact
    return [(project, contacts.get(project.pk)) for project in running_projects().order_by("reference_number")]


def lines_of(answer: UpdateAnswer, user) -> list[tuple[str, str]]:
    """Return what an answer says by question; of a contact that the other side keeps, nothing."""
    lines = said(answer)
    if row_of(answer.request, user).is_kept_from_here:
        fields = AnswerForm().fields
        hidden = {fields[name].label for name in ("contact_right", "contact_note")}
        lines = [line for line in lines if line[0] not in hidden]
    return lines


def earlier_report(request: UpdateRequest) -> ProgressReport | None:
    """Return the project's last public progress report to another meeting."""
    known = request.project.progress_reports.filter(visibility=Visibility.PUBLIC)
    return known.exclude(meeting=request.round.meeting).select_related("meeting").last()
