"""Delivery: compose a message, post it exactly once, and settle the outcome, which may be a retry."""
