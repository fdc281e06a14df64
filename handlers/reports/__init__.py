"""Reports about stored news: the brief and the digest."""
