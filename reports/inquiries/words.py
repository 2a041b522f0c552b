"""Texts that an answer keeps in both languages, and how they are read again in one."""

import datetime
from collections.abc import Callable

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import override

from initiative.dates import Precision, show
from publishing.bilingual import LocalText, page_suffix

LANGUAGES = {"en": "en", "zh": "zh-hans"}
# How many characters of an ISO date are told at which precision.
PRECISIONS = {10: Precision.DAY, 7: Precision.MONTH, 4: Precision.YEAR}

Both = dict[str, str]


def in_both(make: Callable[[], str]) -> Both:
    """Return what `make` says in each language; "" where it can only say it in the other one."""
    said = {}
    for suffix, language in LANGUAGES.items():
        with override(language):
            text = make()
            said[suffix] = "" if getattr(text, "is_fallback", False) else str(text)
    return said


def read(both: Both) -> LocalText:
    """Return the text in the page's language, else the other one, which knows that it stands in."""
    return LocalText.pick(both, page_suffix())


def day_words(iso: str) -> str:
    """Return 2023-12-14, 2023-12 or 2023 in the words of the page's language."""
    date = datetime.date.fromisoformat(iso + "-01-01"[: 10 - len(iso)] if len(iso) == 4 else f"{iso}-01"[:10])
    return show(date, PRECISIONS[len(iso)])


def moment_words(iso: str) -> str:
    """Return a moment in words, in the time of Singapore and Shenzhen, to the second."""
    moment = localtime(datetime.datetime.fromisoformat(iso))
    words = {"day": date_format(moment, "DATE_FORMAT"), "time": moment.strftime("%H:%M:%S")}
    return _("%(day)s, %(time)s (UTC+8)") % words
