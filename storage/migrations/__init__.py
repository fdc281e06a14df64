"""The steps that bring a database of any age to the schema of today; versions/ is append-only."""
