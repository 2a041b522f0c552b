"""The pages of a meeting's desk that this package adds: each registers itself."""

from annexes import progress  # noqa: F401
from annexes.briefing import page as briefing_page  # noqa: F401
from annexes.deliverables import pages as deliverable_pages  # noqa: F401
