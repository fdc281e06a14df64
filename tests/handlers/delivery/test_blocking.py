"""A channel to which the platform refuses to post for now keeps what is due, and opens again."""

import random
from datetime import timedelta

import pytest

from handlers.answers.answer import Notice
from handlers.delivery.blocking import ABOUT_ANOTHER, MAX_STORIES
from handlers.rules.refusals import RefusalKind, Scope
from storage.deliveries import NewDelivery
from storage.records import ChannelState, DeliveryKind, DeliveryState, HeldReason, Platform
from storage.store import Store
from tests.support.blocked import HOUR, REFUSED, blocked, stored
from tests.support.fakes import Failure
from tests.support.world import World, draft, huawei, watching

MIGRATION = Failure(kind=RefusalKind.UNTIL_TIME, scope=Scope.WORKSPACE, message="Slack is moving this workspace.")
TITLES = (
    "Huawei opens a harbour office in Rotterdam",
    "Huawei sells its cable unit to Hengtong",
    "Court in Warsaw frees Huawei manager",
    "Huawei hires five hundred engineers in Zurich",
)


async def direct_notices(world: World) -> list[str]:
    await world.post()
    messages = world.messenger.in_channel("@U1")
    return [message.post.text for message in messages if isinstance(message.post, Notice)]


async def test_the_channel_is_left_alone_and_the_subscriber_hears_once_by_direct_message(store: Store) -> None:
    world, channel, access = await blocked(store)
    other = await world.channel("general")
    calls = world.messenger.calls.count("post")

    for _ in range(3):
        await access.check_due(world.clock.advance(HOUR))

    assert (await stored(world, channel)).state is ChannelState.BLOCKED
    (notice,) = await direct_notices(world)
    assert notice.startswith("I can't post in #intel: I am not a member. I keep what is due")
    assert world.notices(other) == []
    assert world.messenger.calls.count("check") == 3
    assert world.messenger.calls.count("post") == calls + 1


async def test_what_was_due_is_posted_once_the_hourly_check_succeeds(store: Store) -> None:
    world, channel, access = await blocked(store)
    await world.take(draft(TITLES[0]))
    world.messenger.channel_failures.clear()

    early = await access.check_due(world.now + HOUR / 2)
    opened = await access.check_due(world.clock.advance(2 * HOUR))
    await world.post()

    assert (early, opened) == (0, 1)
    assert [alert.headline.text for alert in world.alerts(channel)] == [huawei().title, TITLES[0]]
    (notice,) = world.notices(channel)
    assert "I am not a member" in notice and "2 alerts" in notice
    assert (await stored(world, channel)).blocked_at is None


async def test_one_message_lists_what_was_missed_if_it_is_more_than_a_few_alerts(sqlite_store: Store) -> None:
    world, channel, access = await blocked(sqlite_store)
    for title in TITLES:
        await world.take(draft(title))
    world.messenger.channel_failures.clear()

    await access.check_due(world.clock.advance(HOUR))
    await world.post()
    await world.post(after=HOUR)

    (message,) = world.messages(channel)
    assert isinstance(message.post, Notice)
    assert "5 stories" in message.post.text
    assert {link.text.split(" · ")[0] for link in message.post.links} == {huawei().title, *TITLES}
    assert {outcome.reason for outcome in await world.outcomes(channel)} == {HeldReason.BLOCKED}
    assert (await world.ledger()).agrees


async def test_a_list_of_what_was_missed_leaves_out_no_story(sqlite_store: Store) -> None:
    world, channel, access = await blocked(sqlite_store)
    chance = random.Random(1)
    titles = [f"Huawei {' '.join(_word(chance) for _ in range(4))}" for _ in range(MAX_STORIES + 3)]
    for title in titles:
        world.clock.advance(timedelta(minutes=2))  # faster would be a burst
        await world.take(draft(title))
    world.messenger.channel_failures.clear()

    await access.check_due(world.clock.advance(HOUR))
    await world.post()

    lists = [message.post for message in world.messages(channel) if isinstance(message.post, Notice)]
    shown = [link.text.split(" · ")[0] for post in lists for link in post.links]
    assert shown == [huawei().title, *titles]
    assert len(lists) == 2


def _word(chance: random.Random) -> str:
    return "".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=9))


async def test_a_channel_that_is_refused_again_after_a_successful_check_repeats_no_message(sqlite_store: Store) -> None:
    world, channel, access = await blocked(sqlite_store)
    for _ in range(3):
        world.messenger.channel_failures.clear()
        await access.check_due(world.clock.advance(HOUR))
        world.messenger.channel_failures[channel.external_id] = REFUSED
        await world.post()
    world.messenger.channel_failures.clear()
    await access.check_due(world.clock.advance(HOUR))
    await world.post()

    assert len(world.alerts(channel)) == len(world.notices(channel)) == 1
    assert len(await direct_notices(world)) == 1


@pytest.mark.parametrize("failure", [REFUSED, MIGRATION], ids=["until somebody acts", "until a time"])
async def test_a_refused_lookup_blocks_no_channel_and_the_message_is_looked_up_again(
    failure: Failure, sqlite_store: Store
) -> None:
    world, channel, _ = await watching(sqlite_store, platform=Platform.DISCORD)
    await world.take(huawei())
    world.messenger.post_failures.append(Failure(stored=True))
    world.messenger.find_failures.extend([failure] * 2)

    for _ in range(3):
        await world.post(after=HOUR)
        assert (await stored(world, channel)).state is ChannelState.ACTIVE
    await world.post(after=HOUR)

    assert len(world.alerts(channel)) == 1
    assert world.messenger.calls == ["post", "find", "find", "find"]


@pytest.mark.parametrize("kind", [RefusalKind.UNTIL_ACTION, RefusalKind.FOR_EVER])
async def test_a_notice_about_another_channel_that_fails_ends_alone(kind: RefusalKind, sqlite_store: Store) -> None:
    world = World(sqlite_store)
    channel = await world.channel()
    async with sqlite_store.begin() as tx:
        about, _ = await tx.deliveries.enqueue(
            NewDelivery(
                channel_id=channel.id,
                kind=DeliveryKind.NOTICE,
                subject=f"{ABOUT_ANOTHER}7:now",
                due_at=world.now,
                body={"type": "notice", "text": "I can't post in #other."},
            ),
            world.now,
        )
    await world.notice(channel, "own")
    world.messenger.post_failures.append(Failure(kind=kind))

    await world.post()

    assert (await world.delivery(about.id)).state is DeliveryState.DEAD
    assert world.notices(channel) == ["own"]
