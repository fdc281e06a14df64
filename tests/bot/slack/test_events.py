"""Events from Slack: invitations, closed channels, uninstalls, messages and files. Each has its effect once."""

import json
from datetime import timedelta
from typing import Any

import pytest

from bot.slack.gateway import SlackGateway
from handlers.commands.dispatch import Commands
from handlers.workspaces.uninstall import GRACE, delete_departed
from storage.records import Channel, Platform
from storage.store import Store
from tests.bot.slack.conftest import clock, connected
from tests.support.slack_server import BOT, TEAM, Fault, SlackServer, eventually

JOINED = {"type": "member_joined_channel", "user": BOT, "channel": "C5", "team": TEAM}
DOCUMENT = b"Huawei signs in Moscow\n\nThe agreement between MTS and Huawei was signed on Wednesday."


async def channel_of(store: Store, id: str) -> Channel | None:
    async with store.read() as tx:
        workspace = await tx.workspaces.find(Platform.SLACK, TEAM)
        return None if workspace is None else await tx.channels.find(workspace.id, id)


def mention(text: str, **more: Any) -> dict[str, Any]:
    return {"type": "app_mention", "user": "U1", "text": text, "channel": "C1", "ts": "1.1", "event_ts": "1.1"} | more


def direct_message(text: str, **more: Any) -> dict[str, Any]:
    return mention(text) | {"type": "message", "channel": "D1", "channel_type": "im"} | more


async def settled(server: SlackServer) -> None:
    """Send a command and wait for its answer, which comes after everything that was sent before."""
    await server.send("slash_commands", server.command("news", "", channel_id="C9"), envelope="last")
    await server.reply()


async def test_a_channel_that_the_bot_joins_is_greeted_once(
    server: SlackServer, gateway: SlackGateway, sqlite_store: Store
) -> None:
    await server.send("events_api", server.event("Ev1", JOINED), envelope="e1")
    await server.send("events_api", server.event("Ev1", JOINED), envelope="e2")
    channel = await eventually(lambda: channel_of(sqlite_store, "C5"))

    await settled(server)
    async with sqlite_store.read() as tx:
        assert sum((await tx.deliveries.counts()).values()) == 1
        workspace = await tx.workspaces.find(Platform.SLACK, TEAM)
    assert channel is not None
    assert channel.name == "private-intel"
    assert workspace is not None
    assert workspace.name == "wire"


async def test_home_shows_only_channels_that_the_person_is_a_member_of(
    server: SlackServer, gateway: SlackGateway
) -> None:
    await server.send("slash_commands", server.command("subscribe", "huawei"), envelope="e1")
    await server.reply()
    secret = server.command("subscribe", "huawei", channel_id="C2", channel_name="secret")
    await server.send("slash_commands", secret, envelope="e2")
    await server.reply()
    server.member_of = {"U1": ["C1"]}

    opened = {"type": "app_home_opened", "user": "U1", "channel": "D1", "tab": "home", "event_ts": "1"}
    await server.send("events_api", server.event("Ev1", opened), envelope="e3")
    method, view = await server.view()

    blocks = json.dumps(view["blocks"])
    assert (method, view["type"]) == ("views.publish", "home")
    assert "#intel" in blocks
    assert "secret" not in blocks
    assert "Huawei" in blocks


async def test_a_repeated_event_is_answered_once_even_after_a_restart(
    server: SlackServer, commands: Commands, sqlite_store: Store
) -> None:
    event = server.event("Ev7", mention(f"<@{BOT}> news"))
    for life in range(2):
        async with connected(server, commands, sqlite_store):
            await server.send("events_api", event, envelope=f"a{life}")
            await server.send("events_api", event, envelope=f"b{life}")
            if life == 0:
                await server.reply()
            await settled(server)

    assert [name for name, _ in server.calls].count("chat.postEphemeral") == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [("trend huawei", "Huawei"), ("/brief huawei", "huawei"), ("hello there", "/subscribe"), ("", "/subscribe")],
)
async def test_a_mention_of_the_bot_works_as_the_command_that_it_begins_with(
    text: str, expected: str, server: SlackServer, gateway: SlackGateway
) -> None:
    await server.send("events_api", server.event("Ev3", mention(f"<@{BOT}> {text}", thread_ts="0.9")))
    reply = await server.reply()

    assert (reply["channel"], reply["user"], reply["thread_ts"]) == ("C1", "U1", "0.9")
    assert expected.casefold() in json.dumps(reply["blocks"]).casefold()


async def test_a_mention_of_the_bot_can_say_whom_alerts_mention(
    server: SlackServer, gateway: SlackGateway, sqlite_store: Store
) -> None:
    words = "subscribe huawei daily mention <!subteam^S0614TZR7>"
    await server.send("events_api", server.event("Ev3", mention(f"<@{BOT}> {words}")))
    await server.reply()

    async with sqlite_store.read() as tx:
        ((subscription, _),) = await tx.subscriptions.for_topics([1])
    assert (subscription.pace, subscription.mention) == ("daily", "S0614TZR7")


async def test_a_direct_message_subscribes_the_person(
    server: SlackServer, gateway: SlackGateway, sqlite_store: Store
) -> None:
    await server.send("events_api", server.event("Ev4", direct_message("subscribe huawei")))
    message = await server.message("D1")

    assert "Huawei" in json.dumps(message["blocks"])
    channel = await channel_of(sqlite_store, "@U1")
    assert channel is not None
    assert channel.label == "@ada"
    async with sqlite_store.read() as tx:
        assert len(await tx.subscriptions.of_channel(channel.id)) == 1


@pytest.mark.parametrize("more", [{"bot_id": "B9"}, {"subtype": "message_changed"}, {"channel_type": "channel"}])
async def test_messages_that_are_not_from_a_person_to_the_bot_are_not_answered(
    more: dict[str, Any], server: SlackServer, gateway: SlackGateway
) -> None:
    await server.send("events_api", server.event("Ev5", direct_message("news", **more)))
    await settled(server)

    assert not server.messages["D1"]


async def test_a_shared_document_is_checked_in_its_thread(server: SlackServer, gateway: SlackGateway) -> None:
    file = server.share("deal.txt", DOCUMENT, channel="C1")
    event = {"type": "file_shared", "channel_id": "C1", "file_id": file, "user_id": "U1", "event_ts": "1"}

    await server.send("events_api", server.event("Ev6", event))
    message = await server.message("C1")

    assert message["thread_ts"] == "100.000001"
    assert "Huawei" in json.dumps(message["blocks"])


@pytest.mark.parametrize(
    ("name", "body", "mimetype"),
    [("photo.png", b"\x89PNG", "image/png"), ("lunch.txt", b"Soup of the day\n\nTomato, with bread.", "text/plain")],
    ids=["not a document", "matches nothing"],
)
async def test_a_shared_file_that_matches_no_topic_gets_no_reply(
    name: str, body: bytes, mimetype: str, server: SlackServer, gateway: SlackGateway
) -> None:
    file = server.share(name, body, channel="C1", mimetype=mimetype)
    event = {"type": "file_shared", "channel_id": "C1", "file_id": file, "user_id": "U1", "event_ts": "1"}

    await server.send("events_api", server.event("Ev6", event))
    await settled(server)

    assert not server.messages["C1"]


async def test_a_document_in_a_direct_message_is_always_answered(server: SlackServer, gateway: SlackGateway) -> None:
    file = server.files[server.share("deal.txt", DOCUMENT, channel="D1")]
    shown = {name: value for name, value in file.items() if name != "body"}

    await server.send("events_api", server.event("Ev8", direct_message("", subtype="file_share", files=[shown])))

    assert "Huawei" in json.dumps((await server.message("D1"))["blocks"])


async def test_the_sender_learns_that_a_file_cannot_be_read(server: SlackServer, gateway: SlackGateway) -> None:
    file = server.files[server.share("photo.png", b"\x89PNG\r\n\x1a\n", channel="D1", mimetype="image/png")]
    shown = {name: value for name, value in file.items() if name != "body"}

    await server.send("events_api", server.event("Ev8", direct_message("", subtype="file_share", files=[shown])))

    assert "PNG picture" in (await server.message("D1"))["text"]


async def test_files_above_the_size_limit_are_refused(server: SlackServer, gateway: SlackGateway) -> None:
    file = server.files[server.share("big.txt", b"x" * 11_000_000, channel="D1")]
    shown = {name: value for name, value in file.items() if name != "body"}

    await server.send("events_api", server.event("Ev8", direct_message("", subtype="file_share", files=[shown, shown])))

    assert "larger than 20 MB" in (await server.message("D1"))["text"]


async def test_the_token_is_sent_to_slack_only(server: SlackServer, gateway: SlackGateway) -> None:
    shown = {"name": "a.txt", "mimetype": "text/plain", "url_private_download": "https://slack.com.evil.example/a.txt"}

    await server.send("events_api", server.event("Ev9", direct_message("", subtype="file_share", files=[shown])))

    assert "outside Slack" in (await server.message("D1"))["text"]


async def test_a_workspace_that_uninstalls_is_deleted_after_the_grace_period(
    server: SlackServer, gateway: SlackGateway, sqlite_store: Store
) -> None:
    await server.send("slash_commands", server.command("subscribe", "huawei"))
    await server.reply()

    await server.send("events_api", server.event("Ev1", {"type": "app_uninstalled"}), envelope="e2")

    async def leaving() -> bool:
        async with sqlite_store.read() as tx:
            workspace = await tx.workspaces.find(Platform.SLACK, TEAM)
            return workspace is not None and workspace.gone_at is not None

    await eventually(leaving)
    assert await delete_departed(sqlite_store, clock() + GRACE - timedelta(hours=1)) == 0
    assert await delete_departed(sqlite_store, clock() + GRACE + timedelta(hours=1)) == 1
    assert await channel_of(sqlite_store, "C1") is None


async def test_a_workspace_that_installs_again_is_not_deleted(
    server: SlackServer, gateway: SlackGateway, sqlite_store: Store
) -> None:
    await server.send("slash_commands", server.command("news", ""))
    await server.reply()
    async with sqlite_store.begin() as tx:
        workspace = await tx.workspaces.find(Platform.SLACK, TEAM)
        assert workspace is not None
        await tx.workspaces.update(workspace.id, gone_at=clock() - timedelta(days=1))

    await server.send("events_api", server.event("Ev1", JOINED), envelope="e2")
    await eventually(lambda: channel_of(sqlite_store, "C5"))

    assert await delete_departed(sqlite_store, clock() + GRACE) == 0


async def test_a_persons_revoked_token_closes_nothing(
    server: SlackServer, gateway: SlackGateway, sqlite_store: Store
) -> None:
    await server.send("slash_commands", server.command("subscribe", "huawei"))
    await server.reply()

    revoked = {"type": "tokens_revoked", "tokens": {"oauth": ["U1"], "bot": []}}
    await server.send("events_api", server.event("Ev1", revoked), envelope="e2")
    await settled(server)

    async with sqlite_store.read() as tx:
        workspace = await tx.workspaces.find(Platform.SLACK, TEAM)
    assert workspace is not None
    assert workspace.gone_at is None


async def test_a_file_that_slack_does_not_show_gets_no_reply(server: SlackServer, gateway: SlackGateway) -> None:
    server.faults["files.info"] = [Fault(error="missing_scope")]
    event = {"type": "file_shared", "channel_id": "C1", "file_id": "F1", "user_id": "U1", "event_ts": "1"}

    await server.send("events_api", server.event("Ev6", event))
    await settled(server)

    assert not server.messages["C1"]
