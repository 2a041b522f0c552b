"""Documents that span meetings, MOUs and projects: annexes, lists of deliverables, packs."""
