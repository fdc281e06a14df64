"""A topic whose query is too complex for an article is stopped there, which is counted, shown, and reported once."""

from datetime import timedelta
from random import Random

import pytest

from handlers.answers.answer import Explanation, Listing, Notice
from handlers.answers.serialize import deserialize
from handlers.topics.index.budget import SIMPLIFY
from storage.records import SHARED, DeliveryKind, Platform
from storage.store import Store
from storage.topics import NewTopic
from tests.support.newsroom import Newsroom
from tests.support.queries import dense_text

COMPLEX = " NEAR/100 ".join(["the", "of", "to"] * 30)
"""Many nested NEAR with the largest distance, of very common words."""
SIMPLER = "the NEAR/3 of"
TEXT = dense_text(Random(1), ("the", "of", "to", "in"), 5_000)
HOUR = timedelta(hours=1)


@pytest.fixture
async def newsroom(store: Store) -> Newsroom:
    return await Newsroom(store).open()


async def notices(newsroom: Newsroom, channel: str = "C1", workspace: str = "acme") -> list[str]:
    """Return the texts of the notices that were enqueued for a channel."""
    return await notices_of(newsroom, (await newsroom.channel(channel, workspace)).id)


async def notices_of(newsroom: Newsroom, channel_id: int) -> list[str]:
    async with newsroom.store.read() as tx:
        deliveries = [delivery for id in range(1, 30) if (delivery := await tx.deliveries.get(id)) is not None]
    posts = [
        deserialize(delivery.body or {})
        for delivery in deliveries
        if (delivery.channel_id, delivery.kind) == (channel_id, DeliveryKind.NOTICE)
    ]
    return [post.text for post in posts if isinstance(post, Notice)]


def details(answer: object) -> dict[str, str]:
    """Return the details of a listing's rows by their titles."""
    assert isinstance(answer, Listing)
    return {row.title: row.detail for row in answer.rows}


async def test_the_article_is_stored_and_counted_and_all_other_topics_match_it(newsroom: Newsroom) -> None:
    await newsroom.ask(f"/topics add chain = {COMPLEX}")
    await newsroom.ask("/topics add near = huawei NEAR/100 the", workspace="rival")

    result = await newsroom.add_article("Huawei the", TEXT)

    assert result.article is not None and result.state == "new"
    async with newsroom.store.read() as tx:
        topics = {topic.name: topic.id for topic in await tx.topics.all()}
        matched = {match.topic_id for match in await tx.matches.of_article(result.article.id)}
        stopped = await tx.stops.of_article(result.article.id)
        ledger = await tx.ledger.totals()
    assert matched == {topics["huawei"], topics["near"]}
    assert stopped == (topics["chain"],)
    assert ledger.agrees and ledger.matched == 1


async def test_topics_show_counts_the_articles_at_which_it_was_stopped(newsroom: Newsroom) -> None:
    await newsroom.ask(f"/topics add chain = {COMPLEX}")
    assert "Stopped" not in details(await newsroom.ask("/topics show chain"))

    await newsroom.add_article("One", TEXT, ago=HOUR)
    await newsroom.add_article("Two", TEXT)
    await newsroom.add_article("Three", "A short text of the day.")

    detail = details(await newsroom.ask("/topics show chain"))["Stopped"]
    assert detail == "at 2 articles in 30 days, last today 14:00: the query is too complex for them"


async def test_the_owner_of_the_topic_gets_one_notice_and_nobody_else_any(newsroom: Newsroom) -> None:
    await newsroom.ask(f"/topics add chain = {COMPLEX}")
    await newsroom.ask("/subscribe chain", channel="C2")
    await newsroom.ask("/subscribe huawei")
    await newsroom.ask("/subscribe huawei", workspace="rival")

    for number in range(3):
        await newsroom.add_article(f"Article {number}", TEXT)

    assert await notices(newsroom, "C2") == [
        "chain was stopped at an article because its query is too complex, so I can't say whether it matches. "
        f"{SIMPLIFY} /topics show chain counts the articles; you get this message only once."
    ]
    assert await notices(newsroom, "C1") == []
    assert await notices(newsroom, "C1", "rival") == []


async def test_the_notice_goes_to_a_subscribed_channel_if_none_is_subscribed_to_the_topic(newsroom: Newsroom) -> None:
    await newsroom.ask(f"/topics add chain = {COMPLEX}")
    await newsroom.ask("/subscribe huawei", channel="C2")

    await newsroom.add_article("One", TEXT)

    assert len(await notices(newsroom, "C2")) == 1


async def test_a_stopped_topic_of_the_catalogue_is_reported_on_the_console(newsroom: Newsroom) -> None:
    async with newsroom.store.begin() as tx:
        await tx.topics.add(NewTopic(workspace_id=SHARED, name="chain", title="Chain", query=COMPLEX), newsroom.now)
        console = await tx.workspaces.ensure(Platform.CONSOLE, "local", "Console", now=newsroom.now)
        channel = await tx.channels.ensure(console.id, "console", "console", now=newsroom.now)
    await newsroom.ask("/topics add near = huawei NEAR/100 the")
    await newsroom.ask("/subscribe near")

    result = await newsroom.add_article("Huawei the", TEXT)

    (text,) = await notices_of(newsroom, channel.id)
    assert text.startswith("Chain was stopped")
    assert await notices(newsroom) == []
    assert result.deliveries == 1
    assert details(await newsroom.ask("/topics show chain"))["Stopped"].startswith("at 1 article in 30 days")


async def test_a_stop_at_a_private_article_is_counted_for_its_workspace_alone(newsroom: Newsroom) -> None:
    async with newsroom.store.begin() as tx:
        await tx.topics.add(NewTopic(workspace_id=SHARED, name="chain", title="Chain", query=COMPLEX), newsroom.now)
    acme = await newsroom.workspace()
    await newsroom.add_article("One", TEXT, workspace_id=acme.id, source_url="https://private.example/feed")

    assert "Stopped" in details(await newsroom.ask("/topics show chain"))
    assert "Stopped" not in details(await newsroom.ask("/topics show chain", workspace="rival"))


async def test_why_says_that_a_topic_was_stopped_at_the_article(newsroom: Newsroom) -> None:
    await newsroom.ask(f"/topics add chain = {COMPLEX}")
    await newsroom.ask("/subscribe chain")
    await newsroom.add_article("One", TEXT, url="https://wire.example/one")

    ours = await newsroom.ask("/why https://wire.example/one")
    theirs = await newsroom.ask("/why https://wire.example/one", workspace="rival")

    assert isinstance(ours, Explanation) and isinstance(theirs, Explanation)
    stopped = "chain was stopped: its query is too complex for this article, so it may or may not match."
    assert (False, stopped) in [(step.ok, step.text) for step in ours.steps]
    assert ours.verdict == "Not posted: chain was stopped because its query is too complex."
    assert ours.trees == (("chain", "✗ stopped: the query is too complex for this article"),)
    assert not any("chain" in step.text for step in theirs.steps)


async def test_why_names_the_topics_that_match_and_those_that_were_stopped(newsroom: Newsroom) -> None:
    await newsroom.ask(f"/topics add chain = {COMPLEX}")
    await newsroom.ask("/subscribe huawei")
    await newsroom.add_article("Huawei", TEXT, url="https://wire.example/one")

    answer = await newsroom.ask("/why https://wire.example/one")

    assert isinstance(answer, Explanation)
    texts = [step.text for step in answer.steps]
    assert "It matches Huawei." in texts
    assert any(text.startswith("chain was stopped: ") for text in texts)


async def test_a_topic_that_was_simplified_is_matched_and_no_longer_counts_as_stopped(newsroom: Newsroom) -> None:
    await newsroom.ask(f"/topics add chain = {COMPLEX}")
    await newsroom.ask("/subscribe chain")
    result = await newsroom.add_article("One", TEXT, ago=HOUR)
    assert result.article is not None

    await newsroom.ask(f"/topics edit chain = {SIMPLER}")

    assert "Stopped" not in details(await newsroom.ask("/topics show chain"))
    async with newsroom.store.read() as tx:
        assert len(await tx.matches.of_article(result.article.id)) == 1
        assert await tx.stops.of_article(result.article.id) == ()

    await newsroom.ask(f"/topics edit chain = {COMPLEX} NEAR/100 in")
    assert "Stopped" in details(await newsroom.ask("/topics show chain"))
    assert len(await notices(newsroom)) == 2


async def test_a_new_topic_says_at_once_at_how_many_stored_articles_it_was_stopped(newsroom: Newsroom) -> None:
    await newsroom.add_article("One", TEXT, ago=2 * HOUR)
    await newsroom.add_article("Two", TEXT, ago=HOUR)

    answer = await newsroom.ask(f"/topics add chain = {COMPLEX}")

    assert isinstance(answer, Notice)
    assert f"It was stopped at 2 articles because it is too complex. {SIMPLIFY}" in answer.text


async def test_a_topic_counts_as_stopped_only_while_the_revised_text_is_too_much_for_it(newsroom: Newsroom) -> None:
    await newsroom.ask(f"/topics add chain = {COMPLEX}")
    url = "https://wire.example/one"
    result = await newsroom.add_article("One", TEXT, url=url, ago=HOUR)
    assert result.article is not None

    await newsroom.add_article("One", "A short text of the day.", url=url)
    async with newsroom.store.read() as tx:
        assert await tx.stops.of_article(result.article.id) == ()

    await newsroom.add_article("One", f"{TEXT} again", url=url)
    async with newsroom.store.read() as tx:
        assert len(await tx.stops.of_article(result.article.id)) == 1


@pytest.mark.parametrize("line", [f"/find {COMPLEX}", f"/topics test {COMPLEX}", f"/brief {COMPLEX}"])
async def test_a_command_with_a_query_that_is_too_complex_says_so(newsroom: Newsroom, line: str) -> None:
    await newsroom.add_article("One", TEXT, ago=HOUR)

    answer = await newsroom.ask(line)

    assert isinstance(answer, Notice)
    assert answer.text == f"This query is too complex: it was stopped at the article “One”. {SIMPLIFY}"


async def test_a_check_names_the_topics_that_were_stopped(newsroom: Newsroom) -> None:
    await newsroom.ask(f"/topics add chain = {COMPLEX}")

    answer = await newsroom.ask(f"/check Huawei {TEXT}")

    assert isinstance(answer, Listing)
    assert answer.title == "This text matches 1 topic"
    assert answer.summary.endswith("Nothing was stored. 1 topic was stopped because its query is too complex: chain.")


async def test_the_stops_of_a_topic_are_removed_with_it(newsroom: Newsroom) -> None:
    await newsroom.ask(f"/topics add chain = {COMPLEX}")
    result = await newsroom.add_article("One", TEXT)
    assert result.article is not None

    await newsroom.ask("/topics remove chain")

    async with newsroom.store.read() as tx:
        assert await tx.stops.of_article(result.article.id) == ()
