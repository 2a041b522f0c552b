"""The file of an e-mail: kept until it is sent, for thirty days at most; then only its name stays."""

import datetime
from email import encoders
from email.mime.base import MIMEBase

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

KEPT_FOR = datetime.timedelta(days=30)
TYPES = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def largest() -> int:
    """Return how many bytes a file may have that goes with an e-mail (setting MAX_MAIL_FILE_MB)."""
    return settings.MAX_MAIL_FILE_MB * 1024 * 1024


class MailFileQuerySet(models.QuerySet):
    def empty(self) -> int:
        """Forget the bytes, keep name and size; return of how many files."""
        return self.exclude(content=None).update(content=None)

    def too_old(self) -> models.QuerySet:
        """Return the files that were written more than thirty days ago."""
        return self.filter(mail__made_at__lt=timezone.now() - KEPT_FOR)


class MailFile(models.Model):
    """One file of one e-mail; in a table of its own, so that lists of e-mails never read its bytes."""

    mail = models.OneToOneField("outbox.Mail", models.CASCADE, related_name="file", verbose_name=_("e-mail"))
    name = models.CharField(pgettext_lazy("of a file", "name"), max_length=150)
    size = models.PositiveIntegerField(pgettext_lazy("of a file", "size"))
    # Nothing once it is sent, or too old.
    content = models.BinaryField(null=True)

    objects = MailFileQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        verbose_name = _("file of an e-mail")
        verbose_name_plural = _("files of e-mails")

    def __str__(self):
        return self.name

    @property
    def content_type(self) -> str:
        return TYPES.get(self.name.rpartition(".")[2], "application/octet-stream")

    def part(self) -> MIMEBase:
        """Return the file as a part of a message, in base64: as text its line ends would be changed."""
        part = MIMEBase(*self.content_type.split("/"))
        part.set_payload(bytes(self.content))
        encoders.encode_base64(part)
        part.add_header("Content-Disposition", "attachment", filename=self.name)
        return part
