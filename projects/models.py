"""Joint projects, who takes part in them, and what became of them."""

import datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Side
from initiative.dates import PartiallyDated, known_by, precision_field
from initiative.models import Citation, Classified, PartiesKnown, TitleBasis, Track
from listing.folding import has_chinese
from listing.models import Searchable
from meetings.models import Meeting
from mous.models import MOU
from organisations.models import Organisation
from projects.deliverables import ProjectDeliverable  # noqa: F401  a model of this app, in a file of its own
from projects.rounds.contacts import Contact  # noqa: F401  models with files of their own; Django finds them here
from projects.rounds.models import UpdateAnswer, UpdateRequest, UpdateRound  # noqa: F401
from publishing.bilingual import LANGUAGE_TAGS, Bilingual
from publishing.files import RecordFile
from publishing.gaps import Gap, has_rows, titles_and_summary
from publishing.models import Publishable, PublishableQuerySet, Row
from publishing.sides import Visibility


class ProjectQuerySet(PublishableQuerySet):
    def counted(self, *tracks: str, published=True, on: datetime.date | None = None):
        """Return what totals count on tracks, by default the Committee's: its launch meeting was held.

        Published, or all but withdrawn; `on`: launched at a meeting up to and with that day (docs/data.md,
        "Counts"). Asked through `initiative.counting`.
        """
        rows = self.standing(published)
        rows = rows.filter(track__in=tracks or [Track.JIC], meeting__phase=Meeting.Phase.HELD)
        return rows.filter(known_by("meeting__starts_on", on)) if on else rows


class Project(Publishable, Classified, PartiallyDated, Searchable):
    class Tier(models.TextChoices):
        FLAGSHIP = "flagship", _("Flagship")
        KEY = "key", pgettext_lazy("tier", "Key")

    class Stage(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        ENDORSED = "endorsed", _("Endorsed")
        ANNOUNCED = "announced", _("Announced")
        LAUNCHED = "launched", _("Launched")
        IN_PROGRESS = "in_progress", _("In progress")
        COMPLETED = "completed", _("Completed")
        DISCONTINUED = "discontinued", _("Discontinued")

    # Stages that come after a launch.
    LAUNCHED_STAGES = (Stage.LAUNCHED, Stage.IN_PROGRESS, Stage.COMPLETED, Stage.DISCONTINUED)
    KIND = "P"
    ALSO_NAMED = ("title_en", "title_zh")
    LAST_DAY_OF = ("targeted_on", "ended_on")
    _history_m2m_fields = ["sectors", "mous"]

    title_en = models.CharField(_("title (English)"), max_length=300, blank=True)
    title_zh = models.CharField(_("title (Chinese)"), max_length=300, blank=True)
    title_basis_en = models.CharField(
        _("basis of the title (English)"), max_length=8, choices=TitleBasis, default=TitleBasis.SUPPLIED
    )
    title_basis_zh = models.CharField(
        _("basis of the title (Chinese)"), max_length=8, choices=TitleBasis, default=TitleBasis.SUPPLIED
    )
    summary_en = models.TextField(_("summary (English)"), blank=True, help_text=_("Plain, no praise."))
    summary_zh = models.TextField(_("summary (Chinese)"), blank=True)
    track = models.CharField(_("track"), max_length=7, choices=Track, default=Track.JIC)
    tier = models.CharField(_("tier"), max_length=8, choices=Tier, blank=True)
    stage = models.CharField(_("stage"), max_length=12, choices=Stage, default=Stage.PROPOSED)
    stage_as_of = models.DateField(_("stage as of"), null=True, blank=True)
    meeting = models.ForeignKey(
        Meeting,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="projects",
        verbose_name=_("launch meeting"),
    )
    annex_letter = models.CharField(_("annex"), max_length=2, blank=True)
    annex_item = models.PositiveSmallIntegerField(_("annex item"), null=True, blank=True)
    started_on = models.DateField(_("start date"), null=True, blank=True)
    started_on_precision = precision_field()
    targeted_on = models.DateField(_("target date"), null=True, blank=True)
    targeted_on_precision = precision_field()
    ended_on = models.DateField(_("end date"), null=True, blank=True)
    ended_on_precision = precision_field()
    mous = models.ManyToManyField(MOU, blank=True, related_name="projects", verbose_name=_("MOUs"))
    lead_singapore = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="projects_led_for_singapore",
        verbose_name=_("lead body, Singapore"),
    )
    lead_shenzhen = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="projects_led_for_shenzhen",
        verbose_name=_("lead body, Shenzhen"),
    )
    parties_known = models.CharField(
        _("parties known"),
        max_length=4,
        choices=PartiesKnown,
        blank=True,
        help_text=_("Say whether the partners below are all there are. Needed before publishing."),
    )

    title = Bilingual("title")
    summary = Bilingual("summary")
    objects = ProjectQuerySet.as_manager()

    class Meta(Publishable.Meta):
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        constraints = [
            *Publishable.Meta.constraints,
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True)
                | Q(started_on__isnull=True)
                | Q(ended_on__gte=F("started_on")),
                name="projects_project_ends_after_start",
                violation_error_message=_("The end date is before the start date."),
            ),
            models.CheckConstraint(
                condition=Q(targeted_on__isnull=True)
                | Q(started_on__isnull=True)
                | Q(targeted_on__gte=F("started_on")),
                name="projects_project_target_after_start",
                violation_error_message=_("The target date is before the start date."),
            ),
        ]
        indexes = [
            # What announced figures are set against, and what waits for whom: asked on every to-do index.
            models.Index(fields=["status", "track", "meeting", "tier"], name="projects_counted"),
            models.Index(fields=["status", "changed_by", "changed_at"], name="projects_waiting"),
            models.Index(fields=["reference_number", "-id"], name="projects_in_order"),
        ]

    def __str__(self):
        return str(self.title) or self.reference

    def get_absolute_url(self):
        return reverse("projects:detail", args=[self.reference])

    @property
    def title_is_printed(self) -> bool:
        """Return whether a source prints the title in the language in which it is shown."""
        basis = self.title_basis_zh if self.title.lang == LANGUAGE_TAGS["zh"] else self.title_basis_en
        return basis == TitleBasis.PRINTED

    def search_texts(self):
        return [self.reference, self.title_en, self.title_zh, self.summary_en, self.summary_zh]

    def sort_texts(self):
        return self.title_en, self.title_zh

    def clean(self):
        super().clean()
        if not (self.title_en or self.title_zh):
            raise ValidationError({"title_en": _("Enter a title in at least one language.")})

    @classmethod
    def gaps(cls):
        return (
            *super().gaps(),
            *titles_and_summary(),
            Gap(
                "parties_not_said",
                _("Parties known: not said"),
                _("Say whether all, some or none of the parties are known."),
                Q(parties_known=""),
            ),
            Gap(
                "parties_contradict",
                _("Parties known: none, but some are entered"),
                _("“Parties known” says none, but partners are entered."),
                Q(parties_known=PartiesKnown.NONE) & Q(has_rows(cls, "partners")),
            ),
            Gap(
                "no_launch_meeting",
                _("Launched, but at no meeting"),
                _("A project counted by the Committee was launched at a meeting: choose it."),
                Q(track=Track.JIC, stage__in=cls.LAUNCHED_STAGES, meeting=None),
            ),
        )


class ProjectCitation(Citation):
    RECORD = "project"
    project = models.ForeignKey(Project, models.CASCADE, verbose_name=_("project"), related_name="citations")


class ProjectRow(Row):
    RECORD = "project"

    class Meta:
        abstract = True


class Partner(ProjectRow):
    """An organisation in a project, on the side on which it takes part."""

    class Role(models.TextChoices):
        PARTNER = "partner", _("partner")
        LEAD = "lead", _("lead partner")
        OPERATOR = "operator", _("operator")
        FUNDER = "funder", _("funder")

    project = models.ForeignKey(Project, models.CASCADE, verbose_name=_("project"), related_name="partners")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="partnerships", verbose_name=_("organisation")
    )
    side = models.CharField(_("side"), max_length=9, choices=Side)
    role = models.CharField(_("role"), max_length=8, choices=Role, default=Role.PARTNER)
    position = models.PositiveSmallIntegerField(pgettext_lazy("sequence", "order"), default=0)
    name_as_announced = models.CharField(
        _("name as announced"), max_length=300, blank=True, help_text=_("To the letter, misprints included.")
    )
    note_en = models.CharField(_("note (English)"), max_length=500, blank=True)
    note_zh = models.CharField(_("note (Chinese)"), max_length=500, blank=True)

    note = Bilingual("note")

    class Meta:
        ordering = ["position", "pk"]
        unique_together = [("project", "organisation")]
        verbose_name = pgettext_lazy("in a project", "partner")
        verbose_name_plural = pgettext_lazy("in a project", "partners")

    def __str__(self):
        return str(self.organisation)

    @property
    def name_lang(self) -> str:
        return LANGUAGE_TAGS["zh" if has_chinese(self.name_as_announced) else "en"]


class Milestone(PartiallyDated, ProjectRow):
    LAST_DAY_OF = ("due_on",)

    project = models.ForeignKey(Project, models.CASCADE, verbose_name=_("project"), related_name="milestones")
    title_en = models.CharField(_("title (English)"), max_length=300, blank=True)
    title_zh = models.CharField(_("title (Chinese)"), max_length=300, blank=True)
    due_on = models.DateField(_("planned for"), null=True, blank=True)
    due_on_precision = precision_field()
    reached_on = models.DateField(_("reached on"), null=True, blank=True)
    reached_on_precision = precision_field()
    note_en = models.TextField(_("note (English)"), blank=True)
    note_zh = models.TextField(_("note (Chinese)"), blank=True)

    title = Bilingual("title")
    note = Bilingual("note")

    class Meta:
        ordering = ["reached_on", "due_on", "pk"]
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")

    def __str__(self):
        return self.title

    def clean(self):
        super().clean()
        if not (self.title_en or self.title_zh):
            raise ValidationError({"title_en": _("Enter a title in at least one language.")})


class ProgressReport(ProjectRow):
    """What was reported of a project to a meeting. The rating is for staff only."""

    class Rating(models.TextChoices):
        ON_TRACK = "on_track", _("on track")
        AT_RISK = "at_risk", _("at risk")
        DELAYED = "delayed", _("delayed")

    project = models.ForeignKey(
        Project, models.CASCADE, verbose_name=_("project"), related_name="progress_reports"
    )
    meeting = models.ForeignKey(
        Meeting, models.PROTECT, related_name="progress_reports", verbose_name=_("meeting")
    )
    text_en = models.TextField(_("text (English)"), blank=True)
    text_zh = models.TextField(_("text (Chinese)"), blank=True)
    rating = models.CharField(
        _("rating"), max_length=8, choices=Rating, blank=True, help_text=_("For staff only, never public.")
    )

    visibility = models.CharField(
        _("visibility"),
        max_length=10,
        choices=[
            (Visibility.PUBLIC, Visibility.PUBLIC.label),
            (Visibility.BOTH_SIDES, Visibility.BOTH_SIDES.label),
        ],
        default=Visibility.PUBLIC,
        db_default=Visibility.PUBLIC,
    )

    text = Bilingual("text")

    class Meta:
        ordering = ["meeting__starts_on", "pk"]
        unique_together = [("project", "meeting")]
        verbose_name = _("progress report")
        verbose_name_plural = _("progress reports")

    def __str__(self):
        return f"{self.project.reference}, {self.meeting.code}"

    def after_save(self) -> None:
        # What the public does not read unsettles nothing that a side confirmed of the public text.
        known = {self.visibility, self.stored.get("visibility")}
        self.record.stamp(self.changed_languages() if Visibility.PUBLIC in known else set())
        self.meeting.void_approval()

    def after_delete(self) -> None:
        super().after_delete()
        self.meeting.void_approval()


class ProjectFile(RecordFile):
    """A version of a file of a project."""

    RECORD = "project"
    project = models.ForeignKey(Project, models.CASCADE, verbose_name=_("project"), related_name="files")

    class Meta(RecordFile.Meta):
        unique_together = [("project", "owner_side", "title", "language", "version")]
        verbose_name = _("file of a project")
        verbose_name_plural = _("files of projects")
