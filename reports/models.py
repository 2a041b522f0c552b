"""Reports that somebody saved: a filtered view under a name."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class SavedReport(models.Model):
    """A report with its filters, under a name. What it holds depends on who reads it."""

    name = models.CharField(_("name"), max_length=200)
    report = models.SlugField(_("report"), max_length=40)
    query = models.TextField(_("filters"), blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="saved_reports",
        verbose_name=_("owner"),
    )
    made_at = models.DateTimeField(_("saved at"), auto_now_add=True)

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("saved report")
        verbose_name_plural = _("saved reports")

    def __str__(self):
        return self.name
