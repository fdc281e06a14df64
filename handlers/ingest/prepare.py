"""Prepare drafts for storage: identity keys, language, features, search words and matches. CPU only, no database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from handlers.drafts import ArticleDraft
from handlers.rules.alerting import can_see
from handlers.rules.identity import identity_keys
from handlers.rules.urls import canonical_url
from handlers.sources.text.language import language_of
from handlers.stories.features import encode_features
from handlers.stories.templates import NO_TEMPLATE, Template
from handlers.topics.matcher import Matcher, Readable
from handlers.topics.text.tokens import index_words
from storage.records import SHARED, Article, Match, Source, SourceKind, Topic, require_utc

_TITLE_CHARS: Final = 160
"""The length to which the first line is cut if it replaces a missing headline."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentifiedDraft:
    """A draft with its identity keys, strongest first."""

    draft: ArticleDraft
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedArticle:
    """The content of an article to store, and what was computed from it."""

    title: str
    text: str
    highlights: tuple[str, ...]
    url: str | None
    author: str | None
    tags: tuple[str, ...]
    publisher: str
    language: str
    image_url: str | None
    features: bytes
    words: str
    """For full-text search."""
    matches: tuple[Match, ...]
    """Matches of topics of all workspaces. `article_id` is 0 until the article is stored."""


def identify(draft: ArticleDraft, source: Source) -> IdentifiedDraft:
    return IdentifiedDraft(draft=draft, keys=identity_keys(draft, source_url=source.url))


def prepare(
    draft: ArticleDraft,
    source: Source,
    matcher: Matcher,
    stored: Article | None = None,
    *,
    template: Template = NO_TEMPLATE,
) -> PreparedArticle:
    """Prepare a draft as a new article, or as a revision of a stored one, whose values replace missing ones.

    `template` is what the entries of the source share, which does not count when stories are compared.
    """
    title, text = draft.title.strip(), draft.text.strip()
    highlights = draft.highlights
    if stored is not None and not text:
        text, highlights = stored.text, stored.highlights
    if not title:
        title = stored.title if stored else (text.split("\n")[0][:_TITLE_CHARS] or draft.url or draft.origin)
    language = draft.language or (stored.language if stored else language_of(title, text))
    url = canonical_url(draft.url) if draft.url else None
    readable = Readable(
        title=title,
        body=text,
        language=language,
        url=url or (stored.url if stored else None),
        author=draft.author,
        tags=draft.tags,
        source=(stored.publisher if stored else None) or draft.publisher or source.title,
    )
    return PreparedArticle(
        title=title,
        text=text,
        highlights=highlights,
        url=readable.url,
        author=draft.author,
        tags=draft.tags,
        publisher=readable.source,
        language=language,
        image_url=draft.image_url,
        features=encode_features(title, text, language, template=template, outlet=_outlet(draft, source)),
        words=index_words(title, text, language),
        matches=_matches(readable, matcher),
    )


def _matches(readable: Readable, matcher: Matcher) -> tuple[Match, ...]:
    return tuple(
        Match(
            article_id=0,
            topic_id=found.topic_id,
            evidence=found.evidence,
            score=found.score,
            trace=matcher.trace(found),
        )
        for found in matcher.match(readable)
    )


def _outlet(draft: ArticleDraft, source: Source) -> str:
    """Return who published the draft; empty if nobody says so, as for files of many origins in one folder."""
    return draft.publisher or (source.title if source.kind is SourceKind.FEED else "")


def prepare_all(
    drafts: Sequence[tuple[ArticleDraft, Article | None]], source: Source, matcher: Matcher, template: Template
) -> list[PreparedArticle | None]:
    """Prepare each draft, given with its stored article if there is one. None for a draft that changes nothing."""
    return [
        prepare(draft, source, matcher, stored, template=template)
        if stored is None or is_revised(stored, draft, source)
        else None
        for draft, stored in drafts
    ]


def is_revised(stored: Article, draft: ArticleDraft, source: Source) -> bool:
    """Return whether the article's own source changed its headline or text. Other sources do not revise it."""
    if stored.source_id != source.id:
        return False
    title, text = draft.title.strip(), draft.text.strip()
    return bool((title and title != stored.title) or (text and text != stored.text))


def gained_fields(stored: Article, draft: ArticleDraft, source: Source) -> dict[str, Any]:
    """Return the fields that the stored article lacks and the draft has: address, author, picture, date.

    A private source adds nothing to a shared article. A date is added only if it lies before the arrival of the
    article, whose time replaced the missing date.
    """
    if stored.workspace_id != source.workspace_id:
        return {}
    gained: dict[str, Any] = {}
    if stored.url is None and draft.url and not draft.shared_url:
        gained["url"] = canonical_url(draft.url)
    if stored.author is None:
        gained["author"] = draft.author
    if stored.image_url is None:
        gained["image_url"] = draft.image_url
    if stored.published_at == stored.received_at and draft.published_at and draft.published_at < stored.received_at:
        gained["published_at"] = require_utc(draft.published_at)
    return {name: value for name, value in gained.items() if value}


def new_article(draft: ArticleDraft, prepared: PreparedArticle, source: Source, now: datetime) -> Article:
    """Return an article with the id 0, to be stored. A missing or future date becomes `now` (UTC)."""
    return Article(
        id=0,
        workspace_id=source.workspace_id,
        source_id=source.id,
        publisher=prepared.publisher,
        title=prepared.title,
        text=prepared.text,
        highlights=prepared.highlights,
        url=prepared.url,
        author=prepared.author,
        tags=prepared.tags,
        language=prepared.language,
        image_url=prepared.image_url,
        published_at=now if draft.published_at is None else min(require_utc(draft.published_at), now),
        received_at=now,
    )


def visible_matches(article: Article, matches: Sequence[Match], topics: Mapping[int, Topic]) -> tuple[Match, ...]:
    """Return the matches of topics that the article's workspace may see, as matches of the article.

    A shared article keeps the matches of all topics, as every workspace can see it.
    """
    return tuple(
        replace(match, article_id=article.id)
        for match in matches
        if match.topic_id in topics
        and (article.workspace_id == SHARED or can_see(article.workspace_id, topics[match.topic_id].workspace_id))
    )
