"""The pages of a meeting's desk that this package adds."""

from annexes import (
    deliverable_pages,  # noqa: F401  registers the deliverables list
    progress,  # noqa: F401  registers the progress annex
)
