"""Asking: what is counted, up to which day, by which record, computed as plain data in both languages.

The answer is JSON of format 1: `asked` (Asked.as_data), `conditions`, `not_recorded` (null, or since when the
portal has a record) and `counts`, one object for each kind (`count_of`). Persons are in no answer.
"""

from collections import Counter
from contextlib import nullcontext

from django.db.models import QuerySet
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import override

from initiative.counting import MEASURES, counted
from initiative.models import Track
from listing.filters import Listed, SearchFilter
from publishing.as_recorded import NotRecordedYet, as_recorded
from reports.inquiries.asked import Asked
from reports.inquiries.kinds import KINDS, Kind, Trait
from reports.inquiries.words import LANGUAGES, Both, in_both

FORMAT = 1
# Filters of the lists that the form asks for once, for all kinds: they are part of the counting itself.
OF_THE_COUNTING = ("track", "counted")


def filterset_of(kind: str, data=None, **more) -> Listed:
    """Return the filter set of the public list of a kind, without what is part of the counting."""
    found = MEASURES[kind].filterset(data, queryset=counted(kind), **more)
    for name in OF_THE_COUNTING:
        found.filters.pop(name, None)
    return found


def rows_of(kind: str, asked: Asked, on) -> QuerySet:
    """Return what is counted of a kind, of what both sides see, narrowed by the filters of its public list.

    Filters go by their values: a choice that is on offer no longer finds nothing, and is no error.
    """
    rows = counted(kind, asked.counting(on)).filter(kept_by="")
    if kind == "mous":
        rows = rows.with_state(asked.as_at)
    filterset = filterset_of(kind)
    for name, values in asked.filters.get(kind, {}).items():
        one = filterset.filters[name]
        rows = one.filter(rows, values[0] if isinstance(one, SearchFilter) else list(values))
    return rows.order_by("reference_number", "pk")


def answer_to(asked: Asked) -> dict:
    """Return the answer as plain data, of the record of now or of that of an earlier moment."""
    narrowed = {kind: _filter_words(kind, asked) for kind in asked.kinds}
    answer = {"format": FORMAT, "asked": asked.as_data(), "conditions": conditions(asked)}
    try:
        with as_recorded(asked.recorded) if asked.recorded else nullcontext():
            counts = [count_of(KINDS[kind], asked, narrowed[kind]) for kind in asked.kinds]
    except NotRecordedYet as early:
        since = localtime(early.first).isoformat() if early.first else ""
        return answer | {"not_recorded": {"first": since}, "counts": []}
    return answer | {"not_recorded": None, "counts": counts}


def count_of(kind: Kind, asked: Asked, filters: list[dict]) -> dict:
    """Return one count: label, definition, value, what has no date, the breakdown, and its records."""
    traits = kind.wanted(asked)
    rows = list(kind.prepare(rows_of(kind.key, asked, asked.as_at), asked, {trait.key for trait in traits}))
    said: dict[str, dict] = {trait.key: {} for trait in traits}
    records = [
        {
            "reference": row.reference,
            "title": kind.titles(row),
            "date": kind.dated(row),
            "values": {trait.key: _codes(trait, row, said[trait.key]) for trait in traits},
        }
        for row in rows
    ]
    measure = MEASURES[kind.key]
    return {
        "kind": kind.key,
        "label": in_both(lambda: measure.label),
        "definition": in_both(lambda: measure.definition),
        "filters": filters,
        "value": len(records),
        "date_label": in_both(lambda: kind.date_label),
        "undated": kind.undated(rows_of(kind.key, asked, None), asked),
        "traits": [
            {"key": trait.key, "label": in_both(lambda t=trait: t.label), "words": _words(said[trait.key])}
            for trait in traits
        ],
        "by": _broken_down(asked.by, kind, records, said),
        "records": records,
    }


def _codes(trait: Trait, row, said: dict) -> list[str]:
    """Return the codes of a row's values, and note in `said` how each is to be said."""
    values = trait.read(row)
    for value in values:
        said.setdefault(value.code, value)
    return list(dict.fromkeys(value.code for value in values))


def _words(said: dict) -> list[dict]:
    """Return the values that occur, in their order, each with its words in both languages."""
    ordered = sorted(said.values(), key=lambda value: (value.order, value.code))
    return [{"code": value.code, **in_both(value.say)} for value in ordered]


def _broken_down(by: str, kind: Kind, records: list[dict], said: dict) -> dict | None:
    """Return how many records each value has, "" for what states none; None where nothing is to be broken down.

    `of_several` counts the records under more than one value: with them the parts are more than the whole.
    """
    if not by:
        return None
    if by not in kind.by:
        return {"trait": by, "applies": False, "rows": [], "of_several": 0}
    tally = Counter(code for record in records for code in record["values"][by] or [""])
    order = [value["code"] for value in _words(said[by])] + [""]
    several = sum(len(record["values"][by]) > 1 for record in records)
    rows = [{"code": code, "n": tally[code]} for code in order if tally[code]]
    return {"trait": by, "applies": True, "rows": rows, "of_several": several}


def _filter_words(kind: str, asked: Asked) -> list[dict]:
    """Return the filters in use in words: label and values, each in both languages."""
    told = {}
    for suffix, language in LANGUAGES.items():
        with override(language):
            told[suffix] = _told(kind, asked.filters.get(kind, {}))
    return [
        {"label": _pair(label, labelled), "values": [*map(_pair, values, others)]}
        for (label, values), (labelled, others) in zip(told["en"], told["zh"], strict=True)
    ]


def _pair(english: str, chinese: str) -> Both:
    return {"en": english, "zh": chinese}


def _told(kind: str, chosen: dict[str, list[str]]) -> list[tuple[str, list[str]]]:
    """Return label and values of each filter in the active language."""
    found, filterset = [], filterset_of(kind) if chosen else None
    for name, codes in chosen.items():
        choices = dict(getattr(filterset.filters[name].field, "choices", ()))
        texts = [str(choices.get(code) or _("“%(term)s”") % {"term": code}) for code in codes]
        found.append((str(filterset.filters[name].label), texts))
    return found


def conditions(asked: Asked) -> list[Both]:
    """Return how it is counted, one sentence each: tracks, chains, and whether drafts are in it."""
    says = []
    if {"projects", "mous"} & {*asked.kinds}:
        says.append(lambda: _("Tracks: %(tracks)s.") % {"tracks": _("; ").join(_track_names(asked))})
    if "mous" in asked.kinds:
        says.append(
            lambda: (
                _("MOUs: each chain of renewals, amendments and replacements is counted once.")
                if asked.distinct
                else _("MOUs: every signing is counted, renewals, amendments and replacements too.")
            )
        )
    says.append(
        lambda: (
            _("Published records only.")
            if asked.published
            else _(
                "Published records, drafts and records in review that both sides see; never what one side keeps"
                " to itself."
            )
        )
    )
    return [in_both(say) for say in says]


def _track_names(asked: Asked) -> list[str]:
    return [str(Track(track).label) for track in asked.tracks]
