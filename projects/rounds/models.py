"""An update round: the coming meeting's question to every running project, its signed links, the answers."""

import secrets

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import models
from django.db.models.signals import pre_delete
from django.dispatch import receiver
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from meetings.models import Meeting
from outbox.models import Kind, Mail
from outbox.models import State as MailState
from projects.rounds.contacts import Contact
from publishing.bilingual import Bilingual
from publishing.models import Status, person_link

# The address of a form is this signature over the request and its nonce; the Word form carries the other.
LINK, FILE = Signer(sep=".", salt="projects.updates.link"), Signer(sep=".", salt="projects.updates.file")

# The kind of its e-mails in the outbox.
MAIL = Kind.UPDATE_REQUEST


def new_nonce() -> str:
    """Return what makes a link another one: the old link is dead."""
    return secrets.token_urlsafe(12)


class UpdateRound(models.Model):
    """One for each meeting. It takes answers to the end of its last day, UTC+8, unless closed before."""

    RECORD = "meeting"

    meeting = models.OneToOneField(
        Meeting, models.PROTECT, related_name="update_round", verbose_name=_("meeting")
    )
    opened_at = models.DateTimeField(pgettext_lazy("round", "opened"), default=timezone.now)
    opened_by = person_link(pgettext_lazy("round", "opened by"))
    closes_on = models.DateField(pgettext_lazy("round", "last day"))
    closed_at = models.DateTimeField(pgettext_lazy("round", "closed"), null=True, blank=True)
    note_en = models.TextField(_("note (English)"), blank=True, max_length=1000)
    note_zh = models.TextField(_("note (Chinese)"), blank=True, max_length=1000)

    note = Bilingual("note")

    class Meta:
        verbose_name = _("update round")
        verbose_name_plural = _("update rounds")

    def __str__(self):
        return self.meeting.code

    @property
    def is_open(self) -> bool:
        return self.closed_at is None and localdate() <= self.closes_on


class UpdateRequest(models.Model):
    """The question to one project, and the one live link to its form."""

    class Fault(models.TextChoices):
        """Why a link leads to no form."""

        UNKNOWN = "unknown"
        REVOKED = "revoked"
        WITHDRAWN = "withdrawn"
        CLOSED = "closed"
        EXPIRED = "expired"

    RECORD = "round"

    round = models.ForeignKey(UpdateRound, models.CASCADE, related_name="requests")
    project = models.ForeignKey("projects.Project", models.PROTECT, related_name="update_requests")
    contact = models.ForeignKey(Contact, models.SET_NULL, null=True, blank=True, related_name="requests")
    nonce = models.CharField(max_length=32, default=new_nonce)
    linked_at = models.DateTimeField(default=timezone.now)
    revoked_at = models.DateTimeField(null=True)
    # The last e-mail with the link.
    mail = models.ForeignKey(Mail, models.SET_NULL, null=True, related_name="+")
    opened_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["project__reference_number"]
        unique_together = [("round", "project")]
        verbose_name = _("update request")
        verbose_name_plural = _("update requests")

    def __str__(self):
        return f"{self.round}, {self.project.reference}"

    @property
    def token(self) -> str:
        """Return what stands in the address of the form."""
        return LINK.sign(f"{self.pk}.{self.nonce}")

    @property
    def code(self) -> str:
        """Return what stands in the Word form; it opens no form, and says which request it answers."""
        return FILE.sign(str(self.pk))

    @property
    def fault(self) -> str:
        """Return why the link leads to no form now, one of Fault; "" where it does."""
        if self.revoked_at or (self.contact and not self.contact.is_kept):
            return self.Fault.REVOKED
        if self.project.status != Status.PUBLISHED:
            return self.Fault.WITHDRAWN
        if self.round.closed_at:
            return self.Fault.CLOSED
        return "" if self.round.is_open else self.Fault.EXPIRED

    def new_link(self, contact: Contact | None) -> None:
        """Make another link for the contact: the old one is dead, also in a mail that still waits."""
        self.mails().filter(state=MailState.WAITING).delete()
        self.contact, self.nonce, self.linked_at, self.revoked_at = contact, new_nonce(), timezone.now(), None
        self.mail = self.opened_at = None
        self.save()

    def revoke(self) -> None:
        """Kill the link; a new one may be made."""
        self.mails().filter(state=MailState.WAITING).delete()
        self.nonce, self.revoked_at = new_nonce(), timezone.now()
        self.save()

    def mails(self):
        """Return the e-mails that carried one of its links."""
        return Mail.objects.filter(kind=MAIL, key__startswith=f"{self.pk}:")

    def own_answers(self):
        """Return the answers that came since the link was made: its holder may read them, nobody else's."""
        return self.answers.filter(submitted_at__gte=self.linked_at)

    @classmethod
    def _found(cls, signer: Signer, signed: str) -> tuple["UpdateRequest | None", str]:
        try:
            key, _dot, rest = signer.unsign(signed).partition(".")
        except BadSignature:
            return None, ""
        known = cls.objects.select_related("round__meeting", "project", "contact")
        return known.filter(pk=key).first(), rest

    @classmethod
    def of_link(cls, token: str) -> tuple["UpdateRequest | None", str]:
        """Return the request that a link belongs to and its Fault, or (None, Fault.UNKNOWN)."""
        found, nonce = cls._found(LINK, token)
        if found is None:
            return None, cls.Fault.UNKNOWN
        is_live = secrets.compare_digest(nonce, found.nonce)
        return found, (found.fault if is_live else cls.Fault.REVOKED)

    @classmethod
    def of_code(cls, code: str) -> "UpdateRequest | None":
        """Return the request that the code of a Word form belongs to."""
        return cls._found(FILE, code)[0]


class UpdateAnswer(models.Model):
    """What came back, as it came: never changed, so that nothing acknowledged is lost."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("answer", "waiting")
        REPLACED = "replaced", pgettext_lazy("answer", "replaced by a later one")
        ACCEPTED = "accepted", pgettext_lazy("answer", "accepted")
        ASIDE = "aside", pgettext_lazy("answer", "put aside")

    class Way(models.TextChoices):
        LINK = "link", pgettext_lazy("answer", "by its link")
        FILE = "file", pgettext_lazy("answer", "as a Word file")

    class Right(models.TextChoices):
        YES = "yes", _("Yes")
        NO = "no", _("No")

    RECORD = "request"

    request = models.ForeignKey(UpdateRequest, models.CASCADE, related_name="answers")
    submitted_at = models.DateTimeField(default=timezone.now)
    way = models.CharField(max_length=4, choices=Way, default=Way.LINK)
    text_en = models.TextField(blank=True)
    text_zh = models.TextField(blank=True)
    stage = models.CharField(max_length=12, blank=True)
    next_steps = models.TextField(blank=True)
    partners_changed = models.TextField(blank=True)
    # Personal data: emptied with the contact.
    contact_right = models.CharField(max_length=3, choices=Right, blank=True)
    contact_note = models.TextField(blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["submitted_at", "pk"]
        verbose_name = _("answer of a project")
        verbose_name_plural = _("answers of projects")

    def __str__(self):
        return str(self.request)

    def get_stage_display(self) -> str:
        """Return the stage in words, "" where it was not said."""
        stages = self.request.project.Stage
        return str(stages(self.stage).label) if self.stage in stages.values else ""


@receiver(pre_delete, sender=Contact)
def forget(sender, instance: Contact, **kwargs) -> None:
    """Revoke the links of a contact that is deleted, and delete the mails and what was written about them."""
    for request in instance.requests.all():
        request.mails().filter(to=instance.email).delete()
        request.contact = request.mail = None
        request.revoke()
        for answer in request.answers.exclude(contact_note=""):
            answer.contact_note = ""
            answer.save(update_fields=["contact_note"])
