"""Queries: from the text that a person types to a tree, and back."""
