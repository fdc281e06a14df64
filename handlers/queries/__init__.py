"""Queries over the stored archive: topic lookup, search, back-tests, mention counts and backfills."""
