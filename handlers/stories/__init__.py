"""Stories: which articles report the same event, what to quote of them, how to rank them, what rises."""
