"""What a line of the deliverables list says, cell by cell, in the active language."""

from django.conf import settings
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from accounts.models import Side
from annexes.deliverables.forms import parts_in_words
from meetings.deliverables import AGREED, CHANGED, Clearance, Line
from mous.models import MOU, Signing
from publishing.bilingual import LANGUAGE_TAGS, LocalText, page_suffix


def sides() -> list[Side]:
    """Return the two sides in the order of the active language."""
    return [Side(side) for side in settings.SIDE_ORDER[get_language()]]


def in_language(text: str, lang: str) -> LocalText:
    """Return a text that knows its language: what stands in another one than its page is marked."""
    found = LocalText(text)
    found.lang = lang
    return found


def both_titles(record) -> list[str]:
    """Return the title in each language, that of the page first, and in words which one is not on record."""
    words = {"en": _("English title not on record here"), "zh": _("Chinese title not on record here")}
    return [
        in_language(title, tag) if (title := getattr(record, f"title_{suffix}")) else words[suffix]
        for suffix, tag in sorted(LANGUAGE_TAGS.items(), key=lambda pair: pair[0] != page_suffix())
    ]


def parties(record, side: str) -> list[str]:
    """Return the bodies of one side by the name under which they sign or are announced."""
    rows = record.signatories.all() if isinstance(record, MOU) else record.partners.all()
    return [party_name(row) for row in rows if row.side == side]


def party_name(row) -> str:
    """Return the name as signed or announced where it is in the page's language, else the body's name."""
    given = getattr(row, "name_as_signed", "") or getattr(row, "name_as_announced", "")
    if given and row.name_lang == LANGUAGE_TAGS[page_suffix()]:
        return in_language(given, row.name_lang)
    return row.organisation.name


def signers(record, side: str, role: str) -> list[list[str]]:
    """Return who signs or witnesses for one side, each with the name first, then post and body."""
    found = []
    for row in record.signings.all() if isinstance(record, MOU) else ():
        if row.side == side and row.role == role:
            told = [row.shown_name, row.post, row.organisation.name if row.organisation else ""]
            # A person who is not shown by name is shown by the post.
            found.append([text for text in dict.fromkeys(told) if text])
    return found


def signed_by(record, side: str) -> list[list[str]]:
    return signers(record, side, Signing.Role.SIGNED)


def witnessed_by(record, side: str) -> list[list[str]]:
    return signers(record, side, Signing.Role.WITNESSED)


def agreements(line: Line) -> list[tuple[str, str]]:
    """Return what can be agreed apart, as (kind, how far it is in words)."""
    states = {AGREED: _("agreed"), CHANGED: _("changed since"), "": _("not agreed")}
    return [(kind, states[line.agreement(kind)]) for kind in ("titles", "parties", "text")]


def clearance_in_words(clearance: Clearance) -> list[str]:
    """Return who cleared a line and when, and what changed since; nothing where nobody did."""
    if clearance.at is None:
        return []
    person = clearance.by and (clearance.by.get_full_name() or str(clearance.by))
    day = date_format(localtime(clearance.at), "DATE_FORMAT")
    words = pgettext("cleared", "%(person)s, %(day)s")
    lines = [words % {"person": person or _("not on record here"), "day": day}]
    if clearance.changed:
        lines.append(_("Changed since: %(parts)s") % {"parts": parts_in_words(clearance.changed)})
    return lines


def yes_no(value: bool) -> str:
    return pgettext("to be announced", "yes") if value else pgettext("to be announced", "no")
