"""The pages of the reports: each joins the desk of a meeting, or the managers' reports, by being imported."""

from reports import holdings, since_page  # noqa: F401
