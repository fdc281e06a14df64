"""Phrases that several commands share."""

from datetime import datetime, tzinfo

from handlers.answers.times import rate, time_label
from storage.records import Channel, ChannelState, Grouping


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


def closed_label(channel: Channel, zone: tzinfo, *, now: datetime) -> str:
    """Return since when and why the bot cannot post in the channel, and what opens it; empty for an active channel.

    `zone` is the reader's time zone, and `now` is in UTC.
    """
    if channel.state is ChannelState.ACTIVE:
        return ""
    reason = (channel.gone_reason or "I can't post there").rstrip(". ")
    if channel.state is ChannelState.GONE:
        return f"Closed: {reason}. Its subscriptions are paused. Add me again, then run a command there."
    since = f" since {time_label(channel.blocked_at, zone, now=now)}" if channel.blocked_at else ""
    until = f" This ends {time_label(channel.blocked_until, zone, now=now)}." if channel.blocked_until else ""
    check = f" {time_label(channel.recheck_at, zone, now=now)}," if channel.recheck_at else ""
    return (
        f"Blocked{since}: {reason}.{until} What is due is kept. I try again{check} every hour, and whenever somebody "
        "runs a command there."
    )
