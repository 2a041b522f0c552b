"""Files of records: stored privately once and for all, versions beside each other, and who took them."""

import hashlib
import re
import uuid
from pathlib import PurePosixPath

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from publishing.authorship import acting_user, writing_moment
from publishing.filetypes import recognise
from publishing.models import Row, person_link
from publishing.sides import Visibility, side_choices, visible

NAME_LENGTH = 150
# Control characters, and those that turn the direction of writing: "fdp.exe" must not read "exe.pdf".
UNPRINTED = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def private_path(file: "RecordFile", filename: str) -> str:
    """Return a random private path: the name on disk tells nothing of the file."""
    return f"{file._meta.app_label}/{uuid.uuid4().hex}"


def plain_name(name: str) -> str:
    """Return the name of an uploaded file without folders, control characters or more length than needed."""
    name = UNPRINTED.sub("", name).replace("\\", "/").rpartition("/")[2].strip(" .")
    path = PurePosixPath(name or "file")
    ending = path.suffix[:20]
    return path.stem[: NAME_LENGTH - len(ending)] + ending


class RecordFile(Row):
    """A version of a file of a record: its bytes never change, another version is another row."""

    class Language(models.TextChoices):
        ENGLISH = "en", _("English")
        CHINESE = "zh-hans", _("Chinese")
        BOTH = "both", _("English and Chinese")

    LANGUAGE_TAGS = {Language.ENGLISH: "en", Language.CHINESE: "zh-Hans"}
    # The column of the record that its address holds.
    RECORD_KEY = "reference"

    title = models.CharField(_("title"), max_length=300)
    language = models.CharField(_("language"), max_length=7, choices=Language, default=Language.ENGLISH)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    file = models.FileField(_("file"), upload_to=private_path, max_length=200)
    file_name = models.CharField(_("file name"), max_length=200, blank=True, editable=False)
    size = models.PositiveBigIntegerField(pgettext_lazy("of a file", "size"), null=True, editable=False)
    content_type = models.CharField(
        _("type of file"), max_length=100, blank=True, default="", db_default="", editable=False
    )
    sha256 = models.CharField(_("checksum (SHA-256)"), max_length=64, blank=True, editable=False)
    visibility = models.CharField(
        _("visibility"), max_length=10, choices=Visibility, default=Visibility.OWN_SIDE
    )
    owner_side = models.CharField(pgettext_lazy("of a paper", "owner side"), max_length=9, choices=side_choices)
    uploaded_at = models.DateTimeField(_("uploaded"), null=True, editable=False)
    uploaded_by = person_link(_("uploaded by"))

    class Meta:
        abstract = True
        ordering = ["title", "language", "-version", "pk"]

    def __str__(self):
        return f"{self.title} ({self.version})"

    @property
    def lang(self) -> str:
        """Return the language tag of the title; "" of a file in both languages."""
        return self.LANGUAGE_TAGS.get(self.language, "")

    @property
    def ending(self) -> str:
        """Return the type as readers know it, from the name: "PDF"."""
        return PurePosixPath(self.file_name).suffix[1:].upper()

    def public_address(self) -> str:
        """Return the address under which the public finds the file, once it may."""
        key = getattr(self.record, self.RECORD_KEY)
        return reverse(f"{self._meta.app_label}:file", args=[key, self.pk, self.file_name])

    @classmethod
    def next_version(cls, record, title: str, language: str, user) -> int:
        """Return the version after the last one of this title and language that `user` may see."""
        same = visible(cls.objects.filter(**{cls.RECORD: record}), user).filter(title=title, language=language)
        return (same.aggregate(last=models.Max("version"))["last"] or 0) + 1

    @property
    def _is_upload(self) -> bool:
        return bool(self.file) and not self.file._committed

    def clean(self):
        super().clean()
        if self._is_upload and self.pk is None:
            try:
                recognise(self.file, plain_name(self.file.name))
            except ValidationError as refused:
                raise ValidationError({"file": refused.messages}) from refused

    def before_save(self):
        super().before_save()
        if self.stored and self.file.name != self.stored["file"]:
            raise ValidationError(gettext("The stored file is not replaced. Add a new version instead."))
        if self._is_upload:
            self._take_in()

    def _take_in(self) -> None:
        self.file_name, self.size = plain_name(self.file.name), self.file.size
        self.content_type = recognise(self.file, self.file_name)
        digest = hashlib.sha256()
        for chunk in self.file.chunks():
            digest.update(chunk)
        self.sha256 = digest.hexdigest()
        self.file.seek(0)
        self.uploaded_at, self.uploaded_by = writing_moment(), acting_user()

    # What the public does not see of a record is no change of it.

    def after_save(self) -> None:
        if Visibility.PUBLIC in (self.visibility, self.stored.get("visibility")):
            self.record.stamp()

    def after_delete(self) -> None:
        if self.visibility == Visibility.PUBLIC:
            self.record.stamp()


class Download(models.Model):
    """That a person of the staff took a file; it stays when the file is deleted.

    `visibility` and `owner_side` are the file's on the day: the log tells nobody more than they could see.
    """

    at = models.DateTimeField(pgettext_lazy("of a download", "when"), default=timezone.now)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=pgettext_lazy("of a download", "who"),
    )
    kind = models.ForeignKey(ContentType, models.PROTECT, verbose_name=_("kind"))
    file_id = models.PositiveBigIntegerField(_("file"))
    reference = models.CharField(_("reference"), max_length=16)
    title = models.CharField(_("title"), max_length=300)
    version = models.PositiveSmallIntegerField(_("version"))
    sha256 = models.CharField(_("checksum (SHA-256)"), max_length=64, blank=True)
    visibility = models.CharField(_("visibility"), max_length=10, choices=Visibility)
    owner_side = models.CharField(pgettext_lazy("of a paper", "owner side"), max_length=9, choices=side_choices)

    class Meta:
        default_permissions = ("view",)
        ordering = ["-at", "-pk"]
        verbose_name = _("download")
        verbose_name_plural = _("downloads")
        indexes = [models.Index(fields=["-at", "-id"], name="publishing_download_at")]

    def __str__(self):
        return f"{self.reference}, {self.title} ({self.version})"

    @classmethod
    def note(cls, file: RecordFile, user) -> None:
        """Write that `user` took `file`."""
        record = file.record
        visibility, owner_side = file.visibility, file.owner_side
        if record.kept_by:
            visibility, owner_side = Visibility.OWN_SIDE, record.kept_by
        cls.objects.create(
            user=user,
            kind=ContentType.objects.get_for_model(file),
            file_id=file.pk,
            reference=record.reference,
            title=file.title,
            version=file.version,
            sha256=file.sha256,
            visibility=visibility,
            owner_side=owner_side,
        )
