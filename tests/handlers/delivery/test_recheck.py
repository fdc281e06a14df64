"""Blocked channels are checked when it makes sense, and opened once the platform allows posts again."""

from datetime import timedelta

import pytest

from handlers.answers.answer import Notice
from handlers.delivery.recheck import ChannelAccess
from handlers.rules.refusals import LONGEST_BLOCK, RefusalKind, Scope
from storage.records import Channel, ChannelState, Platform
from storage.store import Store
from tests.support.fakes import Failure
from tests.support.world import World, huawei, watching

HOUR = timedelta(hours=1, seconds=30)
REFUSED = Failure(kind=RefusalKind.UNTIL_ACTION, message="I am not a member.")
MIGRATION = Failure(kind=RefusalKind.UNTIL_TIME, scope=Scope.WORKSPACE, message="Slack is moving this workspace.")
TITLES = (
    "Huawei opens a harbour office in Rotterdam",
    "Huawei sells its cable unit to Hengtong",
    "Court in Warsaw frees Huawei manager",
    "Huawei hires five hundred engineers in Zurich",
)


async def blocked(store: Store, failure: Failure = REFUSED) -> tuple[World, Channel, ChannelAccess]:
    """Return a world in whose #intel an alert was just refused."""
    world, channel, _ = await watching(store, platform=Platform.DISCORD)
    await world.take(huawei())
    world.messenger.channel_failures[channel.external_id] = failure
    await world.post()
    return world, channel, ChannelAccess(store, {Platform.DISCORD: world.messenger})


async def stored(world: World, channel: Channel) -> Channel:
    async with world.store.read() as tx:
        found = await tx.channels.get(channel.id)
    assert found is not None
    return found


async def direct_notices(world: World) -> list[str]:
    await world.post()
    messages = world.messenger.in_channel("@U1")
    return [message.post.text for message in messages if isinstance(message.post, Notice)]


@pytest.mark.parametrize(("until", "checks"), [(timedelta(minutes=10), 1), (timedelta(hours=3), 3)])
async def test_a_refusal_with_an_end_is_checked_when_it_ends_or_after_an_hour(
    until: timedelta, checks: int, sqlite_store: Store
) -> None:
    world = World(sqlite_store)
    channel = await world.channel()
    await world.notice(channel)
    failure = Failure(kind=RefusalKind.UNTIL_TIME, scope=Scope.WORKSPACE, until=world.now + until)
    world.messenger.channel_failures[channel.external_id] = failure
    access = ChannelAccess(sqlite_store, {Platform.CONSOLE: world.messenger})
    await world.post()

    while (await stored(world, channel)).state is ChannelState.BLOCKED:
        current = await stored(world, channel)
        assert current.recheck_at is not None
        world.clock.now = current.recheck_at
        if world.now >= failure.until if failure.until else False:
            world.messenger.channel_failures.clear()
        await access.check_due(world.now)
    await world.post()

    assert world.messenger.calls.count("check") == checks
    assert world.notices(channel) == ["Hello"]


async def test_a_refusal_of_the_workspace_blocks_all_its_channels_and_one_success_opens_them(
    sqlite_store: Store,
) -> None:
    world = World(sqlite_store)
    first, second = await world.channel("one"), await world.channel("two")
    for channel in (first, second):
        await world.notice(channel, channel.name)
    world.messenger.channel_failures["one"] = MIGRATION
    access = ChannelAccess(sqlite_store, {Platform.CONSOLE: world.messenger})
    await world.deliver.run_once(world.now)
    world.messenger.channel_failures.clear()

    await access.check_due(world.clock.advance(HOUR))
    await access.check_due(world.now)
    await world.post()

    assert (world.notices(first), world.notices(second)) == (["one"], ["two"])


async def test_a_channel_that_stays_blocked_for_a_month_is_closed(sqlite_store: Store) -> None:
    world, channel, access = await blocked(sqlite_store)

    await access.check_due(world.clock.advance(LONGEST_BLOCK + HOUR))

    assert (await stored(world, channel)).state is ChannelState.GONE
