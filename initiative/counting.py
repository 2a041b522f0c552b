"""The one counting function: what a total of each kind holds, and the public list that shows the same rows.

Pages, files, reports and inquiries ask here. The rule of each kind stands with its model, in `counted()`.
"""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.db.models import Count, QuerySet
from django.http import QueryDict
from django.urls import reverse

from initiative.models import Track
from listing.filters import Listed

# The list filter that leaves what a total counts: each chain of MOUs once, or every signing.
ONCE, EACH = "yes", "each"


@dataclass(frozen=True)
class Counting:
    """How to count: of which tracks, published or all but withdrawn, chains once or every signing, until when.

    `on` counts what is dated up to and with a day, by what is known now; None counts what has no date too.
    Rows that are not published must still go through `publishing.sides.visible`.
    """

    tracks: tuple[str, ...] = (Track.JIC,)
    published: bool = True
    distinct: bool = True
    on: datetime.date | None = None


COMMITTEE = Counting()
EVERY_TRACK = Counting(tracks=tuple(Track))


@dataclass(frozen=True)
class Measure:
    """One kind of count: key, what it is called and what it holds, its rows, and the filters of its list."""

    key: str
    label: str
    definition: str
    rows: Callable[[Counting], QuerySet]
    filterset: type[Listed]
    # The filters of the list that stand for the rule itself, where it has no track.
    always: dict[str, list[str]] | None = None


@dataclass(frozen=True)
class Figure:
    """A number, what it counts, and the address of the public list of its rows ("" where there is none)."""

    value: int
    measure: Measure = field(compare=False)
    address: str = ""


MEASURES: dict[str, Measure] = {}


def register(measure: Measure) -> None:
    """Make a kind countable; called by each package when it is ready."""
    MEASURES[measure.key] = measure


def counted(key: str, counting: Counting = COMMITTEE, **filters: Iterable[str]) -> QuerySet:
    """Return what is counted of a kind ("projects", "mous", "meetings", "organisations").

    `filters` are those of its public list, each a list of values: meeting=["4"], tier=["key"], pillar=["none"].
    Raises KeyError for a kind or a filter that there is none of.
    """
    measure = MEASURES[key]
    rows = measure.rows(counting)
    for name, values in filters.items():
        rows = measure.filterset.base_filters[name].filter(rows, list(values))
    return rows


def address(key: str, counting: Counting = COMMITTEE, **filters: Iterable[str]) -> str:
    """Return the address of the public list of what is counted; "" where it shows no such rows."""
    if not counting.published or counting.on:
        return ""
    query, measure = QueryDict(mutable=True), MEASURES[key]
    rule = measure.always
    if rule is None:
        rule = {"counted": [ONCE if counting.distinct else EACH], "track": counting.tracks}
    for name, values in (rule | filters).items():
        query.setlist(name, list(values))
    path = reverse(f"{key}:list")
    return f"{path}?{query.urlencode()}" if query else path


def definition_of(key: str, chosen: dict[str, list[str]]) -> str:
    """Return the definition of what a public list under the filters `chosen` holds; "" if it is no count."""
    return str(MEASURES[key].definition) if chosen.get("counted") else ""


def figure(key: str, counting: Counting = COMMITTEE, **filters: Iterable[str]) -> Figure:
    """Return how many rows `counted` holds, with the address of their list; one query."""
    found = counted(key, counting, **filters).count()
    return Figure(found, MEASURES[key], address(key, counting, **filters))


def tally(key: str, counting: Counting, *by: str) -> list[dict]:
    """Return how many are counted by each set of values of the columns `by`, as "n" beside them; one query."""
    return list(counted(key, counting).order_by().values(*by).annotate(n=Count("pk")))
