"""A channel or workspace that the platform closed receives nothing more."""

from datetime import timedelta

from handlers.answers.answer import Notice
from handlers.rules.refusals import RefusalKind, Scope
from storage.records import ChannelState, DeliveryState, Platform
from storage.store import Store
from tests.support.fakes import Failure
from tests.support.world import World, draft, flood, huawei, watching


async def test_a_closed_channel_pauses_its_subscriptions_and_the_subscriber_hears_by_direct_message(
    store: Store,
) -> None:
    world, channel, _ = await watching(store, platform=Platform.DISCORD)
    other = await world.channel("general")
    await world.take(huawei(), flood(title="Huawei helps where the Ahr flooded Altenahr"))
    gone = Failure(kind=RefusalKind.FOR_EVER, message="it was deleted.")
    world.messenger.channel_failures[channel.external_id] = gone

    await world.post()
    await world.post(after=timedelta(hours=1))

    async with store.read() as tx:
        closed = await tx.channels.get(channel.id)
        (subscription,) = await tx.subscriptions.of_channel(channel.id)
    assert closed is not None
    assert (closed.state, closed.gone_reason) == (ChannelState.GONE, "it was deleted")
    assert subscription.paused_reason is not None
    assert world.notices(other) == []
    (message,) = world.messenger.in_channel("@U1")
    assert isinstance(message.post, Notice)
    assert message.post.text.startswith("I can't post in #intel any more: it was deleted.")
    ledger = await world.ledger()
    assert (ledger.deliveries_by_state[DeliveryState.DEAD], ledger.ended.dead, ledger.agrees) == (2, 2, True)
    await world.take(draft("Huawei opens a harbour office in Rotterdam"))
    assert (await world.ledger()).deliveries == ledger.deliveries


async def test_uninstalling_the_app_closes_the_channels_of_that_workspace_only(sqlite_store: Store) -> None:
    world = World(sqlite_store)
    first, second = await world.channel("one", workspace="A"), await world.channel("two", workspace="A")
    safe = await world.channel("safe", workspace="B")
    for channel in (first, second, safe):
        await world.notice(channel, f"for {channel.name}")
    for name in ("one", "two"):
        failure = Failure(kind=RefusalKind.FOR_EVER, scope=Scope.WORKSPACE, message="token_revoked")
        world.messenger.channel_failures[name] = failure

    await world.post()

    async with sqlite_store.read() as tx:
        states = [(await tx.channels.get(channel.id) or channel).state for channel in (first, second, safe)]
        assert states == [ChannelState.GONE, ChannelState.GONE, ChannelState.ACTIVE]
    assert world.notices(safe) == ["for safe"]
    counts = (await world.ledger()).deliveries_by_state
    assert (counts[DeliveryState.DEAD], counts[DeliveryState.SENT]) == (2, 1)
