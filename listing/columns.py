"""A column: one ORM expression that page, CSV, Excel and JSON all show."""

from dataclasses import dataclass
from enum import Enum

from django.db.models import CharField, Count, F, Model, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import NullIf


class Kind(Enum):
    TEXT = "text"
    INTEGER = "integer"
    DATE = "date"


class Joined(Subquery):
    """Several values in one cell, in the order of the sub-query, parted by "; ".

    Takes a queryset of one column named `v`. PostgreSQL's StringAgg has no counterpart on SQLite, whose
    group_concat keeps the order of a sub-query only if it reads from one.
    """

    template = "(SELECT string_agg(_v.v, '; ') FROM (%(subquery)s) _v)"
    output_field = CharField()

    def __init__(self, queryset: QuerySet, expression, **extra):
        super().__init__(queryset.annotate(v=expression).values("v"), output_field=CharField(), **extra)

    def as_sqlite(self, compiler, connection, **extra):
        template = "(SELECT group_concat(_v.v, '; ') FROM (%(subquery)s) _v)"
        return self.as_sql(compiler, connection, template=template, **extra)


def number_of(model: type[Model], path: str, only: Q) -> Subquery:
    """Return how many rows `path` leads to from a row of `model`, counted apart from every other column."""
    rows = model._base_manager.filter(pk=OuterRef("pk")).order_by()
    return Subquery(rows.annotate(n=Count(path, filter=only, distinct=True)).values("n"))


@dataclass(frozen=True)
class Column:
    """One column of a listing.

    `key` is stable and never translated; `label` is translated. `expression` is a field name, an ORM
    expression, or a function that makes one at the time of asking; by default the field called `key`.
    `sort` names the stored column to order by, or is the alias ("c_" and the key) to order by the
    expression itself. `imported` is off for cells that are there for people: names and counts.

    `page` is the heading on the page, empty for columns that only files have; of a pair in two languages
    the page shows the one whose `language` ("en" or "zh") is its own. `side` colours the heading.
    """

    key: str
    label: str
    expression: object = None
    kind: Kind = Kind.TEXT
    sort: str = ""
    page: str = ""
    language: str = ""
    side: str = ""
    imported: bool = True

    @property
    def alias(self) -> str:
        """Return the annotation's name: apart from field names, which an annotation must not repeat."""
        return f"c_{self.key}"

    @property
    def annotation(self):
        """Return the expression; text that is empty is nothing, so that both databases give the same bytes."""
        expression = self.key if self.expression is None else self.expression
        if callable(expression):
            expression = expression()
        if isinstance(expression, str):
            expression = F(expression)
        if self.kind is Kind.TEXT:
            return NullIf(expression, Value(""), output_field=CharField())
        return expression


def on_page(columns: tuple[Column, ...], language: str) -> list[Column]:
    """Return the columns that a page in `language` ("en" or "zh") shows."""
    return [column for column in columns if column.page and column.language in ("", language)]


def values(queryset: QuerySet, columns: tuple[Column, ...]) -> QuerySet:
    """Return the rows of `queryset` as tuples in the order of `columns`."""
    annotated = queryset.annotate(**{column.alias: column.annotation for column in columns})
    return annotated.values_list(*(column.alias for column in columns))
