"""Slack messages and views: equal to the stored payloads, within every limit, and never with markup from outside."""

import difflib
import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.slack import views
from bot.slack.blocks import ImageOptions
from bot.slack.render import NO_IMAGES, render, split
from bot.slack.view_state import Conversation, ViewState
from handlers.answers.answer import Alert, Answer, Digest, Listing, Note, Notice
from handlers.answers.parts import Button, Form
from handlers.commands.home import Home
from handlers.commands.my_day import MyDay
from tests.bot.slack.golden_cases import DATA, every_golden
from tests.support.answers import BUTTONS, CHART, HOSTILE, alert, brief, digest, every_answer

GOLDEN = every_golden()
TEXTS = {"plain_text": 3000, "mrkdwn": 3000}
IMAGE_OPTIONS = (ImageOptions(), ImageOptions(chart_file="F000000001"), NO_IMAGES)
# Elements whose text has a lower limit than other text objects: https://docs.slack.dev/reference/block-kit
SHORTER = {
    ("header", "text"): 150,
    ("button", "text"): 75,
    ("option", "text"): 75,
    ("input", "label"): 2000,
    ("external_select", "placeholder"): 150,
    ("modal", "title"): 24,
    ("modal", "submit"): 24,
    ("modal", "close"): 24,
}
FIELDS = {"action_id": 255, "block_id": 255, "callback_id": 255, "alt_text": 2000, "image_url": 3000, "url": 3000}


def walk(value: Any) -> Any:
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from walk(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from walk(inner)


def require_limits(blocks: list[dict[str, Any]], *, most: int = 50, characters: int = 11_000) -> None:
    assert 0 < len(blocks) <= most
    assert len(json.dumps(blocks, ensure_ascii=False)) <= characters
    for block in blocks:
        if block["type"] == "context":
            assert 0 < len(block["elements"]) <= 10
        if block["type"] == "actions":
            assert 0 < len(block["elements"]) <= 25
            ids = [element["action_id"] for element in block["elements"]]
            assert len(ids) == len(set(ids))
    for element in walk(blocks):
        require_element(element)


def require_element(element: dict[str, Any]) -> None:
    kind = element.get("type", "option")
    if kind in TEXTS:
        assert 0 < len(element["text"]) <= TEXTS[kind]
    for (owner, name), limit in SHORTER.items():
        if kind == owner and name in element:
            assert 0 < len(element[name]["text"]) <= limit
    for name, limit in FIELDS.items():
        assert len(element.get(name, "")) <= limit
    if kind == "button":
        assert len(element.get("value", "")) <= 2000
    if kind == "overflow":
        assert 0 < len(element["options"]) <= 5
    if kind == "static_select":
        assert 0 < len(element["options"]) <= 100
    if kind == "option" and "value" in element:
        assert 0 < len(element["value"]) <= 150
    if kind == "link":
        assert element["url"].startswith(("https://", "http://"))
        assert not set(element["url"]) & set(' \n\t<>|"')


def require_view(view: dict[str, Any]) -> None:
    require_limits(view["blocks"], most=100, characters=250_000)
    for element in walk({name: value for name, value in view.items() if name != "blocks"}):
        require_element(element)
    assert len(view.get("private_metadata", "")) <= 3000
    assert len(json.dumps(view)) <= 250_000
    ids = [block["block_id"] for block in view["blocks"] if "block_id" in block]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("name", GOLDEN)
def test_a_payload_is_equal_to_the_stored_one(name: str) -> None:
    stored = (DATA / f"{name}.jsonl").read_text(encoding="utf-8")

    difference = difflib.unified_diff(
        stored.splitlines(), GOLDEN[name].splitlines(), "stored", "rendered", lineterm="", n=0
    )
    assert stored == GOLDEN[name], "\n".join(difference)


def test_every_stored_payload_belongs_to_a_case() -> None:
    assert {path.stem for path in DATA.iterdir()} == set(GOLDEN)


@pytest.mark.parametrize("name", every_answer())
def test_text_from_outside_never_becomes_markup(name: str) -> None:
    for images in IMAGE_OPTIONS:
        message = render(every_answer(HOSTILE)[name], images)

        require_limits(message.blocks)
        assert "<!channel>" not in message.text
        assert "<@U1>" not in message.text
        for element in walk(message.blocks):
            if element.get("type") == "mrkdwn":
                assert "<!channel>" not in element["text"]
                assert "<@" not in element["text"]
                assert "evil.example|" not in element["text"]


@settings(max_examples=30, deadline=None)
@given(text=st.text(max_size=5000), images=st.sampled_from(IMAGE_OPTIONS))
def test_a_message_with_any_text_is_within_the_limits(text: str, images: ImageOptions) -> None:
    for answer in every_answer(text).values():
        message = render(answer, images)
        require_limits(message.blocks)
        assert 0 < len(message.text) <= 40_000
        message.text.encode()
        json.dumps(message.blocks, ensure_ascii=False).encode()


@settings(max_examples=30, deadline=None)
@given(text=st.text(max_size=5000), rows=st.integers(0, 60))
def test_a_view_with_any_text_is_within_the_limits(text: str, rows: int) -> None:
    conversation = Conversation(id="C1", name=text, is_member=True)
    (row, *_) = every_rows(text)
    listing = Listing(title=text, summary=text, rows=(row, replace(row, url=None, quote=None)) * rows, more=3)
    rendered = [
        views.home(Home(listings=(listing, listing), my_day=MyDay(stories=listing, chart=CHART))),
        views.subscriptions_view(listing, conversation),
        views.form_view(
            Form(command="topics edit", values=(("name", text), ("query", text))),
            conversation,
            views.query_result(Notice(text=text, code=text)),
        ),
        *(views.answer_view(answer, ViewState(conversation=conversation)) for answer in every_answer(text).values()),
    ]
    for view in rendered:
        require_view(view)
    for element in views.select_options([text, text + "x"], text):
        require_element(element)
    assert 0 < len(views.field_error(Notice(text=text or "x", code=text))) <= 2000


def every_rows(text: str) -> Any:
    listing = every_answer(text)["listing"]
    assert isinstance(listing, Listing)
    return listing.rows


@settings(max_examples=30, deadline=None)
@given(url=st.text(max_size=200).map("https://{}".format), picture=st.text(max_size=200).map("https://{}".format))
def test_a_link_that_slack_would_refuse_is_plain_text(url: str, picture: str) -> None:
    built = replace(alert(), image_url=picture)

    require_limits(render(replace(built, headline=replace(built.headline, url=url))).blocks)


@pytest.mark.parametrize("mention", ["U1", "W0ABC"])
def test_only_followers_are_mentioned(mention: str) -> None:
    note = every_answer("said")["note"]
    assert isinstance(note, Note)

    assert "user_id" not in json.dumps(render(note).blocks)  # no mention
    shown = render(replace(note, mentions=(mention, "channel", "<!here>", "")))
    assert [element["user_id"] for element in walk(shown.blocks) if element.get("type") == "user"] == [mention]


def test_only_the_matched_words_are_bold() -> None:
    blocks = render(alert()).blocks

    sentence = blocks[2]["elements"][0]["elements"]
    bold = [element["text"] for element in sentence if element.get("style", {}).get("bold")]
    assert bold == ["Huawei", "5G"]
    assert "".join(element["text"] for element in sentence).startswith("The agreement was signed in Moscow")


def test_an_alert_has_five_buttons_and_a_menu_with_the_others() -> None:
    menu = (Button(label="Mute source", action="mute:source:1"), Button(label="Edit topic", action="topic:edit:1"))

    actions = render(replace(alert(), menu=menu)).blocks[-1]["elements"]

    labels = [button.label for button in BUTTONS]
    assert [element["text"]["text"] for element in actions[:-1]] == labels[:5]
    assert [option["text"]["text"] for option in actions[-1]["options"]] == ["Mute source", "Edit topic"]


@pytest.mark.parametrize("stories", [0, 1, 80])
def test_a_long_digest_is_split_between_stories_and_loses_none(stories: int) -> None:
    whole = digest(stories)

    parts = split(whole)

    shown = [
        story.story_id for part in parts if isinstance(part, Digest) for group in part.groups for story in group.stories
    ]
    assert shown == [story.story_id for group in whole.groups for story in group.stories]
    assert (len(parts) > 1) == (stories == 80)
    for part in parts:
        for images in IMAGE_OPTIONS:
            blocks = render(part, images).blocks
            require_limits(blocks)
            assert "too long to show" not in json.dumps(blocks)


def test_a_long_brief_keeps_its_buttons() -> None:
    blocks = render(brief(60)).blocks

    require_limits(blocks)
    assert blocks[-1]["type"] == "actions"


def test_forty_topics_fit_in_one_message() -> None:
    assert "Topic 39" in GOLDEN["list_of_40_single_buttons"]


def has_image(answer: Answer) -> bool:
    return any(block["type"] == "image" for block in render(answer).blocks)


@pytest.mark.parametrize("url", ["https://example.com/a.jpg", "http://example.com/a.jpg", "javascript:alert(1)", None])
def test_a_picture_is_shown_only_if_slack_can_fetch_it(url: str | None) -> None:
    built: Alert = replace(alert(), image_url=url)

    assert has_image(built) == (url is not None and url.startswith("https"))
