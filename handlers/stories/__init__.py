"""Stories: which articles report the same event, how to summarize and rank them, and which topics rise. No I/O."""
