"""When the term of an MOU ends, and the last day for giving notice before it."""

import datetime

from mous.models import MOU


def current_end(mou: MOU, day: datetime.date) -> datetime.date | None:
    """Return the last day of the term that runs on `day`; None where it is not known.

    Of one that renews by itself only the first term is known.
    """
    if mou.ends_on is None or (mou.renews_automatically and mou.ends_on < day):
        return None
    return mou.ends_on


def notice_on(mou: MOU, day: datetime.date) -> datetime.date | None:
    """Return the last day for giving notice before the end of the present term; None where it is not known."""
    end = current_end(mou, day)
    if end is None or mou.notice_days is None:
        return None
    return end - datetime.timedelta(days=mou.notice_days)
