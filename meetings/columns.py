from django.db.models import Q, Subquery
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from initiative.columns import dated
from listing.columns import Column, Kind, number_of
from meetings.models import Meeting


def published(path: str) -> Subquery:
    """Return how many published records `path` leads to."""
    return number_of(Meeting, path, Q(**{f"{path}__status": "published"}))


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
        _("Published projects of the meeting, on every track"),
        published("projects"),
        Kind.INTEGER,
        sort="c_projects",
        page=_("Projects"),
        imported=False,
    ),
    Column(
        "mous",
        _("Published MOUs of the meeting, on every track"),
        published("mous"),
        Kind.INTEGER,
        sort="c_mous",
        page=_("MOUs"),
        imported=False,
    ),
)
