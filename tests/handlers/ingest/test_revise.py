"""Revisions: what a publisher changes, or a duplicate adds, is stored, matched again and shown in the alert."""

from datetime import timedelta
from typing import Any

import pytest

from storage.records import OutcomeState, SourceKind
from storage.store import Store
from tests.support.fakes import NOON
from tests.support.world import World, draft, huawei, watching

ADDRESS = "https://example.org/a"


async def test_another_source_does_not_revise_an_article(sqlite_store: Store) -> None:
    world, _, _ = await watching(sqlite_store)
    api = await world.source("api", kind=SourceKind.API)
    await world.take(huawei(url="https://example.org/a"))

    (again,) = await world.take(huawei(url="https://example.org/a", text="A summary."), source=api)

    assert again.article is not None
    assert again.article.text == huawei().text
    assert again.article.revised_at is None


async def test_a_revision_that_matches_another_topic_causes_an_alert(sqlite_store: Store) -> None:
    world, channel, _ = await watching(sqlite_store)
    await world.take(
        huawei(title="MTS agrees on 5G", text="MTS agrees on 5G with a vendor.", url="https://example.org/a")
    )

    (again,) = await world.take(huawei(url="https://example.org/a"))

    assert [topic.name for topic in again.topics] == ["huawei"]
    assert [outcome.state for outcome in await world.outcomes(channel)] == [OutcomeState.ALERT]
    assert (await world.ledger()).agrees


async def test_an_alert_gets_a_link_when_a_duplicate_brings_the_address(store: Store) -> None:
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
async def test_a_duplicate_fills_missing_fields_and_does_not_change_others(
    sqlite_store: Store, field: str, value: object
) -> None:
    world, _, _ = await watching(sqlite_store)
    api = await world.source("api", kind=SourceKind.API)
    await world.take(huawei(**{field: None}))

    await world.take(huawei(**{field: value}), source=api)
    other: Any = value + timedelta(hours=-1) if field == "published_at" else f"{value}x"  # type: ignore[operator]
    (again,) = await world.take(huawei(**{field: other}), source=api)

    assert getattr(again.article, field) == value


async def test_a_future_date_is_never_used(sqlite_store: Store) -> None:
    world, _, _ = await watching(sqlite_store)
    await world.take(huawei(published_at=None))

    world.clock.advance(timedelta(hours=1))
    (again,) = await world.take(huawei(published_at=NOON + timedelta(days=1)))

    assert again.article is not None
    assert again.article.published_at == NOON


async def test_an_address_that_other_entries_share_is_not_used(sqlite_store: Store) -> None:
    world, _, _ = await watching(sqlite_store)
    await world.take(huawei(url=None))

    (again,) = await world.take(huawei(url=ADDRESS, shared_url=True))

    assert again.article is not None
    assert again.article.url is None


async def test_a_private_source_does_not_complete_a_shared_article(sqlite_store: Store) -> None:
    world, _, _ = await watching(sqlite_store)
    workspace = await world.workspace()
    own = await world.source("upload", kind=SourceKind.UPLOAD, workspace_id=workspace.id)
    await world.take(huawei(url=None))

    (again,) = await world.take(huawei(url=ADDRESS), source=own)

    assert again.article is not None
    assert again.article.url is None


async def test_a_topic_that_queries_the_address_matches_once_the_address_is_known(sqlite_store: Store) -> None:
    world = World(sqlite_store)
    await world.topic("ours", "url:example.org/a")
    await world.take(draft("Two operators agree", huawei().text, url=None))

    (again,) = await world.take(draft("Two operators agree", huawei().text, url=ADDRESS))

    assert [topic.name for topic in again.topics] == ["ours"]
