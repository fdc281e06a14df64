"""Whatever a channel's stories contain is visible: as the headline of an alert, or in the thread of one.

Each line of the data is a few articles of some hours, as outlets report them. How many stories they make is measured by
benchmarks/stories_quality.py; here, no headline may be hidden.
"""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from handlers.stories.shown_headlines import headline_key
from storage.store import Store
from tests.support.world import World, draft

DATA = Path(__file__).parent / "data" / "stories.jsonl"
STORIES = [json.loads(line) for line in DATA.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("story", STORIES, ids=[story["id"] for story in STORIES])
async def test_no_headline_is_hidden(sqlite_store: Store, story: dict[str, Any]) -> None:
    world = World(sqlite_store)
    channel, topic = await world.channel(), await world.topic("every", "a OR of OR in OR on OR to OR over")
    await world.subscribe(channel, topic)
    articles = sorted(story["articles"], key=lambda article: -article["hours_ago"])
    start = world.now

    for article in articles:
        world.clock.now = start + timedelta(hours=100 - article["hours_ago"])
        text, source = article["text"], article["source"]
        await world.take(draft(article["title"], text, publisher=source, published_at=world.now))
        await world.post(after=timedelta(minutes=1))

    notes = [note.headline.text for note in world.notes(channel) if note.headline is not None]
    shown = {headline_key(title) for title in [*(alert.headline.text for alert in world.alerts(channel)), *notes]}
    assert [each["title"] for each in articles if headline_key(each["title"]) not in shown] == []
    assert (await world.ledger()).agrees
