"""Queries: parse what a person types into a tree, check it, and write a tree as a query again."""
