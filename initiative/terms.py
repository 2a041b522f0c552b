"""The agreed words found in texts, and where a text departs from them: matching alone."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from initiative.models import Term, forms_of
from listing.folding import has_chinese


@dataclass(frozen=True)
class Word:
    """An agreed word: its key, its English, its Chinese forms, and the words not to use for it."""

    pk: int
    english: str
    chinese: tuple[str, ...]
    avoid: tuple[str, ...]


@dataclass(frozen=True)
class Found:
    """A departure: the language of the text at fault, the word's key, and the word not to use, or ""."""

    suffix: str
    term: int
    word: str = ""


def plain(words: str) -> str:
    return " ".join(words.split()).casefold()


def _scanner(words: Iterable[str], frame: str, joint: str) -> re.Pattern | None:
    """Return a pattern that finds any of the words, the longest first, so that none is found inside another."""
    longest_first = sorted(set(words), key=lambda word: (-len(word), word))
    if not longest_first:
        return None
    either = "|".join(joint.join(re.escape(part) for part in word.split()) for word in longest_first)
    return re.compile(frame % either, re.IGNORECASE)


class Glossary:
    """The agreed words of a day, ready to be looked for in many texts."""

    def __init__(self, words: tuple[Word, ...]):
        self.english, self.chinese, self.avoid_en, self.avoid_zh = {}, {}, {}, {}
        for word in words:
            self.english[plain(word.english)] = word
            for form in word.chinese:
                self.chinese.setdefault(plain(form), []).append(word)
            for other in word.avoid:
                side = self.avoid_zh if has_chinese(other) else self.avoid_en
                side.setdefault(plain(other), []).append((word, other))
        # English by whole words, with or without the s of a plural; Chinese has no spaces to part words.
        self.in_en = _scanner([*self.english, *self.avoid_en], r"(?<!\w)(%s)(?:e?s)?(?!\w)", r"\s+")
        self.in_zh = _scanner([*self.chinese, *self.avoid_zh], r"(%s)", r"\s*")

    def _said(self, pattern: re.Pattern | None, text: str) -> list[str]:
        return list(dict.fromkeys(plain(one) for one in pattern.findall(text))) if pattern and text else []

    def words_in(self, text: str, suffix: str) -> list[Word]:
        """Return the agreed words that a text in language `suffix` uses, each once, in their order."""
        if suffix == "en":
            return [self.english[said] for said in self._said(self.in_en, text) if said in self.english]
        found = [word for said in self._said(self.in_zh, text) for word in self.chinese.get(said, ())]
        return list(dict.fromkeys(found))

    def departures(self, english: str, chinese: str) -> set[Found]:
        """Return where a pair of texts departs: words not to use, and agreed Chinese that is not there."""
        folded = chinese.casefold()
        in_english = self._said(self.in_en, english)
        # Most texts hold no such word at all, which is sooner known than where one stands.
        in_chinese = self._said(self.in_zh, chinese) if any(one in folded for one in self.avoid_zh) else []
        found = {
            Found(suffix, word.pk, other)
            for suffix, avoid, words in (("en", self.avoid_en, in_english), ("zh", self.avoid_zh, in_chinese))
            for said in words
            for word, other in avoid.get(said, ())
        }
        for said in in_english if chinese else ():
            word = self.english.get(said)
            if word and word.chinese and not any(form.casefold() in folded for form in word.chinese):
                found.add(Found("zh", word.pk))
        return found


_glossary_of = lru_cache(maxsize=4)(Glossary)


def glossary() -> Glossary:
    """Return the agreed words as they are now: one query."""
    return _glossary_of(
        tuple(
            Word(term.pk, term.english, tuple(term.chinese), tuple(forms_of(term.avoid)))
            for term in Term.objects.only("english", "chinese_singapore", "chinese_shenzhen", "avoid")
        )
    )
