"""What people are reminded of by e-mail: one registry of sources, one mail a person and day, each step once."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import models, transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from outbox.models import BOTH, Kind, Mail


@dataclass(frozen=True)
class Reminder:
    """A record or row to remind somebody of, its due day, and the step that this day has reached.

    `what` tells several due days of one record apart.
    """

    record: models.Model
    due_on: datetime.date
    step: int
    what: str = ""


class Source:
    """One kind of thing that people are reminded of; the package that knows it registers one."""

    position = 0
    # Who may do this is reminded: the officers and managers who can act on it.
    permission = ""

    def due_for(self, user, day: datetime.date) -> list[Reminder]:
        """Return what a person is to be reminded of on a day, at steps not yet sent, in the order of the mail.

        Reminders of one record stand together; none of what `user` may not see.
        """
        raise NotImplementedError

    def note_sent(self, user, day: datetime.date, reminder: Reminder) -> None:
        """Write that a step was sent, so that `due_for` never returns it again; in an open transaction."""
        raise NotImplementedError

    def subject(self, count: int) -> str:
        """Return the subject of a mail about this many things, and no others."""
        raise NotImplementedError

    def counted(self, count: int) -> str:
        """Return "3 MOUs", for the subject of a mail about several kinds of things."""
        raise NotImplementedError

    def opening(self, user, day: datetime.date) -> str:
        """Return the line above the things."""
        raise NotImplementedError

    def lines(self, record: models.Model, day: datetime.date) -> list[str]:
        """Return what a mail says of one thing; its address comes after it."""
        raise NotImplementedError

    def closing(self) -> str:
        """Return what to do about the things."""
        raise NotImplementedError

    def list_path(self, user) -> str:
        """Return the path of the list of all such things."""
        raise NotImplementedError

    def list_words(self) -> str:
        """Return the line of a mail that leads there, with %(address)s in it."""
        raise NotImplementedError

    def page(self, record: models.Model) -> str:
        """Return the path of the page of one thing."""
        raise NotImplementedError

    def told(self, reminder: Reminder) -> str:
        """Return one reminder for whoever runs the command, in English."""
        raise NotImplementedError


SOURCES: list[Source] = []


def register(source: Source) -> None:
    """Add a source; parts of a mail stand in the order of their positions."""
    SOURCES.append(source)
    SOURCES.sort(key=lambda one: one.position)


def latest_step(day: datetime.date, due: datetime.date, steps: list[int]) -> int | None:
    """Return the latest step passed on `day`, of days before `due`; None before the first."""
    return min((step for step in steps if (due - day).days <= step), default=None)


def receivers() -> list[tuple]:
    """Return whom reminders may go to, each with the sources meant for them, by user name.

    They are active staff of one side, with an e-mail address and the right to act on what they are reminded of.
    """
    users = get_user_model().objects
    found = {}
    for source in SOURCES:
        able = users.with_perm(source.permission, include_superusers=False)
        for user in able.filter(is_staff=True).exclude(side=BOTH).exclude(email=""):
            found.setdefault(user.pk, (user, []))[1].append(source)
    return sorted(found.values(), key=lambda pair: pair[0].username)


def due_for(user, sources: list[Source], day: datetime.date) -> list[tuple[Source, list[Reminder]]]:
    """Return what a person is to be reminded of on a day, by source; sources with nothing are left out."""
    every = [(source, source.due_for(user, day)) for source in sources]
    return [(source, found) for source, found in every if found]


def looked_up(day: datetime.date) -> Iterator[tuple]:
    """Yield each person with what would be sent on a day; nothing is written."""
    for user, sources in receivers():
        if not Mail.objects.filter(kind=Kind.REMINDER, key=_key(user, day)).exists():
            yield user, due_for(user, sources, day)


def _key(user, day: datetime.date) -> str:
    # Called after the first kind that there was: the day of an upgrade brings no second mail.
    return f"actions:{user.pk}:{day.isoformat()}"


def put_reminders(day: datetime.date) -> Iterator[tuple]:
    """Put into the outbox what is to be sent on a day, and yield each person with it.

    A mail and the steps that it takes are written in one transaction. Two processes wait for each other at the
    person's row; who already has a mail of this day gets what is left with that of the next.
    """
    for receiver, sources in receivers():
        with transaction.atomic():
            # Not the key: who changes an MOU in this person's name holds what is to be named here.
            user = get_user_model().objects.select_for_update(no_key=True).get(pk=receiver.pk)
            found = due_for(user, sources, day)
            if not found or _put(user, day, found) is None:
                continue
            for source, reminders in found:
                for one in reminders:
                    source.note_sent(user, day, one)
        yield user, found


def _put(user, day: datetime.date, found) -> Mail | None:
    known = user.language in dict(settings.LANGUAGES)
    with translation.override(user.language if known else settings.LANGUAGE_CODE):
        subject, body = message(user, day, found)
    return Mail.put(
        kind=Kind.REMINDER,
        key=_key(user, day),
        to=user.email,
        user=user,
        side=user.side,
        subject=subject,
        body=body,
    )


def message(user, day: datetime.date, found) -> tuple[str, str]:
    """Return the subject and text of a mail, in the language that is active."""
    parts, counts = [], []
    for source, reminders in found:
        # One thing is told once, however many of its days are near.
        records = list(dict.fromkeys(one.record for one in reminders))
        counts.append((source, len(records)))
        parts += [source.opening(user, day), *(_of_one(source, record, day) for record in records)]
        parts.append(source.closing())
        if settings.SITE_URL:
            parts.append(source.list_words() % {"address": f"{settings.SITE_URL}{source.list_path(user)}"})
    reason = _("You get this because you work on this record for the %(side)s side.")
    parts.append(reason % {"side": user.get_side_display()})
    parts.append(f"-- \n{settings.SITE_NAMES[translation.get_language()]}")
    return _subject(counts), "\n\n".join(parts) + "\n"


def _of_one(source: Source, record: models.Model, day: datetime.date) -> str:
    address = [f"{settings.SITE_URL}{source.page(record)}"] if settings.SITE_URL else []
    return "\n".join([*source.lines(record, day), *address])


def _subject(counts: list[tuple[Source, int]]) -> str:
    if len(counts) == 1:
        source, count = counts[0]
        return source.subject(count)
    *others, last = [source.counted(count) for source, count in counts]
    told = {"others": pgettext("list", ", ").join(others), "last": last}
    return _("Reminder: %(others)s and %(last)s") % told
