"""The console as a platform: posting twice is harmless, and every open page learns of a post."""

from datetime import datetime

import pytest

from bot.console.messenger import ConsoleMessenger
from bot.console.stored_post import read_post
from handlers.answers.answer import Notice
from handlers.ports import LookUp, PostError
from handlers.rules.refusals import RefusalKind
from storage.records import Channel
from storage.store import Store
from tests.support.fakes import FakeClock
from tests.support.posts import alert, note


async def test_posting_a_key_twice_gives_the_same_message(
    store: Store, messenger: ConsoleMessenger, channel: Channel
) -> None:
    first = await messenger.post(channel, alert(), key="k1")
    again = await messenger.post(channel, alert(), key="k1")

    assert first == again
    async with store.read() as tx:
        assert len(await tx.console.history(channel.id, limit=9)) == 1


def looking_for(key: str, now: datetime) -> LookUp:
    return LookUp(key=key, since=now, until=now, now=now)


async def test_a_message_is_found_by_its_key(messenger: ConsoleMessenger, channel: Channel, clock: FakeClock) -> None:
    ref = await messenger.post(channel, alert(), key="k1")

    assert await messenger.find(channel, looking_for("k1", clock())) == ref
    assert await messenger.find(channel, looking_for("k2", clock())) is None


async def test_an_edit_replaces_the_text_of_the_message(
    store: Store, messenger: ConsoleMessenger, channel: Channel
) -> None:
    ref = await messenger.post(channel, alert(), key="k1")

    for _ in range(2):
        await messenger.edit(channel, ref, alert("Another headline"))

    async with store.read() as tx:
        (message,) = await tx.console.history(channel.id, limit=9)
    assert read_post(message.body) == alert("Another headline")


async def test_a_note_is_posted_in_the_thread_of_its_alert(
    store: Store, messenger: ConsoleMessenger, channel: Channel
) -> None:
    ref = await messenger.post(channel, alert(), key="k1")
    await messenger.post(channel, note(), key="k2", thread=ref)

    async with store.read() as tx:
        assert [str(message.id) for message in await tx.console.history(channel.id, limit=9)] == [ref]
        assert [read_post(reply.body) for reply in await tx.console.thread(int(ref))] == [note()]


async def test_a_post_to_a_deleted_channel_reports_that_it_is_gone(
    store: Store, messenger: ConsoleMessenger, channel: Channel
) -> None:
    async with store.begin() as tx:
        await tx.workspaces.remove(channel.workspace_id)

    with pytest.raises(PostError) as refused:
        await messenger.post(channel, alert(), key="k1")

    assert refused.value.refusal is not None and refused.value.refusal.kind is RefusalKind.FOR_EVER


async def test_a_post_notifies_the_open_pages(messenger: ConsoleMessenger, channel: Channel) -> None:
    with messenger.changes.listen() as changed:
        await messenger.post(channel, alert(), key="k1")

        assert changed.is_set()
    assert messenger.changes.listeners == 0


def test_a_message_of_another_version_is_shown_as_a_notice() -> None:
    assert isinstance(read_post({"type": "hologram"}), Notice)
