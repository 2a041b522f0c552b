"""Then and now: the same question asked again, and what differs from the frozen answer."""

from dataclasses import dataclass, replace

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from organisations.models import Organisation
from publishing.bilingual import LocalText
from reports.inquiries.asked import Asked
from reports.inquiries.asking import answer_to
from reports.inquiries.reading import words_of
from reports.inquiries.words import day_words, read


@dataclass(frozen=True)
class Changed:
    """A record in both answers of which something differs: (label, then, now) each."""

    reference: str
    title: LocalText
    values: list[tuple[str, str, str]]


@dataclass(frozen=True)
class Difference:
    """One count then and now, and the records that joined it, left it, or changed."""

    label: LocalText
    then: int
    now: int
    joined: list[tuple[str, LocalText]]
    left: list[tuple[str, LocalText]]
    changed: list[Changed]
    definition_differs: bool

    @property
    def is_same(self) -> bool:
        return self.then == self.now and not (self.joined or self.left or self.changed)


def since(answer: dict) -> list[Difference]:
    """Return, for each count of a frozen answer, what differs now: same as-at day, today's record."""
    asked = merged_since(replace(Asked.from_data(answer["asked"]), recorded=None))
    now = {count["kind"]: count for count in answer_to(asked)["counts"]}
    return [compare(count, now[count["kind"]]) for count in answer["counts"]]


def merged_since(asked: Asked) -> Asked:
    """Return the question with the organisations that it names as they are today: what each was merged into."""
    merged = Organisation.objects.exclude(merged_into=None)
    leads = dict(merged.values_list("reference", "merged_into__reference"))

    def today(reference: str) -> str:
        while reference in leads:
            reference = leads[reference]
        return reference

    filters = {
        kind: chosen | {name: [*map(today, chosen[name])] for name in chosen if name == "organisation"}
        for kind, chosen in asked.filters.items()
    }
    return replace(asked, filters=filters)


def compare(then: dict, now: dict) -> Difference:
    """Return what differs between two counts of one kind."""
    old = {record["reference"]: record for record in then["records"]}
    new = {record["reference"]: record for record in now["records"]}
    both = [(record, new[key]) for key, record in old.items() if key in new]
    changed = [
        Changed(one["reference"], read(other["title"]), values)
        for one, other in both
        if (values := _values(then, now, one, other))
    ]
    return Difference(
        read(then["label"]),
        then["value"],
        now["value"],
        [(key, read(record["title"])) for key, record in new.items() if key not in old],
        [(key, read(record["title"])) for key, record in old.items() if key not in new],
        changed,
        then["definition"] != now["definition"],
    )


def _values(then: dict, now: dict, one: dict, other: dict) -> list[tuple[str, str, str]]:
    """Return what differs in one record: titles, date and the values that decide."""
    titles = {"en": _("Title (English)"), "zh": _("Title (Chinese)")}
    found = [
        (label, one["title"][suffix], other["title"][suffix])
        for suffix, label in titles.items()
        if one["title"][suffix] != other["title"][suffix]
    ]
    if one["date"] != other["date"]:
        found.append((str(read(then["date_label"])), *(_day(record["date"]) for record in (one, other))))
    later = {trait["key"]: trait for trait in now["traits"]}
    for trait in then["traits"]:
        key = trait["key"]
        before, after = one["values"].get(key, []), other["values"].get(key, [])
        if key in later and before != after:
            found.append((str(read(trait["label"])), _said(trait, before), _said(later[key], after)))
    return [(label, before or "–", after or "–") for label, before, after in found]


def _day(iso: str) -> str:
    return day_words(iso) if iso else ""


def _said(trait: dict, codes: list[str]) -> str:
    words = words_of(trait)
    return pgettext("list", ", ").join(str(words.get(code, code)) for code in codes)
