"""What became of MOUs between two meetings: signed, renewed, ended."""

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from initiative.dates import Precision
from meetings.since import LIVE, Change, Interval, Section
from mous.models import MOU, MOULink
from mous.states import State, state_on
from publishing.sides import visible

OVER = (State.ENDED, State.TERMINATED, State.REPLACED)


def live_mous(user) -> list[MOU]:
    """Return the MOUs that `user` may see, with the links among them; two queries."""
    mine = visible(MOU.objects.filter(status__in=LIVE), user)
    links = visible(MOULink.objects.filter(to_mou__in=mine.values("pk"), from_mou__in=mine.values("pk")), user)
    return list(
        mine.defer("search_text").prefetch_related(
            Prefetch("links", links.select_related("to_mou")),
            Prefetch("linked_from", links.select_related("from_mou")),
        )
    )


def is_signed_in(mou: MOU, interval: Interval) -> bool:
    """Return whether an MOU was signed in the interval: at one of its meetings, else by its date."""
    if mou.signed_on is None or mou.signed_on > interval.until:
        return False
    if mou.meeting_id == interval.earlier.pk:
        return False
    return mou.meeting_id in interval.held or interval.holds(mou.signed_on)


def is_active_on(mou: MOU, day) -> bool:
    return state_on(mou, day) not in (State.PREPARING, *OVER)


def renewed_by(mou: MOU) -> list[MOU]:
    """Return the MOUs, of those read with it, that renew this one."""
    return [link.from_mou for link in mou.linked_from.all() if link.kind == MOULink.Kind.RENEWS]


def over_on(mou: MOU):
    """Return (day, precision) since which an MOU is over, by the column that ended it."""
    if mou.terminated_on:
        return mou.terminated_on, Precision.DAY
    if mou.superseded_on:
        return mou.superseded_on, Precision.DAY
    return mou.ends_on, mou.ends_on_precision


def _signed(mou: MOU) -> Change:
    follows = "; ".join(f"{link.get_kind_display()} {link.to_mou.reference}" for link in mou.links.all())
    return Change(mou, mou.reference, mou.title, mou.signed_on, mou.signed_on_precision, follows)


def _ended(mou: MOU, interval: Interval) -> Change:
    state = state_on(mou, interval.until).label
    renewals = ", ".join(one.reference for one in renewed_by(mou))
    words = _("%(state)s; renewed by %(references)s") if renewals else _("%(state)s; no renewal on record here")
    note = words % {"state": state, "references": renewals}
    return Change(mou, mou.reference, mou.title, *over_on(mou), note)


def mou_sections(mous: list[MOU], interval: Interval) -> list[Section]:
    """Return what was signed, renewed and ended in the interval; no query."""
    signed = [mou for mou in mous if is_signed_in(mou, interval)]
    renewing = {mou.pk for mou in signed if any(link.kind == MOULink.Kind.RENEWS for link in mou.links.all())}
    ended = [
        mou
        for mou in mous
        if state_on(mou, interval.until) in OVER and state_on(mou, interval.after) not in OVER
    ]

    def listed(rows):
        return sorted(rows, key=lambda row: row.order)

    return [
        Section(
            "mous_signed",
            _("MOUs signed"),
            _("Signed at the meetings in this time or between them, renewals apart."),
            _("No MOU was signed."),
            listed(_signed(mou) for mou in signed if mou.pk not in renewing),
        ),
        Section(
            "mous_renewed",
            _("MOUs renewed"),
            _("MOUs signed in this time that renew an earlier one."),
            _("No MOU was renewed."),
            listed(_signed(mou) for mou in signed if mou.pk in renewing),
        ),
        Section(
            "mous_ended",
            _("MOUs ended"),
            _("Not over at the earlier meeting; ended, terminated or replaced by the last day."),
            _("No MOU ended."),
            listed(_ended(mou, interval) for mou in ended),
        ),
    ]
