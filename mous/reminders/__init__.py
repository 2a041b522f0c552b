"""Reminders of MOUs: what is due, what was sent, and what the page of an MOU says of it."""
