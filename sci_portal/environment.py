"""Strict readers of environment variables: a wrong value stops the program and says why."""

import os
import re
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

SWITCH = {"on": True, "off": False}


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, default).strip()


def switch(name: str, default: bool) -> bool:
    """Read `on` or `off`; anything else raises ImproperlyConfigured."""
    value = text(name)
    if not value:
        return default
    if value.lower() not in SWITCH:
        raise ImproperlyConfigured(f"{name}={value!r} is neither 'on' nor 'off'.")
    return SWITCH[value.lower()]


def number(name: str, default: int, *, smallest: int, largest: int) -> int:
    """Read a whole number from `smallest` to `largest`; anything else raises ImproperlyConfigured."""
    value = text(name) or str(default)
    if not (value.isascii() and value.isdigit() and smallest <= int(value) <= largest):
        raise ImproperlyConfigured(f"{name}={value!r} is not a whole number from {smallest} to {largest}.")
    return int(value)


def email(name: str) -> str:
    """Read one e-mail address, or ""; anything else raises ImproperlyConfigured."""
    value = text(name)
    if value and not re.fullmatch(r"[^@\s]+@[^@\s]+", value):
        raise ImproperlyConfigured(f"{name}={value!r} is not an e-mail address.")
    return value


def choice(name: str, default: str, allowed: tuple[str, ...]) -> str:
    """Read one of the words that are allowed; anything else raises ImproperlyConfigured."""
    value = text(name).lower() or default
    if value not in allowed:
        raise ImproperlyConfigured(f"{name}={value!r} is none of: {', '.join(allowed)}.")
    return value


def names(name: str, default: str) -> list[str]:
    """Read a list parted by commas."""
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def address(name: str) -> str:
    """Read the address of a site, `https://host` or `http://host:port`, or nothing."""
    value = text(name).rstrip("/")
    parts = urlsplit(value)
    if value and (parts.scheme not in ("http", "https") or value != f"{parts.scheme}://{parts.netloc}"):
        raise ImproperlyConfigured(f"{name}={value!r} is not an address such as https://sci.example.org.")
    return value


def text_or_file(name: str) -> str:
    """Return a text that is kept apart: from the variable, or from the file that NAME_FILE names."""
    path = text(f"{name}_FILE")
    try:
        return text(name) or (Path(path).read_text().strip() if path else "")
    except (OSError, UnicodeDecodeError) as error:
        raise ImproperlyConfigured(f"{name}_FILE={path!r} cannot be read: {error}.") from error


def secret(debug: bool) -> str:
    """Return the secret key, from SECRET_KEY or the file named by SECRET_KEY_FILE.

    Without either, raises ImproperlyConfigured unless `debug`: a key that everybody can read
    in the source would let anybody sign in as anybody.
    """
    key = text_or_file("SECRET_KEY")
    if not key and not debug:
        raise ImproperlyConfigured(
            "SECRET_KEY is not set. Set SECRET_KEY (or SECRET_KEY_FILE) to a long random text, "
            "or use `make run`, which makes one; DEBUG=on runs without, on a developer's machine only."
        )
    return key or "only-for-debugging-on-one-machine"
