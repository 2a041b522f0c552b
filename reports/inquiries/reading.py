"""An answer read from its stored data, in the page's language: what pages and documents show of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from publishing.bilingual import LocalText
from reports.inquiries.words import day_words, moment_words, read
from reports.managers.cells import Lines

NOT_STATED = LocalText("–")


@dataclass(frozen=True)
class Line:
    """One record behind a count: its texts, in the order of the count's headings."""

    kind: str
    reference: str
    titles: dict[str, str]
    date: str
    cells: list[list[LocalText]]


@dataclass(frozen=True)
class Shown:
    """One count in words. `by` holds (label, number) pairs; `by_note` says whether they add up, or why none."""

    kind: str
    label: LocalText
    definition: LocalText
    value: int
    filters: list[str]
    by_label: str
    by: list[tuple[str, int]]
    by_note: str
    undated: list[str]
    undated_note: str
    headings: list[str]
    lines: Sequence[Line]


def shown(count: dict) -> Shown:
    """Return one count of an answer in the page's language."""
    traits = {trait["key"]: trait for trait in count["traits"]}
    words = {key: words_of(trait) for key, trait in traits.items()}
    by = count["by"]
    return Shown(
        count["kind"],
        read(count["label"]),
        read(count["definition"]),
        count["value"],
        [filter_words(one) for one in count["filters"]],
        str(read(traits[by["trait"]]["label"])) if by and by["applies"] else "",
        [(words[by["trait"]].get(row["code"], row["code"]) or _not_stated(), row["n"]) for row in by["rows"]]
        if by
        else [],
        _by_note(by) if by else "",
        count["undated"],
        undated_note(count),
        [read(count["date_label"]), *(read(trait["label"]) for trait in count["traits"])],
        Lines(count["records"], lambda part: [_line(count["kind"], record, words) for record in part]),
    )


def words_of(trait: dict) -> dict[str, LocalText]:
    """Return how each code of a trait is said."""
    return {value["code"]: read(value) for value in trait["words"]}


def filter_words(one: dict) -> str:
    """Return one filter in words: "Meeting: Fourth JIC meeting"."""
    values = pgettext("list", ", ").join(str(read(value)) for value in one["values"])
    return _("%(label)s: %(values)s") % {"label": read(one["label"]), "values": values}


def _not_stated() -> str:
    return pgettext("facet", "Not stated")


def _by_note(by: dict) -> str:
    if not by["applies"]:
        return _("Not broken down: records of this kind have no such value.")
    if by["of_several"]:
        return _(
            "The parts are more than the whole: records under several values are in each of them"
            " (%(count)s records)."
        ) % {"count": by["of_several"]}
    return _("The parts add up to the whole.")


def undated_note(count: dict) -> str:
    """Return what is said of the records without a date, "" where there are none."""
    if not count["undated"]:
        return ""
    return _("Without a date, and so not in it: %(count)s (%(references)s).") % {
        "count": len(count["undated"]),
        "references": pgettext("list", ", ").join(count["undated"]),
    }


def _line(kind: str, record: dict, words: dict) -> Line:
    cells = [
        [words[key].get(code, code) for code in record["values"].get(key, ())] or [NOT_STATED] for key in words
    ]
    return Line(kind, record["reference"], record["title"], record["date"] and day_words(record["date"]), cells)


def dates(answer: dict) -> list[tuple[str, str]]:
    """Return the two dates of an answer, each with its label and what it means, and when it was frozen."""
    asked = answer["asked"]
    if asked["recorded"]:
        recorded = _("%(moment)s: what the portal held at that moment.") % {
            "moment": moment_words(asked["recorded"])
        }
    elif "frozen_at" in answer:
        recorded = _("%(moment)s: the record at the time of freezing.") % {
            "moment": moment_words(answer["frozen_at"])
        }
    else:
        recorded = _("Now: what the portal holds at this moment.")
    pairs = [
        (_("As at"), _("%(day)s: facts dated up to and with that day.") % {"day": day_words(asked["as_at"])}),
        (_("As then recorded"), recorded),
    ]
    if "frozen_at" in answer:
        pairs.append((pgettext("inquiry", "Frozen"), moment_words(answer["frozen_at"])))
    return pairs


def for_whom(answer: dict) -> str:
    """Return for whom an answer is."""
    if answer["asked"]["published"]:
        return _("For staff of both sides. It holds published records only and may be passed on.")
    return _("For staff of both sides: it holds what is not published. Do not pass it on.")


def not_recorded_words(answer: dict) -> str:
    """Return why there is no answer: the moment is before the portal's first record. "" where there is one."""
    if answer["not_recorded"] is None:
        return ""
    first = answer["not_recorded"]["first"]
    if not first:
        return _("Not recorded yet: this portal holds no record. That is not the same as none.")
    return _(
        "Not recorded yet: this portal's record begins on %(moment)s. That is not the same as none. Choose a"
        " later moment."
    ) % {"moment": moment_words(first)}
