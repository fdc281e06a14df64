"""A channel to which the platform refuses to post for now."""

from datetime import timedelta

from handlers.delivery.recheck import ChannelAccess
from handlers.rules.refusals import RefusalKind
from storage.records import Channel, Platform
from storage.store import Store
from tests.support.fakes import Failure
from tests.support.world import World, huawei, watching

HOUR = timedelta(hours=1, seconds=30)
REFUSED = Failure(kind=RefusalKind.UNTIL_ACTION, message="I am not a member.")


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
