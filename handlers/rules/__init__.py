"""Decisions without touch: no await, no I/O, no clock, no database."""
