"""When an MOU ends and when notice must be given: pure functions of its own dates and a given day.

`mous/term_columns.py` says the same to the database.
"""

import datetime

from initiative.dates import months_later, settle

# So many notice days as there may be before it are still a day. An earlier end was mistyped: "0024" for 2024.
FIRST_END = datetime.date.min + datetime.timedelta(days=32767)


def is_stopped(mou) -> bool:
    """Return whether the day on which it is terminated or superseded is known, be it past or to come."""
    return bool(mou.terminated_on or mou.superseded_on)


def renews(mou) -> bool:
    """Return whether it goes on by itself at the end of its term."""
    return mou.renews_automatically is True and not is_stopped(mou)


def term_end(mou, day: datetime.date) -> datetime.date | None:
    """Return the last day of the term that runs on `day`; of one that is over and is not renewed, its last day.

    None where no end is known: none is on record, or it renewed by itself for a time that is not known. Every
    end is reckoned from the first one, so that a 29 February comes back in leap years.
    """
    if mou.ends_on is None:
        return None
    end = settle(mou.ends_on, mou.ends_on_precision, last=True)
    if end >= day or not mou.renews_automatically:
        return end
    if not mou.renewal_months:
        return None
    behind = (day.year - end.year) * 12 + day.month - end.month
    rounds = -(-behind // mou.renewal_months)
    found = months_later(end, rounds * mou.renewal_months)
    return found if found >= day else months_later(end, (rounds + 1) * mou.renewal_months)


def current_end(mou, day: datetime.date) -> datetime.date | None:
    """Return the day on which the MOU ends, as it stands on `day`: the end of its term, or sooner if stopped.

    Of one that renews by itself, the day on which it would next renew. None: not known.
    """
    known = [end for end in (term_end(mou, day), mou.terminated_on, mou.superseded_on) if end]
    return min(known, default=None)


def notice_on(mou, day: datetime.date) -> datetime.date | None:
    """Return the last day to give notice in the term that runs on `day`; it may be past.

    None where no end or no notice period is known, and of an MOU that is stopped in any case.
    """
    end = term_end(mou, day)
    if end is None or end < FIRST_END or mou.notice_days is None or is_stopped(mou):
        return None
    return end - datetime.timedelta(days=mou.notice_days)


def days_left(mou, day: datetime.date) -> int | None:
    """Return how many days after `day` the MOU ends; negative where it has ended, None where not known."""
    end = current_end(mou, day)
    return None if end is None else (end - day).days
