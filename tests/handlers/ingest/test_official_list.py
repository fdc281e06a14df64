"""Official lists: the first edition is the base, and each later one makes one article of what changed."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from handlers.drafts import Draft
from handlers.ingest.official_list import poll_list
from handlers.ingest.results import IngestResult
from storage.errors import StorageError
from storage.records import Article, Source, SourceKind
from tests.support.http_server import Answer
from tests.support.polling import Polling

BANKS = "NORVANE TESSALY ORVANDEL QUELVADO ZELMARSK MIREVA KELDARA".split()
EDITIONS = Path(__file__).parents[1] / "sources" / "lists" / "editions"
PAIRS = {
    "eu": (
        "eu-a.xml",
        "eu-b.xml",
        "EU financial sanctions list: Zelmarsk Optika added; Mirev Antonovich TESSALOR changed; "
        "Quelvado Komerts OOO removed",
        ["Zelmarsk Optika / Зельмарск Оптика", "UKR", "2026/9417", "20 November 2026", "new weak alias M. TESSALLOR"],
        ["QUELVADO", "Chair"],
    ),
    "un": (
        "un-a.xml",
        "un-b.xml",
        "UN Security Council sanctions list: ZELMARSK OPTICS TRADING CORPORATION added; MIREV ANTON TESSALOR changed; "
        "ISTER QUELVADO removed",
        [
            "KPe.990",
            "DPRK",
            "19 November 2026",
            "Also known as: Zelmarsk Trading",
            "Formerly known as: Orvandel Lens Works",
            "(person, CDi.990, born 1961) was changed",
            "new weak alias The Ferryman",
            "IRi.990",
        ],
        ["HASSAN", "X0000917"],
    ),
    "uk": (
        "uk-a.csv",
        "uk-b.csv",
        "UK sanctions list: ZELMARSK OPTIKA added; Mirev Anton TESSALOR changed; QUELVADO STAR removed",
        ["RUS9904", "new measure Travel Ban", "new weak alias Ferryman", "IMO 9990001"],
        ["January", "ORVANDEL"],
    ),
    "canada": (
        "canada-a.xml",
        "canada-b.xml",
        "Canadian autonomous sanctions list: Zelmarsk Optika added",
        ["Russia", "Schedule 1, Part 2, item 991"],
        ["Tessalor", "removed", "changed"],
    ),
}


async def articles_of(polling: Polling) -> list[Article]:
    async with polling.store.read() as tx:
        found = await tx.articles.recent(1, since=polling.now - timedelta(days=900), limit=50)
    return sorted(found, key=lambda article: article.id)


def sdn(*numbers: int) -> bytes:
    """A list in OFAC's form with a bank for each number."""
    entries = "".join(
        f"<sdnEntry><uid>{number}</uid><lastName>{BANKS[number % 7]} {number} BANK</lastName></sdnEntry>"
        for number in numbers
    )
    return f"<sdnList>{entries}</sdnList>".encode()


async def add_list(polling: Polling, *editions: bytes | Answer) -> Source:
    return await polling.feed(polling.server.answer("/list", *editions), kind=SourceKind.LIST)


@pytest.mark.parametrize("name", PAIRS)
async def test_an_edition_makes_one_article_of_what_changed(polling: Polling, name: str) -> None:
    before, after, title, says, silent = PAIRS[name]
    source = await add_list(polling, (EDITIONS / before).read_bytes(), (EDITIONS / after).read_bytes())

    base = await polling.poll(source)
    changed = await polling.poll(source, after=timedelta(hours=1))
    again = await polling.poll(source, after=timedelta(hours=2))

    assert (base.error, base.new, changed.error, changed.new, again.unchanged) == (None, 0, None, 1, True)
    [article] = await articles_of(polling)
    assert article.title == title
    assert [word for word in says if word not in article.text] == []
    assert [word for word in silent if word in article.text] == []


async def test_every_file_of_changes_makes_an_article(polling: Polling) -> None:
    source = await add_list(polling, *(EDITIONS.joinpath(f"ofac-delta-{number}.xml").read_bytes() for number in (1, 2)))

    await polling.poll(source)
    await polling.poll(source, after=timedelta(hours=1))

    first, second = await articles_of(polling)
    assert first.title == ("OFAC sanctions lists, changes: Mirev Anton TESSALOR and ORVANDEL MARINE SERVICES FZE added")
    assert "born April 1963" in first.text
    assert "Founded or built: 2001." in first.text
    assert second.title == (
        "OFAC sanctions lists, changes: ORVANDEL MARINE SERVICES FZE changed; Ister QUELVADO MARIN removed"
    )
    assert "new alias ORVANDEL SHIP SUPPLY LLC; new programme SDGT." in second.text
    assert "Sharjah" not in second.text
    assert "born 1951" in second.text


async def test_the_same_contents_in_a_new_file_make_no_article(polling: Polling) -> None:
    edition = (EDITIONS / "un-a.xml").read_bytes()
    source = await add_list(polling, edition, edition.replace(b"2026-11-19T00", b"2026-11-20T00"))

    await polling.poll(source)
    rebuilt = await polling.poll(source, after=timedelta(days=1))

    assert (rebuilt.error, rebuilt.new, rebuilt.unchanged) == (None, 0, False)
    assert await articles_of(polling) == []


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (b"<html><body>Log in</body></html>", "no longer answers with a list"),
        (b"<data-set><record><Nom>Tessalor</Nom></record></data-set>", "understood none"),
        (b"<sdnList></sdnList>", "answered with the OFAC"),
        (b"<data-set><record/></data-set>", "understood none"),
        ((EDITIONS / "un-a.xml").read_bytes(), "answered with the UN Security Council sanctions list"),
        (Answer(status=403), "403"),
    ],
)
async def test_a_fault_of_the_publisher_removes_nobody(polling: Polling, answer: bytes | Answer, reason: str) -> None:
    good = (EDITIONS / "canada-a.xml").read_bytes()
    source = await add_list(polling, good, answer, good)

    await polling.poll(source)
    failed = await polling.poll(source, after=timedelta(hours=1))
    back = await polling.poll(source, after=timedelta(hours=2))

    assert failed.error is not None
    assert reason in failed.error
    assert (back.error, back.new) == (None, 0)
    assert await articles_of(polling) == []


async def test_people_hear_of_a_new_layout_once(polling: Polling) -> None:
    source = await add_list(polling, (EDITIONS / "canada-a.xml").read_bytes(), (EDITIONS / "canada-b.xml").read_bytes())
    for hours in range(4):
        await polling.poll(source, after=timedelta(hours=hours))

    notices = [text for text in await polling.notices() if "layout" in text]
    assert len(notices) == 1
    assert "The publisher changed the layout of the file." in notices[0]


async def test_a_list_that_was_added_as_a_feed_is_read_as_a_list(polling: Polling) -> None:
    edition = (EDITIONS / "un-a.xml").read_bytes()
    source = await polling.feed(polling.server.answer("/list", edition))

    first = await polling.poll(source)
    polled = await polling.poll(source)

    assert (first.source.kind, first.source.next_poll_at) == (SourceKind.LIST, polling.now)
    assert (polled.error, polled.new) == (None, 0)
    async with polling.store.read() as tx:
        assert await tx.official_lists.count(source.id) == 3


async def test_an_article_about_an_edition_survives_a_crash_and_comes_once(polling: Polling) -> None:
    async def crash(drafts: Sequence[Draft], *, source: Source, now: datetime) -> Sequence[IngestResult]:
        raise StorageError("the disk is full")

    source = await add_list(polling, (EDITIONS / "un-a.xml").read_bytes(), (EDITIONS / "un-b.xml").read_bytes())
    await polling.poll(source)

    with pytest.raises(StorageError):
        await poll_list(
            polling.store, polling.fetcher, crash, await polling.stored(source), now=polling.now, chance=0.0
        )
    for hours in range(1, 3):
        await polling.poll(source, after=timedelta(hours=hours))

    assert len(await articles_of(polling)) == 1


async def test_an_entry_that_left_one_list_for_another_has_moved(polling: Polling) -> None:
    first = await add_list(polling, sdn(1, 2, 3, 4, 5, 6), sdn(1, 2, 3, 4, 5))
    url = polling.server.answer("/other", sdn(11, 12, 13), sdn(11, 12, 13, 6))
    other = await polling.feed(url, kind=SourceKind.LIST)
    for hours, source in enumerate((first, other, other, first)):
        await polling.poll(source, after=timedelta(hours=hours))

    joined, left = await articles_of(polling)
    assert "KELDARA 6 BANK added" in joined.title
    assert "KELDARA 6 BANK moved" in left.title
    assert "was moved from the OFAC sanctions list to the OFAC sanctions list" in left.text


async def test_an_entry_that_another_copy_of_the_list_still_has_is_removed_not_moved(polling: Polling) -> None:
    csv = await add_list(polling, *(EDITIONS.joinpath(f"uk-{name}.csv").read_bytes() for name in "aab"))
    url = polling.server.answer("/copy", EDITIONS.joinpath("uk-a.csv").read_bytes())
    copy = await polling.feed(url, kind=SourceKind.LIST)
    for hours, source in enumerate((csv, copy, csv, csv)):
        await polling.poll(source, after=timedelta(hours=hours))

    (article,) = await articles_of(polling)
    assert "QUELVADO STAR removed" in article.title
    assert "was moved" not in article.text


async def test_the_same_change_is_news_again_on_the_same_day_if_it_was_undone_meanwhile(polling: Polling) -> None:
    source = await add_list(polling, *(sdn(*numbers) for numbers in ([1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 5]) * 2))
    for hours in range(4):
        await polling.poll(source, after=timedelta(hours=hours))

    titles = [article.title.rpartition(" ")[2] for article in await articles_of(polling)]
    assert titles == ["removed", "added", "removed"]


async def test_no_file_of_a_series_is_missed_between_two_polls(polling: Polling) -> None:
    files = [EDITIONS.joinpath(f"ofac-delta-{number}.xml").read_bytes() for number in (1, 2)]

    def history(*days: tuple[int, list[int]]) -> None:
        for day in range(20, 25):
            polling.server.answer(f"/changes/history/2026/11/{day}", b"[]")
        for day, numbers in days:
            listed = [{"publicationID": number, "datePublished": f"2026-11-{day}T00:00:00"} for number in numbers]
            polling.server.answer(f"/changes/history/2026/11/{day}", json.dumps(listed).encode())

    third = files[0].replace(b"990001", b"990003").replace(b"ORVANDEL MARINE", b"NORVANE MARINE")
    url = polling.server.answer("/changes/latest", third)
    for number, body in zip((501, 502, 503), (*files, third), strict=True):
        polling.server.answer(f"/changes/{number}", body)
    source = await polling.feed(url, kind=SourceKind.LIST)

    history((20, [500]), (22, [501]))
    first = await polling.poll(source)
    nothing = await polling.poll(source, after=timedelta(minutes=15))
    history((20, [500]), (22, [501]), (23, [503, 502]))
    both = await polling.poll(source, after=timedelta(days=1))
    again = await polling.poll(source, after=timedelta(days=1, minutes=15))

    assert [polled.error for polled in (first, nothing, both, again)] == [None] * 4
    assert [polled.new for polled in (first, nothing, both, again)] == [1, 0, 2, 0]


async def test_a_history_that_is_not_understood_is_a_failure_and_loses_nothing(polling: Polling) -> None:
    body = EDITIONS.joinpath("ofac-delta-1.xml").read_bytes()
    source = await polling.feed(polling.server.answer("/changes/latest", body), kind=SourceKind.LIST)
    polling.server.answer("/changes/7", body)
    polling.server.answer("/changes/history/2026/11/22", b"<html>", b'[{"publicationID": 7}]')

    failed = await polling.poll(source)
    read = await polling.poll(source, after=timedelta(minutes=15))

    assert failed.error is not None
    assert "history" in failed.error
    assert (read.error, read.new) == (None, 1)


async def test_each_edition_is_a_story_of_its_own(polling: Polling) -> None:
    editions = [sdn(*range(10)), sdn(*range(11)), sdn(*range(12)), sdn(*range(17)), sdn(*range(22))]
    source = await add_list(polling, *editions)
    for hours in range(len(editions)):
        await polling.poll(source, after=timedelta(hours=hours))

    articles = await articles_of(polling)
    assert len({article.story_id for article in articles}) == len(articles) == 4


async def test_the_pollers_read_a_list_that_is_due(polling: Polling) -> None:
    source = await polling.feed(polling.server.answer("/list", (EDITIONS / "un-a.xml").read_bytes()))
    await polling.poll(source)

    await polling.poll_due()

    async with polling.store.read() as tx:
        assert await tx.official_lists.count(source.id) == 3
