"""Payloads of modals and Home, for several test files."""

from typing import Any

from tests.support.slack_server import TEAM, SlackServer


def shown(view: dict[str, Any], id: str = "V1") -> dict[str, Any]:
    """Return the view as Slack sends it in a payload."""
    return view | {"id": id, "hash": "h1", "state": {"values": {}}}


def submission(view: dict[str, Any], **values: str) -> dict[str, Any]:
    """Return the payload of a submitted form."""
    state = {
        name: {
            "a": {"selected_option": {"value": value}} if name in ("topic", "pace", "grouping") else {"value": value}
        }
        for name, value in values.items()
    }
    return {
        "type": "view_submission",
        "team": {"id": TEAM, "domain": "wire"},
        "user": {"id": "U1", "username": "ada", "team_id": TEAM},
        "trigger_id": "1.3",
        "view": shown(view) | {"state": {"values": state}},
    }


def button_values(blocks: Any) -> list[str]:
    """Return the values of all buttons anywhere in the blocks."""
    if isinstance(blocks, dict) and "value" in blocks:
        return [blocks["value"]]
    inner = blocks.values() if isinstance(blocks, dict) else blocks if isinstance(blocks, list) else ()
    return [value for each in inner for value in button_values(each)]


async def open_modal(server: SlackServer, command: str, words: str, envelope: str = "open") -> dict[str, Any]:
    """Send a command that opens a modal, and return the modal."""
    await server.send("slash_commands", server.command(command, words), envelope=envelope)
    method, view = await server.view()
    assert method == "views.open"
    assert not server.responses
    return view
