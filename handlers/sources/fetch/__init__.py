"""Fetching over HTTP: the client, the network addresses that it refuses, and its limits per host."""
