"""Blocked channels are checked when it makes sense, and opened once the platform allows posts again."""

from datetime import timedelta

import pytest

from handlers.delivery.recheck import ChannelAccess
from handlers.rules.refusals import LONGEST_BLOCK, RefusalKind, Scope
from storage.records import ChannelState, Platform
from storage.store import Store
from tests.support.blocked import HOUR, blocked, stored
from tests.support.fakes import Failure
from tests.support.world import World

MIGRATION = Failure(kind=RefusalKind.UNTIL_TIME, scope=Scope.WORKSPACE, message="Slack is moving this workspace.")


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


async def test_nobody_is_notified_of_a_channel_whose_whole_workspace_refuses_posts(sqlite_store: Store) -> None:
    refused = Failure(kind=RefusalKind.UNTIL_ACTION, scope=Scope.WORKSPACE, message="Install the app again.")
    world, channel, access = await blocked(sqlite_store, refused)

    await access.check_due(world.clock.advance(HOUR))
    world.messenger.channel_failures.clear()
    await access.check_due(world.clock.advance(HOUR))
    await world.post()

    assert len(world.alerts(channel)) == 1
    assert world.messenger.in_channel("@U1") == []


async def test_a_platform_that_does_not_answer_changes_nothing(sqlite_store: Store) -> None:
    world, channel, access = await blocked(sqlite_store)
    world.messenger.channel_failures[channel.external_id] = Failure()

    assert await access.check_due(world.clock.advance(HOUR)) == 0
    assert await access.check_due(world.now) == 0, "it is checked again an hour later"

    current = await stored(world, channel)
    assert (current.state, current.gone_reason) == (ChannelState.BLOCKED, "I am not a member")


async def test_blocked_channels_are_checked_at_once_when_their_platform_is_connected(sqlite_store: Store) -> None:
    world, channel, access = await blocked(sqlite_store)
    world.messenger.channel_failures.clear()

    await access.schedule(Platform.SLACK, world.now)
    other = await access.check_due(world.now)
    await access.schedule(Platform.DISCORD, world.now)
    own = await access.check_due(world.now)
    await world.post()

    assert (other, own) == (0, 1)
    assert len(world.alerts(channel)) == 1
