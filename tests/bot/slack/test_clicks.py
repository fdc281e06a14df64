"""Clicks on buttons and menus: the answer appears where the person clicked, and only members change a channel."""

import json
from datetime import timedelta

from bot.slack.gateway import SlackGateway
from handlers.commands.dispatch import Commands
from handlers.delivery.deliver import Deliver
from handlers.ingest.ingest import Ingest
from storage.records import Platform
from storage.store import Store
from tests.bot.slack.conftest import clock, workspace_of
from tests.bot.slack.modals import button_values, open_modal, shown, submission
from tests.support.slack_server import SlackServer
from tests.support.stores import make_source
from tests.support.world import draft, huawei


async def test_a_click_on_a_button_of_a_message_changes_the_pace(server: SlackServer, gateway: SlackGateway) -> None:
    await server.send("slash_commands", server.command("subscribe", "huawei"))
    first = await server.reply()
    buttons = [
        element
        for block in first["blocks"]
        if block["type"] == "actions"
        for element in block["elements"]
        if "daily" in element.get("value", "")
    ]

    await server.send("interactive", server.click(buttons[0]), envelope="e2")
    reply = await server.reply()

    assert "aily" in json.dumps(reply["blocks"])


async def test_a_click_in_a_modal_is_answered_in_the_modal(server: SlackServer, gateway: SlackGateway) -> None:
    await server.send("slash_commands", server.command("subscribe", "huawei"), envelope="e0")
    await server.reply()
    server.responses.clear()
    view = await open_modal(server, "subscriptions", "")
    pace = next(value for value in button_values(view["blocks"]) if value.startswith("pace:") and "daily" in value)
    brief = next(value for value in button_values(view["blocks"]) if value.startswith("brief:"))

    on_pace = {"action_id": "press:0:0", "type": "button", "value": pace}
    await server.send("interactive", server.click(on_pace, view=shown(view)), "e2")
    method, after = await server.view(2)
    assert method == "views.update"
    assert after["callback_id"] == "form"
    assert "daily" in json.dumps(after["blocks"])

    on_brief = {"action_id": "press:0:2", "type": "button", "value": brief}
    await server.send("interactive", server.click(on_brief, view=shown(after)), "e3")
    method, above = await server.view(3)
    assert (method, above["type"]) == ("views.push", "modal")


async def test_a_menu_option_of_an_alert_opens_the_form_to_edit_its_topic(
    server: SlackServer, gateway: SlackGateway, sqlite_store: Store
) -> None:
    await server.send("slash_commands", server.command("topics", "add chips = semiconductor"), envelope="e0")
    await server.reply()
    workspace = await workspace_of(sqlite_store)
    async with sqlite_store.read() as tx:
        topic = await tx.topics.find(workspace.id, "chips")
    assert topic is not None
    chosen = {"type": "overflow", "action_id": "press:menu", "selected_option": {"value": f"topic:edit:{topic.id}"}}

    await server.send("interactive", server.click(chosen), envelope="e2")
    _, view = await server.view()
    initial = {
        block["block_id"]: block["element"]["initial_value"] for block in view["blocks"] if block["type"] == "input"
    }
    assert initial == {"name": "chips", "query": "semiconductor"}

    await server.send("interactive", submission(view, name="chips", query="semiconductor OR chip"), envelope="e3")
    assert "new query" in json.dumps((await server.acknowledgement("e3"))["view"])


async def test_a_click_in_home_is_answered_in_a_modal_and_updates_home(
    server: SlackServer, gateway: SlackGateway
) -> None:
    server.member_of = {"U1": ["C1"]}
    await server.send("slash_commands", server.command("subscribe", "huawei"), envelope="e1")
    await server.reply()
    opened = {"type": "app_home_opened", "user": "U1", "channel": "D1", "tab": "home", "event_ts": "1"}
    await server.send("events_api", server.event("Ev1", opened), envelope="home")
    _, view = await server.view()
    health = next(value for value in button_values(view["blocks"]) if value == "show:health")

    on_health = {"action_id": "press:0", "type": "button", "value": health}
    await server.send("interactive", server.click(on_health, view=shown(view, "VH")), "e2")
    await server.view(3)

    assert [method for method, _ in server.views[1:]] == ["views.open", "views.publish"]
    assert server.views[1][1]["type"] == "modal"


async def test_a_click_of_a_person_who_is_not_a_member_changes_nothing(
    server: SlackServer, gateway: SlackGateway, sqlite_store: Store
) -> None:
    await server.send("slash_commands", server.command("subscribe", "huawei", channel_id="C2", channel_name="trade"))
    await server.reply()
    workspace = await workspace_of(sqlite_store)
    async with sqlite_store.read() as tx:
        channel = await tx.channels.find(workspace.id, "C2")
        assert channel is not None
        (subscription,) = await tx.subscriptions.of_channel(channel.id)
    server.member_of = {"U1": ["C1"]}
    server.responses.clear()
    server.answered.clear()

    forged = {"action_id": "press:0", "type": "button", "value": f"unsubscribe:{subscription.id}"}
    await server.send("interactive", server.click(forged), "e2")

    assert "member" in (await server.reply())["text"]
    async with sqlite_store.read() as tx:
        assert len(await tx.subscriptions.of_channel(channel.id)) == 1


async def test_an_answer_replaces_an_ephemeral_message_but_never_one_that_everybody_sees(
    server: SlackServer, gateway: SlackGateway
) -> None:
    await server.send("slash_commands", server.command("subscribe", "huawei"), envelope="e1")
    first = await server.reply()
    pace = next(value for value in button_values(first["blocks"]) if "daily" in value)
    on_pace = {"type": "button", "action_id": "press:0", "value": pace}

    public = server.click(on_pace, container={"type": "message", "is_ephemeral": False})
    await server.send("interactive", public, envelope="e2")
    assert (await server.reply())["replace_original"] is False

    ephemeral = server.click(on_pace, container={"type": "message", "is_ephemeral": True})
    await server.send("interactive", ephemeral, envelope="e3")
    assert (await server.reply())["replace_original"] is True


async def test_the_share_button_posts_a_brief_for_everybody(
    server: SlackServer, gateway: SlackGateway, commands: Commands, sqlite_store: Store
) -> None:
    async with sqlite_store.begin() as tx:
        source = await make_source(tx, clock())
    text = "Huawei opened a laboratory for 5G in Nairobi on Tuesday. Sixty engineers work there."
    await Ingest(sqlite_store)([draft("Huawei opens a laboratory", text)], source=source, now=clock())
    await server.send("slash_commands", server.command("brief", "huawei"), envelope="e1")
    share = next(value for value in button_values((await server.reply())["blocks"]) if value.startswith("share:"))

    on_share = {"type": "button", "action_id": "press:0", "value": share}
    await server.send("interactive", server.click(on_share), envelope="e2")

    assert (await server.reply())["response_type"] == "in_channel"


async def test_a_claimed_alert_shows_who_claimed_it(
    server: SlackServer, gateway: SlackGateway, sqlite_store: Store
) -> None:
    await server.send("slash_commands", server.command("subscribe", "huawei"))
    await server.reply()
    async with sqlite_store.begin() as tx:
        source = await make_source(tx, clock())
    await Ingest(sqlite_store)([huawei()], source=source, now=clock())
    deliver = Deliver(sqlite_store, {Platform.SLACK: gateway.messenger})
    await deliver.run_once(clock())
    posted = server.messages["C1"][-1]
    (claim,) = [
        element for element in posted["blocks"][-1]["elements"] if element.get("value", "").startswith("claim:")
    ]

    await server.send("interactive", server.click(claim), envelope="claim")
    await server.reply()
    await deliver.run_once(clock() + timedelta(minutes=1))

    (edited,) = [message for message in server.messages["C1"] if message["ts"] == posted["ts"]]
    assert "Claimed by ada" in json.dumps(edited["blocks"]) and "Mark reviewed" in json.dumps(edited["blocks"])
