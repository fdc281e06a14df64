"""Every request body is valid by the public OpenAPI description of Discord's API, where that is available."""

import json
import re
from dataclasses import replace
from functools import cache
from typing import Any

import jsonschema
import pytest

from bot.core import SEEDS
from bot.discord.commands import command_payload
from bot.discord.locales import read_locales
from bot.discord.messenger import DiscordMessenger
from bot.discord.render import render
from storage.records import Channel, Platform
from tests.bot.discord.golden_cases import cases
from tests.bot.discord.outbox import NOTE
from tests.support.answers import alert, digest
from tests.support.discord_guild import FORUM, GUILD_ID
from tests.support.discord_server import DiscordServer
from tests.support.paths import SHARED

DESCRIPTION = SHARED / "specs" / "discord-openapi.json"
MESSAGE = "POST /channels/{channel_id}/messages"


@cache
def api() -> dict[str, Any]:
    """https://github.com/discord/discord-api-spec"""
    if not DESCRIPTION.exists():
        pytest.skip("../shared/specs/discord-openapi.json is missing: request bodies are NOT validated")
    return dict(json.loads(DESCRIPTION.read_text(encoding="utf-8")))


@cache
def validator(route: str) -> jsonschema.Draft202012Validator:
    method, path = route.split(" ")
    shape = re.sub(r"\{\w+\}", "{}", path)
    found = next(value for name, value in api()["paths"].items() if re.sub(r"\{\w+\}", "{}", name) == shape)
    schema = found[method.lower()]["requestBody"]["content"]["application/json"]["schema"]
    return jsonschema.Draft202012Validator({**schema, "components": api()["components"]})


def require_valid(route: str, body: Any) -> None:
    problems = sorted(validator(route).iter_errors(body), key=lambda problem: list(map(str, problem.path)))
    assert not problems, "\n".join(f"{list(problem.path)}: {problem.message[:300]}" for problem in problems)


def test_the_description_refuses_an_invalid_body() -> None:
    assert api()["info"]["version"] == "10"
    with pytest.raises(AssertionError):
        require_valid(MESSAGE, {"embeds": [{"title": "x" * 257}]})


@pytest.mark.parametrize("name", cases())
def test_every_message_is_valid(name: str) -> None:
    message = render(cases()[name])

    require_valid(MESSAGE, message.payload(key="k" * 16) | {"nonce": "k" * 16, "enforce_nonce": True})
    require_valid(MESSAGE, message.payload())
    require_valid(MESSAGE, message.components_payload())


@pytest.mark.parametrize("name", ["alert-grown", "list-of-25", "list-subscriptions", "error-query"])
def test_every_response_to_an_interaction_is_valid(name: str) -> None:
    message = render(cases()[name])

    reply = message.payload(guild="42")
    reply["flags"] = reply.get("flags", 0) | 64
    require_valid("POST /interactions/{interaction_id}/{interaction_token}/callback", {"type": 4, "data": reply})
    require_valid("PATCH /webhooks/{webhook_id}/{webhook_token}/messages/@original", message.payload())
    require_valid("POST /webhooks/{webhook_id}/{webhook_token}", reply)


def test_the_registration_of_commands_is_valid() -> None:
    payload = command_payload(read_locales(SEEDS / "locales"))

    require_valid("PUT /applications/{application_id}/commands", payload)


async def test_every_request_of_the_messenger_is_valid(server: DiscordServer, messenger: DiscordMessenger) -> None:
    api()
    server.kinds |= {"79": FORUM}
    server.tags["79"] = [{"id": "1", "name": "Huawei"}]
    for place in ("77", "79", "@5"):
        channel = Channel(
            id=1,
            workspace_id=1,
            platform=Platform.DISCORD,
            workspace_external_id=str(GUILD_ID),
            external_id=place,
            name="intel",
        )
        ref = await messenger.post(channel, alert(), key="k1")
        if place == "79":
            server.forum_posts[ref]["thread_metadata"]["archived"] = True
        await messenger.edit(channel, ref, alert(more=6))
        await messenger.post(channel, NOTE, key="k2", thread=ref)
        await messenger.post(channel, replace(digest(1), chart=None), key="k3")

    assert len({route for route, _ in server.bodies}) == 6
    for route, body in server.bodies:
        require_valid(route, body)
