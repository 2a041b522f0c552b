"""Numbers that somebody announced at a meeting, with their sources."""

from django.db import models
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from initiative.models import Citation, Track
from meetings.rows import MeetingRow, meeting_link
from publishing.bilingual import Bilingual


class AnnouncedFigure(MeetingRow):
    """A number somebody announced, with its sources. A number we worked out is never one."""

    class Measure(models.TextChoices):
        MOUS = "mous", _("MOUs signed")
        PROJECTS = "projects", _("projects launched")
        AGREEMENTS = "agreements", _("agreements of companies to operate in the Zone")

    class Scope(models.TextChoices):
        MEETING = "meeting", _("this meeting")
        CUMULATIVE = "cumulative", _("to date")

    meeting = meeting_link("figures")
    measure = models.CharField(_("measure"), max_length=10, choices=Measure)
    track = models.CharField(_("track"), max_length=7, choices=Track, default=Track.JIC)
    tier = models.CharField(
        _("tier"),
        max_length=8,
        choices=[("flagship", pgettext_lazy("tier", "flagship")), ("key", pgettext_lazy("tier", "key"))],
        blank=True,
        help_text=_("If the figure is of one tier only."),
    )
    scope = models.CharField(_("scope"), max_length=10, choices=Scope, default=Scope.MEETING)
    value = models.PositiveIntegerField(_("value"))
    as_of = models.DateField(_("as of"), null=True, blank=True)
    explanation_en = models.TextField(
        _("explanation of the gap (English)"), blank=True, help_text=_("Public once “published” is ticked.")
    )
    explanation_zh = models.TextField(_("explanation of the gap (Chinese)"), blank=True)
    explanation_published = models.BooleanField(_("explanation published"), default=False)

    explanation = Bilingual("explanation")

    class Meta:
        ordering = ["-scope", "track", "measure", "tier", "pk"]
        unique_together = [("meeting", "measure", "track", "tier", "scope", "value")]
        verbose_name = _("announced figure")
        verbose_name_plural = _("announced figures")

    def __str__(self):
        return gettext("%(label)s: %(values)s") % {"label": self.get_measure_display(), "values": self.value}


class FigureCitation(Citation):
    RECORD = "figure"
    figure = models.ForeignKey(
        AnnouncedFigure, models.CASCADE, related_name="citations", verbose_name=_("announced figure")
    )

    @property
    def record(self):
        return self.figure.meeting
