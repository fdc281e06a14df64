"""Direct messages: to people who follow a story, as long as they are in the server that it is about."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.discord.gateway import DiscordGateway
from bot.discord.messenger import DiscordMessenger
from handlers.answers.answer import Note
from handlers.answers.parts import Quote
from handlers.ports import PostError, PostFailure
from storage.records import Channel, Platform
from storage.store import Store
from tests.support.answers import LEAD, alert
from tests.support.discord_server import DIRECT, GUILD_ID, DiscordServer, Fault, member

ADA = Channel(
    id=1,
    workspace_id=1,
    platform=Platform.DISCORD,
    workspace_external_id=str(GUILD_ID),
    external_id="@5",
    name="Ada",
)
PLACE = "95"
LONG_AGO = datetime(2022, 1, 1, tzinfo=UTC)
NOTE = Note(label="New", quote=Quote(text="Washington said more."), source=LEAD)


async def test_a_person_gets_an_alert_its_edit_and_its_news_as_an_answer(
    server: DiscordServer, messenger: DiscordMessenger
) -> None:
    ref = await messenger.post(ADA, alert(), key="k1")
    await messenger.edit(ADA, ref, alert(more=6))
    await messenger.post(ADA, NOTE, key="k2", thread=ref)

    first, second = server.messages[PLACE]
    assert "+6 sources" in first["embeds"][0]["footer"]["text"]
    assert second["message_reference"]["message_id"] == ref
    assert server.threads == set()
    assert await messenger.find(ADA, "k2", since=LONG_AGO, thread=ref) == second["id"]
    assert [path for _, path in server.calls].count("/api/v10/users/@me/channels") == 1


async def test_every_button_says_which_server_it_is_about(server: DiscordServer, messenger: DiscordMessenger) -> None:
    await messenger.post(ADA, alert(), key="k1")

    (message,) = server.messages[PLACE]
    ids = [button["custom_id"] for row in message["components"] for button in row["components"]]
    assert ids and all(name.endswith(f"#k1#{GUILD_ID}") for name in ids)


async def test_who_left_the_server_gets_nothing_of_it(server: DiscordServer, messenger: DiscordMessenger) -> None:
    server.strangers.add("5")

    with pytest.raises(PostError, match="left the server") as caught:
        await messenger.post(ADA, alert(), key="k1")

    assert caught.value.failure is PostFailure.CHANNEL_GONE
    assert server.messages[PLACE] == []


async def test_a_person_who_takes_no_direct_messages_is_left_alone(
    server: DiscordServer, messenger: DiscordMessenger
) -> None:
    server.faults["POST /api/v10/channels/{channel}/messages"] = [Fault(status=403, code=50007)]

    with pytest.raises(PostError, match="no direct messages") as caught:
        await messenger.post(ADA, alert(), key="k1")

    assert caught.value.failure is PostFailure.CHANNEL_GONE


def pressed(server: DiscordServer, custom_id: str) -> dict[str, Any]:
    """A button in direct messages: no server is told, and no member."""
    payload = server.interaction(3, {"custom_id": custom_id, "component_type": 2}, user=member()["user"], context=1)
    payload["channel"] = {"id": PLACE, "type": DIRECT, "recipients": [member()["user"]]}
    del payload["guild_id"], payload["member"]
    return payload


async def test_a_button_in_direct_messages_answers_for_the_server_that_it_names(
    server: DiscordServer, gateway: DiscordGateway, sqlite_store: Store
) -> None:
    await server.dispatch("INTERACTION_CREATE", pressed(server, f"show:topics#k1#{GUILD_ID}"))
    answer = await server.answer()

    async with sqlite_store.read() as tx:
        home = await tx.workspaces.find(Platform.DISCORD, str(GUILD_ID))
        assert home is not None
        (place,) = await tx.channels.of(home.id)
    assert (place.external_id, place.name) == ("@5", "@Ada")
    assert "Huawei" in json.dumps(answer)
    ids = [button["custom_id"] for row in answer["components"] for button in row["components"]]
    assert all(name.endswith(f"##{GUILD_ID}") for name in ids)


@pytest.mark.parametrize("custom_id", [f"show:topics#k1#{GUILD_ID}", "show:topics#k1", "show:topics"])
async def test_it_answers_nobody_who_left_and_nothing_that_names_no_server(
    custom_id: str, server: DiscordServer, gateway: DiscordGateway, sqlite_store: Store
) -> None:
    server.strangers.add("5")

    await server.dispatch("INTERACTION_CREATE", pressed(server, custom_id))
    answer = await server.answer()

    assert "can't see that you are in that server" in json.dumps(answer)
    async with sqlite_store.read() as tx:
        assert await tx.workspaces.find(Platform.DISCORD, str(GUILD_ID)) is None
