"""What a channel's page shows: the newest messages first loaded, and every later change exactly once."""

from datetime import timedelta

import pytest

from bot.console.messenger import ConsoleMessenger
from bot.console.render import open_templates
from bot.console.timeline import (
    PAGE_SIZE,
    START,
    ChangeTracker,
    Timeline,
    by_day,
    new_key,
    read_cursor,
    write_cursor,
)
from handlers.answers.answer import Notice
from storage.records import Channel
from storage.store import Store
from tests.support.answers import added_note
from tests.support.fakes import FakeClock
from tests.support.posts import alert, note


async def test_a_page_shows_the_newest_messages_and_links_to_the_earlier_ones(
    store: Store, messenger: ConsoleMessenger, channel: Channel, clock: FakeClock
) -> None:
    for number in range(PAGE_SIZE + 5):
        clock.advance(timedelta(hours=1))
        await messenger.post(channel, Notice(text=f"number {number}"), key=new_key())
    timeline = Timeline(open_templates())

    async with store.read() as tx:
        workspace = await tx.workspaces.get(channel.workspace_id)
        newest, earlier = await timeline.page(tx, workspace, channel)
        older, before_oldest = await timeline.page(tx, workspace, channel, before=earlier)

    assert [message.summary for message in newest] == [f"number {number}" for number in range(5, PAGE_SIZE + 5)]
    assert [message.summary for message in older] == [f"number {number}" for number in range(5)]
    assert before_oldest is None
    assert [day.isoformat() for day, _ in by_day(newest)] == ["2026-11-23", "2026-11-24", "2026-11-25"]


async def test_the_buttons_of_a_note_in_a_thread_can_be_clicked(
    store: Store, messenger: ConsoleMessenger, channel: Channel
) -> None:
    first = await messenger.post(channel, alert(), key="k1")
    await messenger.post(channel, added_note("Union calls on minister"), key="k2", thread=first)
    timeline = Timeline(open_templates())

    async with store.read() as tx:
        workspace = await tx.workspaces.get(channel.workspace_id)
        (message,), _ = await timeline.page(tx, workspace, channel)
    thread = str(timeline.message_html(message)).partition('<details class="thread"')[2]

    form, _, rest = thread.partition("</form>")
    assert f'<form method="post" action="{message.click_url}"' in form
    assert 'value="separate:8"' in form
    assert "<form" not in rest


async def test_a_page_gets_each_change_once_and_in_order(
    store: Store, messenger: ConsoleMessenger, channel: Channel, clock: FakeClock
) -> None:
    tracker = ChangeTracker([channel.id], write_cursor(START))
    first = await messenger.post(channel, alert(), key="k1")
    clock.advance(timedelta(seconds=1))
    second = await messenger.post(channel, alert("Second"), key="k2")

    assert await changed(store, tracker) == [first, second]
    assert await changed(store, tracker) == []
    clock.advance(timedelta(seconds=1))
    await messenger.post(channel, note(), key="k3", thread=first)
    assert await changed(store, tracker) == [first]
    await messenger.edit(channel, second, alert("Changed"))
    assert await changed(store, tracker) == [second]


async def test_a_page_gets_a_change_that_was_committed_after_a_later_one(
    store: Store, messenger: ConsoleMessenger, channel: Channel, clock: FakeClock
) -> None:
    tracker = ChangeTracker([channel.id], write_cursor(clock()))
    early = clock()
    clock.advance(timedelta(seconds=3))
    first = await messenger.post(channel, alert(), key="k1")
    assert await changed(store, tracker) == [first]

    clock.now = early
    late = await messenger.post(channel, alert("Late"), key="k2")

    assert await changed(store, tracker) == [late]


async def test_a_page_that_reconnects_gets_what_it_missed(
    store: Store, messenger: ConsoleMessenger, channel: Channel, clock: FakeClock
) -> None:
    await messenger.post(channel, alert(), key="k1")
    tracker = ChangeTracker([channel.id], write_cursor(START))
    async with store.read() as tx:
        (change,) = await tracker.changes(tx)
    clock.advance(timedelta(minutes=1))
    missed = await messenger.post(channel, alert("Missed"), key="k2")

    resumed = ChangeTracker([channel.id], change.cursor)

    assert missed in await changed(store, resumed)


@pytest.mark.parametrize("text", ["", "x", "nan", "inf", "1e400", "-1e30"])
def test_an_invalid_cursor_starts_at_the_beginning(text: str) -> None:
    assert read_cursor(text) == START


async def changed(store: Store, tracker: ChangeTracker) -> list[str]:
    async with store.read() as tx:
        return [str(change.message_id) for change in await tracker.changes(tx)]
