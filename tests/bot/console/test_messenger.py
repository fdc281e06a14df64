"""The console as a platform: posting twice is harmless, and an open page misses no change."""

from datetime import timedelta

import pytest

from bot.console.messenger import ConsoleMessenger
from bot.console.render import open_templates
from bot.console.stored_post import post_of
from bot.console.timeline import PAGE, START, Follow, Timeline, by_day, new_key, read_cursor, write_cursor
from handlers.answers.answer import Notice
from handlers.ports import PostError, PostFailure
from storage.records import Channel
from storage.store import Store
from tests.support.fakes import FakeClock
from tests.support.posts import alert, note
from tests.support.stores import make_channel


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def channel(store: Store, clock: FakeClock) -> Channel:
    async with store.begin() as tx:
        return await make_channel(tx, clock())


@pytest.fixture
def messenger(store: Store, clock: FakeClock) -> ConsoleMessenger:
    return ConsoleMessenger(store, clock)


async def test_posting_a_key_twice_gives_the_same_message(
    store: Store, messenger: ConsoleMessenger, channel: Channel
) -> None:
    first = await messenger.post(channel, alert(), key="k1")
    again = await messenger.post(channel, alert(), key="k1")

    assert first == again
    async with store.read() as tx:
        assert len(await tx.console.history(channel.id, limit=9)) == 1


async def test_a_message_is_found_by_its_key(messenger: ConsoleMessenger, channel: Channel, clock: FakeClock) -> None:
    ref = await messenger.post(channel, alert(), key="k1")

    assert await messenger.find(channel, "k1", since=clock()) == ref
    assert await messenger.find(channel, "k2", since=clock()) is None


async def test_an_edited_message_says_the_new_words(
    store: Store, messenger: ConsoleMessenger, channel: Channel
) -> None:
    ref = await messenger.post(channel, alert(), key="k1")

    for _ in range(2):
        await messenger.edit(channel, ref, alert("Another headline"))

    async with store.read() as tx:
        (message,) = await tx.console.history(channel.id, limit=9)
    assert post_of(message.body) == alert("Another headline")


async def test_a_note_stands_in_the_thread_of_its_alert(
    store: Store, messenger: ConsoleMessenger, channel: Channel
) -> None:
    ref = await messenger.post(channel, alert(), key="k1")
    await messenger.post(channel, note(), key="k2", thread=ref)

    async with store.read() as tx:
        assert [str(message.id) for message in await tx.console.history(channel.id, limit=9)] == [ref]
        assert [post_of(reply.body) for reply in await tx.console.thread(int(ref))] == [note()]


async def test_a_channel_that_is_not_there_is_gone(store: Store, messenger: ConsoleMessenger, channel: Channel) -> None:
    async with store.begin() as tx:
        await tx.workspaces.remove(channel.workspace_id)

    with pytest.raises(PostError) as refused:
        await messenger.post(channel, alert(), key="k1")

    assert refused.value.failure is PostFailure.CHANNEL_GONE


async def test_a_post_wakes_the_open_pages(messenger: ConsoleMessenger, channel: Channel) -> None:
    with messenger.changes.listen() as woken:
        await messenger.post(channel, alert(), key="k1")

        assert woken.is_set()
    assert messenger.changes.listeners == 0


def test_a_body_of_another_version_is_shown_as_a_notice() -> None:
    assert isinstance(post_of({"type": "hologram"}), Notice)


async def test_a_page_shows_the_newest_messages_and_where_the_earlier_ones_begin(
    store: Store, messenger: ConsoleMessenger, channel: Channel, clock: FakeClock
) -> None:
    for number in range(PAGE + 5):
        clock.advance(timedelta(hours=1))
        await messenger.post(channel, Notice(text=f"number {number}"), key=new_key())
    timeline = Timeline(open_templates())

    async with store.read() as tx:
        workspace = await tx.workspaces.get(channel.workspace_id)
        newest, earlier = await timeline.page(tx, workspace, channel)
        older, none_left = await timeline.page(tx, workspace, channel, before=earlier)

    assert [message.headline for message in newest] == [f"number {number}" for number in range(5, PAGE + 5)]
    assert [message.headline for message in older] == [f"number {number}" for number in range(5)]
    assert none_left is None
    assert [day.isoformat() for day, _ in by_day(newest)] == ["2026-11-23", "2026-11-24", "2026-11-25"]


async def test_following_gives_each_change_once_and_in_order(
    store: Store, messenger: ConsoleMessenger, channel: Channel, clock: FakeClock
) -> None:
    follow = Follow([channel.id], write_cursor(START))
    first = await messenger.post(channel, alert(), key="k1")
    clock.advance(timedelta(seconds=1))
    second = await messenger.post(channel, alert("Second"), key="k2")

    assert await changed(store, follow) == [first, second]
    assert await changed(store, follow) == []
    clock.advance(timedelta(seconds=1))
    await messenger.post(channel, note(), key="k3", thread=first)
    assert await changed(store, follow) == [first]
    await messenger.edit(channel, second, alert("Changed"))
    assert await changed(store, follow) == [second]


async def test_following_sees_what_was_committed_late(
    store: Store, messenger: ConsoleMessenger, channel: Channel, clock: FakeClock
) -> None:
    follow = Follow([channel.id], write_cursor(clock()))
    early = clock()
    clock.advance(timedelta(seconds=3))
    first = await messenger.post(channel, alert(), key="k1")
    assert await changed(store, follow) == [first]

    clock.now = early
    late = await messenger.post(channel, alert("Late"), key="k2")

    assert await changed(store, follow) == [late]


async def test_following_goes_on_where_another_page_stood(
    store: Store, messenger: ConsoleMessenger, channel: Channel, clock: FakeClock
) -> None:
    await messenger.post(channel, alert(), key="k1")
    follow = Follow([channel.id], write_cursor(START))
    async with store.read() as tx:
        (change,) = await follow.changes(tx)
    clock.advance(timedelta(minutes=1))
    missed = await messenger.post(channel, alert("Missed"), key="k2")

    resumed = Follow([channel.id], change.cursor)

    assert missed in await changed(store, resumed)


@pytest.mark.parametrize("text", ["", "x", "nan", "inf", "1e400", "-1e30"])
def test_a_cursor_that_is_none_is_the_beginning(text: str) -> None:
    assert read_cursor(text) == START


async def changed(store: Store, follow: Follow) -> list[str]:
    async with store.read() as tx:
        return [str(change.message_id) for change in await follow.changes(tx)]
