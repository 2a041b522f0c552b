"""What the register says of an MOU in words: when it ends, until when to give notice, and why it fares so."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from initiative.dates import Precision, settle, show
from mous.health import NOTICE_SOON, SOON, Health
from mous.register.entries import Entry
from mous.states import State


def day_words(day) -> str:
    return show(day, Precision.DAY)


def dated_words(mou, name: str) -> str:
    """Return a date of the MOU as precise as its source, or ""."""
    day = getattr(mou, name)
    return show(day, getattr(mou, f"{name}_precision")) if day else ""


def end_words(entry: Entry) -> list[str]:
    """Return when an MOU ends, as it stands, and whether it renews by itself; [] where nothing is known."""
    mou = entry.mou
    lines = []
    if mou.current_end:
        is_own = mou.ends_on and mou.current_end == settle(mou.ends_on, mou.ends_on_precision, last=True)
        lines.append(dated_words(mou, "ends_on") if is_own else day_words(mou.current_end))
    elif mou.renewing and mou.ends_on:
        lines.append(_("after %(day)s: not known") % {"day": dated_words(mou, "ends_on")})
    if mou.renewing:
        lines.append(renewal_words(mou))
    if mou.term:
        lines.append(mou.term)
    return lines


def renewal_words(mou) -> str:
    """Return that an MOU renews by itself, and for how long each time if that is known."""
    if not mou.renewal_months:
        return _("renews by itself, for how long is not on record here")
    months = mou.renewal_months
    told = ngettext(
        "renews by itself for %(count)s month", "renews by itself for %(count)s months each time", months
    )
    return told % {"count": months}


def left_words(days: int) -> str:
    """Return in how many days something is, or how long ago it was."""
    if days == 0:
        return pgettext("due", "today")
    if days > 0:
        return ngettext("in %(count)s day", "in %(count)s days", days) % {"count": days}
    return ngettext("%(count)s day ago", "%(count)s days ago", -days) % {"count": -days}


def health_words(entry: Entry, only=tuple(Health)) -> list[str]:
    """Return each finding on an MOU with its reason, "Ends soon: in 42 days", but what its state says too."""
    said = {Health.IN_EFFECT} if entry.state == State.IN_EFFECT else set()
    told = [one for one in entry.health if one in only and one not in said]
    return [_with_reason(one.label, _reason(entry, one)) for one in told]


def _with_reason(label, reason: str) -> str:
    return _("%(label)s: %(values)s") % {"label": label, "values": reason} if reason else str(label)


def _reason(entry: Entry, health: Health) -> str:
    mou = entry.mou
    if health == Health.NOTICE:
        last = _("by %(day)s, %(left)s")
        return last % {"day": day_words(mou.notice_on), "left": left_words((mou.notice_on - entry.day).days)}
    if health in (Health.ENDING, Health.LAPSED):
        return left_words(entry.days_left)
    if health == Health.DORMANT:
        return _("no living project, nothing on record since %(day)s") % {"day": day_words(mou.last_active_on)}
    return ""


def definitions(only=tuple(Health)) -> list[tuple[str, str]]:
    """Return what each finding means, as (label, sentence): the same words on the page and in files."""
    told = {
        Health.NOTICE: _("The last day to give notice is within %(days)s days.") % {"days": NOTICE_SOON},
        Health.ENDING: _("It ends within %(days)s days and does not renew by itself.") % {"days": SOON},
        Health.DORMANT: _(
            "Signed at least two years ago and not ended; no linked project is proposed, endorsed, announced, "
            "launched or in progress; and for two years nothing on record shows activity: no MOU signed that "
            "renews, amends, replaces or implements it, and of its projects no start, no change of stage, no "
            "milestone reached, no progress reported to a meeting."
        ),
        Health.LAPSED: _("Its end is past, and no MOU signed since renews or replaces it."),
        Health.RENEWS: _("It goes on by itself at the end of each term until somebody gives notice."),
        Health.IN_EFFECT: _("In effect today by its own dates and term."),
    }
    decided = _(
        "Notice due, ends soon, dormant, or ended and not renewed; no MOU signed renews or replaces it, and "
        "what the JIC decided is not noted."
    )
    return [*((health.label, told[health]) for health in only), (_("Needs a decision"), decided)]
