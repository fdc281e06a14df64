"""A workspace that removes the bot is closed at once, restored if it returns in time, and otherwise deleted."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from handlers.workspaces.uninstall import GRACE, delete_departed
from storage.records import ChannelState, DeliveryState, OutcomeState, Platform, SourceState
from storage.store import Store, Tx
from storage.tables import metadata
from tests.support.newsroom import Newsroom

DAY = timedelta(days=1)
REASON = "the app was uninstalled"


@pytest.fixture
async def room(sqlite_store: Store) -> Newsroom:
    return await _two_workspaces(sqlite_store)


@pytest.fixture
async def either_room(store: Store) -> Newsroom:
    return await _two_workspaces(store)


async def _two_workspaces(store: Store) -> Newsroom:
    """Set up acme and rival, which have a row of every kind. The tests remove the bot from rival."""
    room = await Newsroom(store).open()
    for name in ("acme", "rival"):
        home = await room.workspace(name)
        await room.channel("C1", name)
        await room.channel("C2", name)
        await room.reply("/subscribe huawei", workspace=name)
        await room.reply("/subscribe 5g daily", workspace=name, channel="C2")
        await room.reply(f"/topics add ours = lyon OR {name}", workspace=name)
        await room.reply("/subscribe ours", workspace=name, channel="C2")
        await room.source(f"https://{name}.example/feed", workspace_id=home.id)
    shared = await room.add_article("Huawei opens a 5G plant in Lyon", "Huawei said so on Monday in Lyon.")
    for name in ("acme", "rival"):
        home = await room.workspace(name)
        private = await room.add_article(
            f"{name} and Huawei sign a contract",
            f"The {name} contract with Huawei was signed in Oslo.",
            workspace_id=home.id,
            source_url=f"https://{name}.example/feed",
            url=f"https://{name}.example/1",
        )
        for story in (shared.story_id, private.story_id):
            for click in (f"follow:{story}:digest", f"irrelevant:{story}", f"mute:story:{story}", f"claim:{story}"):
                await room.click(click, workspace=name)
        await room.reply("/brief huawei", workspace=name)
        await room.commands.home(room.request(workspace=name))
    return room


async def test_a_workspace_that_the_platform_no_longer_lists_is_closed(room: Newsroom) -> None:
    async def count() -> int:
        return await room.commands.close_absent_workspaces(Platform.DISCORD, {"acme", "unknown"}, REASON, room.now)

    assert [await count(), await count()] == [1, 0]
    async with room.store.read() as tx:
        gone = {workspace.external_id: workspace.gone_reason for workspace in await tx.workspaces.all()}
    assert (gone["acme"], gone["rival"]) == (None, REASON)


async def _remove_bot(room: Newsroom) -> int:
    return await room.commands.workspace_gone(Platform.DISCORD, "rival", REASON, room.now)


async def _rows(tx: Tx) -> dict[str, int]:
    return {
        table.name: (await tx.connection.execute(select(func.count()).select_from(table))).scalar_one()
        for table in metadata.sorted_tables
        if table.name != "meta"
    }


async def _seen_by_acme(room: Newsroom) -> str:
    lines = (
        "/subscriptions",
        "/topics list",
        "/sources list",
        "/brief huawei",
        "/find lyon OR contract",
        "/digest now",
    )
    said = [await room.ask(line) for line in lines]
    return repr([said, await room.commands.home(room.request())])


async def test_removing_the_bot_closes_the_channels_and_stops_polling_at_once(either_room: Newsroom) -> None:
    room = either_room
    assert await _remove_bot(room) == 3
    assert await _remove_bot(room) == 0

    home = await room.workspace("rival")
    arrived = await room.add_article("Huawei fined in Sweden")
    async with room.store.read() as tx:
        assert {channel.state for channel in await tx.channels.of(home.id)} == {ChannelState.GONE}
        own = [source for source in await tx.sources.visible(home.id) if source.workspace_id == home.id]
        assert all(source.next_poll_at is None for source in own)
        counts = await tx.deliveries.counts(workspace_id=home.id)
    assert {state for state, count in counts.items() if count} == {DeliveryState.DEAD}
    assert arrived.deliveries == 1  # to acme


@pytest.mark.parametrize("how", ["greeting", "command"])
async def test_a_workspace_that_returns_in_time_is_restored(room: Newsroom, how: str) -> None:
    home = await room.workspace("rival")
    await room.commands.channel_gone(Platform.DISCORD, "rival", "C2", "10003", room.now)
    await _remove_bot(room)
    room.later(GRACE - DAY)

    if how == "greeting":
        await room.commands.greet(Platform.DISCORD, "rival", "Rival", "C1", "general", room.now)
    else:
        await room.reply("/news", workspace="rival")
    room.later(2 * GRACE)

    assert await delete_departed(room.store, room.now) == 0
    async with room.store.read() as tx:
        states = {channel.external_id: channel.state for channel in await tx.channels.of(home.id)}
        open_channel = await tx.channels.find(home.id, "C1")
        assert open_channel is not None
        (subscription,) = await tx.subscriptions.of_channel(open_channel.id)
        sources = [source for source in await tx.sources.visible(home.id) if source.workspace_id == home.id]
    assert states == {"C1": ChannelState.ACTIVE, "C2": ChannelState.GONE, "@U1": ChannelState.ACTIVE}
    assert subscription.paused_reason is None
    assert [(source.state, source.next_poll_at is None) for source in sources] == [(SourceState.ACTIVE, False)]


async def test_a_late_command_does_not_restore_a_workspace_but_adding_the_bot_again_does(room: Newsroom) -> None:
    await _remove_bot(room)
    room.later(timedelta(seconds=5))

    await room.reply("/news", workspace="rival")
    home = await room.workspace("rival")
    assert home.gone_at is not None
    await room.commands.greet(Platform.DISCORD, "rival", "Rival", "C1", "general", room.now)

    home = await room.workspace("rival")
    assert home.gone_at is None


async def test_after_the_grace_period_all_data_of_the_workspace_is_deleted_and_none_of_others(
    either_room: Newsroom,
) -> None:
    room = either_room
    await _remove_bot(room)
    room.later(GRACE - timedelta(minutes=1))
    assert await delete_departed(room.store, room.now) == 0
    before = await _seen_by_acme(room)
    async with room.store.read() as tx:
        rival = await tx.workspaces.find(Platform.DISCORD, "rival")
        rows = await _rows(tx)
    assert rival is not None

    assert await delete_departed(room.store, room.now + timedelta(minutes=1)) == 1
    assert await delete_departed(room.store, room.now + DAY) == 0

    assert await _seen_by_acme(room) == before
    async with room.store.read() as tx:
        left = await _rows(tx)
        assert await tx.workspaces.find(Platform.DISCORD, "rival") is None
        assert (await tx.ledger.totals()).agrees
    halves = {"workspaces", "channels", "subscriptions", "mutes", "follows", "feedback", "brief_reads", "outcomes"}
    halves |= {"reviews"}
    assert {name: left[name] * 2 for name in halves} == {name: rows[name] for name in halves}
    assert (left["articles"], left["sources"]) == (2, rows["sources"] - 1)


async def test_deleting_a_workspace_and_its_topics_does_not_stop_the_alerts_of_others(room: Newsroom) -> None:
    """The matcher in memory holds the deleted topics until its next refresh."""
    await _remove_bot(room)
    room.later(GRACE)
    await delete_departed(room.store, room.now)

    arrived = await room.add_article("Rival and Huawei meet in Lyon again", "Huawei and Rival met in Lyon on Friday.")

    channel = await room.channel("C1")
    async with room.store.read() as tx:
        outcomes = await tx.outcomes.of_channel(channel.id, since=None)
    assert arrived.state == "new" and {topic.name for topic in arrived.topics} == {"huawei", "ours"}
    assert OutcomeState.ALERT in {outcome.state for outcome in outcomes}


async def test_a_deleted_workspace_can_add_the_bot_again(room: Newsroom) -> None:
    await _remove_bot(room)
    room.later(GRACE)
    await delete_departed(room.store, room.now)

    await room.commands.greet(Platform.DISCORD, "rival", "Rival", "C1", "general", room.now)

    answer = await room.ask("/subscriptions", workspace="rival")
    assert "No subscriptions yet" in repr(answer)
