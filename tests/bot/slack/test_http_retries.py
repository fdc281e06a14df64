"""Copies and retries of signed requests have one effect, whichever processes receive them."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest

from handlers.commands.dispatch import Commands
from storage.store import Store
from tests.bot.slack.conftest import commands_over, workspace_of
from tests.bot.slack.http_endpoint import FORM, command, http_mode, payload
from tests.support.slack_server import BOT, TEAM, SlackServer
from tests.support.slack_signing import signed


@pytest.fixture
async def commands_on_both(store: Store) -> AsyncIterator[Commands]:
    """The real commands, on each database in turn."""
    async with commands_over(store) as opened:
        yield opened


def _requests(server: SlackServer) -> Mapping[str, tuple[bytes, str]]:
    """Return the body and the content type of a request of every kind that has an effect."""
    mention = {
        "type": "app_mention",
        "user": "U1",
        "text": f"<@{BOT}> news",
        "channel": "C1",
        "ts": "1",
        "event_ts": "1",
    }
    home = {"type": "app_home_opened", "user": "U1", "channel": "D1", "tab": "home", "event_ts": "1"}
    shortcut = {
        "type": "message_action",
        "callback_id": "check",
        "team": {"id": TEAM, "domain": "wire"},
        "user": {"id": "U1", "username": "ada", "team_id": TEAM},
        "channel": {"id": "C1", "name": "intel"},
        "message": {"ts": "1.1", "text": "Huawei builds 5G networks in Russia with MTS."},
        "response_url": f"{server.url}/respond",
        "trigger_id": "1.2",
    }
    button = server.click({"type": "button", "action_id": "press", "value": "pace:1:daily"})
    return {
        "a command": (command(server, "news"), FORM),
        "a click": (payload(button), FORM),
        "a shortcut": (payload(shortcut), FORM),
        "a mention": (json.dumps(server.event("Ev1", mention)).encode(), "application/json"),
        "a mention without an id": (json.dumps(server.event("", mention)).encode(), "application/json"),
        "Home": (json.dumps(server.event("Ev2", home)).encode(), "application/json"),
    }


def _effects(server: SlackServer) -> int:
    """Return the number of things that people see."""
    return len(server.responses) + len(server.views) + sum(len(messages) for messages in server.messages.values())


_KINDS = list(_requests(SlackServer()))


@pytest.mark.parametrize("kind", _KINDS)
async def test_copies_of_a_request_are_answered_once_by_all_processes_together(
    kind: str, server: SlackServer, commands_on_both: Commands, store: Store
) -> None:
    body, content_type = _requests(server)[kind]
    headers = signed(body)

    processes = [http_mode(server, commands_on_both, store) for _ in range(3)]
    async with processes[0] as first, processes[1] as second:
        copies = [process.post(body, headers, content_type) for process in (first, second, first)]
        assert [status for status, _ in await asyncio.gather(*copies)] == [200, 200, 200]
    async with processes[2] as restarted:
        assert await restarted.post(body, headers, content_type) == (200, "")

    assert _effects(server) == 1


@pytest.mark.parametrize("kind", [kind for kind in _KINDS if kind != "a mention without an id"])
async def test_a_request_and_its_retry_are_answered_once(
    kind: str, server: SlackServer, commands_on_both: Commands, store: Store
) -> None:
    body, content_type = _requests(server)[kind]
    retry = {"X-Slack-Retry-Num": "1", "X-Slack-Retry-Reason": "http_timeout"}

    async with http_mode(server, commands_on_both, store) as endpoint:
        await endpoint.post(body, signed(body, age_s=60), content_type)
        assert await endpoint.post(body, signed(body) | retry, content_type) == (200, "")

    assert _effects(server) == 1


async def test_a_retry_of_a_request_that_never_arrived_is_answered(
    server: SlackServer, commands: Commands, sqlite_store: Store
) -> None:
    body = command(server, "news")

    async with http_mode(server, commands, sqlite_store) as endpoint:
        await endpoint.post(body, signed(body) | {"X-Slack-Retry-Num": "1"})

    assert server.responses[0]["response_type"] == "ephemeral"


async def test_a_person_who_repeats_a_command_is_answered_again(
    server: SlackServer, commands: Commands, sqlite_store: Store
) -> None:
    body = command(server, "news")

    async with http_mode(server, commands, sqlite_store) as endpoint:
        for age_s in (2, 1):
            await endpoint.post(body, signed(body, age_s=age_s))

    assert len(server.responses) == 2


async def test_a_copy_of_a_submitted_form_changes_nothing(
    server: SlackServer, commands: Commands, sqlite_store: Store
) -> None:
    async with http_mode(server, commands, sqlite_store) as endpoint:
        opening = command(server, "topics add")
        await endpoint.post(opening, signed(opening))
        _, view = await server.view()
        body = payload(_submission(view, {"name": "ports", "query": "ports"}))
        headers = signed(body)
        first, copy = [await endpoint.post(body, headers) for _ in range(2)]

    assert first[0] == copy[0] == 200
    assert "update" in first[1]
    assert copy[1] == ""
    workspace = await workspace_of(sqlite_store)
    async with sqlite_store.read() as tx:
        assert [topic.name for topic in await tx.topics.visible(workspace.id)].count("ports") == 1


def _submission(view: Mapping[str, Any], values: Mapping[str, str]) -> dict[str, Any]:
    state = {name: {name: {"type": "plain_text_input", "value": value}} for name, value in values.items()}
    return {
        "type": "view_submission",
        "team": {"id": TEAM, "domain": "wire"},
        "user": {"id": "U1", "username": "ada", "team_id": TEAM},
        "trigger_id": "1.2",
        "view": dict(view) | {"id": "V1", "hash": "h1", "state": {"values": state}},
    }
