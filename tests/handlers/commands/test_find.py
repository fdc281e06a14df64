"""/find: articles that match a query, the newest first, and how much was searched."""

from dataclasses import replace
from datetime import timedelta

import pytest

from handlers.answers.answer import Listing, Notice
from handlers.drafts import SetAside
from handlers.queries.search import Search, SearchCache, newest_matching
from handlers.queries.subjects import read_query
from storage.records import SHARED, Article
from storage.store import Store
from tests.support.newsroom import NOW, Newsroom, button
from tests.support.stores import make_source, make_workspace

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PLANT = "Huawei opens a plant in Hungary"


@pytest.fixture
async def newsroom(sqlite_store: Store) -> Newsroom:
    return await Newsroom(sqlite_store).open()


async def test_the_newest_articles_come_first_with_the_words_in_bold(newsroom: Newsroom) -> None:
    await newsroom.add_article("Huawei sues the regulator in Sweden", "The firm went to court on Monday.", ago=3 * DAY)
    await newsroom.add_article(PLANT, "The plant of Huawei stands near Budapest.", ago=HOUR)
    await newsroom.add_article("ZTE hires a new chief", ago=HOUR)

    answer = await newsroom.ask("/find huawei 7d")

    assert isinstance(answer, Listing)
    assert (answer.title, answer.summary) == ('"huawei", last 7 days', "2 articles, newest first.")
    assert [row.title for row in answer.rows] == [PLANT, "Huawei sues the regulator in Sweden"]
    for row in answer.rows:
        assert row.quote is not None
        assert [row.quote.text[start:end] for start, end in row.quote.bold] == ["Huawei"]
    assert answer.rows[0].detail == "Example Wire · today 13:00"


async def test_an_empty_result_says_how_much_was_searched(newsroom: Newsroom) -> None:
    await newsroom.add_article(PLANT, ago=HOUR)

    answer = await newsroom.ask("/find unicorn")

    assert isinstance(answer, Notice) and answer.text == (
        'Nothing matches "unicorn" in the last 30 days; 1 article searched. Try a longer period or fewer words.'
    )
    longer = await newsroom.click(button(answer, "365 days"))
    assert isinstance(longer.answer, Notice) and "last 365 days" in longer.answer.text


async def test_the_search_stops_once_it_has_enough_to_show(newsroom: Newsroom) -> None:
    """A common word would otherwise be searched for in thousands of articles that nobody looks at."""
    async with newsroom.store.begin() as tx:
        source = await make_source(tx, NOW - DAY)
        stored = await tx.articles.add_many(
            [
                (
                    Article(
                        id=0,
                        workspace_id=SHARED,
                        source_id=source.id,
                        publisher="Wire",
                        title=f"Huawei opens plant {number}",
                        text="",
                        language="en",
                        published_at=NOW - DAY,
                        received_at=NOW - DAY,
                    ),
                    b"",
                )
                for number in range(201)
            ]
        )
        await tx.search.put_many((article.id, article.title.casefold()) for article in stored)

        cache = SearchCache()
        search = Search(tree=read_query("huawei", ()), since=NOW - 2 * DAY, until=NOW, shown=10)
        found = await newest_matching(tx, SHARED, search, cache)
        all_of_them = await newest_matching(tx, SHARED, replace(search, shown=201), cache)

    assert (len(found.shown), found.count, found.examined) == (10, 200, 200)
    assert (len(all_of_them.shown), all_of_them.count, all_of_them.examined) == (201, 201, None)
    answer = await newsroom.ask("/find huawei 7d")
    assert isinstance(answer, Listing)
    assert (answer.summary, answer.more) == ("200 articles among the newest 200 searched, newest first.", 190)


class TestWhatWasSetAside:
    """A quoted letter, a signature or a footer is found, too, and the answer says where the words are."""

    LETTER = SetAside("quoted letter", "Thanks for the figures.\n\nNorvane Steel sold its mill in Tallinn to Huawei.")
    SIGNATURE = SetAside("signature", "Ann Tamm, Tallinn")

    @pytest.fixture
    async def answered(self, newsroom: Newsroom) -> Newsroom:
        await newsroom.add_article(PLANT, "The plant stands near Budapest.", ago=HOUR)
        parts = (self.LETTER, self.SIGNATURE)
        await newsroom.add_article("Re: the figures", "We agree with the auditors.", ago=2 * HOUR, set_aside=parts)
        return newsroom

    @pytest.mark.parametrize(
        ("query", "rules"),
        [
            ("norvane", "quoted letter"),
            ("norvane AND auditors", "quoted letter"),
            ('"Norvane Steel" AND "Ann Tamm"', "quoted letter and signature"),
            ("mill NOT budapest", "quoted letter"),
            ("norvane OR source:nowhere", "quoted letter"),
        ],
    )
    async def test_is_found_and_named(self, answered: Newsroom, query: str, rules: str) -> None:
        answer = await answered.ask(f"/find {query}")

        assert isinstance(answer, Listing), answer
        assert [row.title for row in answer.rows] == ["Re: the figures"]
        assert answer.rows[0].detail.endswith(f" · matches in what was set aside ({rules}), not in its own text")

    async def test_is_quoted_with_the_words_in_bold(self, answered: Newsroom) -> None:
        answer = await answered.ask("/find norvane OR mill")

        assert isinstance(answer, Listing)
        quote = answer.rows[0].quote
        assert quote is not None and quote.text == "Norvane Steel sold its mill in Tallinn to Huawei."
        assert [quote.text[start:end] for start, end in quote.bold] == ["Norvane", "mill"]

    async def test_does_not_change_what_is_said_about_an_article_that_matches_alone(self, answered: Newsroom) -> None:
        answer = await answered.ask("/find figures OR plant OR huawei")

        assert isinstance(answer, Listing)
        assert [(row.title, "set aside" in row.detail) for row in answer.rows] == [
            ("Re: the figures", False),
            (PLANT, False),
        ]

    @pytest.mark.parametrize("query", ["norvane NOT auditors", "norvane AND budapest", "title:norvane"])
    async def test_does_not_make_other_queries_match(self, answered: Newsroom, query: str) -> None:
        assert isinstance(await answered.ask(f"/find {query}"), Notice)

    async def test_that_arrives_later_is_found_by_a_repeated_search(self, answered: Newsroom) -> None:
        before = await answered.ask("/find skoda OR plant OR figures OR auditors")
        assert isinstance(await answered.ask("/find skoda"), Notice)
        late = (SetAside("quoted letter", "Skoda asked first."),)
        await answered.add_article(
            "Re: the figures", "We agree with the auditors.", url="https://wire.example/2", set_aside=late
        )

        answer = await answered.ask("/find skoda")

        assert isinstance(before, Listing) and isinstance(answer, Listing)
        assert [row.title for row in answer.rows] == ["Re: the figures"]

    async def test_is_in_no_brief_and_no_test_of_a_topic(self, answered: Newsroom) -> None:
        brief = await answered.ask("/brief norvane 7d")
        tested = await answered.ask("/topics test norvane")

        assert "Norvane Steel sold" not in repr(brief) + repr(tested)
        assert "Re: the figures" not in repr(brief) + repr(tested)

    async def test_of_a_private_article_is_found_by_its_workspace_only(self, newsroom: Newsroom) -> None:
        async with newsroom.store.begin() as tx:
            theirs = await make_workspace(tx, NOW, "theirs")
        await newsroom.add_article("Re: it", "Yes.", workspace_id=theirs.id, ago=HOUR, set_aside=(self.LETTER,))

        assert isinstance(await newsroom.ask("/find norvane"), Notice)


@pytest.mark.parametrize("query", ["华为", "華為", '"华为 发表"', "華為 NEAR/9 手机", "发表新手机 -三星"])
async def test_traditional_chinese_is_found_also_in_articles_stored_as_typed(newsroom: Newsroom, query: str) -> None:
    """Earlier versions put Traditional characters into the index of words."""
    titles = ["華為發表新手機", "台北消息：華為發表新手機"]
    stored_before = await newsroom.add_article(titles[1], language="zh", ago=2 * HOUR)
    await newsroom.add_article(titles[0], language="zh", ago=HOUR)
    assert stored_before.article is not None
    async with newsroom.store.begin() as tx:
        await tx.search.put(stored_before.article.id, " ".join(titles[1]))

    answer = await newsroom.ask(f"/find {query}")

    assert isinstance(answer, Listing)
    assert [row.title for row in answer.rows] == titles
