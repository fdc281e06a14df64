"""Home on Slack: the person's day with its chart, and menus to choose a topic or a channel."""

import json
from typing import Any

import pytest

from bot.charts.png import chart_png
from bot.slack.gateway import SlackGateway
from storage.store import Store
from tests.bot.slack.modals import shown
from tests.support.answers import CHART
from tests.support.slack_server import Fault, SlackServer

OPENED = {"type": "app_home_opened", "user": "U1", "channel": "D1", "tab": "home", "event_ts": "1"}


@pytest.fixture(scope="module")
def drawing_loaded() -> None:
    """Load the drawing library, because the first picture of a process takes longer."""
    chart_png(CHART)


@pytest.fixture
async def home(drawing_loaded: None, server: SlackServer, gateway: SlackGateway, sqlite_store: Store) -> dict[str, Any]:
    """The Home of a member of #intel, which is subscribed to Huawei."""
    server.member_of = {"U1": ["C1"]}
    await server.send("slash_commands", server.command("subscribe", "huawei"), envelope="e1")
    await server.reply()
    await server.send("events_api", server.event("Ev1", OPENED), envelope="home")
    return (await server.view())[1]


async def choose(server: SlackServer, home: dict[str, Any], action: dict[str, Any]) -> str:
    """Choose from a menu of Home, and return the modal that answers."""
    await server.send("interactive", server.click(action, view=shown(home, "VH")), envelope="choice")
    method, view = await server.view(2)
    assert method == "views.open"
    return json.dumps(view)


async def test_home_has_the_day_the_chart_and_menus(home: dict[str, Any], server: SlackServer) -> None:
    pickers = home["blocks"][0]["elements"]

    assert [element["type"] for element in pickers] == ["external_select", "conversations_select"]
    assert "Your day" in json.dumps(home["blocks"][1])
    (chart,) = [block for block in home["blocks"] if block["type"] == "image"]
    assert chart["slack_file"]["id"] in server.files and "Your topics" in chart["alt_text"]


async def test_a_topic_chosen_in_home_is_answered_with_its_brief(home: dict[str, Any], server: SlackServer) -> None:
    chosen = {"action_id": "pick", "type": "external_select", "selected_option": {"value": "Huawei"}}

    assert "huawei" in (await choose(server, home, chosen)).casefold()


async def test_a_channel_chosen_in_home_is_answered_with_what_it_gets(
    home: dict[str, Any], server: SlackServer
) -> None:
    server.members["C1"] = ["U1"]
    chosen = {"action_id": "channel", "type": "conversations_select", "selected_conversation": "C1"}

    assert "Huawei" in await choose(server, home, chosen)


async def test_a_channel_of_others_chosen_in_home_is_not_shown(home: dict[str, Any], server: SlackServer) -> None:
    chosen = {"action_id": "channel", "type": "conversations_select", "selected_conversation": "C9"}

    assert "I can't see that you are a member" in await choose(server, home, chosen)


async def test_the_menu_of_topics_suggests_while_the_person_types(home: dict[str, Any], server: SlackServer) -> None:
    typed = {
        "type": "block_suggestion",
        "action_id": "pick",
        "block_id": "topic",
        "value": "hua",
        "user": {"id": "U1"},
        "team": {"id": "T0WIRE"},
        "view": shown(home, "VH"),
    }
    await server.send("interactive", typed, envelope="typed")

    options = (await server.acknowledgement("typed"))["options"]
    assert [option["value"] for option in options] == ["hua", "Huawei"]


async def test_a_home_whose_picture_is_refused_shows_the_chart_as_text(
    server: SlackServer, gateway: SlackGateway
) -> None:
    server.member_of = {"U1": ["C1"]}
    await server.send("slash_commands", server.command("subscribe", "huawei"), envelope="e1")
    await server.reply()
    server.faults["views.publish"] = [Fault(error="invalid_arguments")]

    await server.send("events_api", server.event("Ev1", OPENED), envelope="home")
    _, view = await server.view()

    assert "image" not in [block["type"] for block in view["blocks"]]
    assert "▁" in json.dumps(view, ensure_ascii=False)
