"""The local workspace: the third platform, so that everything runs with no account."""
