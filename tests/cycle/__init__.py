"""The meeting cycle: from the first proposals for a meeting to the follow-up at the next."""
