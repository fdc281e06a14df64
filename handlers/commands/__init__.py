"""Commands: one file for each, the table that lists them, and their dispatch."""
