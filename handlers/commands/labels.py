"""Phrases that several commands share."""

from handlers.answers.times import rate


def own_label(total: int, own: int) -> str:
    """Return what follows a number of sources or topics: ", 2 of them yours" or ", both yours"; empty for none."""
    if own == 0:
        return ""
    if own < total:
        return f", {own} of them yours"
    return {1: ", yours", 2: ", both yours"}.get(total, ", all yours")


def health_label(sources: int, failing: int) -> str:
    """Return what follows a number of sources: ", all healthy" or ", 2 failing"; empty for no sources."""
    if failing:
        return f", {failing} failing"
    return {0: "", 1: ", healthy", 2: ", both healthy"}.get(sources, ", all healthy")


def forecast_label(posts: float) -> str:
    """Return a number of stories per week as "about 3 stories a week"."""
    if posts == 0:
        return "no stories in 30 days"
    if posts < 1:
        return "less than one story a week"
    return f"about {rate(posts)} {'story' if rate(posts) == '1' else 'stories'} a week"
