"""Home: an overview of the workspace, as far as the person may see it."""

from datetime import timedelta

import pytest

from handlers.answers.answer import Listing, Notice
from storage.records import Platform, SourceKind
from storage.sources import NewSource
from storage.store import Store
from tests.support.newsroom import Newsroom

SOME = frozenset({"C2"})


@pytest.fixture
async def newsroom(sqlite_store: Store) -> Newsroom:
    room = await Newsroom(sqlite_store).open()
    await room.reply("/news zone Europe/Berlin")
    await room.reply("/subscribe huawei daily")
    await room.reply("/subscribe zte", channel="C2")
    await room.reply("/digest at 18:00", channel="C2")
    return room


async def _home(room: Newsroom, **more: object) -> tuple[Listing, ...]:
    return (await room.commands.home(room.request(**more))).listings  # type: ignore[arg-type]


async def test_home_lists_channels_digests_and_failing_sources_with_buttons(newsroom: Newsroom) -> None:
    source = await newsroom.source("https://own.example/feed", workspace_id=(await newsroom.workspace()).id)
    async with newsroom.store.begin() as tx:
        await tx.sources.update(source.id, failures=4, error="it answers 503")

    channels, digests, sources = await _home(newsroom, manages=SOME, zone="America/New_York")

    assert [(row.title, row.detail) for row in channels.rows] == [
        ("#general", "Huawei (daily)"),
        ("#intel", "ZTE (instant)"),
    ]
    assert [(row.title, row.detail) for row in digests.rows] == [
        ("#intel", "today 12:00 · every day at 18:00 Europe/Berlin"),
        ("#general", "tomorrow 02:30 · every day at 08:30 Europe/Berlin"),
    ]
    assert [(row.title, row.detail) for row in sources.rows] == [("Example Wire", "it answers 503.")]
    for listing in (channels, digests, sources):
        for row in listing.rows:
            for button in row.buttons:
                answer = (await newsroom.click(button, manages=SOME)).answer
                assert not isinstance(answer, Notice) or "older version" not in answer.text


@pytest.mark.parametrize("platform", [Platform.SLACK, Platform.DISCORD])
async def test_a_channel_that_may_be_private_is_shown_only_to_people_who_manage_it(
    newsroom: Newsroom, platform: Platform
) -> None:
    await newsroom.reply("/subscribe zte", channel="C2", platform=platform)

    without = await _home(newsroom, platform=platform)
    within = await _home(newsroom, platform=platform, manages=SOME)

    assert "intel" not in repr(without) and "intel" in repr(within)


async def test_a_person_can_stop_following_a_story_from_home(newsroom: Newsroom) -> None:
    arrived = await newsroom.add_article("Huawei opens a plant in Lyon", ago=timedelta(hours=1))
    await newsroom.click(f"follow:{arrived.story_id}:mention")

    *_, own = await _home(newsroom, channel="C2")
    await newsroom.click(own.rows[0].buttons[0], channel="C2")

    assert (own.title, own.rows[0].title) == ("Stories you follow", "Huawei opens a plant in Lyon")
    assert len(await _home(newsroom)) == 3
    assert len(await _home(newsroom, user="U2")) == 3


async def test_an_empty_workspace_gets_the_first_commands_to_type(newsroom: Newsroom) -> None:
    channels, digests, _ = await _home(newsroom, workspace="new")

    assert "/subscribe huawei" in channels.summary and "/digest at 08:30" in digests.summary


async def test_home_can_be_shown_in_a_channel(newsroom: Newsroom) -> None:
    answer = (await newsroom.click("show:home")).answer

    assert isinstance(answer, Listing)
    assert {"Channels", "#general", "Next digests", "Sources"} <= {row.title for row in answer.rows}


async def test_shared_sources_have_no_buttons(newsroom: Newsroom) -> None:
    async with newsroom.store.begin() as tx:
        source, _ = await tx.sources.ensure(
            NewSource(workspace_id=0, kind=SourceKind.FEED, url="https://wire.example/f", title="Wire"), newsroom.now
        )
        await tx.sources.update(source.id, failures=4, error="it answers 503")

    *_, sources = await _home(newsroom)

    assert [(row.title, row.buttons) for row in sources.rows] == [("Wire", ())]
