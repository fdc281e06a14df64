"""Ingest: from feeds and files to stored articles, one batch in one transaction."""
