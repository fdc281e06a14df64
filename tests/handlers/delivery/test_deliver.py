"""Whatever the platform does, each post stands there exactly once, in order, and the ledger knows how it ended."""

import asyncio
from datetime import timedelta

import pytest

from handlers.answers.answer import Alert, Digest, Notice
from handlers.answers.parts import DigestGroup, TopicMark
from handlers.answers.serialize import serialize
from handlers.delivery.deliver import LEASE, Deliver
from handlers.delivery.settle import GIVE_UP_AGE, new_key
from handlers.ports import PostFailure
from storage.records import Channel, ChannelState, Delivery, DeliveryKind, DeliveryState, Platform
from storage.store import Store
from tests.support.fakes import NOON, Failure, FakeMessenger
from tests.support.world import World, copied, draft, flood, huawei, huawei_elsewhere, watching

LATER, PERHAPS = PostFailure.LATER, PostFailure.PERHAPS
LONG = timedelta(hours=1)


async def notice(world: World, channel: Channel, text: str = "Hello") -> Delivery:
    async with world.store.begin() as tx:
        owed, _ = await tx.deliveries.enqueue(
            channel_id=channel.id,
            kind=DeliveryKind.NOTICE,
            subject=text,
            key=new_key(),
            due_at=world.now,
            now=world.now,
            body=serialize(Notice(text=text)),
        )
    return owed


async def state_of(world: World, delivery: Delivery) -> Delivery:
    async with world.store.read() as tx:
        found = await tx.deliveries.get(delivery.id)
    assert found is not None
    return found


def texts(world: World, channel: Channel) -> list[str]:
    return [one.post.text for one in world.messages(channel) if isinstance(one.post, Notice)]


async def test_an_alert_is_posted_once_and_settled(store: Store) -> None:
    world, channel, _ = await watching(store)
    (arrived,) = await world.take(huawei())

    assert await world.post() == 1
    assert await world.post() == 0

    (alert,) = world.alerts(channel)
    assert alert.headline.text == "MTS and Huawei agree to build 5G in Russia"
    (delivery,) = await world.deliveries(arrived.story_id)
    assert (delivery.state, delivery.external_ref, delivery.posted_version) == (DeliveryState.SENT, "m1", 1)
    ledger = await world.ledger()
    assert (ledger.ended.sent, ledger.agrees) == (1, True)


async def test_a_grown_story_is_edited_once_for_all_that_came_and_its_new_fact_goes_into_the_thread(
    store: Store,
) -> None:
    world, channel, _ = await watching(store)
    await world.take(huawei())
    await world.post()

    await world.take(huawei_elsewhere())
    await world.take(copied(publisher="Sample Post"))
    await world.post(after=timedelta(seconds=5))
    early = world.messenger.calls.count("edit")
    await world.post(after=timedelta(seconds=30))
    await world.post(after=LONG)

    assert early == 0
    assert world.messenger.calls.count("edit") == 1
    (alert,) = world.alerts(channel)
    assert [one.publisher for one in (alert.lead, *alert.more)] == ["Example Wire", "Daily Sample", "Sample Post"]
    assert alert.independent == 2
    assert [note.label for note in world.notes(channel)] == ["New"]


async def test_a_story_that_grew_before_it_was_posted_needs_no_edit(sqlite_store: Store) -> None:
    world, channel, _ = await watching(sqlite_store)
    await world.take(huawei(), huawei_elsewhere())

    await world.post()
    await world.post(after=LONG)

    assert world.messenger.calls == ["post", "post"]
    (alert,) = world.alerts(channel)
    assert len(alert.more) == 1


@pytest.mark.parametrize("stored", [True, False])
async def test_a_lost_answer_is_looked_up_before_anything_is_sent_again(store: Store, stored: bool) -> None:
    world, channel, _ = await watching(store)
    await world.take(huawei())
    world.messenger.post_failures.append(Failure(failure=PERHAPS, stored=stored))

    await world.post()
    await world.post(after=LONG)

    assert world.messenger.calls == (["post", "find"] if stored else ["post", "find", "post"])
    assert len(world.alerts(channel)) == 1
    assert (await world.ledger()).ended.sent == 1


async def test_while_it_cannot_be_known_whether_it_is_posted_nothing_is_sent(sqlite_store: Store) -> None:
    world, channel, _ = await watching(sqlite_store)
    await world.take(huawei())
    world.messenger.post_failures.append(Failure(failure=PERHAPS, stored=True))
    world.messenger.find_failures += [Failure(failure=LATER), Failure(failure=PERHAPS)]

    await world.post()
    await world.post(after=LONG)
    await world.post(after=LONG)
    await world.post(after=LONG)

    assert world.messenger.calls == ["post", "find", "find", "find"]
    assert len(world.alerts(channel)) == 1


async def test_an_alert_that_grew_while_its_answer_was_lost_is_found_and_edited(sqlite_store: Store) -> None:
    world, channel, _ = await watching(sqlite_store)
    await world.take(huawei())
    world.messenger.post_failures.append(Failure(failure=PERHAPS, stored=True))
    await world.post()
    await world.take(huawei_elsewhere())

    await world.post(after=LONG)

    (alert,) = world.alerts(channel)
    assert len(alert.more) == 1
    assert len(world.messages(channel)) == 1


@pytest.mark.parametrize("stored", [True, False])
async def test_a_crash_between_post_and_settle_is_reconciled(store: Store, stored: bool) -> None:
    world, channel, _ = await watching(store)
    (arrived,) = await world.take(huawei())
    # A process that claimed it and was killed, before or after the platform had it.
    async with store.begin() as tx:
        assert await tx.channels.lease(channel.id, owner="killed", now=world.now, until=world.now + LEASE)
        claimed = await tx.deliveries.claim(channel.id, now=world.now, lease=LEASE)
    assert claimed is not None
    if stored:
        async with store.read() as tx:
            await world.messenger.post(channel, Notice(text="as it was then"), key=claimed.key)

    assert await world.post() == 0
    await world.post(after=LEASE + timedelta(seconds=1))

    assert len(world.messages(channel)) == 1
    (delivery,) = await world.deliveries(arrived.story_id)
    assert delivery.state is DeliveryState.SENT


async def test_a_refusal_for_now_is_tried_again_no_sooner_than_the_platform_says(sqlite_store: Store) -> None:
    world, channel, _ = await watching(sqlite_store)
    (arrived,) = await world.take(huawei())
    world.messenger.post_failures.append(Failure(failure=LATER, retry_after=timedelta(minutes=7)))

    await world.post()
    (delivery,) = await world.deliveries(arrived.story_id)
    await world.post(after=timedelta(minutes=6))
    early = list(world.messenger.calls)
    await world.post(after=timedelta(minutes=2))

    assert delivery.state is DeliveryState.FAILED
    assert delivery.reason == "the platform says no"
    assert early == ["post"]
    assert world.messenger.calls == ["post", "post"]
    assert len(world.alerts(channel)) == 1


@pytest.mark.parametrize("only_this", [True, False])
async def test_an_edit_that_has_to_wait_alone_holds_nothing_back(only_this: bool, sqlite_store: Store) -> None:
    world, channel, _ = await watching(sqlite_store)
    await world.take(huawei())
    await world.post()
    await world.take(huawei_elsewhere())
    world.messenger.edit_failures.append(Failure(failure=LATER, retry_after=LONG, only_this=only_this))
    await world.post(after=timedelta(seconds=30))

    await notice(world, channel)
    await world.post(after=timedelta(minutes=1))
    early = texts(world, channel)
    await world.post(after=LONG)
    await world.post(after=LONG)

    assert early == (["Hello"] if only_this else [])
    assert texts(world, channel) == ["Hello"]
    assert len(world.alerts(channel)[0].more) == 1


async def test_what_waits_for_a_retry_is_not_overtaken_in_its_channel_but_holds_no_other_back(
    sqlite_store: Store,
) -> None:
    world = World(sqlite_store)
    one, other = await world.channel("one"), await world.channel("other")
    for text in ("first", "second"):
        await notice(world, one, text)
    await notice(world, other, "elsewhere")
    world.messenger.channel_failures["one"] = Failure(failure=LATER)

    await world.post()
    before = texts(world, one), texts(world, other)
    world.messenger.channel_failures.clear()
    await world.post(after=LONG)

    assert before == ([], ["elsewhere"])
    assert texts(world, one) == ["first", "second"]


async def test_what_is_refused_for_ever_is_dead_with_its_reason_and_the_next_one_goes_out(
    sqlite_store: Store,
) -> None:
    world = World(sqlite_store)
    channel = await world.channel()
    refused = await notice(world, channel, "too long")
    await notice(world, channel, "fine")
    world.messenger.post_failures.append(Failure(failure=PostFailure.REFUSED, message="msg_blocks_too_long"))

    await world.post()

    ended = await state_of(world, refused)
    assert (ended.state, ended.reason) == (DeliveryState.DEAD, "msg_blocks_too_long")
    assert texts(world, channel) == ["fine"]
    assert (await world.ledger()).agrees


async def test_it_is_given_up_only_after_days_and_many_tries(sqlite_store: Store) -> None:
    world = World(sqlite_store)
    channel = await world.channel()
    owed = await notice(world, channel)
    world.messenger.channel_failures[channel.external_id] = Failure(failure=LATER)

    await world.post(after=GIVE_UP_AGE * 3)
    after_a_long_stop = await state_of(world, owed)
    for _ in range(12):
        await world.post(after=LONG)

    assert after_a_long_stop.state is DeliveryState.FAILED
    ended = await state_of(world, owed)
    assert ended.state is DeliveryState.DEAD
    assert ended.reason == "Given up after 12 tries: the platform says no"


async def test_a_deleted_message_is_not_edited_any_more_and_nothing_is_posted_again(sqlite_store: Store) -> None:
    world, channel, _ = await watching(sqlite_store)
    await world.take(huawei())
    await world.post()
    world.messages(channel)[0].deleted = True

    await world.take(copied())
    await world.post(after=LONG)
    await world.post(after=LONG)

    assert world.messenger.calls == ["post", "edit"]
    ledger = await world.ledger()
    assert (ledger.deliveries_by_state[DeliveryState.SENT], ledger.agrees) == (1, True)


async def test_a_channel_that_is_gone_pauses_its_subscriptions_and_another_channel_hears_why_once(
    store: Store,
) -> None:
    world, channel, _ = await watching(store)
    other = await world.channel("general")
    await world.take(huawei(), flood(title="Huawei helps where the Ahr flooded Altenahr"))
    gone = Failure(failure=PostFailure.CHANNEL_GONE, message='I lack "Embed Links" there.')
    world.messenger.channel_failures[channel.external_id] = gone

    await world.post()
    await world.post(after=LONG)

    async with store.read() as tx:
        closed = await tx.channels.get(channel.id)
        (subscription,) = await tx.subscriptions.of_channel(channel.id)
    assert closed is not None
    assert (closed.state, closed.gone_reason) == (ChannelState.GONE, 'I lack "Embed Links" there.')
    assert subscription.paused_reason is not None
    assert world.messenger.calls.count("post") == 2
    (told,) = texts(world, other)
    assert told.startswith('I can\'t post in #intel: I lack "Embed Links" there.')
    ledger = await world.ledger()
    assert (ledger.deliveries_by_state[DeliveryState.DEAD], ledger.ended.dead, ledger.agrees) == (2, 2, True)
    await world.take(draft("Huawei opens a harbour office in Rotterdam"))
    assert (await world.ledger()).deliveries == ledger.deliveries


async def test_an_uninstalled_app_closes_all_channels_of_that_workspace_only(sqlite_store: Store) -> None:
    world = World(sqlite_store)
    one, two = await world.channel("one", workspace="A"), await world.channel("two", workspace="A")
    safe = await world.channel("safe", workspace="B")
    for channel in (one, two, safe):
        await notice(world, channel, f"for {channel.name}")
    for name in ("one", "two"):
        failure = Failure(failure=PostFailure.WORKSPACE_GONE, message="token_revoked")
        world.messenger.channel_failures[name] = failure

    await world.post()

    async with sqlite_store.read() as tx:
        states = [(await tx.channels.get(one.id) or one).state for one in (one, two, safe)]
        assert states == [ChannelState.GONE, ChannelState.GONE, ChannelState.ACTIVE]
    assert texts(world, safe) == ["for safe"]
    counts = (await world.ledger()).deliveries_by_state
    assert (counts[DeliveryState.DEAD], counts[DeliveryState.SENT]) == (2, 1)


async def test_slack_gets_about_one_post_a_second_in_a_channel(sqlite_store: Store) -> None:
    world = World(sqlite_store, messenger=FakeMessenger(Platform.SLACK))
    one, other = await world.channel("one"), await world.channel("other")
    for text in ("a", "b", "c"):
        await notice(world, one, text)
    await notice(world, other, "elsewhere")

    await world.post()
    at_once = texts(world, one), texts(world, other)
    wait = await world.deliver.next_due(world.now)
    await world.post(after=timedelta(seconds=1.5))

    assert at_once == (["a"], ["elsewhere"])
    assert timedelta(seconds=0.9) < wait < timedelta(seconds=1.5)
    assert texts(world, one) == ["a", "b"]


def long_digest(groups: int) -> Digest:
    return Digest(
        day=NOON.date(),
        late=False,
        stories=groups,
        articles=groups,
        groups=tuple(
            DigestGroup(topic=TopicMark(title=f"Topic {number}", color="#123456"), stories=(), more=0)
            for number in range(groups)
        ),
        chart=None,
        held=(),
        next_at=None,
        time_zone="UTC",
    )


@pytest.mark.parametrize("failure", [None, Failure(failure=PERHAPS, stored=True), Failure(failure=PERHAPS)])
async def test_a_digest_too_long_for_one_message_goes_out_in_parts_in_order_each_once(
    sqlite_store: Store, failure: Failure | None
) -> None:
    world = World(sqlite_store, messenger=FakeMessenger(digest_groups=2))
    channel = await world.channel()
    async with sqlite_store.begin() as tx:
        await tx.deliveries.enqueue(
            channel_id=channel.id,
            kind=DeliveryKind.DIGEST,
            subject="2026-11-23",
            key=new_key(),
            due_at=world.now,
            now=world.now,
            body=serialize(long_digest(5)),
        )
    await notice(world, channel, "after it")
    if failure is not None:
        world.messenger.post_failures.append(failure)

    await world.post()
    await world.post(after=LONG)

    digests = [one.post for one in world.messages(channel) if isinstance(one.post, Digest)]
    assert [one.part for one in digests] == [(1, 3), (2, 3), (3, 3)]
    assert [group.topic.title for one in digests for group in one.groups] == [f"Topic {n}" for n in range(5)]


async def test_two_posters_never_post_the_same(store: Store) -> None:
    world = World(store)
    channels = [await world.channel(f"c{number}") for number in range(4)]
    for channel in channels:
        for number in range(5):
            await notice(world, channel, f"{channel.name} {number}")
    others = [Deliver(store, {Platform.CONSOLE: world.messenger}) for _ in range(3)]

    while sum(await asyncio.gather(*(other.once(world.now) for other in others))):
        pass

    for channel in channels:
        assert texts(world, channel) == [f"{channel.name} {number}" for number in range(5)]
        assert len(world.messenger.messages) == 20


async def test_a_frozen_post_that_cannot_be_read_is_dead_and_holds_nothing_back(sqlite_store: Store) -> None:
    world = World(sqlite_store)
    channel = await world.channel()
    broken = await notice(world, channel, "broken")
    await notice(world, channel, "fine")
    async with sqlite_store.begin() as tx:
        await tx.deliveries.set_body(broken.id, {"type": "telegram"})

    await world.post()

    assert (await state_of(world, broken)).state is DeliveryState.DEAD
    assert texts(world, channel) == ["fine"]


async def test_a_platform_that_is_not_set_up_keeps_its_deliveries_owed_and_the_loop_quiet(sqlite_store: Store) -> None:
    world, _, _ = await watching(sqlite_store, platform=Platform.DISCORD)
    (arrived,) = await world.take(huawei())
    without = Deliver(sqlite_store, {})

    await without.once(world.now)

    (delivery,) = await world.deliveries(arrived.story_id)
    assert delivery.state is DeliveryState.PENDING
    assert await without.next_due(world.now) > timedelta(seconds=20)


async def test_the_loop_posts_when_woken_and_on_stop_finishes_what_is_under_way(sqlite_store: Store) -> None:
    world, channel, _ = await watching(sqlite_store)
    stop, woken = asyncio.Event(), asyncio.Event()
    world.messenger.gate = asyncio.Event()
    async with asyncio.timeout(5), asyncio.TaskGroup() as group:
        loop = group.create_task(world.deliver.run(clock=world.clock, stop=stop, woken=woken))
        await asyncio.sleep(0)
        await world.take(huawei(), flood(title="Huawei helps where the Ahr flooded Altenahr"))
        woken.set()
        await world.messenger.entered.wait()

        stop.set()
        await asyncio.sleep(0.05)
        assert not loop.done()
        world.messenger.gate.set()

    assert len(world.alerts(channel)) == 1
    counts = (await world.ledger()).deliveries_by_state
    assert (counts[DeliveryState.SENT], counts[DeliveryState.PENDING], counts[DeliveryState.SENDING]) == (1, 1, 0)


async def test_a_platform_that_never_answers_counts_as_perhaps(sqlite_store: Store) -> None:
    world, channel, _ = await watching(sqlite_store)
    await world.take(huawei())
    world.messenger.gate = asyncio.Event()
    hasty = Deliver(sqlite_store, {Platform.CONSOLE: world.messenger}, patience=timedelta(milliseconds=20))

    await hasty.once(world.now)
    world.messenger.gate.set()
    await world.post(after=LONG)

    assert world.messenger.calls == ["post", "find", "post"]
    (alert,) = world.alerts(channel)
    assert isinstance(alert, Alert)
