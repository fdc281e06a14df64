"""Decisions without side effects: no await, no I/O, no clock, no database."""
