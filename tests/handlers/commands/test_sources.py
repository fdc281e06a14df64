"""/sources: list sources with their health; pause, resume and remove them."""

from datetime import timedelta

import pytest

from handlers.answers.answer import Listing, Notice
from handlers.answers.parts import Tone
from storage.records import SourceKind, SourceState
from storage.sources import NewSource
from storage.store import Store
from tests.support.newsroom import Newsroom


@pytest.fixture
async def newsroom(sqlite_store: Store) -> Newsroom:
    return await Newsroom(sqlite_store).open()


async def test_a_source_is_paused_resumed_and_removed_by_its_name(newsroom: Newsroom) -> None:
    home = await newsroom.workspace()
    await newsroom.source("https://own.example/feed", workspace_id=home.id)

    for line, state in (
        ("/sources pause example wire", SourceState.PAUSED),
        ("/sources pause example wire", SourceState.PAUSED),
        ("/sources resume example wire", SourceState.ACTIVE),
    ):
        assert isinstance(await newsroom.ask(line), Notice)
        async with newsroom.store.read() as tx:
            (source,) = await tx.sources.visible(home.id)
        assert source.state is state
    removed = await newsroom.ask("/sources remove example wire")

    assert isinstance(removed, Notice) and removed.tone is Tone.DONE
    async with newsroom.store.read() as tx:
        assert await tx.sources.visible(home.id) == ()


async def test_a_shared_source_cannot_be_changed(newsroom: Newsroom) -> None:
    source = await newsroom.source()

    for answer in (
        await newsroom.ask("/sources remove example wire"),
        (await newsroom.click(f"source:remove:{source.id}")).answer,
    ):
        assert isinstance(answer, Notice) and answer.tone is Tone.REFUSED and "shared" in answer.text


async def test_the_list_shows_the_health_of_each_source(newsroom: Newsroom) -> None:
    await newsroom.add_article("Huawei opens a plant", ago=timedelta(minutes=4))
    source = await newsroom.source("https://down.example/feed", workspace_id=(await newsroom.workspace()).id)
    async with newsroom.store.begin() as tx:
        await tx.sources.update(
            source.id,
            title="Down Daily",
            failures=3,
            error="Its server answers 503.",
            trouble_since=newsroom.now - timedelta(hours=5),
        )

    answer = await newsroom.ask("/sources")

    assert isinstance(answer, Listing) and answer.summary.startswith("2 sources, 1 of them yours, 1 failing.")
    assert answer.rows[0].title == "Down Daily"
    assert answer.rows[0].detail.startswith("Its server answers 503 · failing since today 09:00")
    assert [button.label for button in answer.rows[0].buttons] == ["Retry", "Pause", "Remove"]
    assert answer.rows[1].buttons == ()


async def test_a_misspelt_name_suggests_the_source(newsroom: Newsroom) -> None:
    home = await newsroom.workspace()
    await newsroom.source("https://own.example/feed", workspace_id=home.id)

    answer = await newsroom.ask("/sources pause exmple wire")

    assert isinstance(answer, Notice) and "Did you mean Example Wire?" in answer.text


async def test_a_healthy_list_says_so_and_names_other_ways_in(newsroom: Newsroom) -> None:
    home = await newsroom.workspace()
    async with newsroom.store.begin() as tx:
        for kind in (SourceKind.SEEDS, SourceKind.UPLOAD):
            await tx.sources.ensure(
                NewSource(workspace_id=home.id, kind=kind, url=kind, title=kind.title()), newsroom.now
            )

    answer = await newsroom.ask("/sources")

    assert isinstance(answer, Listing) and answer.summary.startswith("2 sources, both yours, both healthy.")
    assert {row.title: row.detail for row in answer.rows} == {
        "Seeds": "example documents · yours",
        "Upload": "dropped files · yours",
    }
