"""Storage: records, tables, and collections of queries."""
