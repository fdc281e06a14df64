"""A channel is shown by its name, and the direct messages of a person by the person's name."""

from dataclasses import replace
from datetime import datetime

from storage.store import Store
from tests.support.stores import make_channel


async def test_a_channel_and_direct_messages_have_a_label(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        channel = await make_channel(tx, now, "intel")

    assert (channel.label, channel.person) == ("#intel", None)
    assert replace(channel, name="#intel").label == "#intel"
    direct = replace(channel, external_id="@U1", name="@Ann")
    assert (direct.label, direct.person) == ("@Ann", "U1")
