"""The app's manifest: it asks Slack for what the bot uses, in each mode."""

import json
from typing import Any

import pytest

from bot.slack.events import EVENTS
from bot.slack.manifest import manifest, manifest_json
from handlers.commands.table import COMMANDS

# Slack reserves these names.
BUILT_IN = {"topic", "search", "status", "mute", "feed", "remind", "who", "invite", "leave", "join", "open", "me", "dm"}
HOST = "https://bot.example.com"


def addresses(value: Any) -> list[str]:
    """All addresses anywhere in the value."""
    if isinstance(value, dict):
        return [address for inner in value.values() for address in addresses(inner)]
    if isinstance(value, list):
        return [address for inner in value for address in addresses(inner)]
    return [value] if isinstance(value, str) and value.startswith("http") else []


def test_the_manifest_has_every_command_and_no_built_in_one() -> None:
    commands = manifest()["features"]["slash_commands"]
    names = {command["command"].removeprefix("/") for command in commands}

    assert names == {*(command.name for command in COMMANDS), "wirewatch"}
    assert not names & BUILT_IN
    assert all(len(command["description"]) <= 2000 for command in commands)


def test_the_manifest_asks_for_every_handled_event_and_not_for_messages_of_channels() -> None:
    requested = set(manifest()["settings"]["event_subscriptions"]["bot_events"])

    assert {"message.im" if event == "message" else event for event in EVENTS} <= requested
    assert not {"message.channels", "message.groups"} & requested


@pytest.mark.parametrize(
    ("socket", "oauth", "expected"),
    [
        (True, False, set()),
        (False, False, {f"{HOST}/slack/events"}),
        (True, True, {f"{HOST}/slack/oauth_redirect"}),
        (False, True, {f"{HOST}/slack/events", f"{HOST}/slack/oauth_redirect"}),
    ],
)
def test_a_public_address_appears_only_if_the_mode_needs_it(socket: bool, oauth: bool, expected: set[str]) -> None:
    written = json.loads(manifest_json(f"{HOST}/", socket=socket, oauth=oauth))

    assert set(addresses(written)) == expected
    assert written["settings"]["socket_mode_enabled"] is socket
    assert written["settings"]["org_deploy_enabled"] is oauth
    assert written["settings"]["token_rotation_enabled"] is oauth
