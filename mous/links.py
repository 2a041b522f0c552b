"""How one MOU follows another: the link, and what comes of chains of links in the database."""

from django.db import models
from django.db.models import F, Q
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _

from mous.chains import fill_superseded, refuse_circle
from publishing.models import Row


class MOULink(Row):
    """How one MOU follows another."""

    class Kind(models.TextChoices):
        RENEWS = "renews", _("renews")
        AMENDS = "amends", _("amends")
        REPLACES = "replaces", _("replaces")
        IMPLEMENTS = "implements", _("implements")

    # What follows by one of these is not counted again.
    CONTINUES = (Kind.RENEWS, Kind.AMENDS, Kind.REPLACES)
    # What is followed by one of these is over, once the later MOU is signed.
    SUPERSEDES = (Kind.RENEWS, Kind.REPLACES)
    REVERSED = {
        Kind.RENEWS: _("renewed by"),
        Kind.AMENDS: _("amended by"),
        Kind.REPLACES: _("replaced by"),
        Kind.IMPLEMENTS: _("implemented by"),
    }
    RECORD = "from_mou"
    from_mou = models.ForeignKey("mous.MOU", models.CASCADE, verbose_name=_("MOU"), related_name="links")
    kind = models.CharField(
        _("kind of link"),
        max_length=10,
        choices=Kind,
        help_text=_(
            "Once this MOU is signed, an empty “superseded on” of what it renews or replaces is filled in; if "
            "that is published, once this MOU is published too."
        ),
    )
    to_mou = models.ForeignKey(
        "mous.MOU", models.PROTECT, related_name="linked_from", verbose_name=_("the earlier MOU")
    )

    class Meta:
        ordering = ["pk"]
        unique_together = [("from_mou", "kind", "to_mou")]
        verbose_name = _("link to another MOU")
        verbose_name_plural = _("links to other MOUs")
        constraints = [
            models.CheckConstraint(
                condition=~Q(from_mou=F("to_mou")),
                name="mous_moulink_two_mous",
                violation_error_message=_("An MOU does not follow itself."),
            )
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.to_mou.reference}"

    @property
    def reversed_label(self) -> str:
        """Return how the earlier MOU is linked to the later one: "renewed by"."""
        return self.REVERSED[self.Kind(self.kind)]

    def clean(self):
        super().clean()
        refuse_circle(self)

    def before_save(self):
        super().before_save()
        refuse_circle(self)

    def after_save(self):
        super().after_save()
        if self.kind in self.SUPERSEDES:
            fill_superseded(self)


def following(mous: models.QuerySet) -> RawSQL:
    """Return the keys of what follows one of `mous`, at any distance, by renewing, amending or replacing.

    The ORM has no recursion; both databases know this one, which ends also if links went in a circle.
    """
    first, values = mous.order_by().values("pk").query.sql_with_params()
    kinds = [kind.value for kind in MOULink.CONTINUES]
    links, marks = MOULink._meta.db_table, ", ".join(["%s"] * len(kinds))
    later = (
        f"WITH RECURSIVE later(id) AS ("
        f" SELECT from_mou_id FROM {links} WHERE kind IN ({marks}) AND to_mou_id IN ({first})"
        f" UNION SELECT link.from_mou_id FROM {links} link JOIN later ON link.to_mou_id = later.id"
        f" WHERE link.kind IN ({marks})) SELECT id FROM later"
    )
    return RawSQL(later, (*kinds, *values, *kinds))
