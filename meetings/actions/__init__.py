"""Follow-up actions: when they are due, what became of them, the ledger and the reminders."""
