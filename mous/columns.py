from django.db.models import F, OuterRef, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Side
from initiative.columns import codes, dated, yes_no
from listing.columns import Column, Joined, Kind
from mous.models import MOU, Signatory
from mous.states import state_expression


def signatories(side: str, first: str, second: str) -> Joined:
    """Return the names of a side's signatories in one cell, in one language, else in the other."""
    rows = Signatory.objects.filter(mou=OuterRef("pk"), side=side).order_by("position", "pk")
    name = Coalesce(NullIf(F(f"organisation__{first}"), Value("")), F(f"organisation__{second}"))
    return Joined(rows, name)


SIGNATORIES = tuple(
    Column(
        f"signatories_{side}_{language}",
        label,
        signatories(side, f"name_{language}", "name_zh" if language == "en" else "name_en"),
        page=Side(side).label,
        language=language,
        side=side,
        imported=False,
    )
    for side, language, label in (
        ("singapore", "en", _("Signatories, Singapore (English)")),
        ("singapore", "zh", _("Signatories, Singapore (Chinese)")),
        ("shenzhen", "en", _("Signatories, Shenzhen (English)")),
        ("shenzhen", "zh", _("Signatories, Shenzhen (Chinese)")),
    )
)

COLUMNS = (
    Column("reference", _("Reference"), sort="reference_number"),
    Column("title_en", _("Title (English)"), page=_("MOU"), language="en", sort="sort_en"),
    Column("title_zh", _("Title (Chinese)"), page=_("MOU"), language="zh", sort="sort_zh"),
    Column("title_basis_en", _("Basis of the title (English)")),
    Column("title_basis_zh", _("Basis of the title (Chinese)")),
    Column("instrument", _("Instrument")),
    *SIGNATORIES,
    Column("summary_en", _("Summary (English)")),
    Column("summary_zh", _("Summary (Chinese)")),
    Column("pillar", _("Pillar"), "pillar__code"),
    Column("sectors", _("Sectors"), codes(MOU.sectors.through, "mou", "sector")),
    Column("classified_by", _("Classified by")),
    Column("meeting", _("Meeting (reference)"), "meeting__reference"),
    Column("occasion", _("Occasion")),
    Column("track", _("Track")),
    Column("batch", _("Signing batch"), kind=Kind.INTEGER),
    Column("place_en", _("Place of signing (English)")),
    Column("place_zh", _("Place of signing (Chinese)")),
    Column("text_languages", _("Languages of the text")),
    Column("prevailing_text", _("Prevailing text")),
    *dated("signed_on", _("Signed on"), sort="signed_on", page=pgettext_lazy("date", "Signed")),
    *dated("effective_on", _("Effective date")),
    *dated("ends_on", _("Ends on")),
    *dated("review_on", _("Review date")),
    Column("term_en", _("Term in words (English)")),
    Column("term_zh", _("Term in words (Chinese)")),
    yes_no("renews_automatically", _("Renews automatically")),
    Column("renewal_months", _("Length of each renewal in months"), kind=Kind.INTEGER),
    Column("notice_days", _("Notice days"), kind=Kind.INTEGER),
    Column("terminated_on", _("Terminated on"), kind=Kind.DATE),
    Column("superseded_on", _("Superseded on"), kind=Kind.DATE),
    Column("text_access", _("Text")),
    Column("lead_singapore", _("Lead body, Singapore (reference)"), "lead_singapore__reference"),
    Column("lead_shenzhen", _("Lead body, Shenzhen (reference)"), "lead_shenzhen__reference"),
    Column("parties_known", _("Parties known")),
    Column(
        "state",
        _("State on the day of the file"),
        lambda: state_expression(localdate()),
        page=_("State"),
        imported=False,
    ),
)
