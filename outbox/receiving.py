"""Whether a mail may still be received when it is handed over, perhaps long after it was written."""

from collections.abc import Callable

from outbox.models import Mail, Problem

Check = Callable[[Mail], Problem | None]
_checks: dict[str, Check] = {}


def check_before_sending(kind: str, check: Check) -> None:
    """Ask `check` too before a mail of a kind is handed over; it returns why not, or None."""
    _checks[kind] = check


def problem_of(mail: Mail) -> Problem | None:
    """Return why a mail may no longer be received: its person, its file, or what its kind asks."""
    if not mail.may_be_received:
        return Problem.RECEIVER
    check = _checks.get(mail.kind)
    if problem := check(mail) if check else None:
        return problem
    file = getattr(mail, "file", None)
    return Problem.FILE_GONE if file and file.content is None else None
