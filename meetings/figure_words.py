"""What pages, documents and files say of an announced figure beside the record and beside other figures."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from initiative.models import Citation
from meetings.figures import Comparison, SumOfMeetings
from meetings.models import Meeting


def announced_words(one: Comparison) -> str:
    """Return every value announced for the same, as equals: "8 or 9"."""
    return pgettext("list of alternatives", " or ").join(str(value) for value in one.announced)


def difference_words(one: Comparison) -> str:
    """Return how the figure differs from what is on record."""
    if not one.gap:
        return _("No difference")
    words = _("%(gap)s not on record here") if one.gap > 0 else _("%(gap)s more on record here")
    return words % {"gap": abs(one.gap)}


def _codes(meetings: list[Meeting]) -> str:
    return pgettext("list", ", ").join(meeting.code for meeting in meetings)


def sum_words(summed: SumOfMeetings) -> str:
    """Return how a sum of meetings came about, or why there is none; never that an unknown part is 0."""
    if summed.value is not None:
        parts = " + ".join(str(values[0]) for _meeting, values in summed.parts)
        count = len(summed.parts)
        words = ngettext(
            "Worked out here: %(parts)s, announced at %(count)s meeting",
            "Worked out here: %(parts)s, announced at %(count)s meetings",
            count,
        )
        return words % {"parts": parts, "count": count}
    lines = []
    if summed.lacking:
        words = _("No sum: not announced for every meeting. None is on record here for %(meetings)s.")
        lines.append(words % {"meetings": _codes(summed.lacking)})
    if summed.disputed:
        words = _("No sum: more than one figure is announced for %(meetings)s.")
        lines.append(words % {"meetings": _codes(summed.disputed)})
    return pgettext("between sentences", " ").join(lines)


def sum_difference_words(one: Comparison) -> str:
    """Return how a total differs from the sum of the meetings; "" where there is no sum."""
    if one.sum_gap is None:
        return ""
    if not one.sum_gap:
        return _("No difference")
    words = _("%(gap)s more than by the sum") if one.sum_gap > 0 else _("%(gap)s fewer than by the sum")
    return words % {"gap": abs(one.sum_gap)}


def stance_words(citation: Citation) -> str:
    """Return whether a source supports the figure or differs, in words of equal weight."""
    return _("(differs)") if citation.stance == Citation.Stance.DIFFERS else _("(supports)")


def contradiction_words(one: Comparison) -> str:
    """Return that another figure was announced for the same, or ""."""
    if not one.rivals:
        return ""
    words = ngettext(
        "Another figure is announced for the same: %(values)s",
        "Other figures are announced for the same: %(values)s",
        len(one.rivals),
    )
    return words % {"values": pgettext("list", ", ").join(str(value) for value in one.rivals)}
