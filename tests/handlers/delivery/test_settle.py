"""A failed delivery is retried in order, or ends with its reason."""

from datetime import timedelta

import pytest

from handlers.answers.answer import Alert, Notice
from handlers.delivery.retry import GIVE_UP_AGE
from handlers.ports import Rendering
from handlers.rules.refusals import RefusalKind, Scope
from storage.deliveries import NewDelivery
from storage.records import DeliveryKind, DeliveryState, Platform
from storage.store import Store
from tests.support.fakes import Failure
from tests.support.world import World, copied, flood, huawei, huawei_elsewhere, watching

LONG = timedelta(hours=1)


async def test_a_temporary_refusal_is_retried_no_sooner_than_the_platform_allows(sqlite_store: Store) -> None:
    world, channel, _ = await watching(sqlite_store)
    (arrived,) = await world.take(huawei())
    world.messenger.post_failures.append(Failure(kind=RefusalKind.UNTIL_TIME, retry_after=timedelta(minutes=7)))

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


@pytest.mark.parametrize("scope", [Scope.MESSAGE, Scope.CHANNEL])
async def test_an_edit_that_waits_does_not_hold_back_new_messages(scope: Scope, sqlite_store: Store) -> None:
    world, channel, _ = await watching(sqlite_store)
    await world.take(huawei())
    await world.post()
    await world.take(huawei_elsewhere())
    world.messenger.edit_failures.append(Failure(kind=RefusalKind.UNTIL_TIME, retry_after=LONG, scope=scope))
    await world.post(after=timedelta(seconds=30))

    await world.notice(channel)
    await world.post(after=timedelta(minutes=1))
    early = world.notices(channel)
    await world.post(after=LONG)
    await world.post(after=LONG)

    assert early == world.notices(channel) == ["Hello"]
    assert len(world.alerts(channel)[0].more) == 1


async def test_a_retry_blocks_newer_messages_of_its_own_channel_only(sqlite_store: Store) -> None:
    world = World(sqlite_store)
    channel, other = await world.channel("intel"), await world.channel("other")
    for text in ("first", "second"):
        await world.notice(channel, text)
    await world.notice(other, "elsewhere")
    world.messenger.channel_failures["intel"] = Failure(kind=RefusalKind.UNTIL_TIME)

    await world.post()
    before = world.notices(channel), world.notices(other)
    world.messenger.channel_failures.clear()
    await world.post(after=LONG)

    assert before == ([], ["elsewhere"])
    assert world.notices(channel) == ["first", "second"]


async def test_a_permanent_refusal_ends_the_delivery_with_its_reason_and_the_next_one_is_posted(
    sqlite_store: Store,
) -> None:
    world = World(sqlite_store)
    channel = await world.channel()
    refused = await world.notice(channel, "too long")
    await world.notice(channel, "fine")
    world.messenger.post_failures.append(Failure(kind=RefusalKind.THIS_MESSAGE, message="msg_blocks_too_long"))

    await world.post()

    ended = await world.delivery(refused.id)
    assert (ended.state, ended.reason) == (DeliveryState.DEAD, "msg_blocks_too_long")
    assert world.notices(channel) == ["fine"]
    assert (await world.ledger()).agrees


async def test_an_uncertain_delivery_is_given_up_only_after_two_days_and_twelve_attempts(sqlite_store: Store) -> None:
    world, channel, _ = await watching(sqlite_store)
    (arrived,) = await world.take(huawei())
    world.messenger.channel_failures[channel.external_id] = Failure()

    await world.post()
    await world.post(after=GIVE_UP_AGE * 3)
    (after_long_downtime,) = await world.deliveries(arrived.story_id)
    for _ in range(12):
        await world.post(after=LONG)
    world.messenger.channel_failures.clear()
    await world.post(after=LONG)

    assert after_long_downtime.state is DeliveryState.UNKNOWN
    (ended,) = await world.deliveries(arrived.story_id)
    assert ended.state is DeliveryState.DEAD
    assert str(ended.reason).startswith("Gave up after 12 attempts")
    (notice,) = world.notices(channel)
    assert notice.startswith("An alert for this channel may not have been posted: Gave up")


async def test_a_message_that_the_platform_asks_to_send_later_is_kept_for_days(sqlite_store: Store) -> None:
    world = World(sqlite_store)
    channel = await world.channel()
    await world.notice(channel)
    world.messenger.channel_failures[channel.external_id] = Failure(kind=RefusalKind.UNTIL_TIME)

    for _ in range(20):
        await world.post(after=GIVE_UP_AGE / 4)
    world.messenger.channel_failures.clear()
    await world.post(after=LONG)

    assert world.notices(channel) == ["Hello"]


@pytest.mark.parametrize(
    ("refusals", "shown"),
    [(1, Rendering.WITHOUT_PICTURES), (2, Rendering.PLAIN_TEXT), (3, None)],
    ids=["its picture", "its layout", "all of it"],
)
async def test_an_alert_whose_content_is_refused_is_sent_in_a_simpler_form_or_reported(
    refusals: int, shown: Rendering | None, sqlite_store: Store
) -> None:
    world, channel, _ = await watching(sqlite_store)
    await world.take(huawei())
    refusal = Failure(kind=RefusalKind.THIS_MESSAGE, of_content=True, message="Slack refused its layout")
    world.messenger.post_failures.extend([refusal] * refusals)

    await world.post()

    (message,) = world.messages(channel)
    if shown is not None:
        assert (message.rendering, isinstance(message.post, Alert)) == (shown, True)
    else:
        assert world.notices(channel) == [
            "An alert for this channel could not be posted: Slack refused its layout. /digest now shows what is new."
        ]


async def test_a_failing_note_never_holds_back_a_new_alert_but_newer_notes_of_its_alert(sqlite_store: Store) -> None:
    world, channel, _ = await watching(sqlite_store)
    await world.take(huawei())
    await world.post()
    await world.take(huawei_elsewhere())
    world.messenger.post_failures.append(Failure(kind=RefusalKind.UNTIL_TIME, retry_after=timedelta(minutes=5)))
    await world.post(after=timedelta(seconds=1))

    await world.take(flood(title="Huawei helps where the Ahr flooded Altenahr"))
    await world.post(after=timedelta(seconds=1))
    early = len(world.alerts(channel)), len(world.notes(channel))
    await world.post(after=timedelta(minutes=5))

    assert early == (2, 0)
    assert len(world.notes(channel)) == 1


async def test_a_deleted_message_is_neither_edited_nor_posted_again(sqlite_store: Store) -> None:
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


async def test_an_alert_whose_articles_were_deleted_ends_without_a_report(sqlite_store: Store) -> None:
    world = World(sqlite_store)
    channel = await world.channel()
    new = NewDelivery(channel_id=channel.id, kind=DeliveryKind.ALERT, subject="99", due_at=world.now)
    async with sqlite_store.begin() as tx:
        alert, _ = await tx.deliveries.enqueue(new, world.now)

    await world.post()

    assert (await world.delivery(alert.id)).state is DeliveryState.DEAD
    assert world.messages(channel) == []


async def test_the_subscriber_hears_of_a_lost_alert_if_even_the_report_is_refused(sqlite_store: Store) -> None:
    world, channel, _ = await watching(sqlite_store, platform=Platform.DISCORD)
    await world.take(huawei())
    refusal = Failure(kind=RefusalKind.THIS_MESSAGE, of_content=True, message="moderation blocked it")
    world.messenger.post_failures.extend([refusal] * 6)

    for _ in range(3):
        await world.post(after=timedelta(seconds=5))

    assert world.messages(channel) == []
    (message,) = world.messenger.in_channel("@U1")
    assert isinstance(message.post, Notice)
    assert message.post.text == "A message for #intel could not be posted: moderation blocked it."
