"""Which reminders of MOUs were sent."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class What(models.TextChoices):
    """What an MOU reminds of: the end of its term, or the last day for giving notice."""

    END = "end", pgettext_lazy("reminder of an MOU", "end of the term")
    NOTICE = "notice", pgettext_lazy("reminder of an MOU", "last day for notice")


class MOUReminderSent(models.Model):
    """That a person was reminded of a day of an MOU at a step before it; no step is sent twice."""

    mou = models.ForeignKey("mous.MOU", models.CASCADE, related_name="reminders")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    what = models.CharField(max_length=6, choices=What)
    due_on = models.DateField()
    # Days before the due day.
    step = models.SmallIntegerField()
    day = models.DateField()

    class Meta:
        ordering = ["pk"]
        unique_together = [("mou", "user", "what", "due_on", "step")]
        default_permissions = ()
        verbose_name = _("reminder sent")
        verbose_name_plural = _("reminders sent")

    def __str__(self):
        return f"{self.get_what_display()}, {self.day}"
