"""/why: the stages that an article passed on its way to a channel, and the one that stopped it."""

from datetime import timedelta

import pytest

from handlers.answers.answer import Explanation, Listing, Notice
from handlers.answers.parts import Tone
from handlers.drafts import FailedDraft, SetAside
from storage.records import DeliveryState
from storage.store import Store
from tests.support.newsroom import Newsroom, button

HOUR = timedelta(hours=1)
PLANT = "Huawei opens a plant in Hungary"
TEXT = (
    "Huawei opened a plant near Szeged in Hungary on Thursday, in which 900 people will assemble radio stations for "
    "the whole of Europe. The prime minister cut a ribbon, and the mayor of Szeged thanked the engineers who built it."
)


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


async def test_what_was_set_aside_is_named_with_its_rule_and_its_beginning(newsroom: Newsroom) -> None:
    parts = (SetAside("quoted letter", "Is the plant\n\nclosed?"), SetAside("disclaimer", "secret " * 40))
    await newsroom.add_article(PLANT, TEXT, set_aside=parts)
    await newsroom.add_article("Rain", set_aside=tuple(SetAside("footer", f"Page {number}") for number in range(7)))

    few, _ = await steps(newsroom, PLANT)
    many, _ = await steps(newsroom, "Rain")

    assert few[2:4] == [
        (True, "Set aside: quoted letter, 4 words: “Is the plant closed?”"),
        (True, f"Set aside: disclaimer, 40 words: “{('secret ' * 40)[:99]}…”"),
    ]
    assert [text for _, text in many if text.startswith("Set aside")] == [
        *(f"Set aside: footer, 2 words: “Page {number}”" for number in range(5)),
        "Set aside: 2 more parts.",
    ]


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


class TestAddedToAStory:
    """An article that was never shown as an alert: which story has it, why, which line shows it, and what to do."""

    @pytest.fixture
    async def grown(self, newsroom: Newsroom) -> Newsroom:
        await newsroom.ask("/subscribe huawei")
        await newsroom.add_article(PLANT, TEXT, publisher="Lead Wire")
        return newsroom

    async def explained(
        self, newsroom: Newsroom, title: str, text: str = TEXT, publisher: str = "Daily Sample"
    ) -> tuple[list[tuple[bool, str]], str]:
        arrived = await newsroom.add_article(title, text, publisher=publisher)
        assert arrived.article is not None
        found, answer = await steps(newsroom, str(arrived.article.id))
        return found[-2:], answer.verdict

    async def test_with_a_line_in_the_thread(self, grown: Newsroom) -> None:
        (story, line), verdict = await self.explained(grown, "Szeged to get a Huawei factory")

        assert story == (
            True,
            f"It is in the story “{PLANT}” (Lead Wire), with 1 other article, because its text is nearly that of "
            f"“{PLANT}” (Lead Wire).",
        )
        assert line == (True, "The thread of its alert has a line with its headline.")
        assert verdict == (
            f"Posted in the thread of “{PLANT}” (Lead Wire). If it reports something else, click Separate story."
        )

    async def test_under_the_same_headline(self, grown: Newsroom) -> None:
        (story, line), verdict = await self.explained(grown, f"UPDATE 1-{PLANT}")

        assert story[1].endswith("because it has the same headline.")
        assert line[0] is False
        assert "its headline is one that was shown" in line[1]
        assert verdict.startswith(f"Never shown on its own: it is part of “{PLANT}” (Lead Wire).")

    async def test_with_a_new_fact(self, grown: Newsroom) -> None:
        text = (
            "A plant of Huawei opened near Szeged in Hungary on Thursday, where 900 people make radio stations.\n\n"
            "The prime minister cut a ribbon and the mayor of Szeged thanked the engineers of the plant.\n\n"
            "Washington said on Friday that it would raise the Huawei plant with 42 allies at a summit in London."
        )
        (_, line), verdict = await self.explained(grown, "Washington worried by Huawei plant in Hungary", text)

        assert line == (True, "The thread of its alert has a new fact from it, with its headline.")
        assert verdict.startswith("Posted in the thread")

    async def test_counted_by_the_last_note(self, grown: Newsroom) -> None:
        for number, title in enumerate(("Huawei picks Szeged", "Szeged wins a plant", "Factory goes to Szeged")):
            await self.explained(grown, title, publisher=f"Paper {number}")
        (_, line), verdict = await self.explained(grown, "Hungary and its plant")

        assert line == (False, "The last note in the thread of its alert counts it, without its headline.")
        assert verdict.startswith("Never shown on its own")

    async def test_that_a_digest_will_show_once(self, newsroom: Newsroom) -> None:
        await newsroom.ask("/subscribe huawei daily")
        await newsroom.add_article(PLANT, TEXT, publisher="Lead Wire")
        (story, listed), verdict = await self.explained(newsroom, "Szeged to get a Huawei factory")

        assert PLANT in story[1]
        assert listed == (True, "Digests and lists show a story once.")
        assert verdict == "Not posted: its subscription is daily or weekly, so it comes in the digest."
