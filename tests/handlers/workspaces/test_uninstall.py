"""A workspace that removes us: closed at once, as it was when it comes back in time, and later gone without a trace."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from handlers.workspaces.uninstall import GRACE, remove_left
from storage.records import ChannelState, DeliveryState, OutcomeState, Platform, SourceState
from storage.store import Store, Tx
from storage.tables import metadata
from tests.support.newsroom import Newsroom

DAY = timedelta(days=1)
REASON = "the app was uninstalled"


@pytest.fixture
async def room(sqlite_store: Store) -> Newsroom:
    return await _settle(sqlite_store)


@pytest.fixture
async def either_room(store: Store) -> Newsroom:
    return await _settle(store)


async def _settle(store: Store) -> Newsroom:
    """Two workspaces that have one of everything: acme, and rival, which will leave."""
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
            for press in (f"follow:{story}:digest", f"irrelevant:{story}", f"mute:story:{story}"):
                await room.click(press, workspace=name)
        await room.reply("/brief huawei", workspace=name)
    return room


async def test_workspaces_that_the_platform_no_longer_names_have_left(room: Newsroom) -> None:
    async def count() -> int:
        return await room.commands.close_absent_workspaces(Platform.DISCORD, {"acme", "unknown"}, REASON, room.now)

    assert [await count(), await count()] == [1, 0]
    async with room.store.read() as tx:
        gone = {one.external_id: one.gone_reason for one in await tx.workspaces.all()}
    assert (gone["acme"], gone["rival"]) == (None, REASON)


async def _leaves(room: Newsroom) -> int:
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


async def test_it_is_closed_and_rests_at_once(
    either_room: Newsroom,
) -> None:
    room = either_room
    assert await _leaves(room) == 3
    assert await _leaves(room) == 0

    home = await room.workspace("rival")
    arrived = await room.add_article("Huawei fined in Sweden")
    async with room.store.read() as tx:
        assert {one.state for one in await tx.channels.of(home.id)} == {ChannelState.GONE}
        assert all(one.next_poll_at is None for one in await tx.sources.visible(home.id) if one.workspace_id == home.id)
        counts = await tx.deliveries.counts(workspace_id=home.id)
    assert {state for state, count in counts.items() if count} == {DeliveryState.DEAD}
    assert arrived.deliveries == 1  # acme's


@pytest.mark.parametrize("how", ["greeting", "command"])
async def test_it_comes_back_as_it_was(room: Newsroom, how: str) -> None:
    home = await room.workspace("rival")
    await room.commands.channel_gone(Platform.DISCORD, "rival", "C2", "it was deleted", room.now)
    await _leaves(room)
    room.later(GRACE - DAY)

    if how == "greeting":
        await room.commands.greet(Platform.DISCORD, "rival", "Rival", "C1", "general", room.now)
    else:
        await room.reply("/news", workspace="rival")
    room.later(2 * GRACE)

    assert await remove_left(room.store, room.now) == 0
    async with room.store.read() as tx:
        states = {one.external_id: one.state for one in await tx.channels.of(home.id)}
        open_channel = await tx.channels.find(home.id, "C1")
        assert open_channel is not None
        (held,) = await tx.subscriptions.of_channel(open_channel.id)
        sources = [one for one in await tx.sources.visible(home.id) if one.workspace_id == home.id]
    assert states == {"C1": ChannelState.ACTIVE, "C2": ChannelState.GONE, "@U1": ChannelState.ACTIVE}
    assert held.paused_reason is None
    assert [(one.state, one.next_poll_at is None) for one in sources] == [(SourceState.ACTIVE, False)]


async def test_a_command_that_was_under_way_does_not_bring_it_back_but_being_added_again_does(room: Newsroom) -> None:
    await _leaves(room)
    room.later(timedelta(seconds=5))

    await room.reply("/news", workspace="rival")
    home = await room.workspace("rival")
    assert home.gone_at is not None
    await room.commands.greet(Platform.DISCORD, "rival", "Rival", "C1", "general", room.now)

    home = await room.workspace("rival")
    assert home.gone_at is None


async def test_after_the_time_of_grace_nothing_of_it_is_left_and_nothing_of_others_is_missing(
    either_room: Newsroom,
) -> None:
    room = either_room
    await _leaves(room)
    room.later(GRACE - timedelta(minutes=1))
    assert await remove_left(room.store, room.now) == 0
    before = await _seen_by_acme(room)
    async with room.store.read() as tx:
        rival = await tx.workspaces.find(Platform.DISCORD, "rival")
        rows = await _rows(tx)
    assert rival is not None

    assert await remove_left(room.store, room.now + timedelta(minutes=1)) == 1
    assert await remove_left(room.store, room.now + DAY) == 0

    assert await _seen_by_acme(room) == before
    async with room.store.read() as tx:
        left = await _rows(tx)
        assert await tx.workspaces.find(Platform.DISCORD, "rival") is None
        assert (await tx.ledger.totals()).agrees
    halves = {"workspaces", "channels", "subscriptions", "mutes", "follows", "feedback", "brief_reads", "outcomes"}
    assert {name: left[name] * 2 for name in halves} == {name: rows[name] for name in halves}
    assert (left["articles"], left["sources"]) == (2, rows["sources"] - 1)


async def test_news_goes_on_for_the_others_though_the_topics_of_one_are_gone(room: Newsroom) -> None:
    """The matcher in memory still knows them until it is told."""
    await _leaves(room)
    room.later(GRACE)
    await remove_left(room.store, room.now)

    arrived = await room.add_article("Rival and Huawei meet in Lyon again", "Huawei and Rival met in Lyon on Friday.")

    channel = await room.channel("C1")
    async with room.store.read() as tx:
        outcomes = await tx.outcomes.of_channel(channel.id, since=None)
    assert arrived.state == "new" and {topic.name for topic in arrived.topics} == {"huawei", "ours"}
    assert OutcomeState.ALERT in {one.state for one in outcomes}


async def test_it_may_begin_anew_after_that(room: Newsroom) -> None:
    await _leaves(room)
    room.later(GRACE)
    await remove_left(room.store, room.now)

    await room.commands.greet(Platform.DISCORD, "rival", "Rival", "C1", "general", room.now)

    answer = await room.ask("/subscriptions", workspace="rival")
    assert "No subscriptions yet" in repr(answer)
