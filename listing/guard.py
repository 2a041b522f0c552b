"""Cells never run as formulas: one rule with its exact inverse, for CSV and Excel alike.

A cell that a spreadsheet would read as a formula gets one apostrophe more; a cell that begins with
apostrophes before such a sign gets one too, so that taking one away again always gives back the text.
"""

import re

_AT_RISK = re.compile(r"'*[=+\-@\t\r]")
_GUARDED = re.compile(r"'+[=+\-@\t\r]")


def guard(text: str) -> str:
    return f"'{text}" if _AT_RISK.match(text) else text


def unguard(text: str) -> str:
    return text[1:] if _GUARDED.match(text) else text
