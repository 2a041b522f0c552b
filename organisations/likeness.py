"""How alike two names are, in percent: legal forms, punctuation and the order of words folded away."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from itertools import islice, product
from typing import NamedTuple

from rapidfuzz import fuzz, process

from listing.folding import has_chinese

# From here on two names are worth a second look.
LEAST = 85  # percent

# Words that say in which form a body is held, not which body it is.
_FORMS = frozenset(
    [
        *("pte", "ltd", "limited", "private", "llp", "llc", "lp", "inc", "incorporated", "co", "company"),
        *("corporation", "corp", "plc", "gmbh", "ag", "sdn", "bhd", "group", "and", "the"),
    ]
)
_CHINESE_FORMS = re.compile("(?:集团|股份|私人|有限责任公司|有限公司|公司)+$")
_WORD = re.compile(r"[^\W_]+")
_APOSTROPHES = re.compile("['’ʼ`]")
# Two names without a rare run of letters in common are not compared at all.
_RARE_RUNS = 4
# A name that more bodies share than this is no sign of anything, and would be paired without end.
_MOST_SHARED = 40


class Alike(NamedTuple):
    """Two names and how alike they are."""

    percent: int
    name: str
    other: str


class Pair(NamedTuple):
    """Two keys of a mapping of names, the smaller first, and the two names that are alike."""

    one: int
    two: int
    alike: Alike


def _words(text: str) -> list[str]:
    letters = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", text)).casefold()
    bare = "".join(letter for letter in letters if unicodedata.category(letter) != "Mn")
    return _WORD.findall(unicodedata.normalize("NFC", bare))


def keys(text: str) -> tuple[str, ...]:
    """Return what of a name is compared: its words as they stand and, where that differs, in order.

    "Keppel Pte. Ltd." is ("keppel",), "Tan Kian Heong" is ("tankianheong", "heongkiantan"), and a name of
    signs alone is ().
    """
    words = _words(text)
    bare = ["" if word in _FORMS else _CHINESE_FORMS.sub("", word) for word in words]
    left = [word for word in bare if word] or words
    return tuple(filter(None, dict.fromkeys(("".join(left), "".join(sorted(left))))))


def _digits(key: str) -> str:
    return "".join(filter(str.isdigit, key))


def _percent(key: str, other: str) -> int:
    score = int(fuzz.ratio(key, other))
    return score if _digits(key) == _digits(other) else min(score, LEAST - 1)


def percent(name: str, other: str) -> int:
    """Return how alike two names are, 0 to 100; 100 is the same but for forms, signs and order.

    Names with different figures in them, "Phase 1" and "Phase 2", are never worth a second look.
    """
    return max((_percent(*two) for two in product(keys(name), keys(other))), default=0)


def most_alike(names: Iterable[str], others: Iterable[str], least: int = LEAST) -> Alike | None:
    """Return the two names, one of each, that are most alike; None where none are by `least` percent."""
    known = [(key, other) for other in others for key in keys(other)]
    best = None
    for name in names:
        for key in keys(name):
            choices = {at: k for at, (k, _other) in enumerate(known) if _digits(k) == _digits(key)}
            found = process.extractOne(key, choices, scorer=fuzz.ratio, score_cutoff=least)
            if found and (best is None or int(found[1]) > best.percent):
                best = Alike(int(found[1]), name, known[found[2]][1])
    return best


def _runs(key: str) -> set[str]:
    """Return the runs of letters by which a key is looked up: two characters of Chinese, else three.

    Its figures are put before each, so that it meets only keys with the same figures.
    """
    length, digits = 2 if has_chinese(key) else 3, _digits(key)
    return {digits + key[at : at + length] for at in range(max(1, len(key) - length + 1))}


def _alike_keys(known: list[str], least: int) -> Iterable[tuple[str, str, int]]:
    """Yield two keys and their percent, each two once, of those that share a rare run of letters."""
    runs = {key: _runs(key) for key in known}
    frequency = Counter(run for found in runs.values() for run in found)
    seen: dict[str, list[str]] = {}
    for key in known:
        # A run that stands in one name alone, as a slip makes it, leads to no other.
        shared = [run for run in runs[key] if frequency[run] > 1]
        rare = sorted(shared, key=lambda run: (frequency[run], run))[:_RARE_RUNS]
        candidates = list({other for run in rare for other in seen.get(run, ())})
        for other, score, _at in process.extract(
            key, candidates, scorer=fuzz.ratio, score_cutoff=least, limit=None
        ):
            yield key, other, int(score)
        for run in rare:
            seen.setdefault(run, []).append(key)


def likely_pairs(names: dict[int, list[str]], least: int = LEAST) -> list[Pair]:
    """Return the pairs of a mapping (key to all its names) that look like one, the most alike first."""
    holders: dict[str, dict[int, str]] = {}
    for one, texts in names.items():
        for text in texts:
            for key in keys(text):
                holders.setdefault(key, {}).setdefault(one, text)
    found: dict[tuple[int, int], Alike] = {}

    def note(key: str, other: str, score: int) -> None:
        these, those = (list(islice(holders[k].items(), _MOST_SHARED)) for k in (key, other))
        for (one, name), (two, its_name) in product(these, those):
            if one == two:
                continue
            pair, alike = (one, two), Alike(score, name, its_name)
            if one > two:
                pair, alike = (two, one), Alike(score, its_name, name)
            if pair not in found or found[pair].percent < score:
                found[pair] = alike

    for key, these in holders.items():
        if len(these) > 1:
            note(key, key, 100)
    for key, other, score in _alike_keys(sorted(holders), least):
        note(key, other, score)
    pairs = [Pair(*pair, alike) for pair, alike in found.items()]
    return sorted(pairs, key=lambda pair: (-pair.alike.percent, pair.one, pair.two))
