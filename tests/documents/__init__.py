"""Documents: blocks written as Word and PDF."""
