"""The pages of a meeting's desk that this package adds: each registers itself."""

from annexes import briefing_page, deliverable_pages, progress  # noqa: F401
