"""Home: what a workspace follows and where, the next digests, how its sources are, and what this person follows."""

from collections.abc import Mapping, Sequence

from handlers.answers.answer import Listing, Reply
from handlers.answers.parts import Button, Row
from handlers.answers.times import clock_label, counted, days_label, time_label
from handlers.commands.call import Call, Tools
from handlers.commands.follow import SHOWN, own_rows
from handlers.commands.news import by_health, health_line, troubled_rows
from storage.records import Channel, ChannelState, Subscription, Topic

_CHANNELS = 25
_TOPICS = 8


async def home(tools: Tools, call: Call) -> tuple[Listing, ...]:
    """Only channels whose names this person may see are in it."""
    async with tools.store.read() as tx:
        channels = [one for one in await tx.channels.of(call.workspace.id) if one.person is None and call.sees(one)]
        held = {one.id: await tx.subscriptions.of_channel(one.id) for one in channels}
        channels = [one for one in channels if held[one.id] or one.next_digest_at or one.id == call.here.id]
        topics = await tx.topics.by_ids({one.topic_id for found in held.values() for one in found})
        line = await health_line(tx, call)
        _, troubled = by_health(await tx.sources.visible(call.workspace.id))
        followed = await tx.follows.of_person(call.workspace.id, call.person.external_id)
        own = await own_rows(tx, call)
    shown = [_channels(channels, held, topics), _digests(channels, call)]
    shown.append(
        Listing(
            title="Sources",
            summary=line,
            rows=troubled_rows(troubled, call),
            more=max(len(troubled) - 10, 0),
            buttons=(
                Button(label="Sources", action="show:sources"),
                Button(label="Health", action="show:health"),
            ),
        )
    )
    if own:
        more = max(len(followed) - SHOWN, 0)
        shown.append(Listing(title="Stories you follow", rows=own, more=more))
    return tuple(shown)


def _channels(
    channels: Sequence[Channel], held: Mapping[int, Sequence[Subscription]], topics: Mapping[int, Topic]
) -> Listing:
    rows = []
    for channel in channels:
        parts = [
            f"{topics[one.topic_id].title} ({'paused' if one.paused_reason else one.pace})"
            for one in held[channel.id]
            if one.topic_id in topics
        ]
        if len(parts) > _TOPICS:
            parts = [*parts[:_TOPICS], f"and {len(parts) - _TOPICS} more"]
        if channel.state is ChannelState.GONE:
            parts.insert(0, f"closed: {(channel.gone_reason or 'I can not post there').rstrip('. ')}")
        rows.append(
            Row(
                title=channel.label,
                detail=" · ".join(parts) or "nothing yet",
                buttons=(Button(label="Subscriptions", action=f"show:subscriptions:{channel.id}"),),
            )
        )
    total = sum(len(found) for found in held.values())
    return Listing(
        title="Channels",
        summary=f"{counted(total, 'subscription')} in {counted(sum(map(bool, held.values())), 'channel')}."
        if total
        else "Nothing is followed yet. In a channel, /subscribe huawei starts alerts.",
        rows=tuple(rows[:_CHANNELS]),
        more=max(len(rows) - _CHANNELS, 0),
        buttons=(Button(label="Topics", action="show:topics"), Button(label="Help", action="show:help")),
    )


def _digests(channels: Sequence[Channel], call: Call) -> Listing:
    """The soonest first, in the reader's own zone."""
    coming = sorted(
        (one.next_digest_at, one.id, one)
        for one in channels
        if one.next_digest_at is not None and one.state is ChannelState.ACTIVE
    )
    rows = []
    for at, _, channel in coming[:_CHANNELS]:
        zone = channel.digest_zone or call.workspace.time_zone
        hour = "" if channel.digest_time is None else f" · {days_label(channel.digest_days)} at "
        hour += "" if channel.digest_time is None else f"{clock_label(channel.digest_time)} {zone}"
        rows.append(
            Row(
                title=channel.label,
                detail=f"{time_label(at, call.zone, now=call.now)}{hour}",
                buttons=(
                    Button(label="Change", action=f"digest:change:{channel.id}"),
                    Button(label="Pause", action=f"digest:pause:{channel.id}"),
                ),
            )
        )
    none = "No digest is set. In a channel, /digest at 08:30 sets one."
    return Listing(
        title="Next digests",
        summary=f"Times are those of {call.zone_name}." if rows else none,
        rows=tuple(rows),
        more=max(len(coming) - _CHANNELS, 0),
    )


async def at_home(tools: Tools, call: Call) -> Reply:
    """All of it in one list, for an answer in a channel."""
    parts = await home(tools, call)
    rows = [
        row
        for part in parts
        for row in (Row(title=part.title, detail=part.summary, buttons=part.buttons[:5]), *part.rows)
    ]
    return Reply(answer=Listing(title="This workspace", rows=tuple(rows), more=sum(part.more for part in parts)))
