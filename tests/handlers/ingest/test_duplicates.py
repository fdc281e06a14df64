"""Duplicates: the same article is stored once, and different articles with a common guid or address are kept apart."""

from datetime import timedelta

import pytest

from handlers.drafts import ArticleDraft
from storage.records import SourceKind
from storage.store import Store
from tests.support.fakes import NOON
from tests.support.world import draft, flood, huawei, watching

SITE = "https://example.org"
THURSDAY = NOON - timedelta(days=4)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param(huawei(), huawei(), id="the same document twice"),
        pytest.param(huawei(guid="urn:news:1:1"), huawei(guid="urn:news:1:1", url=None), id="the same guid"),
        pytest.param(huawei(url=f"{SITE}/a"), huawei(url=f"{SITE}/a?utm_source=x"), id="a tracked address"),
        pytest.param(huawei(url=None), huawei(url=None, published_at=THURSDAY), id="the same text, another date"),
    ],
)  # fmt: skip
async def test_the_same_article_from_another_source_is_a_duplicate(
    sqlite_store: Store, first: ArticleDraft, second: ArticleDraft
) -> None:
    world, channel, _ = await watching(sqlite_store)
    api = await world.source("api", kind=SourceKind.API)

    await world.take(first)
    (again,) = await world.take(second, source=api)

    assert again.state == "known"
    assert again.deliveries == 0
    assert [topic.name for topic in again.topics] == ["huawei"]
    assert len(await world.outcomes(channel)) == 1
    ledger = await world.ledger()
    assert (ledger.articles, ledger.duplicate, ledger.agrees) == (1, 1, True)


async def test_a_duplicate_adds_its_identity_keys_to_the_article(sqlite_store: Store) -> None:
    world, _, _ = await watching(sqlite_store)
    api = await world.source("api", kind=SourceKind.API)

    await world.take(huawei(url="https://example.org/a"))
    await world.take(huawei(url="https://example.org/a", guid="urn:news:1:1"), source=api)
    (third,) = await world.take(draft("Another headline", "Short.", url=None, guid="urn:news:1:1"), source=api)

    assert third.state == "known"


async def test_two_guids_and_two_headlines_at_one_address_of_a_feed_are_two_articles(sqlite_store: Store) -> None:
    world, _, _ = await watching(sqlite_store)
    live = "https://example.org/live"

    await world.take(draft("Huawei at nine", "Nothing yet.", url=live, guid="a1"))
    (second,) = await world.take(draft("Huawei at ten", "Still nothing.", url=live, guid="a2"))

    assert second.state == "new"


@pytest.mark.parametrize("guid", ["1", "https://staging.example/?p=1"])
@pytest.mark.parametrize("site", ["https://example.org/b", "https://example.net/b"])
async def test_a_guid_that_a_feed_reuses_for_another_article_revises_nothing(
    sqlite_store: Store, guid: str, site: str
) -> None:
    world, channel, _ = await watching(sqlite_store)
    await world.take(huawei(guid=guid, url="https://example.org/a"))
    await world.post()

    (other,) = await world.take(flood(guid=guid, url=site))
    (again,) = await world.take(flood(guid=guid, url=site))
    await world.post()

    assert (other.state, again.state) == ("new", "known")
    assert other.article is not None
    assert again.article == other.article
    (alert,) = world.alerts(channel)
    assert alert.headline.text == huawei().title
    assert not alert.revised
    assert (await world.ledger()).agrees
