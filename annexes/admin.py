"""The pages of a meeting's desk that this package adds."""

from annexes import briefing_page  # noqa: F401
