"""Feeds: finding, reading and listing them."""
