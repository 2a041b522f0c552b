from django.db.models import Case, Q, Subquery, Value, When
from django.utils.translation import gettext_lazy as _

from listing.columns import Column, Kind, number_of
from organisations.models import Organisation


def published(path: str) -> Subquery:
    """Return how many published records `path` leads to."""
    return number_of(Organisation, path, Q(**{f"{path}__status": "published"}))


def sides() -> Case:
    """Return the sides on which an organisation takes part, in one cell."""
    singapore, shenzhen = (
        Q(pk__in=Organisation.objects.taking_part_on(side).values("pk")) for side in ("singapore", "shenzhen")
    )
    return Case(
        When(singapore & shenzhen, then=Value("singapore; shenzhen")),
        When(singapore, then=Value("singapore")),
        When(shenzhen, then=Value("shenzhen")),
        default=Value(""),
    )


COLUMNS = (
    Column("reference", _("Reference"), sort="reference_number"),
    Column("name_en", _("Name (English)"), page=_("Organisation"), language="en", sort="sort_en"),
    Column("name_zh", _("Name (Chinese)"), page=_("Organisation"), language="zh", sort="sort_zh"),
    Column("short_name_en", _("Short name (English)")),
    Column("short_name_zh", _("Short name (Chinese)")),
    Column("sides", _("Sides on which it takes part"), sides, page=_("Side"), imported=False),
    Column("kind", _("Kind"), page=_("Kind")),
    Column("place", _("Place")),
    Column("website", _("Website")),
    Column("uen", _("UEN")),
    Column("uscc", _("USCC")),
    Column("parent", _("Parent organisation (reference)"), "parent__reference"),
    Column("summary_en", _("Summary (English)")),
    Column("summary_zh", _("Summary (Chinese)")),
    Column("slug", _("Address")),
    Column(
        "projects",
        _("Published projects in which it takes part, on every track"),
        published("partnerships__project"),
        Kind.INTEGER,
        sort="c_projects",
        page=_("Projects"),
        imported=False,
    ),
    Column(
        "mous",
        _("Published MOUs that it signed, on every track"),
        published("signatures__mou"),
        Kind.INTEGER,
        sort="c_mous",
        page=_("MOUs"),
        imported=False,
    ),
)
