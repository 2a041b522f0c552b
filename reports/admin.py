"""The pages of the reports: each joins the desk of a meeting, or the managers' reports, by being imported."""

from reports import since_page  # noqa: F401
from reports.managers import holdings, mou_states, partners, portfolio, quiet, reconciliation  # noqa: F401
from reports.saved import admin  # noqa: F401
