from django.db.models import CharField, F, OuterRef, Value
from django.db.models.functions import Coalesce, Concat, NullIf
from django.utils.translation import gettext_lazy as _

from accounts.models import Side
from initiative.columns import codes, dated
from listing.columns import Column, Joined, Kind
from projects.models import Partner, Project


def partners(side: str, first: str, second: str) -> Joined:
    """Return the names of a side's partners in one cell, in one language, else in the other."""
    rows = Partner.objects.filter(project=OuterRef("pk"), side=side).order_by("position", "pk")
    return Joined(rows, Coalesce(NullIf(F(f"organisation__{first}"), Value("")), F(f"organisation__{second}")))


# What a program joins on: SCI-O-0012:partner; SCI-O-0031:operator.
PARTNER_REFERENCES = Joined(
    Partner.objects.filter(project=OuterRef("pk")).order_by("position", "pk"),
    Concat(F("organisation__reference"), Value(":"), F("role"), output_field=CharField()),
)

PARTNERS = tuple(
    Column(
        f"partners_{side}_{language}",
        label,
        partners(side, f"name_{language}", "name_zh" if language == "en" else "name_en"),
        page=Side(side).label,
        language=language,
        side=side,
        imported=False,
    )
    for side, language, label in (
        ("singapore", "en", _("Partners, Singapore (English)")),
        ("singapore", "zh", _("Partners, Singapore (Chinese)")),
        ("shenzhen", "en", _("Partners, Shenzhen (English)")),
        ("shenzhen", "zh", _("Partners, Shenzhen (Chinese)")),
    )
)

COLUMNS = (
    Column("reference", _("Reference"), sort="reference_number"),
    Column("title_en", _("Title (English)"), page=_("Project"), language="en", sort="sort_en"),
    Column("title_zh", _("Title (Chinese)"), page=_("Project"), language="zh", sort="sort_zh"),
    Column("title_basis_en", _("Basis of the title (English)")),
    Column("title_basis_zh", _("Basis of the title (Chinese)")),
    *PARTNERS,
    Column("partners", _("Partners (references)"), PARTNER_REFERENCES, imported=False),
    Column("summary_en", _("Summary (English)")),
    Column("summary_zh", _("Summary (Chinese)")),
    Column("pillar", _("Pillar"), "pillar__code", sort="pillar__position", page=_("Pillar")),
    Column("sectors", _("Sectors"), codes(Project.sectors.through, "project", "sector")),
    Column("classified_by", _("Classified by")),
    Column("track", _("Track")),
    Column("tier", _("Tier")),
    Column("stage", _("Stage"), page=_("Stage")),
    Column("stage_as_of", _("Stage as of"), kind=Kind.DATE),
    Column("meeting", _("Launch meeting (reference)"), "meeting__reference"),
    Column(
        "meeting_date",
        _("Launch meeting held on"),
        "meeting__starts_on",
        Kind.DATE,
        "meeting__starts_on",
        imported=False,
    ),
    Column("annex_letter", _("Annex")),
    Column("annex_item", _("Annex item"), kind=Kind.INTEGER),
    *dated("started_on", _("Start date")),
    *dated("targeted_on", _("Target date")),
    *dated("ended_on", _("End date")),
    Column("mous", _("MOUs (references)"), codes(Project.mous.through, "project", "mou")),
    Column("lead_singapore", _("Lead body, Singapore (reference)"), "lead_singapore__reference"),
    Column("lead_shenzhen", _("Lead body, Shenzhen (reference)"), "lead_shenzhen__reference"),
    Column("parties_known", _("Parties known")),
)
