"""Phrases that several commands share."""

from handlers.answers.times import rate
from storage.records import Grouping


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


def forecast_label(posts: float, grouping: Grouping = Grouping.NORMAL) -> str:
    """Return a number of alerts per week as "about 3 stories a week".

    Only with normal grouping is each story one alert, so with another one it is "about 3 alerts a week".
    """
    one, several = ("story", "stories") if grouping is Grouping.NORMAL else ("alert", "alerts")
    if posts == 0:
        return f"no {several} in 30 days"
    if posts < 1:
        return f"less than one {one} a week"
    return f"about {rate(posts)} {one if rate(posts) == '1' else several} a week"
