"""Text from outside, in every field of every answer, never becomes markup, a mention, a script or a link."""

import json
import re
from typing import Any

import lxml.html
import pytest

from bot.console.render import Renderer, open_templates
from bot.discord.custom_ids import action_of
from bot.discord.markdown import fenced
from bot.discord.render import render as render_discord
from bot.slack.render import render as render_slack
from handlers.answers.answer import Answer, Notice
from tests.support.answers import AT, every_answer
from tests.support.hostile import PAYLOADS, hostile_answers

PAGE = Renderer(open_templates())


def hostile(kind: str) -> list[tuple[str, Answer]]:
    """Return an answer of that kind for each payload, with the payload in every field."""
    answer = {kind: every_answer()[kind]}
    return [(payload, hostile_answers(answer, payload)[kind]) for payload in PAYLOADS]


@pytest.mark.parametrize("kind", every_answer())
def test_a_page_contains_no_script_event_handler_or_unsafe_address(kind: str) -> None:
    for _, answer in hostile(kind):
        html = PAGE.fragment(answer, at=AT, zone="UTC")

        root = lxml.html.fragment_fromstring(str(html).replace("\x00", "").replace("\ud800", "?"), create_parent="div")
        for element in root.iter():
            assert element.tag not in ("script", "img", "iframe", "form", "base", "style", "object", "meta", "link")
            for name, value in [(str(key), str(content)) for key, content in element.attrib.items()]:
                assert not name.startswith("on"), (name, value)
                if name in ("href", "src", "action", "formaction"):
                    assert re.match(r"https?://|#|/|data:application/octet-stream;base64,", value), value


@pytest.mark.parametrize("kind", every_answer())
def test_slack_gets_escaped_text(kind: str) -> None:
    for payload, answer in hostile(kind):
        message = render_slack(answer)

        assert not re.search(r"<[!@#h]", message.text)
        assert len(message.blocks) <= 50
        for element in _parts(message.blocks):
            if element.get("type") == "mrkdwn":
                inside = re.sub(r"<!date\^\d+\^[^|<>]*\|[^<>|]*>|<https?://[^<>|\s]*\|[^<>|]*>", "", element["text"])
                assert not set(inside) & set("<>*_~`"), element
            if element.get("type") == "link":
                assert element["url"].startswith(("https://", "http://"))
            assert len(element.get("url", "")) <= 3000
            if element.get("type") == "user":
                assert payload not in element["user_id"] or not payload.strip()


@pytest.mark.parametrize("kind", every_answer())
def test_discord_gets_text_that_formats_nothing_and_mentions_nobody(kind: str) -> None:
    for _, answer in hostile(kind):
        payload_sent = render_discord(answer).payload(key="key")

        embed = payload_sent["embeds"][0]
        assert payload_sent["allowed_mentions"]["parse"] == []
        for text in (
            payload_sent["content"],
            embed.get("description", ""),
            *(field["value"] for field in embed.get("fields", ())),
        ):
            assert "[bank](" not in _outside_code(text)
            assert not re.search(r"(?<!\\)<[@#!](?!\d+>$)", _outside_code(text).replace("<@U1>", ""))
        assert all(url.startswith(("https://", "http://")) for url in _addresses(embed))
        for row in payload_sent["components"]:
            assert all(len(component.get("custom_id", "")) <= 100 for component in row["components"])


@pytest.mark.parametrize("size", range(1, 12))
def test_backticks_cannot_end_a_code_block(size: int) -> None:
    block = fenced("`" * size + " **x**", 200)

    assert block.count("```") == 2


@pytest.mark.parametrize("size", [100, 4_000, 4_096, 10_000])
def test_a_code_block_that_is_cut_is_closed(size: int) -> None:
    for text in ("short", "t" * 5_000):
        description = render_discord(Notice(text=text, code="[bank](https://evil.example) " * (size // 20)))
        shown = description.embed["description"]
        assert len(shown) <= 4096
        assert shown.count("```") in (0, 2)
        assert "[bank](" not in _outside_code(shown)


@pytest.mark.parametrize("custom_id", ["brief:1:7d#key", "brief:1:7d##", "#", "", "a#b#c"])
def test_the_action_of_a_button_ends_where_its_key_begins(custom_id: str) -> None:
    assert "#" not in action_of(custom_id)


def _parts(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, dict):
        return [value, *(part for inner in value.values() for part in _parts(inner))]
    return [part for inner in value for part in _parts(inner)] if isinstance(value, list) else []


def _outside_code(text: str) -> str:
    """Return the text without its closed code blocks."""
    return re.sub(r"```.*?```", "", text, flags=re.DOTALL)


def _addresses(embed: dict[str, Any]) -> list[str]:
    return [part["url"] for part in _parts(json.loads(json.dumps(embed))) if "url" in part]
