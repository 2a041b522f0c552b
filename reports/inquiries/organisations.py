"""Since when, and on which sides, organisations take part: read from rows of records that both sides see."""

import datetime
from collections import defaultdict
from collections.abc import Iterator

from django.db.models import QuerySet

from initiative.dates import known_by, show_iso
from organisations.models import TAKING_PART, TOOK_PART_ON, Organisation
from publishing.models import Status
from reports.inquiries.asked import Asked


def _parts(asked: Asked, as_at: datetime.date | None) -> Iterator[tuple]:
    """Yield (organisation, side, day, precision) of every row with a day, `as_at`: up to and with that day."""
    for name, day in TOOK_PART_ON.items():
        link = Organisation._meta.get_field(name)
        record = TAKING_PART[name]
        rows = link.related_model._base_manager.filter(**link.related_model.public_while())
        rows = rows.filter(**{f"{record}__kept_by": ""}).exclude(**{f"{record}__status": Status.WITHDRAWN})
        if asked.published:
            rows = rows.filter(**{f"{record}__status": Status.PUBLISHED})
        rows = rows.filter(known_by(day, as_at)) if as_at else rows.exclude(**{day: None})
        yield from rows.order_by().values_list(link.field.attname, "side", day, f"{day}_precision").distinct()


def with_parts(rows: QuerySet, asked: Asked, _wanted: set[str]) -> list[Organisation]:
    """Return the organisations of `rows` with `first_part`, an ISO date, and `sides_taken`; five queries.

    Whoever took part, up to the day, only in what one side keeps to itself is left out.
    """
    days, sides = {}, defaultdict(set)
    for key, side, day, precision in _parts(asked, asked.as_at):
        days[key] = min(days.get(key, (day, precision)), (day, precision))
        sides[key].add(side)
    found = [one for one in rows.defer("search_text") if one.pk in days]
    for one in found:
        one.first_part, one.sides_taken = show_iso(*days[one.pk]), sides[one.pk]
    return found


def without_day(rows: QuerySet, asked: Asked) -> list[str]:
    """Return the references of the organisations of `rows` of which no row has a day."""
    dated = {key for key, *_rest in _parts(asked, None)}
    return [reference for key, reference in rows.values_list("pk", "reference") if key not in dated]
