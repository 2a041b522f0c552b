"""How text is folded so that what people type finds what is on record."""

import re
import unicodedata

from pypinyin import lazy_pinyin

# Space, hyphens of every kind, and the joints printed between place names do not matter in a search.
_IGNORED = re.compile(r"[\s\-_‐-―−·•・]+")
_CHINESE = re.compile(r"[㐀-鿿]")


def fold(text: str) -> str:
    """Return `text` in one width and case, without spaces, hyphens and accents.

    "Ｅ-Invoicing" is "einvoicing", "École" is "ecole".
    """
    letters = unicodedata.normalize("NFKD", text).casefold()
    bare = "".join(letter for letter in letters if unicodedata.category(letter) != "Mn")
    return _IGNORED.sub("", unicodedata.normalize("NFC", bare))


def pinyin(text: str) -> str:
    """Return `text` with its Chinese characters as pinyin without tones; other text stays."""
    return " ".join(lazy_pinyin(text))


def has_chinese(text: str) -> bool:
    return bool(_CHINESE.search(text))


def searchable(texts: list[str]) -> str:
    """Return what is stored to be searched: every text folded, and its pinyin where it is Chinese."""
    parts = [text for text in texts if text]
    parts += [pinyin(text) for text in parts if has_chinese(text)]
    # A line per text, so that no match runs from the end of one into the next.
    return "\n".join(dict.fromkeys(fold(part) for part in parts))


def sort_key(text: str) -> str:
    """Return a key by which both databases order alike: folded, Chinese by pinyin, without "The"."""
    return fold(pinyin(re.sub(r"^the\s+", "", text.strip(), flags=re.IGNORECASE)))[:200]
