"""The app's manifest: what it asks of Slack is what the bot uses, in each mode."""

import json
from typing import Any

import pytest

from bot.slack.events import GONE, UNINSTALLED
from bot.slack.manifest import manifest, manifest_json
from handlers.commands.table import COMMANDS

# Slack keeps these for itself.
BUILT_IN = {"topic", "search", "status", "mute", "feed", "remind", "who", "invite", "leave", "join", "open", "me", "dm"}
HOST = "https://bot.example.com"


def addresses(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [one for inner in value.values() for one in addresses(inner)]
    if isinstance(value, list):
        return [one for inner in value for one in addresses(inner)]
    return [value] if isinstance(value, str) and value.startswith("http") else []


def test_every_command_is_there_and_none_is_slacks_own() -> None:
    names = {one["command"].removeprefix("/") for one in manifest()["features"]["slash_commands"]}

    assert names == {command.name for command in COMMANDS}
    assert not names & BUILT_IN
    assert all(len(one["description"]) <= 2000 for one in manifest()["features"]["slash_commands"])


def test_every_event_that_is_listened_to_is_asked_for() -> None:
    asked = set(manifest()["settings"]["event_subscriptions"]["bot_events"])

    assert {*GONE, *UNINSTALLED, "app_home_opened", "app_mention", "message.im", "file_shared"} <= asked
    assert not {"message.channels", "message.groups"} & asked  # what people write to each other is not ours


@pytest.mark.parametrize(
    ("socket", "many", "expected"),
    [
        (True, False, set()),
        (False, False, {f"{HOST}/slack/events"}),
        (True, True, {f"{HOST}/slack/oauth_redirect"}),
        (False, True, {f"{HOST}/slack/events", f"{HOST}/slack/oauth_redirect"}),
    ],
)
def test_a_public_address_stands_only_where_a_mode_needs_it(socket: bool, many: bool, expected: set[str]) -> None:
    made = json.loads(manifest_json(f"{HOST}/", socket=socket, many=many))

    assert set(addresses(made)) == expected
    assert made["settings"]["socket_mode_enabled"] is socket
    assert made["settings"]["token_rotation_enabled"] is many
