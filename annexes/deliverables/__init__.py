"""The deliverables list of a coming meeting, its files, and what it writes to records."""
