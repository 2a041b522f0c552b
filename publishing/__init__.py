"""What every record shares: history, draft, review, publication, the Publication row, two languages."""
