"""Rules: whether an article becomes an alert, what identifies it, when things are due, canonical URLs. No I/O."""
