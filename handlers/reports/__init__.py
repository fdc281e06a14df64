"""Reports: the brief and the digest."""
