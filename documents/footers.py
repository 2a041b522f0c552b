"""What stands at the foot of every page: when it was made, and that the record is unofficial."""

from django.conf import settings
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import override

from documents.blocks import Document
from publishing.addresses import html_language, notice


def footer_lines(document: Document) -> list[str]:
    """Return the lines of the footer, in the document's language."""
    with override(document.language):
        made = _("%(site)s. Made on %(moment)s (UTC+8).") % {
            "site": settings.SITE_NAMES[document.language],
            "moment": date_format(localtime(), "DATETIME_FORMAT"),
        }
        return [line for line in (notice(), made) if line]


def page_words(document: Document) -> tuple[str, str, str]:
    """Return what stands before, between and after the two numbers: "Page 3 of 12"."""
    with override(document.language):
        words = _("Page %(page)s of %(pages)s") % {"page": "\n", "pages": "\n"}
    return tuple(words.split("\n"))


def language_tag(document: Document) -> str:
    """Return the language of the document as Word and PDF know it: "en-SG", "zh-CN"."""
    return "zh-CN" if html_language(document.language) == "zh-Hans" else "en-SG"
