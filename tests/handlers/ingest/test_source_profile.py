"""What the entries of a source share is learned from the first poll on, and neither joins stories nor is quoted."""

from datetime import timedelta

import pytest

from handlers.delivery.compose import compose_alert
from handlers.drafts import ArticleDraft
from storage.records import SHARED, Source, SourceKind
from storage.sources import NewSource
from storage.store import Store
from tests.support.world import World, watching

TAIL = "The Coast Gazette has reported from Nord and Sund since 1998; write to our Huawei desk with tips."
ENTRIES = (
    ("Ferry strike leaves islanders without mail", "Crews walked out over night pay."),
    ("Court orders brewer to pay growers", "Hop farmers had waited four years for the money."),
    ("New tram line opens between port and campus", "The first tram left at dawn with schoolchildren aboard."),
    ("Storm tears roof off concert hall", "Nobody was hurt, but the spring season is cancelled."),
    ("Minister quits over leaked cables", "The opposition wants an inquiry before the vote."),
    ("Wolves return to the upper valley", "Herders ask for dogs and fences."),
)


def entry(place: int, *, tail: str = TAIL) -> ArticleDraft:
    title, text = ENTRIES[place]
    return ArticleDraft(title=title, text=f"{text} {tail}", guid=f"entry {place}", language="en", origin="feed")


async def feed(store: Store, world: World) -> Source:
    async with store.begin() as tx:
        new = NewSource(
            workspace_id=SHARED, kind=SourceKind.FEED, url="https://coast.example/feed", title="Coast Gazette"
        )
        return (await tx.sources.ensure(new, world.now))[0]


async def test_entries_of_a_first_poll_that_end_alike_are_different_stories(store: Store) -> None:
    world, _, _ = await watching(store)
    source = await feed(store, world)

    arrived = await world.take(*map(entry, range(len(ENTRIES))), source=source)

    assert len({result.story_id for result in arrived}) == len(ENTRIES)
    assert (await world.ledger()).agrees


async def test_what_entries_share_is_remembered_for_the_next_poll(store: Store) -> None:
    world, _, _ = await watching(store)
    source = await feed(store, world)
    arrived = await world.take(*map(entry, range(4)), source=source)

    world.clock.advance(timedelta(hours=2))
    arrived += await World(store).take(entry(4), source=source)
    arrived += await world.take(entry(5), source=source)

    assert len({result.story_id for result in arrived}) == len(ENTRIES)


AGENCY = (
    "Exporters of machine tools need a licence from next month, the ministry of trade in Lund said on Tuesday.\n\n"
    "Companies that ship to the listed buyers must apply in writing, and the office answers within thirty days.\n\n"
    "Huawei, which buys lathes from two makers in the valley, did not reply to questions."
)


@pytest.mark.parametrize("publishers", [3, 4, 6])
async def test_one_report_that_several_papers_print_is_one_story_from_the_first_batch_on(
    sqlite_store: Store, publishers: int
) -> None:
    world, _, _ = await watching(sqlite_store)
    headlines = (
        "Lathes need a licence",
        "Licence for tools",
        "Exports of tools curbed",
        "Trade rule",
        "New rule",
        "Tools",
    )
    reports = [
        ArticleDraft(
            title=title, text=AGENCY, publisher=f"Paper {number}", url=f"https://p{number}.example/a", origin="api"
        )
        for number, title in enumerate(headlines[:publishers])
    ]

    arrived = await world.take(*reports)

    assert len({result.story_id for result in arrived}) == 1


async def test_a_sentence_that_most_entries_share_is_not_quoted(sqlite_store: Store) -> None:
    world, channel, _ = await watching(sqlite_store)
    source = await feed(sqlite_store, world)

    *_, last = await world.take(*map(entry, range(len(ENTRIES))), source=source)

    async with sqlite_store.read() as tx:
        alert = await compose_alert(tx, channel, last.story_id or 0)
    assert [quote.text for quote in alert.sentences] == ["Herders ask for dogs and fences."]


async def test_a_source_has_no_profile_before_its_first_entry(store: Store) -> None:
    world, _, _ = await watching(store)
    source = await feed(store, world)

    async with store.read() as tx:
        assert await tx.source_profiles.get(source.id) == b""
        assert await tx.source_profiles.of_sources([source.id]) == {}
