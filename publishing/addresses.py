"""What programs elsewhere are told of a page: its whole address, in either language, and when it changed."""

import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _


def absolute(request, path: str) -> str:
    """Return the whole address of a path of this site: under SITE_URL, else under the host asked for."""
    return f"{settings.SITE_URL}{path}" if settings.SITE_URL else request.build_absolute_uri(path)


def authority(request) -> str:
    """Return the host name, without a port, that identifiers of records are made under."""
    return urlsplit(absolute(request, "/")).hostname


def in_language(path: str, language: str) -> str:
    """Return the same path in another language; one without a language stays as it is."""
    first, _slash, rest = path[1:].partition("/")
    return f"/{language}/{rest}" if first in dict(settings.LANGUAGES) else path


def notice() -> str:
    """Return what every file says of itself while the record is unofficial, else ""."""
    if settings.OFFICIAL:
        return ""
    return _("Unofficial record made from public sources; not issued or endorsed by either side")


def updated_at(record) -> datetime.datetime:
    """Return when what the public reads of a published record was last another."""
    return max(record.changed_at, record.published_at)


def html_language(language: str) -> str:
    """Return the language of a page as HTML, Atom and schema.org write it: "en", "zh-Hans"."""
    return "zh-Hans" if language.startswith("zh") else "en"
