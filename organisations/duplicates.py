"""Bodies and persons that look like one: the pairs, without those that somebody said are two."""

from collections import Counter
from dataclasses import dataclass

from django.db import models
from django.db.models import Count

from organisations.likeness import LEAST, Alike, Pair, likely_pairs
from organisations.models import NotTheSame
from organisations.names import in_use, names_of
from organisations.plans import links_to
from publishing.sides import visible


def likely_duplicates(rows: models.QuerySet, least: int = LEAST) -> list[Pair]:
    """Return the pairs of rows that look like one, best first, without those said to be two."""
    told = NotTheSame.objects.filter(kind=rows.model._meta.model_name).values_list("one", "two")
    apart = set(told)
    return [pair for pair in likely_pairs(names_of(rows), least) if (pair.one, pair.two) not in apart]


def how_often_named(model: type[models.Model], keys, user) -> Counter:
    """Return how many rows that `user` may see name each of `keys`; one query for each kind of row."""
    found: Counter = Counter()
    for row, link in links_to(model):
        rows = visible(row._base_manager.filter(**{f"{link.name}__in": keys}), user)
        counted = rows.order_by().values_list(link.attname).annotate(number=Count("pk"))
        found.update(dict(counted))
    return found


@dataclass
class Two:
    """A pair as a page shows it: both rows, how often each is named, and the names that are alike."""

    one: models.Model
    two: models.Model
    alike: Alike | None
    named: tuple[int, int]


def side_by_side(model: type[models.Model], pairs: list[Pair], user) -> list[Two]:
    """Return pairs with all that a page shows of them, in a fixed number of queries."""
    keys = {key for pair in pairs for key in (pair.one, pair.two)}
    rows, named = model._base_manager.in_bulk(keys), how_often_named(model, keys, user)
    return [
        Two(rows[one], rows[two], alike, (named[one], named[two]))
        for one, two, alike in pairs
        if one in rows and two in rows
    ]


def said_to_be_two(model: type[models.Model], user) -> models.QuerySet:
    """Return the pairs that somebody said are not the same, of those that `user` may see."""
    seen = in_use(model, user).values("pk")
    return NotTheSame.objects.filter(kind=model._meta.model_name, one__in=seen, two__in=seen)
