"""Managers' reports: the frame of a report, its pages, and each report in a file of its own."""
