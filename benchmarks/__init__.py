"""Benchmarks: each prints figures together with the machine that they come from. Nothing is asserted."""
