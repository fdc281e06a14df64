"""A channel that the platform renames or gives another id stays the same channel."""

from handlers.answers.answer import Listing
from handlers.workspaces.channel_changes import ChangedChannel, change_channel
from storage.records import Platform
from storage.store import Store
from tests.support.newsroom import Newsroom


async def test_subscriptions_follow_a_channel_to_its_new_id_and_name(sqlite_store: Store) -> None:
    room = await Newsroom(sqlite_store).open()
    await room.reply("/subscribe huawei")

    for _ in range(2):
        await change_channel(sqlite_store, changed(channel="C1", new_id="C7"))
    await change_channel(sqlite_store, changed(channel="C7", name="trade"))
    async with sqlite_store.read() as tx:
        channel = await tx.channels.find((await room.workspace()).id, "C7")
    answer = await room.ask("/subscriptions", channel="C7")

    assert channel is not None and channel.name == "trade"
    assert isinstance(answer, Listing) and [row.title for row in answer.rows] == ["Huawei"]


async def test_an_unknown_channel_or_workspace_is_no_error(sqlite_store: Store) -> None:
    room = await Newsroom(sqlite_store).open()
    await room.reply("/news")

    for workspace in ("acme", "nowhere"):
        await change_channel(sqlite_store, changed(workspace=workspace, channel="C8", new_id="C9", name="trade"))

    async with sqlite_store.read() as tx:
        channels = await tx.channels.of((await room.workspace()).id)
    assert [channel.external_id for channel in channels] == ["C1"]


def changed(workspace: str = "acme", **fields: str) -> ChangedChannel:
    return ChangedChannel(platform=Platform.DISCORD, workspace=workspace, **fields)
