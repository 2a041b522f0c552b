"""Inquiries: a dated count with its definition and its records, frozen under a reference."""
