"""An attempt never posts a message twice, whatever the platform answers."""

import asyncio
from datetime import timedelta

import pytest

from handlers.answers.answer import Alert, Digest, Notice
from handlers.answers.parts import DigestGroup, TopicMark
from handlers.answers.serialize import serialize
from handlers.delivery.deliver import LEASE, Deliver
from handlers.rules.refusals import RefusalKind
from storage.deliveries import NewDelivery
from storage.records import DeliveryKind, DeliveryState, Platform
from storage.store import Store
from tests.support.fakes import NOON, Failure, FakeMessenger
from tests.support.world import World, copied, huawei, huawei_elsewhere, watching

LONG = timedelta(hours=1)


async def test_several_new_articles_cause_one_edit_and_a_new_fact_goes_into_the_thread(store: Store) -> None:
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
    assert [report.publisher for report in (alert.lead, *alert.more)] == ["Example Wire", "Daily Sample", "Sample Post"]
    assert alert.independent == 2
    assert [note.label for note in world.notes(channel)] == ["New"]


async def test_a_story_that_grows_before_its_alert_is_posted_needs_no_edit(sqlite_store: Store) -> None:
    world, channel, _ = await watching(sqlite_store)
    await world.take(huawei(), huawei_elsewhere())

    await world.post()
    await world.post(after=LONG)

    assert world.messenger.calls == ["post", "post"]
    (alert,) = world.alerts(channel)
    assert len(alert.more) == 1


@pytest.mark.parametrize("stored", [True, False])
async def test_after_a_lost_answer_the_message_is_looked_up_before_it_is_posted_again(
    store: Store, stored: bool
) -> None:
    world, channel, _ = await watching(store)
    await world.take(huawei())
    world.messenger.post_failures.append(Failure(stored=stored))

    await world.post()
    await world.post(after=LONG)

    assert world.messenger.calls == (["post", "find"] if stored else ["post", "find", "post"])
    assert len(world.alerts(channel)) == 1
    assert (await world.ledger()).ended.sent == 1


async def test_nothing_is_posted_while_the_lookup_of_a_message_fails(sqlite_store: Store) -> None:
    world, channel, _ = await watching(sqlite_store)
    await world.take(huawei())
    world.messenger.post_failures.append(Failure(stored=True))
    world.messenger.find_failures += [Failure(kind=RefusalKind.UNTIL_TIME), Failure()]

    await world.post()
    await world.post(after=LONG)
    await world.post(after=LONG)
    await world.post(after=LONG)

    assert world.messenger.calls == ["post", "find", "find", "find"]
    assert len(world.alerts(channel)) == 1


async def test_an_alert_whose_story_grew_after_a_lost_answer_is_found_and_edited(sqlite_store: Store) -> None:
    world, channel, _ = await watching(sqlite_store)
    await world.take(huawei())
    world.messenger.post_failures.append(Failure(stored=True))
    await world.post()
    await world.take(huawei_elsewhere())

    await world.post(after=LONG)

    (alert,) = world.alerts(channel)
    assert len(alert.more) == 1
    assert len(world.messages(channel)) == 1


@pytest.mark.parametrize("stored", [True, False])
async def test_after_a_crash_between_post_and_settle_the_message_exists_once(store: Store, stored: bool) -> None:
    world, channel, _ = await watching(store)
    (arrived,) = await world.take(huawei())
    # A process claimed the delivery and was killed before or after the platform stored the message.
    async with store.begin() as tx:
        assert await tx.channels.lease(channel.id, owner="killed", now=world.now, until=world.now + LEASE)
        claimed = await tx.deliveries.claim(channel.id, now=world.now, lease=LEASE)
    assert claimed is not None
    if stored:
        async with store.read() as tx:
            await world.messenger.post(channel, Notice(text="from the killed process"), key=claimed.key)

    assert await world.post() == 0
    await world.post(after=LEASE + timedelta(seconds=1))

    assert len(world.messages(channel)) == 1
    (delivery,) = await world.deliveries(arrived.story_id)
    assert delivery.state is DeliveryState.SENT


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


@pytest.mark.parametrize("failure", [None, Failure(stored=True), Failure()])
async def test_a_digest_too_long_for_one_message_is_posted_in_ordered_parts_each_once(
    sqlite_store: Store, failure: Failure | None
) -> None:
    world = World(sqlite_store, messenger=FakeMessenger(digest_groups=2))
    channel = await world.channel()
    async with sqlite_store.begin() as tx:
        await tx.deliveries.enqueue(
            NewDelivery(
                channel_id=channel.id,
                kind=DeliveryKind.DIGEST,
                subject="2026-11-23",
                due_at=world.now,
                body=serialize(long_digest(5)),
            ),
            world.now,
        )
    await world.notice(channel, "after it")
    if failure is not None:
        world.messenger.post_failures.append(failure)

    await world.post()
    await world.post(after=LONG)

    digests = [message.post for message in world.messages(channel) if isinstance(message.post, Digest)]
    assert [digest.part for digest in digests] == [(1, 3), (2, 3), (3, 3)]
    assert [group.topic.title for digest in digests for group in digest.groups] == [f"Topic {n}" for n in range(5)]


async def test_a_stored_post_that_cannot_be_deserialized_is_dead_and_blocks_nothing(sqlite_store: Store) -> None:
    world = World(sqlite_store)
    channel = await world.channel()
    broken = await world.notice(channel, "broken")
    await world.notice(channel, "fine")
    async with sqlite_store.begin() as tx:
        await tx.deliveries.set_body(broken.id, {"type": "telegram"})

    await world.post()

    assert (await world.delivery(broken.id)).state is DeliveryState.DEAD
    assert world.notices(channel) == ["fine"]


async def test_a_message_is_looked_up_after_the_platform_did_not_answer_in_time(sqlite_store: Store) -> None:
    world, channel, _ = await watching(sqlite_store)
    await world.take(huawei())
    world.messenger.gate = asyncio.Event()
    deliver = Deliver(sqlite_store, {Platform.CONSOLE: world.messenger}, call_timeout=timedelta(milliseconds=20))

    await deliver.run_once(world.now)
    world.messenger.gate.set()
    await world.post(after=LONG)

    assert world.messenger.calls == ["post", "find", "post"]
    (alert,) = world.alerts(channel)
    assert isinstance(alert, Alert)
