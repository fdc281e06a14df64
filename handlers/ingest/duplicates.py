"""Find duplicates: which article each draft of a batch refers to, among stored articles and those of the batch."""

from collections.abc import Iterable
from dataclasses import dataclass

from handlers.drafts import ArticleDraft
from handlers.ingest.prepare import IdentifiedDraft
from handlers.rules.identity import alphanumeric
from handlers.stories.edits import ArticleContent, is_different_article
from storage.records import SHARED, Article, Source
from storage.store import Tx


@dataclass(slots=True)
class ArticleRef:
    """A reference to an article, which changes as the batch stores and revises it. Its id is 0 until it is stored."""

    article: Article


class ArticleLookup:
    """Finds articles by their identity keys, among those that the source's workspace may see."""

    def __init__(self, source: Source, by_key: dict[tuple[int, str], ArticleRef]) -> None:
        self._source = source
        self._by_key = by_key
        """By workspace id and identity key."""

    @classmethod
    async def load(cls, tx: Tx, drafts: Iterable[IdentifiedDraft], source: Source) -> "ArticleLookup":
        """Load the stored articles that have an identity key of these drafts."""
        workspaces = {SHARED, source.workspace_id}
        owners = await tx.identities.owners(workspaces, [key for identified in drafts for key in identified.keys])
        refs = {id: ArticleRef(article) for id, article in (await tx.articles.by_ids(owners.values())).items()}
        return cls(source, {key: refs[id] for key, id in owners.items() if id in refs})

    def add(self, identified: IdentifiedDraft, ref: ArticleRef) -> None:
        """Add the draft's keys as keys of the article, except those of another article.

        The keys count in the source's workspace only: a private source adds no keys to shared articles.
        """
        for key in identified.keys:
            self._by_key.setdefault((self._source.workspace_id, key), ref)

    def find(self, identified: IdentifiedDraft) -> ArticleRef | None:
        """Return the article that the draft repeats or revises, or None if the draft is a new article."""
        ref = self._first(identified.keys)
        if ref is None or not identified.keys[0].startswith("guid:"):
            return ref
        draft = identified.draft
        if ref is self._first(identified.keys[:1]) and is_different_article(_content(ref.article), _content(draft)):
            return self._first(identified.keys[1:])  # the feed reused the guid, which stays with the first article
        if ref.article.source_id != self._source.id:
            return ref
        if alphanumeric(ref.article.title) == alphanumeric(draft.title):
            return ref
        # The feed gives another guid and another headline to the same address: two articles, not a revision.
        return self._first(identified.keys[:1])

    def _first(self, keys: Iterable[str]) -> ArticleRef | None:
        """Return the article of the first key that any article has, preferring shared articles."""
        for key in keys:
            for workspace_id in (SHARED, self._source.workspace_id):
                ref = self._by_key.get((workspace_id, key))
                if ref is not None:
                    return ref
        return None


def _content(content: Article | ArticleDraft) -> ArticleContent:
    return ArticleContent(title=content.title, text=content.text, url=content.url)
