"""Storage: records, tables, collections of queries, migrations and backups, for SQLite and PostgreSQL."""
