"""Discord messages: equal to the golden files, within every limit, and without text from outside that acts."""

import json
import os
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.discord.custom_ids import action_of, guild_of
from bot.discord.message import has_key
from bot.discord.render import render, split
from handlers.answers.answer import Alert, Answer, Brief, Digest, Listing, Note, Notice, Trend
from handlers.answers.parts import Button, Quote, Row
from tests.bot.discord.golden_cases import cases, rows
from tests.support.answers import HOSTILE, LEAD, alert, brief, digest, every_answer
from tests.support.discord_bodies import COMPONENTS_V2, all_components, problem_of

GOLDEN = Path(__file__).parent / "golden"
LIVE = re.compile(r"(?<!\\)(?:@everyone|@here|<@\d|<!|\[bank\]\(|https://evil|\*bold\*|~~s~~|\|\|hidden)")
KEY = "k" * 25


def payloads(answer: Answer, **marks: str) -> list[dict[str, Any]]:
    """Return the payloads of all messages that the answer takes."""
    parts: Sequence[Answer] = (answer,)
    if isinstance(answer, Alert | Note | Digest | Notice | Brief | Trend):
        parts = split(answer)
    return [render(part).payload(**marks) for part in parts]


@pytest.mark.parametrize("name", cases())
def test_each_message_is_equal_to_its_golden_file(name: str) -> None:
    """Set REWRITE_GOLDEN=1 to write the files again, and read the difference before you commit it."""
    file = GOLDEN / f"{name}.json"
    answer = cases()[name]
    rendered = payloads(answer) if isinstance(answer, Listing) else payloads(answer, key="key")
    if os.environ.get("REWRITE_GOLDEN"):
        file.write_text(json.dumps(rendered, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")

    assert json.loads(file.read_text(encoding="utf-8")) == rendered
    for payload in rendered:
        require_limits(payload)


def require_limits(payload: dict[str, Any]) -> None:
    """https://discord.com/developers/docs/resources/message#embed-object-embed-limits, and those of components."""
    assert problem_of(payload) is None
    if payload.get("flags", 0) & COMPONENTS_V2:
        return
    assert len(payload["content"]) <= 2000
    assert 1 <= len(payload["embeds"]) <= 10
    total = 0
    for embed in payload["embeds"]:
        texts = [
            (embed.get("title", ""), 256),
            (embed.get("description", ""), 4096),
            (embed.get("footer", {}).get("text", ""), 2048),
            (embed.get("author", {}).get("name", ""), 256),
        ]
        assert len(embed.get("fields", ())) <= 25
        for field in embed.get("fields", ()):
            assert field["name"] and field["value"]
            texts += [(field["name"], 256), (field["value"], 1024)]
        assert all(len(text) <= limit for text, limit in texts)
        assert len(embed.get("url", "")) <= 2048
        total += sum(len(text) for text, _ in texts)
    assert total <= 6000
    require_components(payload["components"])


def require_components(found: list[dict[str, Any]]) -> None:
    assert len(found) <= 5
    ids: list[str] = []
    for row in found:
        assert 1 <= len(row["components"]) <= 5
        for element in row["components"]:
            ids.append(element.get("custom_id") or element["url"])
            assert len(element.get("custom_id", "")) <= 100
            assert len(element.get("url", "")) <= 512
            if element["type"] == 2:
                assert 1 <= len(element["label"]) <= 80
            else:
                assert len(row["components"]) == 1, "a menu is alone in its row"
                assert len(element["placeholder"]) <= 150
                assert 1 <= len(element["options"]) <= 25
                values = [option["value"] for option in element["options"]]
                assert len(values) == len(set(values))
                assert all(1 <= len(option["label"]) <= 100 for option in element["options"])
                assert all(1 <= len(value) <= 100 for value in values)
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("name", every_answer())
def test_text_from_outside_never_acts(name: str) -> None:
    message = render(every_answer(HOSTILE)[name])
    payload, other = message.payload(key=KEY), message.components_payload()

    require_limits(payload)
    require_limits(other)
    assert payload["allowed_mentions"]["parse"] == other["allowed_mentions"]["parse"] == []
    for component in all_components(other["components"]):
        shown = re.sub(r"```.*?```", "", component.get("content", ""), flags=re.DOTALL).replace("<@123456789>", "")
        assert not LIVE.search(shown), shown
    texts = [payload["content"].replace("<@123456789>", "")]  # the follower of the note
    for embed in payload["embeds"]:
        # Discord does not format the text of an author, a footer or a code block.
        texts += [embed.get("title", ""), re.sub(r"```.*?```", "", embed.get("description", ""), flags=re.DOTALL)]
        texts += [re.sub(r"```.*?```", "", f["value"], flags=re.DOTALL) for f in embed.get("fields", ())]
    for text in texts:
        assert not LIVE.search(text), text


@pytest.mark.parametrize(
    "line", ["# big", "### big", "-# small", "- point", "+ point", "1. first", "12) twelfth", ">>> quoted", "* point"]
)
def test_the_start_of_a_line_makes_no_heading_list_or_quotation(line: str) -> None:
    for text in (line, f"before\n  {line}"):
        shown = render(Notice(text=text)).embed["description"]
        assert not re.search(r"^\s*(#|-|\+|\*|>|\d+[.)])", shown, re.MULTILINE), shown
        assert shown.replace("\\", "") == text


# A short text, repeated: long texts are slow to generate.
TEXTS = st.builds(lambda text, times: text * times, st.text(max_size=40), st.integers(1, 150))
ACTIONS = st.builds(lambda verb, rest: f"{verb}:{rest}"[:95], st.sampled_from(["brief", "pace"]), st.text(max_size=95))
LONG = Button(label="0", action=f"brief:{'0' * 89}")
LINK = Button(label="", action="https://example.com/a")
BUTTONS = st.lists(
    st.builds(Button, label=st.text(max_size=120), action=ACTIONS | st.just("https://example.com/a"), primary=...),
    max_size=30,
)


@settings(max_examples=30, deadline=None)
@given(text=TEXTS, guild=st.sampled_from([None, "9" * 20]))
def test_any_text_stays_within_the_limits(text: str, guild: str | None) -> None:
    for answer in every_answer(text).values():
        where = {"guild": guild} if guild else {}
        for payload in (*payloads(answer, key=KEY, **where), *payloads(answer, **where)):
            require_limits(payload)
        require_limits(render(answer).components_payload(guild=guild))


@settings(max_examples=40, deadline=None)
@example(text="", buttons=[*[Button(label="", action="brief:")] * 4, LONG, LINK], count=4, guild="9" * 20)
@given(text=TEXTS, buttons=BUTTONS, count=st.integers(0, 40), guild=st.sampled_from([None, "9" * 20]))
def test_any_number_of_buttons_rows_and_reports_stays_within_the_limits(
    text: str, buttons: list[Button], count: int, guild: str | None
) -> None:
    all_buttons = tuple(buttons)
    row = Row(title=text, detail=text, quote=Quote(text=text), buttons=all_buttons[:5])
    answers: list[Answer] = [
        replace(alert(headline=text, more=count), buttons=all_buttons, menu=all_buttons[:9]),
        Listing(title=text, summary=text, rows=(row,) * count, more=count, buttons=all_buttons[:6]),
        Notice(text=text, code=text, buttons=all_buttons),
        replace(brief(count, text), buttons=all_buttons),
    ]
    for answer in answers:
        where = {"guild": guild} if guild else {}
        for payload in (*payloads(answer, key=KEY, **where), *payloads(answer, **where)):
            require_limits(payload)
        require_limits(render(answer).components_payload(guild=guild))


def test_a_note_mentions_only_the_followers_of_its_story() -> None:
    payload = render(every_answer("quiet")["note"]).payload()

    assert payload["content"] == "<@123456789>"
    assert payload["allowed_mentions"] == {"parse": [], "users": ["123456789"], "roles": []}


def test_an_alert_mentions_only_those_whom_its_subscriptions_name() -> None:
    payload = render(replace(alert(sentence="<@&7> @everyone"), mentions=("&500", "5", "everyone", "S1"))).payload()

    assert payload["content"].splitlines()[0] == "<@&500> <@5>"
    assert payload["allowed_mentions"] == {"parse": [], "users": ["5"], "roles": ["500"]}


def test_an_alert_is_an_embed_in_its_topics_colour_with_the_matches_in_bold() -> None:
    payload = render(alert()).payload(key="abc")
    (embed,) = payload["embeds"]

    assert embed["color"] == 0xC7372F
    assert embed["title"] == "MTS and Huawei agree to build 5G in Russia"
    assert "**Huawei**" in embed["description"]
    assert embed["footer"]["text"] == "Example Wire"
    assert payload["components"][0]["components"][0]["custom_id"] == "brief:1:7d#abc"


@pytest.mark.parametrize("stories", [0, 1, 80])
def test_a_digest_is_split_between_stories_and_loses_none(stories: int) -> None:
    complete = digest(stories)

    parts = split(complete)

    shown = [
        story.story_id for part in parts if isinstance(part, Digest) for group in part.groups for story in group.stories
    ]
    assert shown == [story.story_id for group in complete.groups for story in group.stories]
    assert (len(parts) > 1) == (stories == 80)
    for part in parts:
        payload = render(part).payload()
        require_limits(payload)
        assert not payload["embeds"][0].get("description", "").endswith("…")


def test_each_row_of_a_short_list_has_its_own_buttons() -> None:
    one = tuple(replace(row, buttons=row.buttons[:1]) for row in rows(3))
    for shown, expected in ((one, [9, 9, 9]), (rows(3), [10, 1, 10, 1, 10, 1]), ((), [])):
        payload = render(Listing(title="What #intel gets", rows=shown, buttons=(LINK,))).payload()

        (box, below) = payload["components"]
        kinds = [component["type"] for component in box["components"]]
        assert kinds[len(kinds) - len(expected) :] == expected
        assert box["components"][0]["content"].startswith("**What #intel gets**")
        assert "content" not in payload and "embeds" not in payload
        assert below["components"][0]["url"] == "https://example.com/a"


def test_a_message_of_components_is_replaced_by_one_although_the_answer_has_no_parts() -> None:
    payload = render(Notice(text="Gone.", buttons=(Button(label="Undo", action="subscribe:1"),))).components_payload()

    box, below = payload["components"]
    assert box["components"] == [{"type": 10, "content": "Gone."}]
    assert below["components"][0]["custom_id"] == "subscribe:1"


def test_a_long_list_has_a_menu_for_each_action_with_an_option_for_each_row() -> None:
    payload = render(Listing(title="What #intel gets", rows=rows(25))).payload()

    menus = [row["components"][0] for row in payload["components"]]
    assert [menu["placeholder"] for menu in menus] == ["Daily …", "Weekly …", "Brief …", "Unsubscribe …"]
    assert [option["value"] for option in menus[0]["options"]] == [f"daily:{n}" for n in range(25)]


@pytest.mark.parametrize(
    ("custom_id", "action", "guild"),
    [
        ("brief:1:7d", "brief:1:7d", None),
        ("brief:1:7d#key", "brief:1:7d", None),
        ("brief:1:7d#key#42", "brief:1:7d", "42"),
        ("brief:1:7d##42", "brief:1:7d", "42"),
        ("brief:1:7d#key#x", "brief:1:7d", None),
        ("brief#a#b#42", "brief", None),
    ],
)
def test_the_id_of_a_button_carries_its_action_and_its_server(custom_id: str, action: str, guild: str) -> None:
    assert (action_of(custom_id), guild_of(custom_id)) == (action, guild)


@pytest.mark.parametrize("guild", [None, "42"])
@pytest.mark.parametrize("post", [alert(), digest(1), Note(label="New", quote=Quote(text="x"), source=LEAD)])
def test_a_post_is_found_by_its_key_and_by_no_other(post: Alert | Digest | Note, guild: str | None) -> None:
    payload = render(post).payload(key="key-1", guild=guild)

    assert has_key(payload, "key-1")
    assert not any(has_key(payload, other) for other in ("key", "1", "ey-1", "42", ""))
