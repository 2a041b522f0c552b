"""Marking the words of a search in a text, though both are compared folded (listing/folding.py)."""

import unicodedata

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from pypinyin import lazy_pinyin

from listing.folding import fold, has_chinese

# A stretch of a text, [start, end), and what it is compared as.
Piece = tuple[int, int, str]
Span = tuple[int, int]
# Of a long text so much is shown, and so much of it before the first mark.
EXCERPT, LEAD = 220, 60


def _spelled(text: str, start: int = 0) -> list[Piece]:
    """Return the letters of `text`, each with its folded form."""
    return [(at, at + 1, fold(letter)) for at, letter in enumerate(text, start)]


def _sounded(text: str) -> list[Piece]:
    """Return the letters of `text` with Chinese characters as pinyin."""
    pieces, at = [], 0
    for sound in lazy_pinyin(text):
        if text.startswith(sound, at):  # not Chinese: it stands for itself
            pieces += _spelled(sound, at)
        else:
            pieces.append((at, at + 1, fold(sound)))
        at = pieces[-1][1]
    return pieces


def _find(word: str, pieces: list[Piece]) -> list[Span]:
    """Return where `word` stands among the pieces; it begins where a piece begins."""
    folded = "".join(piece for _start, _end, piece in pieces)
    owners = [number for number, (_start, _end, piece) in enumerate(pieces) for _ in piece]
    found, at = [], folded.find(word)
    while at >= 0:
        last = at + len(word) - 1
        if at == 0 or owners[at - 1] != owners[at]:
            found.append((pieces[owners[at]][0], pieces[owners[last]][1]))
        at = folded.find(word, at + 1)
    return found


def spans(text: str, words: list[str]) -> list[Span]:
    """Return the stretches of `text` in which folded `words` stand, in order, none touching another.

    A word that stands there in no other way is looked for in the pinyin of the text.
    """
    found = []
    for word in words:
        found += _find(word, _spelled(text)) or (_find(word, _sounded(text)) if has_chinese(text) else [])
    merged: list[Span] = []
    for start, end in sorted(found):
        while end < len(text) and unicodedata.category(text[end]) == "Mn":
            end += 1  # an accent goes with its letter
        if merged and start <= merged[-1][1]:
            start, end = merged[-1][0], max(end, merged.pop()[1])
        merged.append((start, end))
    return merged


def _window(text: str, at: int) -> Span:
    """Return the stretch of a long text to show around position `at`, cut between words."""
    start = max(0, at - LEAD)
    if start:
        start = text.find(" ", start, at) + 1 or start
    end = min(len(text), start + EXCERPT)
    if end < len(text):
        end = max(text.rfind(" ", at + EXCERPT // 2, end), -1) + 1 or end
    return start, end


def marked(text: str, words: list[str], whole: bool = True) -> SafeString:
    """Return `text` as HTML, `words` in <mark>; if not `whole`, of a long text what is around the first."""
    found = spans(text, words)
    whole = whole or not found or len(text) <= EXCERPT
    first, last = (0, len(text)) if whole else _window(text, found[0][0])
    parts, at = ["…" if first else ""], first
    for start, end in found:
        if end > last:
            break
        parts += [conditional_escape(text[at:start]), "<mark>", conditional_escape(text[start:end]), "</mark>"]
        at = end
    parts += [conditional_escape(text[at:last]), "…" if last < len(text) else ""]
    return mark_safe("".join(parts))
