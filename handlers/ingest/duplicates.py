"""Find duplicates: which article each draft of a batch refers to, among stored articles and those of the batch."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from handlers.drafts import ArticleDraft
from handlers.ingest.prepare import IdentifiedDraft, content_of
from handlers.rules.identity import alphanumeric, anchor_of
from handlers.stories.edits import is_different_article, is_same_under_other_name
from handlers.stories.same_document import is_same_document
from storage.records import SHARED, Article, Source
from storage.store import Tx


@dataclass(slots=True)
class ArticleRef:
    """A reference to an article, which changes as the batch stores and revises it. Its id is 0 until it is stored."""

    article: Article


class ArticleLookup:
    """Finds articles by their identity keys, among those that the source's workspace may see.

    An article is also found by its content where a feed reuses its names for other articles, and where a document comes
    in another form.
    """

    def __init__(
        self,
        source: Source,
        now: datetime,
        by_key: dict[tuple[int, str], ArticleRef] | None = None,
        by_id: dict[int, ArticleRef] | None = None,
    ) -> None:
        self._source = source
        self._now = now
        self._is_feed = source.is_polled
        self._by_key = by_key or {}
        """By workspace id and identity key."""
        self._by_id = by_id or {}
        self._by_fingerprint: dict[int, list[ArticleRef]] = {}
        """The newest first."""
        self._past: frozenset[str] = frozenset()
        """Keys of articles that are not stored any more."""

    @classmethod
    async def load(cls, tx: Tx, drafts: Sequence[IdentifiedDraft], source: Source, now: datetime) -> "ArticleLookup":
        """Load the stored articles that these drafts, which arrive now (UTC), may refer to."""
        workspaces = {SHARED, source.workspace_id}
        owners = await tx.identities.owners(workspaces, [key for identified in drafts for key in identified.keys])
        known = [draft.draft.article_id for draft in drafts if draft.draft.article_id is not None]
        refs = {
            id: ArticleRef(article) for id, article in (await tx.articles.by_ids([*owners.values(), *known])).items()
        }
        self = cls(source, now, {key: refs[id] for key, id in owners.items() if id in refs}, refs)
        unknown = [draft for draft in drafts if self._find_by_name(draft) is None]
        if unknown:
            keys = [key for draft in unknown for key in draft.keys]
            self._past = await tx.past_identities.among(workspaces, keys)
        unnamed = [draft for draft in unknown if self._is_named(draft)]
        wanted = {value for draft in unnamed for value in draft.fingerprints}
        if wanted:
            await self._load_content(tx, workspaces, wanted)
        return self

    async def _load_content(self, tx: Tx, workspaces: set[int], wanted: Iterable[int]) -> None:
        found = await tx.fingerprints.find(workspaces, wanted)
        missing = [id for ids in found.values() for id in ids if id not in self._by_id]
        self._by_id |= {id: ArticleRef(article) for id, article in (await tx.articles.by_ids(missing)).items()}
        for value, ids in found.items():
            self._by_fingerprint[value] = [self._by_id[id] for id in ids if id in self._by_id]

    def add(self, identified: IdentifiedDraft, ref: ArticleRef) -> tuple[str, ...]:
        """Add the draft's keys as keys of the article, and return those that it takes from another article.

        A feed that reuses its names gives them to the newest article. Other keys stay with the article that has them.
        All count in the source's workspace only: a private source adds no keys to shared articles.
        """
        taken = []
        for key in identified.keys:
            owner = self._by_key.setdefault((self._source.workspace_id, key), ref)
            if (
                owner is not ref
                and self._is_feed
                and owner.article.source_id == self._source.id
                and ref.article.id == 0
            ):
                self._by_key[self._source.workspace_id, key] = ref
                taken.append(key)
        for value in identified.fingerprints:
            refs = self._by_fingerprint.setdefault(value, [])
            if ref not in refs:
                refs.insert(0, ref)
        return tuple(taken)

    def find(self, identified: IdentifiedDraft) -> ArticleRef | None:
        """Return the article that the draft repeats or revises, or None if the draft is a new article."""
        ref = self._find_by_name(identified)
        return self._find_by_content(identified) if ref is None and self._is_named(identified) else ref

    def is_past(self, identified: IdentifiedDraft) -> bool:
        """Return whether the draft, for which `find` returns None, is an article that is not stored any more."""
        return not self._past.isdisjoint(identified.keys)

    def _find_by_name(self, identified: IdentifiedDraft) -> ArticleRef | None:
        known = identified.draft.article_id
        if known is not None and known in self._by_id:
            return self._by_id[known]
        for key in identified.keys:
            ref = self._owner(key)
            if ref is not None and self._is_same(key, ref.article, identified):
                return ref
        return None

    def _owner(self, key: str) -> ArticleRef | None:
        """Return the article with this key, a shared one first."""
        return self._by_key.get((SHARED, key)) or self._by_key.get((self._source.workspace_id, key))

    def _is_named(self, identified: IdentifiedDraft) -> bool:
        """Return whether names alone cannot tell that the draft is new: it is a document, or its names are known."""
        return not self._is_feed or any(self._owner(key) is not None for key in identified.keys)

    def _is_same(self, key: str, article: Article, identified: IdentifiedDraft) -> bool:
        """Return whether the draft is the article that has its key."""
        kind, _, name = key.partition(":")
        draft = identified.draft
        if kind == "hash":
            return True
        if kind == "url" and self._has_other_name(article, identified):
            is_section = article.source_id == self._source.id and anchor_of(draft.url) != anchor_of(article.url)
            return is_same_under_other_name(content_of(article), content_of(draft), url=name, is_section=is_section)
        return not is_different_article(
            content_of(article), content_of(draft, self._now), name=_name(kind, name, draft), from_feed=self._is_feed
        )

    def _has_other_name(self, article: Article, identified: IdentifiedDraft) -> bool:
        """Return whether article and draft share an address, but a better name says that they differ.

        Within a feed this is a guid or a fragment, which has not led to the article. Across feeds it is a fragment.
        """
        if article.source_id == self._source.id:
            return not identified.keys[0].startswith("url:")
        anchor = anchor_of(identified.draft.url)
        return anchor is not None and anchor_of(article.url) not in (None, anchor)

    def _find_by_content(self, identified: IdentifiedDraft) -> ArticleRef | None:
        """Return the article with the draft's words: an entry of this feed, or a document in whatever form."""
        draft = identified.draft
        candidates = [ref for value in identified.fingerprints for ref in self._by_fingerprint.get(value, ())]
        for ref in candidates:
            article = ref.article
            if self._is_feed:
                is_same = alphanumeric(article.title) == alphanumeric(draft.title)
                is_same = is_same and alphanumeric(article.text) == alphanumeric(draft.text)
            else:
                is_same = is_same_document(content_of(article), content_of(draft))
            if is_same:
                return ref
        return None


def _name(kind: str, name: str, draft: ArticleDraft) -> str:
    """Return the name as the feed states it, as a key may be shortened."""
    return (draft.guid if kind == "guid" else draft.url) or name
