"""An article that came bare and comes again with its address, author, picture or day: it has them from then on."""

from datetime import timedelta
from typing import Any

import pytest

from storage.records import SourceKind
from storage.store import Store
from tests.support.fakes import NOON
from tests.support.world import World, draft, huawei, watching

ADDRESS = "https://example.org/a"


async def test_an_alert_gets_its_link_when_the_article_comes_again_with_its_address(store: Store) -> None:
    world, channel, _ = await watching(store)
    api = await world.source("api", kind=SourceKind.API)
    await world.take(huawei(url=None))
    await world.post()
    (alert,) = world.alerts(channel)
    assert alert.headline.url is None

    (again,) = await world.take(huawei(url=ADDRESS + "?utm_source=x"), source=api)
    await world.post(after=timedelta(seconds=30))

    assert (again.state, again.deliveries) == ("known", 0)
    assert again.article is not None
    assert again.article.url == ADDRESS
    (alert,) = world.alerts(channel)
    assert alert.headline.url == ADDRESS
    assert not alert.revised
    assert world.notes(channel) == []
    assert (await world.ledger()).agrees


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("author", "Jane Sample"),
        ("image_url", "https://example.org/a.png"),
        ("published_at", NOON - timedelta(hours=5)),
    ],
)
async def test_what_it_never_had_it_takes_and_what_it_has_it_keeps(
    sqlite_store: Store, field: str, value: object
) -> None:
    world, _, _ = await watching(sqlite_store)
    api = await world.source("api", kind=SourceKind.API)
    await world.take(huawei(**{field: None}))

    await world.take(huawei(**{field: value}), source=api)
    other: Any = value + timedelta(hours=-1) if field == "published_at" else f"{value}x"  # type: ignore[operator]
    (again,) = await world.take(huawei(**{field: other}), source=api)

    assert getattr(again.article, field) == value


async def test_a_date_of_tomorrow_is_taken_neither_at_first_nor_later(sqlite_store: Store) -> None:
    world, _, _ = await watching(sqlite_store)
    await world.take(huawei(published_at=None))

    world.clock.advance(timedelta(hours=1))
    (again,) = await world.take(huawei(published_at=NOON + timedelta(days=1)))

    assert again.article is not None
    assert again.article.published_at == NOON


async def test_an_address_shared_by_other_entries_is_none(sqlite_store: Store) -> None:
    world, _, _ = await watching(sqlite_store)
    await world.take(huawei(url=None))

    (again,) = await world.take(huawei(url=ADDRESS, shared_url=True))

    assert again.article is not None
    assert again.article.url is None


async def test_a_workspaces_own_source_tells_what_all_share_nothing(sqlite_store: Store) -> None:
    world, _, _ = await watching(sqlite_store)
    workspace = await world.workspace()
    own = await world.source("upload", kind=SourceKind.UPLOAD, workspace_id=workspace.id)
    await world.take(huawei(url=None))

    (again,) = await world.take(huawei(url=ADDRESS), source=own)

    assert again.article is not None
    assert again.article.url is None


async def test_a_topic_that_asks_for_the_address_hits_once_it_is_known(sqlite_store: Store) -> None:
    world = World(sqlite_store)
    await world.topic("ours", "url:example.org/a")
    await world.take(draft("Two operators agree", huawei().text, url=None))

    (again,) = await world.take(draft("Two operators agree", huawei().text, url=ADDRESS))

    assert [topic.name for topic in again.topics] == ["ours"]
