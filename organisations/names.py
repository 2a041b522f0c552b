"""Every name by which bodies and persons are known, and whom a name with a slip in it may mean."""

from django.db import models
from rapidfuzz import fuzz, process

from listing.folding import fold, has_chinese
from organisations.likeness import LEAST, Alike, most_alike
from organisations.models import Organisation, OrganisationName, Person
from publishing.sides import visible

# From here on a stored text may be what somebody meant to type.
NEAR = 78  # percent
# What counts of a likeness found in the middle of a text, where many short terms are near something.
INSIDE = 0.92
# Shorter terms are near to nearly everything.
SHORTEST = {True: 3, False: 4}  # with Chinese characters, without
LONGEST = 100


def in_use(model: type[models.Model], user) -> models.QuerySet:
    """Return the bodies or the persons that `user` may see, without those merged into another."""
    rows = visible(model._base_manager.all(), user)
    return rows.filter(merged_into=None) if model is Organisation else rows


def own_names(one: Organisation | Person) -> list[str]:
    """Return the names in the columns of a body or a person, those it has."""
    names = [one.name_en, one.name_zh]
    if isinstance(one, Organisation):
        names += [one.short_name_en, one.short_name_zh]
    else:
        names += one.other_names.splitlines()
    return [name for name in names if name]


def names_of(rows: models.QuerySet) -> dict[int, list[str]]:
    """Return every name of each row, own and other, by key; in a fixed number of queries."""
    if rows.model is Person:
        found = rows.values_list("pk", "name_en", "name_zh", "other_names")
        return {
            pk: list(filter(None, [english, chinese, *others.splitlines()]))
            for pk, english, chinese, others in found
        }
    columns = rows.values_list("pk", "name_en", "name_zh", "short_name_en", "short_name_zh")
    names = {pk: list(filter(None, own)) for pk, *own in columns}
    for pk, name in OrganisationName.objects.filter(organisation__in=rows.values("pk")).values_list(
        "organisation", "name"
    ):
        names[pk].append(name)
    return names


def looking_like(names: list[str], rows: models.QuerySet, most: int = 5) -> list[tuple[models.Model, Alike]]:
    """Return the rows that look like something called `names`, each with how alike, the most alike first."""
    found = {}
    for pk, known in names_of(rows).items():
        if alike := most_alike(names, known, LEAST):
            found[pk] = alike
    best = sorted(found, key=lambda pk: (-found[pk].percent, pk))[:most]
    instances = rows.model._base_manager.in_bulk(best)
    return [(instances[pk], found[pk]) for pk in best]


def near(rows: models.QuerySet, term: str, most: int) -> list[int]:
    """Return the keys of rows that hold something like `term`, slips allowed, the nearest first.

    It reads the stored search text, whose lines are folded already, so that thousands take no time.
    """
    wanted = fold(term[:LONGEST])
    if len(wanted) < SHORTEST[has_chinese(wanted)]:
        return []
    keys, lines = [], []
    for pk, text in rows.order_by().values_list("pk", "search_text"):
        for line in text.split("\n"):
            # A line much shorter than the term would be found inside it.
            if len(line) * 4 >= len(wanted) * 3:
                keys.append(pk)
                lines.append(line)
    found = process.extract(wanted, lines, scorer=fuzz.partial_ratio, score_cutoff=NEAR, limit=most * 5)
    scored = [(_nearness(wanted, line, inside), keys[at]) for line, inside, at in found]
    best = sorted((-score, pk) for score, pk in scored if score >= NEAR)
    return list(dict.fromkeys(pk for _score, pk in best))[:most]


def _nearness(wanted: str, line: str, inside: float) -> float:
    """Return how near a line is to what was typed: most people begin at the beginning of a name."""
    beginnings = (line[: len(wanted) + more] for more in (-1, 0, 1))
    return max(inside * INSIDE, fuzz.ratio(wanted, line), *(fuzz.ratio(wanted, text) for text in beginnings))
