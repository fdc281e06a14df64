"""Store what documents have besides the text of their articles, and the words by which `/find` finds it."""

from collections.abc import Mapping, Sequence

from handlers.ingest.results import ProcessedDraft
from handlers.queries.set_aside import with_set_aside
from handlers.sources.text.language import inflection_language
from handlers.topics.text.tokens import index_words
from storage.records import Article, SetAside
from storage.store import Tx


async def store_set_aside(tx: Tx, drafts: Sequence[ProcessedDraft], workspace_id: int) -> None:
    """Store the parts that the drafts of a source of this workspace set aside, once for each article.

    A duplicate adds the parts that its article lacks, such as another quoted letter. A private source adds nothing to a
    shared article, which other workspaces see.
    """
    articles = {draft.ref.article.id: draft.ref.article for draft in drafts}
    changed = await tx.set_aside.add_many(
        (draft.ref.article.id, draft.identified.draft.set_aside)
        for draft in drafts
        if draft.ref.article.workspace_id == workspace_id
    )
    if changed:
        parts = await tx.set_aside.of_articles(changed)
        await tx.set_aside_search.put_many(await tx.compute(words_with_parts, articles, parts))


def words_with_parts(
    articles: Mapping[int, Article], parts_of: Mapping[int, Sequence[SetAside]]
) -> list[tuple[int, str]]:
    """Return the words of each article with its parts, by article id."""
    words = []
    for id, parts in parts_of.items():
        article = with_set_aside(articles[id], parts)
        inflection = inflection_language(article.language, article.title, articles[id].text)
        words.append((id, index_words(article.title, article.text, inflection)))
    return words
