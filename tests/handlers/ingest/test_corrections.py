"""Later articles follow what a workspace corrected about the article most similar to them."""

from handlers.ingest.corrections import inherit_corrections
from handlers.stories.evidence import Reason
from handlers.stories.judge import SimilarArticle
from storage.records import SHARED, Article
from storage.store import Store
from tests.support.fakes import NOON
from tests.support.stores import make_article, make_story, make_workspace


def similar(*articles: Article) -> list[SimilarArticle]:
    return [
        SimilarArticle(
            article_id=article.id,
            story_id=article.story_id,
            workspace_id=article.workspace_id,
            score=0.9,
            reason=Reason.EVENT,
        )
        for article in articles
    ]


async def test_the_most_similar_article_that_a_workspace_sees_decides(store: Store) -> None:
    async with store.begin() as tx:
        own, other = await make_workspace(tx, NOON, "own"), await make_workspace(tx, NOON, "other")
        apart = await make_story(tx, NOON, workspace_id=own.id, title="Apart")
        moved, stayed = await make_article(tx, NOON, "Moved"), await make_article(tx, NOON, "Stayed")
        hidden = await make_article(tx, NOON, "Hidden", workspace_id=other.id)
        first, second, private = [
            await make_article(tx, NOON, title, workspace_id=workspace_id)
            for title, workspace_id in (("First", SHARED), ("Second", SHARED), ("Private", other.id))
        ]
        await tx.story_corrections.put(own.id, {moved.id: apart.id}, by="U1", now=NOON)

        followed = await inherit_corrections(tx, first, similar(hidden, moved, stayed), NOON)
        unaffected = await inherit_corrections(tx, second, similar(stayed, moved), NOON)
        unseen = await inherit_corrections(tx, private, similar(moved), NOON)
        stored = await tx.story_corrections.of_articles([first.id, second.id, private.id])

    assert (followed, unaffected, unseen) == ({own.id: apart.id}, {}, {})
    assert stored == {first.id: {own.id: apart.id}}
