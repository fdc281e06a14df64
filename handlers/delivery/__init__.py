"""Delivery: compose a message, post it exactly once, settle the outcome."""
