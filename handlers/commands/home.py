"""Home: an overview of a workspace: channels and topics, next digests, sources, and the stories a person follows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from handlers.answers.answer import Listing, Reply
from handlers.answers.parts import Button, Row
from handlers.answers.times import clock_label, counted, days_label, time_label
from handlers.commands.call import Call, Tools
from handlers.commands.follow import SHOWN, followed_rows
from handlers.commands.labels import closed_label
from handlers.commands.my_day import MyDay, my_day
from handlers.commands.news import MAX_FAILING, failing_rows, health_line
from handlers.commands.subscriptions import check_again
from storage.records import Channel, ChannelState, Subscription, Topic

_MAX_CHANNELS: Final = 25
_MAX_TOPICS: Final = 8
"""Topics listed for each channel."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """Everything that Home shows."""

    listings: tuple[Listing, ...]
    """The overview of the workspace."""
    my_day: MyDay | None = None
    """What concerns the person; None for people who may not read it."""


async def home(tools: Tools, call: Call) -> Home:
    """Return what Home shows, without channels whose names the person may not see."""
    async with tools.store.read() as tx:
        seen = [channel for channel in await tx.channels.of(call.workspace.id) if call.sees(channel)]
        by_channel = {channel.id: await tx.subscriptions.of_channel(channel.id) for channel in seen}
        own = await my_day(tools, tx, call, by_channel)
        channels = [channel for channel in seen if channel.person is None]
        channels = [
            channel
            for channel in channels
            if by_channel[channel.id] or channel.next_digest_at or channel.id == call.here.id
        ]
        topics = await tx.topics.by_ids(
            {subscription.topic_id for subscriptions in by_channel.values() for subscription in subscriptions}
        )
        health = await health_line(tx, call)
        failing = await tx.source_health.failing(call.workspace.id, limit=MAX_FAILING)
        failing_count = (await tx.source_health.counts(call.workspace.id)).failing
        followed = await tx.follows.of_person(call.workspace.id, call.person.external_id)
        story_rows = await followed_rows(tx, call)
    listings = [_channels(channels, by_channel, topics, call), _digests(channels, call)]
    listings.append(
        Listing(
            title="Sources",
            summary=health,
            rows=failing_rows(failing, call),
            more=failing_count - len(failing),
            buttons=(
                Button(label="Sources", action="show:sources"),
                Button(label="Health", action="show:health"),
            ),
        )
    )
    if story_rows:
        more = max(len(followed) - SHOWN, 0)
        listings.append(Listing(title="Stories you follow", rows=story_rows, more=more))
    return Home(listings=tuple(listings), my_day=own)


def _channels(
    channels: Sequence[Channel],
    by_channel: Mapping[int, Sequence[Subscription]],
    topics: Mapping[int, Topic],
    call: Call,
) -> Listing:
    rows = []
    for channel in channels:
        parts = [
            f"{topics[subscription.topic_id].title} ({'paused' if subscription.paused_reason else subscription.pace})"
            for subscription in by_channel[channel.id]
            if subscription.topic_id in topics
        ]
        if len(parts) > _MAX_TOPICS:
            parts = [*parts[:_MAX_TOPICS], f"and {len(parts) - _MAX_TOPICS} more"]
        closed = closed_label(channel, call.zone, now=call.now)
        subscriptions = Button(label="Subscriptions", action=f"show:subscriptions:{channel.id}")
        rows.append(
            Row(
                title=channel.label,
                detail=f"{closed} {' · '.join(parts) or 'no subscriptions'}".lstrip(),
                buttons=(check_again(channel), subscriptions) if closed else (subscriptions,),
            )
        )
    held = [by_channel[channel.id] for channel in channels]
    total = sum(map(len, held))
    return Listing(
        title="Channels",
        summary=f"{counted(total, 'subscription')} in {counted(sum(map(bool, held)), 'channel')}."
        if total
        else "No subscriptions yet. To start alerts, type /subscribe huawei in a channel.",
        rows=tuple(rows[:_MAX_CHANNELS]),
        more=max(len(rows) - _MAX_CHANNELS, 0),
        buttons=(Button(label="Topics", action="show:topics"), Button(label="Help", action="show:help")),
    )


def _digests(channels: Sequence[Channel], call: Call) -> Listing:
    """Return the next digests, the soonest first, in the reader's time zone."""
    upcoming = sorted(
        (channel.next_digest_at, channel.id, channel)
        for channel in channels
        if channel.next_digest_at is not None and channel.state is ChannelState.ACTIVE
    )
    rows = []
    for at, _, channel in upcoming[:_MAX_CHANNELS]:
        zone, schedule = channel.digest_zone or call.workspace.time_zone, ""
        if channel.digest_time is not None:
            schedule = f" · {days_label(channel.digest_days)} at {clock_label(channel.digest_time)} {zone}"
        rows.append(
            Row(
                title=channel.label,
                detail=f"{time_label(at, call.zone, now=call.now)}{schedule}",
                buttons=(
                    Button(label="Change", action=f"digest:change:{channel.id}"),
                    Button(label="Pause", action=f"digest:pause:{channel.id}"),
                ),
            )
        )
    none = "No digest is set. To set one, type /digest at 08:30 in a channel."
    return Listing(
        title="Next digests",
        summary=f"Times are in {call.zone_name}." if rows else none,
        rows=tuple(rows),
        more=max(len(upcoming) - _MAX_CHANNELS, 0),
    )


async def home_listing(tools: Tools, call: Call) -> Reply:
    """Return the whole overview in one listing, for an answer in a channel."""
    shown = await home(tools, call)
    listings = (*((shown.my_day.stories,) if shown.my_day is not None else ()), *shown.listings)
    rows = [
        row
        for listing in listings
        for row in (Row(title=listing.title, detail=listing.summary, buttons=listing.buttons[:5]), *listing.rows)
    ]
    more = sum(listing.more for listing in listings)
    return Reply(answer=Listing(title="This workspace", rows=tuple(rows), more=more))
