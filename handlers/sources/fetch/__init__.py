"""Fetching over HTTP: the client, the addresses it refuses and its limits for each host."""
