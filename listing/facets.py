"""Facets: the values of a filter, each with the number of rows it would give."""

from dataclasses import dataclass

from django.db.models import Count, QuerySet

from listing.filters import NOT_STATED, ChoicesFilter, Listed

# Of a facet with more values than LONG the first few stand open; and never more than MOST_SHOWN are listed.
LONG, STANDING_OPEN, MOST_SHOWN = 12, 6, 200


@dataclass(frozen=True)
class Value:
    value: str
    label: str
    count: int
    chosen: bool

    @property
    def lang(self) -> str:
        """Return the language of a label that stands in for one not on record, else ""."""
        return self.label.lang if getattr(self.label, "is_fallback", False) else ""


@dataclass(frozen=True)
class Facet:
    name: str
    label: str
    values: list[Value]

    @property
    def chosen_count(self) -> int:
        return sum(value.chosen for value in self.values)

    @property
    def shown(self) -> list[Value]:
        """Return the values that a reader can use: of a long list the chosen, then those with most rows."""
        if not self.is_long:
            return self.values
        found = [value for value in self.values if value.count or value.chosen]
        return sorted(found, key=lambda value: (not value.chosen, -value.count))[:MOST_SHOWN]

    @property
    def standing_open(self) -> list[Value]:
        """Return the values in sight: every chosen one, and the first few of a long list."""
        return self.shown[: max(STANDING_OPEN, self.chosen_count)] if self.is_long else self.shown

    @property
    def folded_up(self) -> list[Value]:
        return self.shown[len(self.standing_open) :]

    @property
    def is_long(self) -> bool:
        return len(self.values) > LONG


def _rows_without(filterset: Listed, name: str) -> QuerySet:
    """Return the rows with every filter applied except `name`."""
    rows = filterset.queryset
    for other, value in filterset.form.cleaned_data.items():
        if other != name:
            rows = filterset.filters[other].filter(rows, value)
    return rows.order_by()


def _counts(rows: QuerySet, choices: ChoicesFilter, values: list[str]) -> dict[str, int]:
    if choices.facet_by_condition:
        found = {
            f"n{at}": Count("pk", filter=choices.condition([v], rows.model)) for at, v in enumerate(values)
        }
        counted = rows.aggregate(**found)
        return {value: counted[f"n{at}"] for at, value in enumerate(values)}
    grouped = rows.values_list(choices.field_name).annotate(n=Count("pk", distinct=True))
    counts = {}
    for value, count in grouped.order_by():
        key = NOT_STATED if value in (None, "") else str(value)
        counts[key] = counts.get(key, 0) + count
    return counts


def facet(filterset: Listed, name: str) -> Facet:
    """Count the values of filter `name` with every filter applied except its own; one query.

    Leaving out its own choice lets it be widened: a second value shows what it would add.
    """
    choices = filterset.filters[name]
    options = list(choices.field.choices)
    chosen = filterset.form.cleaned_data.get(name) or []
    counts = _counts(_rows_without(filterset, name), choices, [value for value, _ in options])
    values = [Value(value, label, counts.get(value, 0), value in chosen) for value, label in options]
    if choices.offers_found_only:
        values = [value for value in values if value.count or value.chosen]
    return Facet(name, choices.label, values)
