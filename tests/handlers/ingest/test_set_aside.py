"""What a document has besides its article is stored with the article, and never matched for alerts."""

from collections.abc import Sequence

from handlers.drafts import ArticleDraft, SetAside
from storage.records import Article, SourceKind
from storage.store import Store
from tests.support.fakes import NOON
from tests.support.stores import make_workspace
from tests.support.world import World, draft, flood, huawei, watching

LETTER = SetAside("quoted letter", "Does Huawei still build 5G networks?")
OTHER = SetAside("quoted letter", "Is the road to Altenahr closed?")
SIGNATURE = SetAside("signature", "Ann")


async def _stored(world: World, article: Article | None) -> Sequence[SetAside]:
    assert article is not None
    async with world.store.read() as tx:
        return (await tx.set_aside.of_articles([article.id])).get(article.id, ())


async def _with_words(world: World, *words: str) -> tuple[int, ...]:
    async with world.store.read() as tx:
        return await tx.set_aside_search.candidates([[word] for word in words], 0, since=None, limit=9)


def _reply(text: str = "The water is high in Altenahr, we hear.", *parts: SetAside) -> ArticleDraft:
    return draft("Re: The road", text, guid="urn:mail:1", url=None, set_aside=parts)


async def test_parts_are_stored_with_the_article_and_match_no_topic(store: Store) -> None:
    world, channel, _ = await watching(store)

    (result,) = await world.take(flood(set_aside=(LETTER, SIGNATURE)))

    assert result.article is not None and result.set_aside == (LETTER, SIGNATURE)
    assert (result.topics, result.deliveries, await world.outcomes(channel)) == ((), 0, ())
    assert await _stored(world, result.article) == (LETTER, SIGNATURE)
    assert await _with_words(world, "huawei", "altenahr") == (result.article.id,)


async def test_an_alert_does_not_quote_them(store: Store) -> None:
    world, channel, _ = await watching(store)

    await world.take(huawei(set_aside=(SetAside("quoted letter", "Huawei and Norvane signed a deal in Moscow."),)))
    await world.post()

    assert len(world.alerts(channel)) == 1
    assert "Norvane" not in repr(world.alerts(channel))


async def test_a_repeated_document_adds_only_parts_that_the_article_lacks(store: Store) -> None:
    world, _, _ = await watching(store)

    (first,) = await world.take(flood(set_aside=(LETTER, SIGNATURE)))
    same, more = await world.take(flood(set_aside=(LETTER, SIGNATURE)), flood(set_aside=(OTHER, SIGNATURE)))

    assert (same.state, more.state) == ("known", "known")
    assert await _stored(world, first.article) == (LETTER, SIGNATURE, OTHER)
    assert await _with_words(world, "huawei", "closed") == await _with_words(world, "altenahr")


async def test_a_revision_replaces_the_parts(store: Store) -> None:
    world, _, _ = await watching(store)
    (first,) = await world.take(_reply("The water is high in Altenahr, we hear.", LETTER, SIGNATURE))

    (revised,) = await world.take(_reply("The water fell in the night, and both bridges are open again.", OTHER))

    assert revised.article is not None and revised.article.revised_at is not None
    assert await _stored(world, first.article) == (OTHER,)
    assert await _with_words(world, "huawei") == ()
    assert await _with_words(world, "bridges", "closed") == (revised.article.id,)

    await world.take(_reply("Nothing else happened in the valley after the long night of rain."))

    assert await _stored(world, first.article) == ()
    assert await _with_words(world, "closed") == ()


async def test_a_private_document_adds_nothing_to_a_shared_article(store: Store) -> None:
    world, _, _ = await watching(store)
    async with store.begin() as tx:
        home = await make_workspace(tx, NOON, "private")
    source = await world.source("upload", kind=SourceKind.UPLOAD, workspace_id=home.id)
    (shared,) = await world.take(flood(set_aside=(SIGNATURE,)))

    (private,) = await world.take(flood(set_aside=(LETTER,)), source=source)

    assert private.article is not None and shared.article is not None
    assert private.article.id == shared.article.id
    assert await _stored(world, shared.article) == (SIGNATURE,)
