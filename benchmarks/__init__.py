"""Figures, printed with the machine they come from; never asserted."""
