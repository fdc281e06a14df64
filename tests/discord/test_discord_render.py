"""Discord messages: within every limit, and no text from outside can ping, link or format."""

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.discord.render import render, split
from handlers.answers import Digest
from tests.support.answers import HOSTILE, alert, digest, every_answer

LIVE = re.compile(r"(?<!\\)(?:@everyone|@here|<@\d|<!|\[bank\]\(|https://evil|\*bold\*|~~s~~|\|\|hidden)")


def require_limits(payload: dict[str, Any]) -> None:
    assert len(payload["content"]) <= 2000
    assert len(payload["embeds"]) <= 10
    total = 0
    for embed in payload["embeds"]:
        assert len(embed.get("title", "")) <= 256
        assert len(embed.get("description", "")) <= 4096
        assert len(embed.get("footer", {}).get("text", "")) <= 2048
        assert len(embed.get("author", {}).get("name", "")) <= 256
        assert len(embed.get("fields", ())) <= 25
        total += len(embed.get("title", "") + embed.get("description", ""))
        total += len(embed.get("footer", {}).get("text", "") + embed.get("author", {}).get("name", ""))
        for field in embed.get("fields", ()):
            assert 0 < len(field["name"]) <= 256
            assert 0 < len(field["value"]) <= 1024
            total += len(field["name"] + field["value"])
    assert total <= 6000
    assert len(payload["components"]) <= 5
    ids = []
    for row in payload["components"]:
        assert 0 < len(row["components"]) <= 5
        for button in row["components"]:
            assert 0 < len(button["label"]) <= 80
            ids.append(button.get("custom_id") or button["url"])
    assert len(ids) == len(set(ids))
    assert all(len(name) <= 512 for name in ids)


@pytest.mark.parametrize("name", every_answer())
def test_text_from_outside_never_acts(name: str) -> None:
    payload = render(every_answer(HOSTILE)[name]).payload(key="k" * 25)

    require_limits(payload)
    assert payload["allowed_mentions"]["parse"] == []
    texts = [payload["content"].replace("<@123456789>", "")]  # the follower of the note
    for embed in payload["embeds"]:
        # An author's and a footer's text is never markup; a code block's neither.
        texts += [embed.get("title", ""), re.sub(r"```.*?```", "", embed.get("description", ""), flags=re.DOTALL)]
        texts += [re.sub(r"```.*?```", "", f["value"], flags=re.DOTALL) for f in embed.get("fields", ())]
    for text in texts:
        assert not LIVE.search(text), text


@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=5000))
def test_any_text_stays_within_the_limits(text: str) -> None:
    for answer in every_answer(text).values():
        require_limits(render(answer).payload(key="k" * 25))


def test_only_followers_can_be_mentioned() -> None:
    payload = render(every_answer("quiet")["note"]).payload()

    assert payload["content"] == "<@123456789>"
    assert payload["allowed_mentions"] == {"parse": [], "users": ["123456789"]}


def test_an_alert_is_an_embed_in_its_topics_colour_with_the_matched_words_bold() -> None:
    payload = render(alert()).payload(key="abc")
    (embed,) = payload["embeds"]

    assert embed["color"] == 0xC7372F
    assert embed["title"] == "MTS and Huawei agree to build 5G in Russia"
    assert "**Huawei**" in embed["description"]
    assert embed["footer"]["text"] == "Example Wire · first report"
    assert payload["components"][0]["components"][0]["custom_id"] == "brief:1:7d#abc"


@pytest.mark.parametrize("stories", [0, 1, 80])
def test_a_digest_is_split_at_stories_and_loses_none(stories: int) -> None:
    whole = digest(stories)

    parts = split(whole)

    shown = [
        story.story_id for part in parts if isinstance(part, Digest) for group in part.groups for story in group.stories
    ]
    assert shown == [story.story_id for group in whole.groups for story in group.stories]
    assert (len(parts) > 1) == (stories == 80)
    for part in parts:
        payload = render(part).payload()
        require_limits(payload)
        assert not payload["embeds"][0].get("description", "").endswith("…")
