"""Feeds: discovery, parsing to article drafts, and lists of feeds (OPML)."""
