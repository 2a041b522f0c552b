"""Rows put in order on one form: a number typed for each, or a row moved up or down by a button."""

from django.db import transaction
from django.utils.translation import gettext as _

from publishing.models import Publication, Row

UP, DOWN = "up", "down"
HIGHEST = 9999


class OrderRefused(Exception):
    """What was typed is no order; the message says why."""


def _typed(row: Row, place: int, data) -> int:
    text = data.get(f"order-{row.pk}", str(place)).strip()
    if not (text.isascii() and text.isdigit() and int(text[:6]) <= HIGHEST):
        words = _("“%(value)s” is not a place in the order: type a whole number such as 3.")
        raise OrderRefused(words % {"value": text[:20]})
    return int(text)


def as_asked(rows: list[Row], data) -> list[Row]:
    """Return `rows` in the order that a form asks for.

    `data` holds `order-<key>` for a row, and `move`: `<key>:up` or `<key>:down`. Rows that it does not name
    keep their place. Raises OrderRefused.
    """
    places = {row.pk: (_typed(row, place, data), place) for place, row in enumerate(rows, 1)}
    found = sorted(rows, key=lambda row: places[row.pk])
    key, _colon, way = data.get("move", "").partition(":")
    at = next((at for at, row in enumerate(found) if str(row.pk) == key), None)
    if at is not None and way in (UP, DOWN):
        to = max(at - 1, 0) if way == UP else at + 1
        found.insert(to, found.pop(at))
    return found


def put_in_order(groups: list, data) -> int:
    """Number the rows of each queryset in `groups` as a form asks; return how many changed.

    Raises OrderRefused, and changes nothing.
    """
    changed = 0
    with transaction.atomic():
        Publication.lock()
        for group in groups:
            for position, row in enumerate(as_asked(list(group), data), 1):
                if row.position != position:
                    row.position = position
                    row.save()
                    changed += 1
    return changed
