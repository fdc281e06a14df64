"""Application commands: built from the table, within Discord's limits, translated, and registered when they change."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.core import SEEDS
from bot.discord.commands import MESSAGE_TYPE, RESTRICTED, command_payload
from bot.discord.locales import MESSAGE_COMMAND, Locales, command_paths, read_locales
from handlers.answers.errors import WirewatchError
from handlers.commands.table import COMMANDS
from tests.bot.discord.conftest import Opening
from tests.support.discord_server import DiscordServer


def slash_commands() -> dict[str, dict[str, Any]]:
    return {
        command["name"]: command for command in command_payload(read_locales(SEEDS / "locales")) if command["type"] == 1
    }


def texts(part: dict[str, Any]) -> Iterator[str]:
    """Yield the texts that count against the 8000 characters of a command."""
    yield part["name"]
    yield max([part["description"], *part.get("description_localizations", {}).values()], key=len)
    for choice in part.get("choices", ()):
        yield from (choice["name"], choice["value"])
    for option in part.get("options", ()):
        yield from texts(option)


def parts(part: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield a command with all its subcommands and options."""
    yield part
    for option in part.get("options", ()):
        yield from parts(option)


def test_there_is_a_slash_command_for_each_entry_of_the_table_and_one_message_command() -> None:
    payload = command_payload()

    assert [command["name"] for command in payload] == [*(command.name for command in COMMANDS), "Check against topics"]
    assert payload[-1]["type"] == MESSAGE_TYPE
    assert "description" not in payload[-1]


def test_every_command_is_within_discords_limits() -> None:
    """https://discord.com/developers/docs/interactions/application-commands#application-command-object"""
    assert len(slash_commands()) <= 100
    for command in slash_commands().values():
        assert sum(map(len, texts(command))) <= 8000
        for part in parts(command):
            assert len(part.get("options", ())) <= 25
            assert len(part.get("choices", ())) <= 25
            assert 1 <= len(part["name"]) <= 32 and part["name"] == part["name"].lower()
            assert all(1 <= len(text) <= 100 for text in texts({**part, "options": [], "choices": []}))
            required = [option.get("required", False) for option in part.get("options", ())]
            assert required == sorted(required, reverse=True), "required options come first"


def test_subcommands_and_option_types_come_from_the_table() -> None:
    commands = slash_commands()

    assert [sub["name"] for sub in commands["topics"]["options"]] == ["list", "show", "add", "edit", "remove", "test"]
    topic, pace, channel, grouping, notify, mention = commands["subscribe"]["options"]
    assert topic["autocomplete"] and topic["required"]
    assert [choice["value"] for choice in pace["choices"]] == ["instant", "daily", "weekly"]
    assert (channel["type"], channel["channel_types"]) == (7, [0, 2, 5, 13, 15])
    assert [choice["value"] for choice in grouping["choices"]] == ["normal", "strict", "off"]
    assert [choice["value"] for choice in notify["choices"]] == ["on", "off"]
    assert mention["type"] == 9
    assert {option["name"]: option["type"] for option in commands["check"]["options"]} == {"text": 3, "file": 11}


def test_commands_that_change_nothing_are_also_for_people_and_others_for_servers() -> None:
    everywhere = {"brief", "find", "check", "trend", MESSAGE_COMMAND}
    for command in command_payload():
        expected = ([0, 1, 2], [0, 1]) if command["name"] in everywhere else ([0], [0])
        assert (command["contexts"], command["integration_types"]) == expected


def test_changing_a_channel_requires_managing_it() -> None:
    for command in command_payload():
        required = command.get("default_member_permissions")
        assert required == (1 << 4 if command["name"] in RESTRICTED else None)
    assert {"subscribe", "unsubscribe"} == RESTRICTED


def test_a_locale_file_translates_commands_subcommands_and_options() -> None:
    german = read_locales(SEEDS / "locales").texts["de"]

    assert set(german) <= set(command_paths())
    at = next(sub for sub in slash_commands()["digest"]["options"] if sub["name"] == "at")
    assert at["description_localizations"] == {"de": german["digest at"]}
    assert command_payload(Locales(texts={"de": german}))[-1]["name_localizations"] == {"de": german[MESSAGE_COMMAND]}


def test_without_locale_files_there_is_only_english() -> None:
    assert not any("description_localizations" in part for command in command_payload() for part in parts(command))


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("xx.toml", "", "no locale 'xx'"),
        ("de.toml", '"brief" = ', "de.toml"),
        ("de.toml", '"nothing" = "nichts"', "'nothing' is not a command"),
        ("de.toml", '"brief" = ""', "at most 100"),
        ("de.toml", f'"brief" = "{"x" * 101}"', "at most 100"),
        ("de.toml", '"brief" = 1', "at most 100"),
        ("de.toml", f'"Check against topics" = "{"x" * 33}"', "at most 32"),
    ],
)
def test_a_locale_file_that_discord_would_refuse_is_named_at_the_start(
    name: str, text: str, problem: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")

    with pytest.raises(WirewatchError, match=problem):
        read_locales(tmp_path)


async def test_commands_are_registered_only_when_they_change(server: DiscordServer, opening: Opening) -> None:
    for _ in range(2):
        async with opening():
            await server.interact(2, {"id": "9", "name": "news", "type": 1})
            await server.answer()

    assert server.commands == json.loads(json.dumps(command_payload()))
    assert [method for method, path in server.calls if path.endswith("/commands")] == ["PUT", "GET"]


async def test_commands_for_one_server_are_removed_everywhere_else(server: DiscordServer, opening: Opening) -> None:
    for command_guild in (None, "42", "42", None):
        async with opening(command_guild=command_guild):
            pass

    registered = [(path.removeprefix("/api/v10/applications/1000"), len(body)) for path, body in registrations(server)]
    count = len(command_payload())
    server_42, everywhere = "/guilds/42/commands", "/commands"
    assert registered == [(everywhere, count), (everywhere, 0), (server_42, count), (server_42, 0), (everywhere, count)]


def registrations(server: DiscordServer) -> list[tuple[str, Any]]:
    """Return the path and the body of every registration."""
    paths = [path for method, path in server.calls if method == "PUT"]
    return list(zip(paths, [body for route, body in server.bodies if route.startswith("PUT")], strict=True))
