"""Direct messages to people who follow a story, as long as they are in the server that it is about."""

import json
from typing import Any

import pytest

from bot.discord.gateway import DiscordGateway
from bot.discord.messenger import DiscordMessenger
from handlers.answers.answer import Note
from handlers.answers.parts import Quote
from handlers.ports import PostError
from handlers.rules.refusals import RefusalKind
from storage.records import Channel, Platform
from storage.store import Store
from tests.bot.discord.outbox import kind_of, looking_for
from tests.support.answers import LEAD, alert
from tests.support.discord_bodies import all_components
from tests.support.discord_faults import Fault
from tests.support.discord_guild import DIRECT, GUILD_ID, member
from tests.support.discord_server import DiscordServer

ADA = Channel(
    id=1,
    workspace_id=1,
    platform=Platform.DISCORD,
    workspace_external_id=str(GUILD_ID),
    external_id="@5",
    name="Ada",
)
DIRECT_ID = "95"
NOTE = Note(label="New", quote=Quote(text="Washington said more."), source=LEAD)


async def test_a_person_gets_an_alert_its_edit_and_its_updates_as_replies(
    server: DiscordServer, messenger: DiscordMessenger
) -> None:
    ref = await messenger.post(ADA, alert(), key="k1")
    await messenger.edit(ADA, ref, alert(more=6))
    await messenger.post(ADA, NOTE, key="k2", thread=ref)

    first, second = server.messages[DIRECT_ID]
    assert "+6 sources" in first["embeds"][0]["footer"]["text"]
    assert second["message_reference"]["message_id"] == ref
    assert server.threads == set()
    assert await messenger.find(ADA, looking_for("k2", ref)) == second["id"]
    assert [path for _, path in server.calls].count("/api/v10/users/@me/channels") == 1


async def test_every_button_carries_the_server_it_is_about(server: DiscordServer, messenger: DiscordMessenger) -> None:
    await messenger.post(ADA, alert(), key="k1")

    (message,) = server.messages[DIRECT_ID]
    ids = [button["custom_id"] for row in message["components"] for button in row["components"]]
    assert ids and all(custom_id.endswith(f"#k1#{GUILD_ID}") for custom_id in ids)


async def test_a_person_who_left_the_server_gets_nothing(server: DiscordServer, messenger: DiscordMessenger) -> None:
    server.strangers.add("5")

    with pytest.raises(PostError, match="left the server") as caught:
        await messenger.post(ADA, alert(), key="k1")

    assert kind_of(caught.value) is RefusalKind.UNTIL_ACTION
    assert server.messages[DIRECT_ID] == []


async def test_a_person_who_accepts_no_direct_messages_gets_none(
    server: DiscordServer, messenger: DiscordMessenger
) -> None:
    server.faults["POST /api/v10/channels/{channel}/messages"] = [Fault(status=403, code=50007)]

    with pytest.raises(PostError, match="does not accept direct messages") as caught:
        await messenger.post(ADA, alert(), key="k1")

    assert kind_of(caught.value) is RefusalKind.UNTIL_ACTION


def click(server: DiscordServer, custom_id: str) -> dict[str, Any]:
    """Return a click in direct messages. Discord sends neither the server nor the member with it."""
    payload = server.interaction(3, {"custom_id": custom_id, "component_type": 2}, user=member()["user"], context=1)
    payload["channel"] = {"id": DIRECT_ID, "type": DIRECT, "recipients": [member()["user"]]}
    del payload["guild_id"], payload["member"]
    return payload


async def test_a_button_in_direct_messages_is_about_the_server_that_it_carries(
    server: DiscordServer, gateway: DiscordGateway, sqlite_store: Store
) -> None:
    await server.dispatch("INTERACTION_CREATE", click(server, f"show:topics#k1#{GUILD_ID}"))
    answer = await server.answer()

    async with sqlite_store.read() as tx:
        workspace = await tx.workspaces.find(Platform.DISCORD, str(GUILD_ID))
        assert workspace is not None
        (channel,) = await tx.channels.of(workspace.id)
    assert (channel.external_id, channel.name) == ("@5", "@Ada")
    assert "Huawei" in json.dumps(answer)
    ids = [shown["custom_id"] for shown in all_components(answer["components"]) if "custom_id" in shown]
    assert all(custom_id.endswith(f"##{GUILD_ID}") for custom_id in ids)


@pytest.mark.parametrize(
    ("custom_id", "reason"),
    [
        (f"show:topics#k1#{GUILD_ID}", "can't confirm that you are in that server"),
        ("show:topics#k1", "needs a server that I am a member of"),
        ("show:topics", "needs a server that I am a member of"),
    ],
)
async def test_a_click_by_a_person_who_left_or_without_a_server_is_refused(
    custom_id: str, reason: str, server: DiscordServer, gateway: DiscordGateway, sqlite_store: Store
) -> None:
    server.strangers.add("5")

    await server.dispatch("INTERACTION_CREATE", click(server, custom_id))
    answer = await server.answer()

    assert reason in json.dumps(answer)
    async with sqlite_store.read() as tx:
        assert await tx.workspaces.find(Platform.DISCORD, str(GUILD_ID)) is None
