"""What a link between two MOUs asks for: that none follows itself, and since when the earlier one is over."""

import datetime
from collections import defaultdict

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from initiative.dates import Precision
from publishing.authorship import acting_user
from publishing.gaps import Gap
from publishing.models import Status
from publishing.workflow import may

# The columns of a later MOU on which the end of the earlier one depends.
DECIDES_THE_DAY = (
    "signed_on",
    "signed_on_precision",
    "effective_on",
    "effective_on_precision",
    "status",
    "kept_by",
)
FILLED = gettext_noop("Filled in: an MOU that renews or replaces it was signed.")

# No circles ---------------------------------------------------------------------------------------


def is_reached(start: int, goal: int, steps) -> bool:
    """Return whether `steps`, pairs of keys, lead from `start` to `goal`."""
    after = defaultdict(list)
    for one, other in steps:
        after[one].append(other)
    seen, waiting = {start}, [start]
    while waiting:
        for key in after[waiting.pop()]:
            if key not in seen:
                seen.add(key)
                waiting.append(key)
    return goal in seen


def refuse_circle(link) -> None:
    """Refuse a link by which an MOU would follow itself, at any distance and whatever the kinds of link.

    One query, however long the chain. Raises ValidationError.
    """
    if not (link.from_mou_id and link.to_mou_id):
        return
    if link.from_mou_id == link.to_mou_id:
        raise ValidationError({"to_mou": _("An MOU does not follow itself.")})
    others = type(link)._base_manager.exclude(pk=link.pk).values_list("from_mou_id", "to_mou_id")
    if is_reached(link.to_mou_id, link.from_mou_id, others):
        words = _(
            "%(reference)s follows this MOU already, itself or through others, and no MOU follows itself. "
            "Enter the link in the later MOU, or take out the one that is wrong."
        )
        raise ValidationError({"to_mou": words % {"reference": link.to_mou.reference}})


# The day on which the earlier one is over ---------------------------------------------------------


def has_own_end(mou) -> bool:
    return mou.ends_on is not None and not mou.renews_automatically


def superseding_day(link) -> datetime.date | None:
    """Return from which day the later MOU of a link takes the place of the earlier one.

    That is when it is signed or, if later, comes into effect. None while it is not signed, where that is not
    known to the day, and where the earlier one was over before. One that is renewed runs to its own end where
    that is known, unless it is said that the renewal comes into effect sooner; its state is then "ended".
    """
    later, earlier = link.from_mou, link.to_mou
    if later.signed_on is None or later.signed_on > localdate():
        return None
    begins = [(later.signed_on, later.signed_on_precision)]
    if later.effective_on and later.effective_on > later.signed_on:
        begins.append((later.effective_on, later.effective_on_precision))
    if any(precision != Precision.DAY for _day, precision in begins):
        return None
    day = begins[-1][0]
    if earlier.terminated_on or (has_own_end(earlier) and earlier.ends_on < day):
        return None
    runs_on = link.kind == type(link).Kind.RENEWS and has_own_end(earlier) and later.effective_on is None
    return None if runs_on else day


def _may_fill(later, earlier) -> bool:
    """Return whether what is now written may change `earlier`, and tells of `later` only those who see it.

    What is public is changed by what is public, in the name of somebody who may publish.
    """
    if later.status == Status.WITHDRAWN or later.kept_by not in ("", earlier.kept_by):
        return False
    if earlier.status in (Status.DRAFT, Status.IN_REVIEW):
        return True
    by = acting_user()
    return earlier.is_published and later.is_published and (by is None or may(earlier, "publish", by))


def fill_superseded(link) -> None:
    """Fill in an empty "superseded on" of the earlier MOU of a link that renews or replaces.

    Never overwrites what is entered. What may not be filled in stays a gap of the earlier MOU.
    """
    # As they are stored: what is at hand may be older, or about to be.
    link = type(link)._base_manager.select_related("from_mou", "to_mou").get(pk=link.pk)
    earlier, day = link.to_mou, superseding_day(link)
    if earlier.superseded_on or day is None or not _may_fill(link.from_mou, earlier):
        return
    earlier.superseded_on = day
    earlier._change_reason = FILLED
    earlier.save()


def not_superseded(kind) -> Gap:
    """Return the gap of an MOU that one signed since renews or replaces, and that does not say since when.

    One that is renewed and has an end of its own lacks nothing: it runs to that end.
    """
    rows = kind._meta.get_field("linked_from").related_model
    later = (
        rows._base_manager.order_by()
        .filter(to_mou=OuterRef("pk"), kind__in=rows.SUPERSEDES, from_mou__signed_on__lte=localdate())
        .filter(Q(from_mou__kept_by="") | Q(from_mou__kept_by=OuterRef("kept_by")))
        .exclude(from_mou__status=Status.WITHDRAWN)
    )
    before_its_end = later.filter(kind=rows.Kind.REPLACES, from_mou__signed_on__lte=OuterRef("ends_on"))
    open_end = Q(ends_on=None) | Q(renews_automatically=True)
    return Gap(
        "not_superseded",
        _("Renewed or replaced: day not entered"),
        _("An MOU signed since renews or replaces it: enter under “superseded on” when this one was over."),
        Q(superseded_on=None, terminated_on=None) & ((open_end & Q(Exists(later))) | Exists(before_its_end)),
        blocks=False,
    )
