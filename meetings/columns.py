from django.db.models import Count, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from initiative.columns import dated
from listing.columns import Column, Kind
from meetings.models import Meeting


def number_of(name: str) -> Subquery:
    """Return how many published records of the meeting there are, counted apart from every other column."""
    counted = Count(name, filter=Q(**{f"{name}__status": "published"}), distinct=True)
    return Subquery(Meeting.objects.filter(pk=OuterRef("pk")).order_by().annotate(n=counted).values("n"))


COLUMNS = (
    Column("reference", _("Reference"), sort="reference_number"),
    Column("kind", _("Kind")),
    Column("number", _("Number"), kind=Kind.INTEGER),
    Column("title_en", _("Title (English)"), page=_("Meeting"), language="en", sort="sort_en"),
    Column("title_zh", _("Title (Chinese)"), page=_("Meeting"), language="zh", sort="sort_zh"),
    Column("slug", _("Address")),
    *dated("starts_on", _("Held on"), sort="starts_on", page=_("Held on")),
    *dated("ends_on", _("Last day")),
    *dated("announced_on", _("Results announced on")),
    Column("format", pgettext_lazy("of a meeting", "Format"), page=pgettext_lazy("of a meeting", "Format")),
    Column("host_side", _("Host side")),
    Column("city_en", _("City (English)")),
    Column("city_zh", _("City (Chinese)")),
    Column("venue_en", _("Venue (English)")),
    Column("venue_zh", _("Venue (Chinese)")),
    Column("phase", _("Phase")),
    Column("outcome_en", _("Outcome (English)")),
    Column("outcome_zh", _("Outcome (Chinese)")),
    Column(
        "projects",
        _("Projects recorded"),
        number_of("projects"),
        Kind.INTEGER,
        sort="c_projects",
        page=_("Projects"),
        imported=False,
    ),
    Column(
        "mous",
        _("MOUs recorded"),
        number_of("mous"),
        Kind.INTEGER,
        sort="c_mous",
        page=_("MOUs"),
        imported=False,
    ),
)
