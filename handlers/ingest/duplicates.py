"""Which article each draft of a batch is, asked of the database once and kept up to what the batch itself stores."""

from collections.abc import Iterable
from dataclasses import dataclass

from handlers.drafts import ArticleDraft
from handlers.ingest.prepare import Identified
from handlers.rules.identity import alphanumeric
from handlers.stories.edits import ArticleContent, is_different_article
from storage.records import SHARED, Article, Source
from storage.store import Tx


@dataclass(slots=True)
class Kept:
    """An article as it is now. Its id is 0 until it is stored."""

    article: Article


class Names:
    """Every name that the drafts of one source have, and the article that the source's workspace knows by it."""

    def __init__(self, source: Source, owners: dict[tuple[int, str], Kept]) -> None:
        self._source = source
        self._owners = owners

    @classmethod
    async def read(cls, tx: Tx, identified: Iterable[Identified], source: Source) -> "Names":
        workspaces = {SHARED, source.workspace_id}
        owners = await tx.identities.owners(workspaces, [key for one in identified for key in one.keys])
        kept = {id: Kept(article) for id, article in (await tx.articles.by_ids(owners.values())).items()}
        return cls(source, {name: kept[id] for name, id in owners.items() if id in kept})

    def add(self, one: Identified, kept: Kept) -> None:
        """The draft's names are names of this article, where they are not another's already.

        A private source may not give names to what all workspaces share.
        """
        for key in one.keys:
            self._owners.setdefault((self._source.workspace_id, key), kept)

    def find(self, one: Identified) -> Kept | None:
        """The article that this draft is, among what the source's workspace may see."""
        kept = self._first(one.keys)
        if kept is None or not one.keys[0].startswith("guid:"):
            return kept
        if kept is self._first(one.keys[:1]) and is_different_article(_content(kept.article), _content(one.draft)):
            return self._first(one.keys[1:])  # the guid stays with the article that had it first
        if kept.article.source_id != self._source.id:
            return kept
        if alphanumeric(kept.article.title) == alphanumeric(one.draft.title):
            return kept
        # The same feed gives another guid and another headline at the same address: two articles, not one that changed.
        return self._first(one.keys[:1])

    def _first(self, keys: Iterable[str]) -> Kept | None:
        """By the first key that is known at all; a shared article before a private one."""
        for key in keys:
            for workspace_id in (SHARED, self._source.workspace_id):
                kept = self._owners.get((workspace_id, key))
                if kept is not None:
                    return kept
        return None


def _content(one: Article | ArticleDraft) -> ArticleContent:
    return ArticleContent(title=one.title, text=one.text, url=one.url)
