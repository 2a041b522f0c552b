"""The Publication row, tracked rows, and the four kinds of record that are published."""

import re
from functools import cache

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.manager import HistoryManager
from simple_history.models import HistoricalRecords

from publishing.authorship import acting_reason, acting_user, writing_moment
from publishing.bilingual import LANGUAGE_TAGS, bilingual_texts
from publishing.gaps import Gap, gaps_of, no_source
from publishing.releases import in_release
from publishing.sides import KeptBySide, Visibility


class Publication(models.Model):
    """One row that serialises everything staff write.

    Every writer takes its lock *before* touching its own row: taken last, it deadlocks on PostgreSQL.
    Caches hang on `version`, references are given from `counters` (kind letter to last number).
    """

    version = models.PositiveBigIntegerField(default=0)
    next_release_at = models.DateTimeField(null=True, blank=True)
    counters = models.JSONField(default=dict)

    @classmethod
    def lock(cls) -> "Publication":
        """Return the row, locked until the end of the transaction that must be open."""
        return cls.objects.select_for_update().get_or_create(pk=1)[0]

    @classmethod
    def touch(cls) -> None:
        """Lock the row and raise the version, in one statement."""
        if not cls.objects.filter(pk=1).update(version=F("version") + 1):
            cls.objects.get_or_create(pk=1)
            cls.touch()

    @classmethod
    def take_number(cls, kind: str) -> int:
        """Return the next number of a kind of record; numbers are given once and never reused."""
        row = cls.lock()
        row.counters[kind] = row.counters.get(kind, 0) + 1
        row.save(update_fields=["counters"])
        return row.counters[kind]

    @classmethod
    def raise_number(cls, kind: str, number: int) -> None:
        """Make sure that later numbers are above one that came with the record itself."""
        row = cls.lock()
        if row.counters.get(kind, 0) < number:
            row.counters[kind] = number
            row.save(update_fields=["counters"])


class VersionsManager(HistoryManager):
    """The manager of versions, of one class: the library makes a new one each time that it is asked for."""

    @classmethod
    @cache
    def from_queryset(cls, queryset_class, class_name=None):
        return super().from_queryset(queryset_class, class_name)


class History(HistoricalRecords):
    """Full history of a model; the only right on it is to read it."""

    def get_meta_options(self, model):
        return super().get_meta_options(model) | {"default_permissions": ("view",)}

    def get_change_reason_for_object(self, instance, history_type, using):
        return super().get_change_reason_for_object(instance, history_type, using) or acting_reason()


class Tracked(models.Model):
    """A row whose every version is kept, and whose every change passes through the Publication row."""

    # Many-to-many fields to keep in the history too, by name.
    _history_m2m_fields: list[str] = []
    # The texts, by stem, that are only as a source prints them: never translated, never re-worded by us.
    AS_PRINTED: tuple[str, ...] = ()

    history = History(
        inherit=True,
        history_manager=VersionsManager,
        get_user=acting_user,
        history_change_reason_field=models.TextField(null=True),
    )

    # The texts whose other language was changed since: "title_zh summary_zh". Work, not a fact.
    outdated = models.CharField(max_length=500, blank=True, default="", db_default="", editable=False)

    class Meta:
        abstract = True

    # One moment for everything written in one act; simple-history asks for it by this name.
    _history_date = property(lambda self: writing_moment())

    def save(self, *args, **kwargs):
        with transaction.atomic():
            Publication.touch()
            # What the database holds, by column; empty of a new row.
            self.stored = type(self)._base_manager.filter(pk=self.pk).values().first() or {}
            self._one_kind_of_line_end()
            self.note_outdated()
            self.before_save()
            super().save(*args, **kwargs)
            self.after_save()

    def _one_kind_of_line_end(self) -> None:
        """Store lines as files hold them: browsers send another end, and a round trip would differ."""
        for field in self._meta.concrete_fields:
            if isinstance(field, models.TextField):
                setattr(self, field.attname, getattr(self, field.attname).replace("\r\n", "\n"))

    def changed_languages(self) -> set[str]:
        """Return the languages ("en", "zh") in which this save changes a text."""
        return {
            suffix
            for stem in bilingual_texts(type(self))
            for suffix in LANGUAGE_TAGS
            if getattr(self, f"{stem}_{suffix}") != self.stored.get(f"{stem}_{suffix}", "")
        }

    def note_outdated(self) -> None:
        """Keep account of the texts whose other language is changed without them."""
        behind = set(self.stored.get("outdated", "").split())
        outdated = set(behind)
        for stem in bilingual_texts(type(self)) if self.stored else ():
            for suffix, other in (("en", "zh"), ("zh", "en")):
                name, source = f"{stem}_{suffix}", f"{stem}_{other}"
                text, source_text = getattr(self, name), getattr(self, source)
                if text != self.stored[name] or not (text and source_text):
                    outdated.discard(name)
                elif source_text != self.stored[source] and self.stored[source] and source not in behind:
                    outdated.add(name)  # neither a first text nor one that catches up outdates
        self.outdated = " ".join(sorted(outdated))

    def still_right(self, *names: str) -> None:
        """Note that texts fit what the other language now says. No version is kept: no fact changed."""
        with transaction.atomic():
            Publication.touch()
            self.outdated = " ".join(name for name in self.outdated.split() if name not in names)
            type(self)._base_manager.filter(pk=self.pk).update(outdated=self.outdated)

    def before_save(self) -> None:
        """Settle what the row's other columns depend on; runs under the lock, before the write."""

    def after_save(self) -> None:
        """Follow up in other rows; runs under the lock, after the write."""

    def before_delete(self, origin) -> None:
        """Refuse to go, by ProtectedError; `origin` is the row or the queryset that the deletion began with."""


class Row(Tracked):
    """A row that belongs to a record: public when its record is, and its own visibility says so."""

    # The foreign key that leads to the record.
    RECORD = ""
    # What the record's columns must say besides, for its rows of this kind to be public.
    PUBLIC_WHILE: dict[str, str] = {}

    class Meta:
        abstract = True

    @classmethod
    def public_while(cls, path: str = "") -> dict[str, str]:
        """Return PUBLIC_WHILE as conditions on rows of this kind, or on what reaches them by `path`."""
        return {f"{path}{cls.RECORD}__{name}": value for name, value in cls.PUBLIC_WHILE.items()}

    @property
    def record(self) -> "Publishable":
        return getattr(self, self.RECORD)

    def after_save(self) -> None:
        self.record.stamp(self.changed_languages())

    def after_delete(self) -> None:
        """Follow up in other rows, under the lock, once this one is gone."""
        self.record.stamp(set(LANGUAGE_TAGS))


class Status(models.TextChoices):
    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("In review")
    PUBLISHED = "published", _("Published")
    WITHDRAWN = "withdrawn", _("Withdrawn")


def person_link(verbose_name) -> models.ForeignKey:
    """Return the column that names the person who did something to a record."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=verbose_name,
    )


class PublishableQuerySet(models.QuerySet):
    def published(self):
        return self.filter(status=Status.PUBLISHED)

    def standing(self, published=True):
        """Return what is published; with False drafts and what is in review too, never what was withdrawn."""
        return self.published() if published else self.exclude(status=Status.WITHDRAWN)


class Publishable(KeptBySide, Tracked):
    """A record with an address, a reference and a publication status.

    `status` and what goes with it are written by `publishing.workflow.move` alone: an ordinary save
    keeps what the database holds.
    """

    WORKFLOW_FIELDS = (
        "status",
        "first_published_at",
        "published_at",
        "withdrawn_at",
        "withdrawal_reason",
        "confirmed_en_at",
        "confirmed_en_by_id",
        "confirmed_zh_at",
        "confirmed_zh_by_id",
        "release_id",
        "release_approved_at",
        "release_approved_by_id",
    )
    # The letter of the reference, SCI-P-0031: P, M, O or C (a meeting of the Committee or another).
    KIND = ""
    # Set on an instance whose next save changes no text, as a merge does: the author of the last change stays.
    author_stays = False
    # The columns by which a cell of an imported sheet may name this record.
    LOOKUPS: tuple[str, ...] = ("reference",)

    reference = models.CharField(
        _("reference"),
        max_length=16,
        unique=True,
        blank=True,
        editable=False,
        help_text=_("This portal's number; given once, never reused."),
    )
    reference_number = models.PositiveIntegerField(blank=True, editable=False)
    status = models.CharField(
        _("publication status"), max_length=9, choices=Status, default=Status.DRAFT, editable=False
    )
    first_published_at = models.DateTimeField(_("first published"), null=True, editable=False)
    published_at = models.DateTimeField(_("published"), null=True, editable=False)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, editable=False)
    withdrawal_reason = models.TextField(_("reason for withdrawal"), blank=True, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    changed_at = models.DateTimeField(_("last changed"), default=timezone.now, editable=False)
    changed_by = person_link(_("author of the last change"))
    # That the text in one language is right, as the side that writes it has confirmed (glossary §1.6).
    confirmed_en_at = models.DateTimeField(_("English text confirmed"), null=True, editable=False)
    confirmed_en_by = person_link(_("English text confirmed by"))
    confirmed_zh_at = models.DateTimeField(_("Chinese text confirmed"), null=True, editable=False)
    confirmed_zh_by = person_link(_("Chinese text confirmed by"))
    # The release with which it goes public, and that a manager has approved it as it stands.
    release = in_release()
    release_approved_at = models.DateTimeField(_("approved for release"), null=True, editable=False)
    release_approved_by = person_link(_("approved for release by"))

    objects = PublishableQuerySet.as_manager()

    class Meta:
        abstract = True
        default_permissions = ("add", "change", "delete", "view", "publish")
        ordering = ["reference_number"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=Status.values), name="%(app_label)s_%(class)s_known_status"
            ),
            models.CheckConstraint(
                condition=~models.Q(status=Status.PUBLISHED) | models.Q(published_at__isnull=False),
                name="%(app_label)s_%(class)s_published_has_date",
            ),
            models.CheckConstraint(
                condition=~models.Q(status=Status.PUBLISHED) | models.Q(kept_by=""),
                name="%(app_label)s_%(class)s_published_is_shared",
                violation_error_message=_("A published record is kept by neither side."),
            ),
        ]

    @property
    def is_published(self) -> bool:
        return self.status == Status.PUBLISHED

    @property
    def was_ever_published(self) -> bool:
        return self.first_published_at is not None

    @property
    def last_changed_at(self):
        """Return when what the public reads last changed: by an edit, or by publishing it."""
        return max(filter(None, (self.changed_at, self.published_at)))

    @classmethod
    def reference_pattern(cls) -> re.Pattern:
        return re.compile(rf"SCI-{cls.KIND}-(\d{{4,6}})")

    def clean(self):
        super().clean()
        match = self.reference_pattern().fullmatch(self.reference)
        if self.reference and not (match and self.reference == f"SCI-{self.KIND}-{int(match[1]):04d}"):
            raise ValidationError(
                {"reference": _("Write the reference as SCI-%(kind)s-0031.") % {"kind": self.KIND}}
            )

    def before_save(self) -> None:
        super().before_save()
        if getattr(self, "_moving", False):
            return  # a move changes no text: the author of the last change stays
        self._keep_workflow_fields()
        self._void_approval()
        self._give_reference()
        if self.author_stays:
            return
        for suffix in self.changed_languages():
            setattr(self, f"confirmed_{suffix}_at", None)
            setattr(self, f"confirmed_{suffix}_by_id", None)
        self.changed_at = writing_moment()
        self.changed_by = acting_user()

    def _keep_workflow_fields(self) -> None:
        blank = {field.attname: field.get_default() for field in self._meta.concrete_fields}
        for name in self.WORKFLOW_FIELDS:
            setattr(self, name, (self.stored or blank)[name])

    def _void_approval(self) -> None:
        """Undo the approval of what is changed now; what one side keeps to itself is in no release."""
        self.release_approved_at = self.release_approved_by_id = None
        if self.kept_by:
            self.release_id = None

    def _give_reference(self) -> None:
        if not self.reference:
            self.reference_number = Publication.take_number(self.KIND)
            self.reference = f"SCI-{self.KIND}-{self.reference_number:04d}"
        elif self._state.adding:
            self.reference_number = int(self.reference_pattern().fullmatch(self.reference)[1])
            Publication.raise_number(self.KIND, self.reference_number)

    def stamp(self, languages: set[str] = frozenset()) -> None:
        """Note who changed a row of this record and when, without another version of the record.

        What was confirmed of the text in one of `languages` is not confirmed any longer, and the record as
        it was is not the one approved for release.
        """
        cleared = {f"confirmed_{suffix}_{what}": None for suffix in languages for what in ("at", "by")}
        cleared |= {"release_approved_at": None, "release_approved_by": None}
        type(self)._base_manager.filter(pk=self.pk).update(
            changed_at=writing_moment(), changed_by=acting_user(), **cleared
        )

    def void_approval(self) -> None:
        """Undo its approval for release: something else that goes public with it is not as it was approved."""
        type(self)._base_manager.filter(pk=self.pk, release_approved_at__isnull=False).update(
            release_approved_at=None, release_approved_by=None
        )

    @classmethod
    def gaps(cls) -> tuple[Gap, ...]:
        """Return what a record of this kind may lack; a kind of record extends the table."""
        return (no_source(cls),)

    def publication_problems(self) -> list[str]:
        """Return, in words, what this record itself lacks to be public, as the database holds it.

        Ask `workflow.publication_problems`, which adds the records it names that are not public.
        """
        return [words for gap in gaps_of(self) if gap.blocks for words in gap.sentences(self)]

    def publication_warnings(self) -> list[str]:
        """Return, in words, what the record lacks without that keeping it from being public."""
        return [words for gap in gaps_of(self) if not gap.blocks for words in gap.sentences(self)]


class FormerAddress(models.Model):
    """An address that a record once had, or that a record merged into it had: it answers 301."""

    kind = models.ForeignKey(ContentType, models.PROTECT)
    slug = models.CharField(max_length=120)
    record_id = models.PositiveBigIntegerField()

    class Meta:
        unique_together = [("kind", "slug")]

    @classmethod
    def keep(cls, record: Publishable, slug: str) -> None:
        """Remember that `slug` once led to `record`."""
        kind = ContentType.objects.get_for_model(type(record))
        cls.objects.update_or_create(kind=kind, slug=slug, defaults={"record_id": record.pk})

    @classmethod
    def is_taken(cls, record: Publishable, slug: str) -> bool:
        """Return whether `slug` once led to a record other than `record`."""
        kind = ContentType.objects.get_for_model(type(record))
        return cls.objects.filter(kind=kind, slug=slug).exclude(record_id=record.pk or 0).exists()


class SubmittedForm(models.Model):
    """A form that was saved: sent a second time, by a double click, it leads to what the first one made."""

    token = models.CharField(max_length=32)
    digest = models.CharField(max_length=64)
    object_id = models.CharField(max_length=40)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        unique_together = [("user", "token")]


class ProposedChange(Tracked):
    """A filled-in form of a published record that a manager may accept; the public page stays as it is.

    It is the POST of the admin form with the form's field names, and the moment of the record's version
    that the author had before them. A proposal that holds rows of one side alone is that side's alone.
    """

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("proposal", "waiting")
        SENT_BACK = "sent_back", pgettext_lazy("proposal", "sent back")
        ACCEPTED = "accepted", pgettext_lazy("proposal", "accepted")
        REJECTED = "rejected", pgettext_lazy("proposal", "rejected")
        TAKEN_BACK = "taken_back", pgettext_lazy("proposal", "taken back")

    kind = models.ForeignKey(ContentType, models.PROTECT, related_name="+", verbose_name=_("kind"))
    record_id = models.PositiveBigIntegerField()
    record = GenericForeignKey("kind", "record_id")
    form = models.TextField(editable=False)
    field_names = models.JSONField(editable=False)
    opened = models.DateTimeField(editable=False)
    note = models.TextField(_("what it is for"), blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("author")
    )
    made_at = models.DateTimeField(pgettext_lazy("proposal", "made"), default=timezone.now)
    state = models.CharField(
        pgettext_lazy("proposal", "state"), max_length=10, choices=State, default=State.OPEN
    )
    comment = models.TextField(_("comment of the manager"), blank=True)
    decided_by = person_link(_("decided by"))
    decided_at = models.DateTimeField(_("decided"), null=True, editable=False)
    visibility = models.CharField(max_length=10, choices=Visibility, default=Visibility.BOTH_SIDES)
    owner_side = models.CharField(max_length=9, blank=True)

    class Meta:
        ordering = ["-made_at", "-pk"]
        default_permissions = ("view",)
        verbose_name = _("proposed change")
        verbose_name_plural = _("proposed changes")

    def __str__(self):
        return str(self.record or self.kind)
