"""Stored articles as they are quoted: without the sentences that most entries of their source share."""

from collections.abc import Mapping
from dataclasses import replace

from handlers.stories.templates import decode_template
from storage.records import Article
from storage.store import Tx


async def quotable(tx: Tx, articles: Mapping[int, Article]) -> dict[int, Article]:
    """Return the articles by id, with line breaks in their texts in place of what their sources write in most entries.

    Positions in the texts stay the same, so evidence still fits.
    """
    profiles = await tx.source_profiles.of_sources(article.source_id for article in articles.values())
    if not profiles:
        return dict(articles)
    return await tx.compute(_quotable, articles, profiles)


def _quotable(articles: Mapping[int, Article], profiles: Mapping[int, bytes]) -> dict[int, Article]:
    templates = {source_id: decode_template(profile) for source_id, profile in profiles.items()}
    return {
        id: replace(article, text=templates[article.source_id].without_shared_sentences(article.title, article.text))
        if article.source_id in templates
        else article
        for id, article in articles.items()
    }
