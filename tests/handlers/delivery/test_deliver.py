"""The delivery loop posts each due delivery once, in order, and stops cleanly."""

import asyncio
from datetime import timedelta

from handlers.delivery.deliver import Deliver
from storage.records import DeliveryState, Platform
from storage.store import Store
from tests.support.fakes import FakeMessenger
from tests.support.stores import migrated_store
from tests.support.world import World, flood, huawei, watching


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


async def test_slack_gets_about_one_post_per_second_in_a_channel(sqlite_store: Store) -> None:
    world = World(sqlite_store, messenger=FakeMessenger(Platform.SLACK))
    channel, other = await world.channel("intel"), await world.channel("other")
    for text in ("a", "b", "c"):
        await world.notice(channel, text)
    await world.notice(other, "elsewhere")

    await world.post()
    at_once = world.notices(channel), world.notices(other)
    wait = await world.deliver.next_due(world.now)
    await world.post(after=timedelta(seconds=1.5))

    assert at_once == (["a"], ["elsewhere"])
    assert timedelta(seconds=0.9) < wait < timedelta(seconds=1.5)
    assert world.notices(channel) == ["a", "b"]


async def test_several_posters_never_post_the_same_delivery(store: Store) -> None:
    world = World(store)
    channels = [await world.channel(f"c{number}") for number in range(4)]
    for channel in channels:
        for number in range(5):
            await world.notice(channel, f"{channel.name} {number}")
    posters = [Deliver(store, {Platform.CONSOLE: world.messenger}) for _ in range(3)]

    while sum(await asyncio.gather(*(poster.run_once(world.now) for poster in posters))):
        pass

    for channel in channels:
        assert world.notices(channel) == [f"{channel.name} {number}" for number in range(5)]
        assert len(world.messenger.messages) == 20


async def test_deliveries_of_a_platform_without_messenger_stay_pending_and_the_loop_sleeps(sqlite_store: Store) -> None:
    world, _, _ = await watching(sqlite_store, platform=Platform.DISCORD)
    (arrived,) = await world.take(huawei())
    deliver = Deliver(sqlite_store, {})

    await deliver.run_once(world.now)

    (delivery,) = await world.deliveries(arrived.story_id)
    assert delivery.state is DeliveryState.PENDING
    assert await deliver.next_due(world.now) > timedelta(seconds=20)


async def test_the_loop_posts_when_woken_and_finishes_the_post_in_progress_on_stop(sqlite_store: Store) -> None:
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


async def test_a_settled_post_and_a_claim_never_wait_for_each_other(postgres_url: str) -> None:
    async with migrated_store(postgres_url) as store:
        world = World(store)
        channel = await world.channel()
        notice = await world.notice(channel)
        world.messenger.gate = asyncio.Event()
        posting = asyncio.create_task(world.deliver.run_once(world.now))
        await world.messenger.entered.wait()

        async with store.begin() as claiming:
            await claiming.channels.lock(channel)
            world.messenger.gate.set()
            await asyncio.sleep(0.2)  # the post is settled as far as possible meanwhile
            update = f"UPDATE deliveries SET reason = 'claimed' WHERE id = {notice.id}"
            await claiming.connection.exec_driver_sql(update)

        assert await posting == 1
        assert (await world.delivery(notice.id)).state is DeliveryState.SENT
    assert world.notices(channel) == ["Hello"]
