"""/why: the stages that an article passed on its way to a channel, and the one that stopped it."""

from datetime import timedelta

import pytest

from handlers.answers.answer import Explanation, Listing, Notice
from handlers.answers.parts import Tone
from handlers.drafts import FailedDraft
from storage.records import DeliveryState
from storage.store import Store
from tests.support.newsroom import Newsroom, button

HOUR = timedelta(hours=1)
PLANT = "Huawei opens a plant in Hungary"


@pytest.fixture
async def newsroom(sqlite_store: Store) -> Newsroom:
    return await Newsroom(sqlite_store).open()


async def steps(newsroom: Newsroom, asked: str) -> tuple[list[tuple[bool, str]], Explanation]:
    answer = await newsroom.ask(f"/why {asked}")
    assert isinstance(answer, Explanation), answer
    return [(step.ok, step.text) for step in answer.steps], answer


@pytest.mark.parametrize(
    "asked",
    [
        "https://wire.example/a/1",
        "http://wire.example/a/1",
        "https://www.wire.example/a/1/",
        "http://www.wire.example/a/1/?utm_source=x&fbclid=9#top",
        "wire.example/a/1",
        "www.wire.example/a/1",
        "https://m.wire.example/a/1",
        "HTTPS://WIRE.EXAMPLE/a/1",
        "https://old.example/story?id=7",
        "https://wire.example/?p=12",
        "Huawei opens a plant in Hungary",
        "HUAWEI: opens a plant, in Hungary!",
        "plant Hungary",
        "Huawei opens a plant in Hungary | Example Wire",
        "https://wire.example/a/1?page_token=Zx9",
        "https://wire.example/a/1.",
        "//wire.example/a/1",
        "(https://wire.example/a/1)",
        "[the plant](https://wire.example/a/1)",
        "<https://wire.example/a/1|wire.example/a/1>",
    ],
)
async def test_an_article_is_found_by_any_form_of_its_address_and_by_words_of_its_headline(
    newsroom: Newsroom, asked: str
) -> None:
    await newsroom.add_article("Rain in Hungary", url="https://wire.example/a/2", guid="https://wire.example/?p=13")
    await newsroom.add_article(PLANT, url="https://old.example/story?id=7", guid="https://wire.example/?p=12")
    await newsroom.add_article(PLANT, url="https://wire.example/a/1", guid="https://wire.example/?p=12")

    _, answer = await steps(newsroom, asked)

    assert answer.headline.text == PLANT


async def test_of_several_articles_with_these_words_one_is_chosen(newsroom: Newsroom) -> None:
    first = await newsroom.add_article(PLANT, "It makes masts.")
    await newsroom.add_article(f"{PLANT} again", "It makes phones.")

    choice = await newsroom.ask("/why huawei plant")
    exact = await newsroom.ask(f"/why {PLANT}")

    assert isinstance(choice, Listing)
    assert [row.title for row in choice.rows] == [f"{PLANT} again", PLANT]
    chosen = await newsroom.click(choice.rows[1].buttons[0])
    assert isinstance(chosen.answer, Explanation) and isinstance(exact, Explanation)
    assert first.article is not None
    assert chosen.answer.headline.url == exact.headline.url == first.article.url


async def test_sections_of_one_page_are_found_by_their_fragments(newsroom: Newsroom) -> None:
    page = "https://wire.example/notes"
    await newsroom.add_article("Huawei 1.0: first version", url=f"{page}#v1-0")
    await newsroom.add_article("Huawei 1.1: export of tables", url=f"{page}#v1-1")

    _, first = await steps(newsroom, f"{page}#v1-0")
    both = await newsroom.ask(f"/why {page}")

    assert first.headline.text == "Huawei 1.0: first version"
    assert isinstance(both, Listing) and len(both.rows) == 2


@pytest.mark.parametrize("asked", ["lighthouse", "rain: in (Spain)", "U.S.", "…"])
async def test_words_that_no_headline_has_are_refused_with_what_to_do(newsroom: Newsroom, asked: str) -> None:
    await newsroom.add_article(PLANT)

    answer = await newsroom.ask(f"/why {asked}")

    assert isinstance(answer, Notice) and answer.tone is Tone.REFUSED
    assert answer.text.startswith(f'No stored article has "{asked}" in its headline.')


async def test_an_unknown_address_names_the_watched_sources_of_its_site(newsroom: Newsroom) -> None:
    await newsroom.source()

    unknown, answer = await steps(newsroom, "https://www.elsewhere.example/story")
    known, other = await steps(newsroom, "https://wire.example/missing?utm_source=x")

    assert unknown[-1] == (False, "No source of elsewhere.example is watched.")
    assert answer.verdict == (
        "No source of elsewhere.example is watched, so it could not arrive. "
        "To watch the site: /sources add https://elsewhere.example"
    )
    assert known[-1][1].startswith("Watched source of this site: Example Wire")
    assert other.verdict == "wire.example is watched, but its feed has not listed this article."


async def test_an_unreadable_article_is_shown_with_the_reason(newsroom: Newsroom) -> None:
    source = await newsroom.source()
    failed = FailedDraft(origin="https://wire.example/broken", reason="it holds no text", key="k1")
    await newsroom.ingest([failed], source=source, now=newsroom.now - HOUR)

    _, answer = await steps(newsroom, "https://wire.example/broken")

    assert answer.verdict == "It arrived today 13:00 but could not be read."
    assert answer.steps[-1].text.endswith("could not be read: it holds no text")


async def test_an_article_without_a_match_is_shown_with_the_query_trees_of_the_channel(newsroom: Newsroom) -> None:
    await newsroom.ask("/subscribe huawei")
    await newsroom.add_article("Rain in Spain", url="https://wire.example/rain")

    found, answer = await steps(newsroom, "https://wire.example/rain?utm_campaign=x#top")

    assert found[-1] == (False, "It matches no topic.")
    assert [name for name, _ in answer.trees] == ["Huawei"] and "✗ huawei" in answer.trees[0][1]


async def test_a_matching_article_without_a_subscription_offers_to_subscribe(newsroom: Newsroom) -> None:
    arrived = await newsroom.add_article(PLANT)
    assert arrived.article is not None

    found, answer = await steps(newsroom, str(arrived.article.id))

    assert found[-1] == (False, "#general is not subscribed to Huawei.")
    assert answer.verdict == "Not posted: #general has no subscription that it matches."
    assert "✓ huawei" in answer.trees[0][1]
    assert button(answer, "Subscribe").action.startswith("subscribe:")


async def test_an_article_from_before_the_subscription_is_never_posted(newsroom: Newsroom) -> None:
    arrived = await newsroom.add_article(PLANT, ago=HOUR)
    await newsroom.ask("/subscribe huawei")
    assert arrived.article is not None

    _, answer = await steps(newsroom, str(arrived.article.id))

    assert answer.verdict == "Not posted: it is older than the subscription. /brief shows it."


async def test_a_held_article_is_shown_with_the_reason(newsroom: Newsroom) -> None:
    await newsroom.ask("/subscribe huawei daily")
    arrived = await newsroom.add_article(PLANT)
    assert arrived.article is not None

    _, answer = await steps(newsroom, str(arrived.article.id))

    assert answer.verdict == "Not posted: its subscription is daily or weekly, so it comes in the digest."


async def test_a_pending_article_becomes_a_posted_one(newsroom: Newsroom) -> None:
    await newsroom.ask("/subscribe huawei")
    arrived = await newsroom.add_article(PLANT)
    assert arrived.article is not None
    channel = await newsroom.channel()

    _, waiting = await steps(newsroom, str(arrived.article.id))
    async with newsroom.store.begin() as tx:
        delivery = await tx.deliveries.claim(channel.id, now=newsroom.now, lease=HOUR)
        assert delivery is not None
        await tx.deliveries.settle_sent(delivery.id, ref="m1", version=1, now=newsroom.now)
    _, sent = await steps(newsroom, str(arrived.article.id))

    assert (waiting.verdict, waiting.steps[-1].text) == ("Not posted yet.", "It will be posted now.")
    assert (sent.verdict, sent.steps[-1].text) == ("Posted.", "Posted today 14:00.")
    async with newsroom.store.read() as tx:
        assert (await tx.deliveries.counts())[DeliveryState.SENT] == 1


async def test_direct_messages_are_called_by_the_persons_name(newsroom: Newsroom) -> None:
    arrived = await newsroom.add_article(PLANT)
    assert arrived.article is not None

    explained = await newsroom.ask(f"/why {arrived.article.url}", channel="@U1")

    assert isinstance(explained, Explanation)
    assert explained.verdict == "Not posted: @U1 has no subscription that it matches."
