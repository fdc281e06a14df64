"""Posts to a local Discord server through the unmodified library: once, found again, and with named failures."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.discord.messenger import DiscordMessenger
from handlers.answers.answer import Note
from handlers.answers.parts import Quote
from handlers.ports import PostError
from handlers.rules.refusals import RefusalKind
from storage.records import Channel, Platform
from tests.bot.discord.outbox import kind_of, looking_for
from tests.support.answers import LEAD, alert, digest
from tests.support.discord_faults import Fault
from tests.support.discord_guild import CHANNEL_ID, GUILD_ID
from tests.support.discord_server import DiscordServer

CHANNEL = Channel(
    id=1,
    workspace_id=1,
    platform=Platform.DISCORD,
    workspace_external_id=str(GUILD_ID),
    external_id=str(CHANNEL_ID),
    name="intel",
)
CHANNEL_NUMBER = str(CHANNEL_ID)
CREATE = "POST /api/v10/channels/{channel}/messages"
NOTE = Note(label="New", quote=Quote(text="Washington said more."), source=LEAD, mentions=("5",))


async def test_posting_the_same_key_twice_gives_the_same_message(
    server: DiscordServer, messenger: DiscordMessenger
) -> None:
    first = await messenger.post(CHANNEL, alert(), key="k1")
    second = await messenger.post(CHANNEL, alert(), key="k1")

    assert first == second
    assert len(server.messages[CHANNEL_NUMBER]) == 1
    assert server.messages[CHANNEL_NUMBER][0]["allowed_mentions"]["parse"] == []


async def test_an_edit_changes_the_message_in_place(server: DiscordServer, messenger: DiscordMessenger) -> None:
    ref = await messenger.post(CHANNEL, alert(), key="k1")

    await messenger.edit(CHANNEL, ref, alert(more=6))

    (message,) = server.messages[CHANNEL_NUMBER]
    assert "+6 sources, 3 independent" in message["embeds"][0]["footer"]["text"]


async def test_a_note_is_edited_in_the_thread(server: DiscordServer, messenger: DiscordMessenger) -> None:
    ref = await messenger.post(CHANNEL, alert(), key="k1")
    note = await messenger.post(CHANNEL, NOTE, key="k2", thread=ref)

    await messenger.edit(CHANNEL, note, replace(NOTE, label="And 2 more"), thread=ref)

    (message,) = server.messages[ref]
    assert message["id"] == note
    assert "And 2 more" in message["embeds"][0]["description"]


@pytest.mark.parametrize("post", [alert(), replace(digest(2), chart=None), NOTE], ids=["alert", "digest", "note"])
async def test_a_post_whose_response_was_lost_is_found_after_the_nonce_has_expired(
    post: object, server: DiscordServer, messenger: DiscordMessenger
) -> None:
    server.remembers_nonces = False
    server.faults[CREATE] = [Fault(drop=True, after=True)]

    with pytest.raises(PostError) as caught:
        await messenger.post(CHANNEL, post, key="k1")  # type: ignore[arg-type]

    assert caught.value.refusal is None
    assert await messenger.find(CHANNEL, looking_for("k1")) == server.messages[CHANNEL_NUMBER][0]["id"]
    assert await messenger.find(CHANNEL, looking_for("k2")) is None


async def test_a_chart_is_attached_with_an_alt_text(server: DiscordServer, messenger: DiscordMessenger) -> None:
    await messenger.post(CHANNEL, digest(2), key="k1")

    (message,) = server.messages[CHANNEL_NUMBER]
    assert message["files"] == ["files[0]"]
    assert message["attachments"][0]["description"] == "Mentions a day: 0, 2, 1, 0, 4, 3, 7."
    assert message["embeds"][0]["image"] == {"url": "attachment://chart.png"}


async def test_notes_are_posted_in_the_alerts_thread_which_is_created_once(
    server: DiscordServer, messenger: DiscordMessenger
) -> None:
    ref = await messenger.post(CHANNEL, alert(), key="k1")

    note = await messenger.post(CHANNEL, NOTE, key="k2", thread=ref)
    await messenger.post(CHANNEL, NOTE, key="k3", thread=ref)

    assert server.threads == {ref}
    assert [message["nonce"] for message in server.messages[ref]] == ["k2", "k3"]
    assert server.messages[ref][0]["allowed_mentions"]["users"] == ["5"]
    assert await messenger.find(CHANNEL, looking_for("k2", ref)) == note


async def test_a_note_is_not_found_where_its_thread_was_never_created(messenger: DiscordMessenger) -> None:
    ref = await messenger.post(CHANNEL, alert(), key="k1")

    assert await messenger.find(CHANNEL, looking_for("k2", ref)) is None


@pytest.mark.parametrize(
    ("fault", "kind", "message"),
    [
        (Fault(status=429, retry_after=90.0, headers={"Via": "1.1 x"}), RefusalKind.UNTIL_TIME, "to wait"),
        (Fault(status=503), None, "503"),
        (Fault(status=503, body="<html>"), None, "503"),
        (Fault(status=403, body="<html>Cloudflare"), None, "403"),
        (Fault(status=200, body=""), None, "200"),
        (Fault(status=200, body="ok", content_type="text/plain"), None, "200"),
        (Fault(drop=True), None, "did not confirm"),
        (Fault(status=403, code=40333), RefusalKind.UNTIL_TIME, "Cloudflare"),
        (Fault(status=403, code=40006), RefusalKind.UNTIL_TIME, "disabled this"),
        (Fault(status=404, code=10003), RefusalKind.FOR_EVER, "it was deleted"),
        (Fault(status=403, code=50001), RefusalKind.UNTIL_ACTION, "View Channel"),
        (Fault(status=403, code=50013), RefusalKind.UNTIL_ACTION, "Embed Links"),
        (Fault(status=401), RefusalKind.UNTIL_TIME, "DISCORD_TOKEN"),
        (Fault(status=400, code=50035), RefusalKind.THIS_MESSAGE, "refused its content"),
    ],
    ids=lambda value: f"{value.status} {value.code}" if isinstance(value, Fault) else "",
)
async def test_each_failure_says_whether_the_post_may_have_arrived(
    fault: Fault, kind: RefusalKind | None, message: str, server: DiscordServer, messenger: DiscordMessenger
) -> None:
    server.faults[CREATE] = [fault]

    with pytest.raises(PostError, match=message) as caught:
        await messenger.post(CHANNEL, alert(), key="k1")

    assert kind_of(caught.value) is kind
    assert len([call for call in server.calls if call[0] == "POST"]) == 1, "nothing is repeated blindly"
    assert caught.value.retry_after == (timedelta(seconds=90) if fault.status == 429 else None)
    assert server.messages[CHANNEL_NUMBER] == []
