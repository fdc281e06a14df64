"""/subscriptions: what a channel gets and at what pace, with buttons to change it."""

from collections.abc import Mapping
from typing import Final

from handlers.answers.answer import Listing, Reply
from handlers.answers.parts import Button, Row
from handlers.answers.times import clock_label, counted, days_label, time_label
from handlers.commands.call import Call, Tools
from handlers.commands.labels import closed_label, forecast_label
from handlers.queries.backfill import BACKFILL_PERIOD
from handlers.queries.forecasts import forecast
from storage.records import Channel, Grouping, Pace, Subscription, Topic
from storage.store import Tx

SHOWN: Final = 25
"""Subscriptions that a list shows."""


async def subscriptions(tools: Tools, call: Call, *, replaces: bool = False) -> Reply:
    """Show what the channel gets, with buttons to change it."""
    async with tools.store.read() as tx:
        channel = await tx.channels.get(call.channel.id) or call.channel
        held = await subscribed_topics(tx, channel)
        shown = held[:SHOWN]
        ids = [topic.id for _, topic in shown]
        groupings = {topic.id: subscription.grouping for subscription, topic in shown}
        version = await tx.answer_versions.current(call.workspace.id, ids, now=call.now)

    async def compute() -> Mapping[int, float | None]:
        async with tools.store.read() as tx:
            return await forecast(tx, call.workspace.id, groupings, now=call.now)

    cache_key = (*call.cache_key(BACKFILL_PERIOD), tuple(groupings.items()), version)
    expected = await tools.forecast_cache.get(cache_key, compute, store=version is not None)
    rows = [_row(subscription, topic, expected[topic.id]) for subscription, topic in shown]
    digest = "no digest (set one with /digest at 08:30)"
    if channel.digest_time is not None and channel.next_digest_at is not None:
        next_at = time_label(channel.next_digest_at, call.zone, now=call.now)
        digest = f"digest {days_label(channel.digest_days)} at {clock_label(channel.digest_time)}, next {next_at}"
    summary = f"{counted(len(held), 'subscription')} · {digest}."
    if not held:
        summary = f"No subscriptions yet · {digest}. Start with /subscribe huawei; /topics lists all topics."
    closed = closed_label(channel, call.zone, now=call.now)
    listing = Listing(
        title=f"What {channel.label} gets",
        summary=f"{closed} {summary}".lstrip(),
        rows=tuple(rows),
        more=max(len(held) - SHOWN, 0),
        buttons=(check_again(channel),) if closed else (),
    )
    return Reply(answer=listing, replaces=replaces)


def check_again(channel: Channel) -> Button:
    """Return the button that asks the platform whether the bot may post in a channel that is blocked or closed."""
    return Button(label="Check again", action=f"recheck:{channel.id}", primary=True)


async def recheck(tools: Tools, call: Call) -> Reply:
    """Ask the platform whether the bot may post in the channel again, and show what the channel gets."""
    await tools.access.check(call.channel, call.now)
    tools.wake_up()
    return await subscriptions(tools, call, replaces=True)


async def subscribed_topics(tx: Tx, channel: Channel) -> list[tuple[Subscription, Topic]]:
    """Return the channel's subscriptions, each with its topic."""
    subscriptions = await tx.subscriptions.of_channel(channel.id)
    topics = await tx.topics.by_ids([subscription.topic_id for subscription in subscriptions])
    return [
        (subscription, topics[subscription.topic_id])
        for subscription in subscriptions
        if subscription.topic_id in topics
    ]


def _row(subscription: Subscription, topic: Topic, expected: float | None) -> Row:
    parts = [subscription.pace.value]
    if expected is not None:
        parts.append(forecast_label(expected, subscription.grouping))
    if subscription.languages:
        parts.append("only " + ", ".join(subscription.languages))
    if subscription.grouping is not Grouping.NORMAL:
        parts.append(f"grouping {subscription.grouping}")
    if subscription.silent:
        parts.append("silent")
    if subscription.mention_name:
        parts.append(f"mentions {subscription.mention_name}")
    if subscription.paused_reason:
        parts.append(f"paused: {subscription.paused_reason.rstrip('.')}")
    others = [pace for pace in Pace if pace is not subscription.pace]
    buttons = [Button(label=pace.value.title(), action=f"pace:{subscription.id}:{pace}:list") for pace in others]
    if subscription.paused_reason:
        buttons.insert(
            0, Button(label="Resume", action=f"pace:{subscription.id}:{subscription.pace}:list", primary=True)
        )
    if subscription.mention is None:
        buttons.append(Button(label="Brief", action=f"brief:{topic.id}:7d"))
    else:  # a row has room for five buttons
        buttons.append(Button(label="Stop mentioning", action=f"unmention:{subscription.id}"))
    if len(buttons) < 4:
        buttons.append(Button(label="Grouping", action=f"grouping:{subscription.id}"))
    return Row(
        title=topic.title,
        detail=" · ".join(parts),
        buttons=(*buttons, Button(label="Unsubscribe", action=f"unsubscribe:{subscription.id}")),
    )
