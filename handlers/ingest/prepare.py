"""What can be known of a draft before the database is written: identity, language, features, words. CPU only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from handlers.drafts import ArticleDraft
from handlers.rules.identity import identity_keys
from handlers.rules.urls import canonical_url
from handlers.sources.text.language import language_of
from handlers.stories.features import encode_features
from handlers.topics.matcher import Matcher, Readable
from handlers.topics.text.tokens import index_words
from storage.records import Article, Match, Source, require_utc

_TITLE_CHARS: Final = 160
"""Of the first line, where a document has no headline."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identified:
    """A draft with all names it is known by, strongest first."""

    draft: ArticleDraft
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """An article as it will be stored, and what follows from its words."""

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
    found: tuple[Match, ...]
    """The topics of all workspaces that it satisfies; `article_id` is 0 until it has one."""


def identify(draft: ArticleDraft, source: Source) -> Identified:
    return Identified(draft=draft, keys=identity_keys(draft, source_url=source.url))


def read(draft: ArticleDraft, source: Source, matcher: Matcher, known: Article | None = None) -> Reading:
    """The draft as an article; where it revises a known one, what the draft leaves out stays."""
    title, text = draft.title.strip(), draft.text.strip()
    highlights = draft.highlights
    if known is not None and not text:
        text, highlights = known.text, known.highlights
    if not title:
        title = known.title if known else (text.split("\n")[0][:_TITLE_CHARS] or draft.url or draft.origin)
    language = draft.language or (known.language if known else language_of(title, text))
    url = canonical_url(draft.url) if draft.url else None
    readable = Readable(
        title=title,
        body=text,
        language=language,
        url=url or (known.url if known else None),
        author=draft.author,
        tags=draft.tags,
        source=(known.publisher if known else None) or draft.publisher or source.title,
    )
    return Reading(
        title=title,
        text=text,
        highlights=highlights,
        url=readable.url,
        author=draft.author,
        tags=draft.tags,
        publisher=readable.source,
        language=language,
        image_url=draft.image_url,
        features=encode_features(title, text, language),
        words=index_words(title, text, language),
        found=tuple(
            Match(
                article_id=0,
                topic_id=one.topic_id,
                evidence=one.evidence,
                score=one.score,
                trace=matcher.trace(one),
            )
            for one in matcher.match(readable)
        ),
    )


def read_all(
    drafts: Sequence[tuple[ArticleDraft, Article | None]], source: Source, matcher: Matcher
) -> list[Reading | None]:
    """The readings of those that are new or changed; None for what is known and the same."""
    return [
        read(draft, source, matcher, known) if known is None or is_revised(known, draft, source) else None
        for draft, known in drafts
    ]


def is_revised(known: Article, draft: ArticleDraft, source: Source) -> bool:
    """Whether its own source now tells it in other words. Another source's words are no revision."""
    if known.source_id != source.id:
        return False
    title, text = draft.title.strip(), draft.text.strip()
    return bool((title and title != known.title) or (text and text != known.text))


def gains(known: Article, draft: ArticleDraft, source: Source) -> dict[str, Any]:
    """What the known article never had and this draft of it tells: address, author, picture, day. By name of field.

    A private source tells a shared article nothing. A day may only lie before the arrival that stood in for it.
    """
    if known.workspace_id != source.workspace_id:
        return {}
    told: dict[str, Any] = {}
    if known.url is None and draft.url and not draft.shared_url:
        told["url"] = canonical_url(draft.url)
    if known.author is None:
        told["author"] = draft.author
    if known.image_url is None:
        told["image_url"] = draft.image_url
    if known.published_at == known.received_at and draft.published_at and draft.published_at < known.received_at:
        told["published_at"] = require_utc(draft.published_at)
    return {name: value for name, value in told.items() if value}


def as_article(draft: ArticleDraft, reading: Reading, source: Source, now: datetime) -> Article:
    """A new article, not stored yet: its id is 0. Without a date it is of now; a date in the future is a mistake."""
    return Article(
        id=0,
        workspace_id=source.workspace_id,
        source_id=source.id,
        publisher=reading.publisher,
        title=reading.title,
        text=reading.text,
        highlights=reading.highlights,
        url=reading.url,
        author=reading.author,
        tags=reading.tags,
        language=reading.language,
        image_url=reading.image_url,
        published_at=now if draft.published_at is None else min(require_utc(draft.published_at), now),
        received_at=now,
    )
