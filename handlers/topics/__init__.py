"""Topics: what people care about, as queries, and the matcher of all of them at once."""
