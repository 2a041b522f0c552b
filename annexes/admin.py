"""The pages of a meeting's desk that this package adds."""

from annexes import progress  # noqa: F401  registers the progress annex
