"""Answers name channels and commands by Discord's own links, where that changes nothing else."""

import json
from typing import Any

import pytest

from bot.discord.gateway import DiscordGateway
from bot.discord.native import channel_links, command_links, with_links
from tests.support.discord_guild import CHANNEL_ID, OTHER_ID
from tests.support.discord_server import DiscordServer

LINKS = channel_links({"77": "intel", "78": "my_desk", "@5": "Ada"}) | command_links(
    {"subscribe": "1", "digest": "2", "find": "3"}
)


@pytest.mark.parametrize(
    ("text", "linked"),
    [
        ("#intel now gets Huawei.", "<#77> now gets Huawei."),
        (r"\#intel now gets Huawei.", "<#77> now gets Huawei."),
        (r"in #my\_desk: yes", "in <#78>: yes"),
        ("#intel-2 and #intelligence", "#intel-2 and #intelligence"),
        ("change it with /digest at.", "change it with </digest at:2>."),
        ("/subscribe huawei starts.", "</subscribe:1> huawei starts."),
        ("/digest alone", "/digest alone"),
        ("https://x.example/find and a/subscribe", "https://x.example/find and a/subscribe"),
        ("```\n/find x in #intel\n```\n/find", "```\n/find x in #intel\n```\n</find:3>"),
        ("/brief has no id", "/brief has no id"),
    ],
)
def test_a_name_becomes_a_link(text: str, linked: str) -> None:
    body: dict[str, Any] = {
        "content": text,
        "embeds": [{"title": text, "description": text, "fields": [{"name": text, "value": text}]}],
        "components": [{"type": 17, "components": [{"type": 10, "content": text}]}, {"type": 1, "components": []}],
    }

    found = with_links(body, LINKS)

    (embed,) = found["embeds"]
    shown = found["content"], embed["description"], embed["fields"][0]["value"]
    assert {*shown, found["components"][0]["components"][0]["content"]} == {linked}
    assert (embed["title"], embed["fields"][0]["name"]) == (text, text)


def test_a_text_that_would_become_too_long_stays_as_it_is() -> None:
    body = {"content": ("#intel " * 300)[:2000], "embeds": [], "components": []}

    assert with_links(body, channel_links({"7" * 20: "intel"})) == body


@pytest.mark.parametrize("restarted", [False, True])
async def test_an_answer_links_the_channel_and_the_commands(
    restarted: bool, server: DiscordServer, opening: Any
) -> None:
    for _ in range(1 + restarted):
        async with opening() as gateway:
            await answer_links(server, gateway)


async def answer_links(server: DiscordServer, gateway: DiscordGateway) -> None:
    server.follow_ups.clear()
    channel = {"id": str(OTHER_ID), "type": 0, "name": "other", "permissions": str(1 << 4)}
    typed = [{"name": "topic", "type": 3, "value": "huawei"}, {"name": "channel", "type": 7, "value": channel["id"]}]
    data = {"id": "9", "name": "subscribe", "type": 1, "options": typed, "resolved": {"channels": {"78": channel}}}
    await server.interact(2, data)
    subscribed = await server.answer()
    await server.interact(2, {"id": "9", "name": "subscriptions", "type": 1})
    listed = json.dumps(await server.answer())

    assert f"<#{OTHER_ID}>" in subscribed["content"]
    assert f"<#{CHANNEL_ID}>" in listed and "</subscribe:80" in listed
