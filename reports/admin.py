"""The officers' pages of the reports: each joins the desk of a meeting by being imported."""

from reports import since_page  # noqa: F401
