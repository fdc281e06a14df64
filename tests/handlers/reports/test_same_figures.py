"""An alert, a brief and a digest count the sources of a story alike, and so does the console."""

from datetime import timedelta

from handlers.answers.answer import Alert, Brief, Digest
from handlers.delivery.compose import compose_alert
from storage.store import Store
from tests.support.newsroom import Newsroom
from tests.support.world import HUAWEI, HUAWEI_ELSEWHERE

REPORTS = (
    ("MTS and Huawei agree to build 5G in Russia", HUAWEI, "Example Wire"),
    ("MTS and Huawei agree to build 5G in Russia", f"{HUAWEI}\n\nEnds here.", "example wire"),
    ("Huawei to build 5G networks in Russia with MTS", HUAWEI_ELSEWHERE, "Daily Sample"),
    # This report matches no topic, but it is in the story.
    ("A deal for MTS", HUAWEI.replace("Huawei", "the firm").replace("5G", "mobile"), "Sample Post"),
)


async def test_alert_brief_and_digest_show_the_same_number_of_sources(sqlite_store: Store) -> None:
    newsroom = await Newsroom(sqlite_store).open()
    await newsroom.ask("/subscribe huawei")
    for hours, (title, text, publisher) in enumerate(reversed(REPORTS), start=1):
        story_id = (
            await newsroom.add_article(title, text, publisher=publisher, ago=timedelta(hours=hours))
        ).story_id or 0

    channel = await newsroom.channel()
    async with sqlite_store.read() as tx:
        alert = await compose_alert(tx, channel, story_id)
    brief = await newsroom.ask("/brief huawei 7d")
    digest = await newsroom.ask("/digest now")

    assert isinstance(alert, Alert) and isinstance(brief, Brief) and isinstance(digest, Digest)
    assert len(alert.more) == 3
    assert alert.sources == brief.stories[0].sources == digest.groups[0].stories[0].sources == 3
