"""What a record still lacks: one table for each kind of record, read for one record and for whole lists."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import models
from django.db.models import Case, Count, Exists, OuterRef, Q, Value, When
from django.utils.translation import gettext_lazy as _

Condition = Q | Exists


@dataclass(frozen=True)
class Gap:
    """Something that a record may lack.

    `name` heads a list of such records; `words` tell it of one record, and what to do: a sentence, or a
    function of the record that returns several. `condition` holds in the database for records that have the
    gap; it goes through no join, so that it fits filters and counts alike, and begins with the columns of the
    record itself, which are read sooner than its rows. `blocks` says whether the gap
    keeps the record from being published.
    """

    key: str
    name: str
    words: str | Callable[[models.Model], list[str]]
    condition: Condition
    blocks: bool = True

    def sentences(self, record: models.Model) -> list[str]:
        return self.words(record) if callable(self.words) else [str(self.words)]


def has_rows(model: type[models.Model], rows: str, **conditions) -> Exists:
    """Return the condition that a record has `rows` (a related name), of those that fit `conditions`."""
    relation = model._meta.get_field(rows)
    there = {relation.field.name: OuterRef("pk")} | conditions
    return Exists(relation.related_model._base_manager.order_by().filter(**there))


def no_source(model: type[models.Model]) -> Gap:
    return Gap(
        "no_source",
        _("No source cited"),
        _("No source is cited. Add one under “Sources”."),
        ~has_rows(model, "citations"),
    )


def titles_and_summary() -> tuple[Gap, ...]:
    """Return the gaps of a record with a title and a summary in two languages."""
    return (
        Gap(
            "no_title",
            _("No title"),
            _("It has no title in either language."),
            Q(title_en="", title_zh=""),
        ),
        Gap(
            "title_language",
            _("Title in one language only"),
            _("The title is in one language only."),
            Q(title_en="") | Q(title_zh=""),
            blocks=False,
        ),
        Gap(
            "summary_language",
            _("Summary not in both languages"),
            _("The summary is not in both languages."),
            Q(summary_en="") | Q(summary_zh=""),
            blocks=False,
        ),
    )


def in_work(queryset: models.QuerySet) -> models.QuerySet:
    """Return the records whose gaps are work: neither withdrawn nor merged into another."""
    queryset = queryset.exclude(status="withdrawn")
    if any(field.name == "merged_into" for field in queryset.model._meta.fields):
        queryset = queryset.filter(merged_into=None)
    return queryset


def having(queryset: models.QuerySet, key: str) -> models.QuerySet:
    """Return the records that have the gap `key` and are to be worked on. Raises KeyError of no such gap."""
    gaps = {gap.key: gap for gap in queryset.model.gaps()}
    return in_work(queryset).filter(gaps[key].condition)


def counts(queryset: models.QuerySet) -> dict[str, int]:
    """Return the number of records with each gap, by key; one query."""
    tallies = {gap.key: Count("pk", filter=gap.condition) for gap in queryset.model.gaps()}
    return in_work(queryset).order_by().aggregate(**tallies)


def with_gaps(queryset: models.QuerySet) -> models.QuerySet:
    """Annotate `gap_<key>`, 1 or 0, for each gap of the kind."""
    return queryset.annotate(
        **{
            f"gap_{gap.key}": Case(When(gap.condition, then=Value(1)), default=Value(0))
            for gap in queryset.model.gaps()
        }
    )


def annotated_gaps(record: models.Model) -> list[Gap]:
    """Return the gaps of a record that came from a queryset `with_gaps`."""
    return [gap for gap in record.gaps() if getattr(record, f"gap_{gap.key}")]


def gaps_of(record: models.Model) -> list[Gap]:
    """Return the gaps of one record as the database holds it; one query. A record not saved has none."""
    stored = with_gaps(type(record)._base_manager.filter(pk=record.pk)).first()
    return annotated_gaps(stored) if stored else []
