"""A headline with mentions and markup: on every platform it is shown as text and notifies nobody."""

from collections.abc import Iterator
from typing import Any

import pytest

from bot.console.render import Renderer, open_templates
from bot.discord.render import render as render_discord
from bot.slack.render import render as render_slack
from handlers.answers.answer import Alert
from handlers.delivery.compose import compose_alert
from handlers.sources.documents.document import read_document
from storage.store import Store
from tests.support.fakes import NOON
from tests.support.world import watching

HEADLINE = "Huawei <!channel> @everyone @here <@U1> <script>alert(1)</script> opens a plant"
DOCUMENT = f"{HEADLINE}\n\nHuawei, <!here> @everyone, opened a plant in Example on Monday, the maker said.\n"


@pytest.fixture
async def alert(sqlite_store: Store) -> Alert:
    """The alert for a document with that headline."""
    world, channel, _ = await watching(sqlite_store)
    drafts = read_document(DOCUMENT.encode(), content_type="text/plain", name="hostile.txt")
    (arrived,) = await world.take(*drafts)
    async with sqlite_store.read() as tx:
        made = await compose_alert(tx, channel, arrived.story_id or 0)
    assert "@everyone" in made.headline.text
    return made


def elements(value: Any, kind: str) -> Iterator[dict[str, Any]]:
    """Yield all nested elements of this type."""
    if isinstance(value, dict):
        if value.get("type") == kind:
            yield value
        value = list(value.values())
    if isinstance(value, list):
        for inner in value:
            yield from elements(inner, kind)


def test_on_slack_nobody_is_mentioned(alert: Alert) -> None:
    message = render_slack(alert)

    markup = [message.text, *(element["text"] for element in elements(message.blocks, "mrkdwn"))]
    for text in markup:
        assert not any(mention in text for mention in ("<!channel>", "<!here>", "<@U1>"))
    assert "&lt;!channel&gt;" in message.text
    # Rich text is shown literally. Only elements of these types would mention somebody.
    assert not [*elements(message.blocks, "broadcast"), *elements(message.blocks, "user")]


def test_on_discord_nobody_is_mentioned(alert: Alert) -> None:
    payload = render_discord(alert).payload(key="k" * 25)

    assert payload["allowed_mentions"]["parse"] == []
    assert not payload["allowed_mentions"].get("users")
    assert "@everyone" not in payload["content"]


def test_on_the_console_no_script_runs(alert: Alert) -> None:
    page = str(Renderer(open_templates()).fragment(alert, at=NOON, zone="UTC"))

    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert "&lt;!channel&gt;" in page
