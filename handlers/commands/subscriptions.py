"""/subscriptions: what a channel gets, at what pace, with buttons to change it."""

from collections.abc import Mapping

from handlers.answers.answer import Listing, Reply
from handlers.answers.parts import Button, Row
from handlers.answers.times import clock_label, counted, days_label, time_label
from handlers.commands.call import Call, Tools
from handlers.commands.subscribe import SHOWN, expectation, forecast, held_by
from handlers.queries.backfill import BACKFILL_PERIOD
from storage.records import Pace, Subscription, Topic


async def subscriptions(tools: Tools, call: Call, *, replaces: bool = False) -> Reply:
    """What the channel gets, with buttons to change it."""
    async with tools.store.read() as tx:
        channel = await tx.channels.get(call.channel.id) or call.channel
        held = await held_by(tx, channel)
        shown = held[:SHOWN]
        ids = [topic.id for _, topic in shown]
        version = await tx.answer_versions.current(call.workspace.id, ids, now=call.now)

    async def foretell() -> Mapping[int, float | None]:
        async with tools.store.read() as tx:
            return await forecast(tx, call.workspace.id, ids, now=call.now)

    question = (*call.asked_for(BACKFILL_PERIOD), tuple(ids), version)
    expected = await tools.forecasts.answer(question, foretell, stays=version is not None)
    rows = [_row(subscription, topic, expected[topic.id]) for subscription, topic in shown]
    digest = "No digest: /digest at 08:30"
    if channel.digest_time is not None and channel.next_digest_at is not None:
        next_at = time_label(channel.next_digest_at, call.zone, now=call.now)
        digest = f"Digest {days_label(channel.digest_days)} at {clock_label(channel.digest_time)}, next {next_at}"
    summary = f"{counted(len(held), 'subscription')} · {digest}."
    if not held:
        summary = f"Nothing yet. /subscribe huawei starts alerts here; /topics lists the topics. {digest}."
    listing = Listing(
        title=f"What {channel.label} gets", summary=summary, rows=tuple(rows), more=max(len(held) - SHOWN, 0)
    )
    return Reply(answer=listing, replaces=replaces)


def _row(subscription: Subscription, topic: Topic, expected: float | None) -> Row:
    parts = [subscription.pace.value]
    if expected is not None:
        parts.append(expectation(expected))
    if subscription.languages:
        parts.append("only " + ", ".join(subscription.languages))
    if subscription.mention_name:
        parts.append(f"mentions {subscription.mention_name}")
    if subscription.paused_reason:
        parts.append(f"paused: {subscription.paused_reason.rstrip('.')}")
    others = [pace for pace in Pace if pace is not subscription.pace]
    buttons = [Button(label=pace.value.title(), action=f"pace:{subscription.id}:{pace}:list") for pace in others]
    if subscription.paused_reason:
        buttons.insert(
            0, Button(label="Go on", action=f"pace:{subscription.id}:{subscription.pace}:list", primary=True)
        )
    if subscription.mention is None:
        buttons.append(Button(label="Brief", action=f"brief:{topic.id}:7d"))
    else:  # five are all that a row has room for
        buttons.append(Button(label="No mention", action=f"unmention:{subscription.id}"))
    return Row(
        title=topic.title,
        detail=" · ".join(parts),
        buttons=(*buttons, Button(label="Unsubscribe", action=f"unsubscribe:{subscription.id}")),
    )
