"""Corrections that people made are remembered: a later article goes where its most similar article was moved."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from handlers.rules.alerting import can_see
from handlers.stories.judge import SimilarArticle
from storage.records import SHARED, Article
from storage.store import Tx


async def inherit_corrections(
    tx: Tx, article: Article, similar: Sequence[SimilarArticle], now: datetime
) -> Mapping[int, int]:
    """Store and return the story of the article in workspaces that moved the article most similar to it.

    The result is by workspace id. `similar` are the articles that report the same event, best match first. Workspaces
    that may not see the article are left out.
    """
    corrected = await tx.story_corrections.of_articles([other.article_id for other in similar])
    workspaces = {workspace_id for stories in corrected.values() for workspace_id in stories}
    found: dict[int, int] = {}
    for workspace_id in sorted(workspaces):
        if not can_see(workspace_id, article.workspace_id):
            continue
        nearest = next(other for other in similar if other.workspace_id in (SHARED, workspace_id))
        story_id = corrected.get(nearest.article_id, {}).get(workspace_id)
        if story_id is not None:
            found[workspace_id] = story_id
            await tx.story_corrections.put(workspace_id, {article.id: story_id}, by="", now=now)
    return found
