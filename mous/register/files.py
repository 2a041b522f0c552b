"""The MOU register as files: CSV and Excel for staff, and the document for the JIC of what it has to decide."""

import datetime

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from accounts.models import Side
from documents.blocks import Document, Fields, Table, Text
from listing import exports
from listing.columns import Column, Kind
from mous.columns import COLUMNS as LISTED
from mous.health import TO_DECIDE
from mous.register.entries import Entry
from mous.register.words import day_words, definitions, end_words, health_words
from publishing.sides import own_side_label

_listed = {column.key: column for column in LISTED}
_parties = [
    (side.value, language, _listed[f"signatories_{side.value}_{language}"])
    for side in Side
    for language in ("en", "zh")
]
_as_signed = {
    Side.SINGAPORE: gettext_lazy("Names as signed, Singapore, where they are others"),
    Side.SHENZHEN: gettext_lazy("Names as signed, Shenzhen, where they are others"),
}

COLUMNS = (
    _listed["reference"],
    _listed["title_en"],
    _listed["title_zh"],
    Column("status", gettext_lazy("Publication status")),
    _listed["meeting"],
    *(column for _side, _language, column in _parties),
    *(Column(f"signed_as_{side}", label) for side, label in _as_signed.items()),
    *(_listed[name] for name in ("signed_on", "signed_on_precision", "effective_on", "effective_on_precision")),
    Column("current_end", gettext_lazy("Ends, as it stands"), kind=Kind.DATE),
    *(_listed[name] for name in ("renews_automatically", "renewal_months", "notice_days")),
    Column("notice_on", gettext_lazy("Last day to give notice"), kind=Kind.DATE),
    Column("days_left", gettext_lazy("Days left"), kind=Kind.INTEGER),
    _listed["state"],
    Column("health", gettext_lazy("Health")),
    Column("last_active_on", gettext_lazy("Last sign of activity"), kind=Kind.DATE),
    Column("chain", gettext_lazy("Earlier and later MOUs")),
    Column("course", gettext_lazy("For the JIC")),
    Column("course_decision", gettext_lazy("Decision of the JIC")),
)
YES_NO = {True: "yes", False: "no", None: None}


def cells(entry: Entry) -> list:
    """Return an MOU in the order of COLUMNS."""
    mou = entry.mou
    return [
        mou.reference,
        mou.title_en,
        mou.title_zh,
        mou.status,
        mou.meeting and mou.meeting.reference,
        *(_names(entry, side, language) for side, language, _column in _parties),
        *("; ".join(party.as_signed for party in entry.parties_on(side) if party.as_signed) for side in Side),
        mou.signed_on,
        mou.signed_on_precision,
        mou.effective_on,
        mou.effective_on_precision,
        mou.current_end,
        YES_NO[mou.renews_automatically],
        mou.renewal_months,
        mou.notice_days,
        mou.notice_on,
        entry.days_left,
        mou.state,
        "; ".join(entry.health),
        mou.last_active_on,
        "; ".join(f"{kind}:{other.reference}" for kind, _words, other in entry.chain),
        mou.course,
        entry.decision,
    ]


def _names(entry: Entry, side: str, language: str) -> str:
    order = ("name_en", "name_zh") if language == "en" else ("name_zh", "name_en")
    bodies = (party.body for party in entry.parties_on(side))
    return "; ".join(getattr(body, order[0]) or getattr(body, order[1]) for body in bodies)


def sheet(found: list[Entry], format: str, filters: str, user) -> bytes:
    """Return the register as "csv" or "xlsx"; `filters` say in words what was chosen."""
    rows = map(cells, found)
    if format == "csv":
        return b"".join(exports.rows_csv(COLUMNS, rows))
    about = [
        *exports.about(_("MOU register")).values(),
        (_("Unpublished"), f"{for_staff()} {own_side_label(user.side)}"),
        (_("Filters"), filters or _("none")),
        *definitions(),
    ]
    return exports.rows_xlsx(COLUMNS, rows, about)


def for_staff() -> str:
    return _("For staff only: holds drafts, health and what the JIC settled.")


# For the JIC --------------------------------------------------------------------------------------


def for_the_jic(found: list[Entry], language: str, day: datetime.date) -> Document:
    """Return the list of MOUs on which the JIC has to decide. To be called in its language."""
    count = ngettext("%(count)s MOU needs a decision.", "%(count)s MOUs need a decision.", len(found))
    why = _("Each ends or asks for notice soon, has ended without a renewal, or has long shown no activity.")
    blocks = [Text(count % {"count": len(found)}) if found else Text(_("No MOU needs a decision."))]
    if found:
        headings = [_("MOU"), _("Parties"), pgettext("of an MOU", "Ends"), _("Why"), _("To decide")]
        blocks += [
            Text(why),
            Table(headings, [_line(entry, language) for entry in found], widths=[3, 3, 2, 2.6, 1.4]),
            Fields(definitions(TO_DECIDE)),
        ]
    return Document(
        title=_("MOUs for the JIC: keep, renew or let lapse"),
        language=language,
        subtitle=_("As of %(day)s") % {"day": day_words(day)},
        label=pgettext("a document", "For both sides"),
        blocks=blocks,
        landscape=True,
    )


def _line(entry: Entry, language: str) -> list:
    parties = [
        signed_words(party.body.name, party.as_signed) if party.as_signed else party.body.name
        for side in settings.SIDE_ORDER[language]
        for party in entry.parties_on(side)
    ]
    return [
        [entry.mou.reference, entry.mou.title],
        parties or _("Not on record here"),
        end_words(entry) or _("Not on record here"),
        health_words(entry, TO_DECIDE),
        _("Keep, renew, or let lapse"),
    ]


def signed_words(name: str, as_signed: str) -> str:
    return _("%(name)s (signed as “%(signed)s”)") % {"name": name, "signed": as_signed}
