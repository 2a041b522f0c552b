"""A document as a list of blocks, written as Word and as PDF from the one definition."""
