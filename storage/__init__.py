"""What is remembered: records, tables, and one collection of queries a file."""
