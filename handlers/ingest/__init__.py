"""Ingest: from feeds and files to stored articles, each batch in one transaction."""
