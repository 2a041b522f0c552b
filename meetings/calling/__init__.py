"""Calling a meeting: its plan, agenda, delegations and packet of papers."""
