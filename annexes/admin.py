"""The pages of a meeting's desk that this package adds."""
