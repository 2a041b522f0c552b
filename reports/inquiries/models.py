"""An inquiry with its frozen answer: a text that never changes, under a reference and with its checksum."""

import hashlib
import json

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import ProtectedError
from django.db.models.signals import pre_delete
from django.dispatch import receiver
from django.utils import timezone
from django.utils.timezone import localtime
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from publishing.bilingual import Bilingual
from publishing.models import Publication


def canonical(answer: dict) -> str:
    """Return an answer as the one text that is stored and summed: keys in order, no spaces."""
    return json.dumps(answer, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def checksum(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


class Inquiry(models.Model):
    """A question and its answer as it was frozen. Only the note that it was withdrawn comes later.

    Both sides read it, and it holds nothing that one side keeps to itself.
    """

    # The letter of the reference: SCI-Q-0007.
    KIND = "Q"

    reference = models.CharField(_("reference"), max_length=16, unique=True, editable=False)
    question_en = models.CharField(_("question (English)"), max_length=300, blank=True)
    question_zh = models.CharField(_("question (Chinese)"), max_length=300, blank=True)
    answer = models.TextField(_("answer"), editable=False)
    sha256 = models.CharField(_("checksum (SHA-256)"), max_length=64, editable=False)
    frozen_at = models.DateTimeField(pgettext_lazy("inquiry", "frozen"), editable=False)
    frozen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("frozen by"),
    )
    withdrawn_at = models.DateTimeField(pgettext_lazy("inquiry", "withdrawn"), null=True, editable=False)
    withdrawal_note = models.CharField(_("why it is withdrawn"), max_length=300, blank=True)
    replaced_by = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="replaces",
        verbose_name=pgettext_lazy("inquiry", "replaced by"),
    )

    question = Bilingual("question")

    class Meta:
        ordering = ["-frozen_at", "-pk"]
        default_permissions = ("add", "view")
        verbose_name = _("inquiry answer")
        verbose_name_plural = _("inquiry answers")

    def __str__(self):
        return self.reference

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise ValidationError(gettext("A frozen answer never changes. Ask anew."))
        super().save(*args, **kwargs)

    @property
    def is_whole(self) -> bool:
        """Return whether the stored text is still the one that was frozen under this reference."""
        return checksum(self.answer) == self.sha256 and self.data.get("reference") == self.reference

    @property
    def data(self) -> dict:
        """Return the answer as plain data; {} where the stored text is none any longer."""
        try:
            data = json.loads(self.answer)
        except ValueError:
            return {}
        return data if isinstance(data, dict) else {}

    @classmethod
    def freeze(cls, answer: dict, question: dict[str, str], by) -> "Inquiry":
        """Store an answer under the next reference, in the transaction in which it was computed."""
        reference = f"SCI-Q-{Publication.take_number(cls.KIND):04d}"
        now = timezone.now().replace(microsecond=0)
        text = canonical(
            answer | {"reference": reference, "question": question, "frozen_at": localtime(now).isoformat()}
        )
        return cls.objects.create(
            reference=reference,
            question_en=question["en"],
            question_zh=question["zh"],
            answer=text,
            sha256=checksum(text),
            frozen_at=now,
            frozen_by=by,
        )

    def withdraw(self, note: str, replaced_by: "Inquiry | None" = None) -> bool:
        """Note why the answer is no longer to be used; False if that was noted already. The answer stays."""
        with transaction.atomic():
            Publication.lock()
            self.refresh_from_db(fields=["withdrawn_at"])
            if self.withdrawn_at:
                return False
            self.withdrawn_at, self.withdrawal_note, self.replaced_by = timezone.now(), note, replaced_by
            super().save(update_fields=["withdrawn_at", "withdrawal_note", "replaced_by"])
        return True


@receiver(pre_delete, sender=Inquiry)
def _refuse_deletion(instance, **kwargs) -> None:
    raise ProtectedError(gettext("A frozen answer is never deleted. Withdraw it."), {instance})
