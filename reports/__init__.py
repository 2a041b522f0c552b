"""What counts across meetings, MOUs and projects: statistics, drawn from the counts of the lists."""
