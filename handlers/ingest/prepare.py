"""Prepare drafts for storage: identity keys, language, features, search words and matches. CPU only, no database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from handlers.drafts import ArticleDraft
from handlers.rules.alerting import can_see
from handlers.rules.identity import entry_fingerprints, fingerprint, identity_keys, plausible_date
from handlers.rules.urls import anchored_url, is_same_page
from handlers.sources.text.language import inflection_language, language_of
from handlers.stories.edits import ArticleContent
from handlers.stories.features import encode_features
from handlers.stories.same_document import document_marks, is_reworded
from handlers.stories.templates import NO_TEMPLATE, Template
from handlers.topics.matcher import Matcher, Readable
from handlers.topics.text.tokens import index_words
from storage.records import SHARED, Article, Match, Source, Topic, require_utc

_TITLE_CHARS: Final = 160
"""The length to which the first line is cut if it replaces a missing headline."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentifiedDraft:
    """A draft with its identity keys, strongest first, and its fingerprints."""

    draft: ArticleDraft
    keys: tuple[str, ...]
    fingerprints: tuple[int, ...]
    """What it has in common with the same entry under another name, or with the same document in another form."""


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
    stopped: tuple[int, ...]
    """The ids of topics that were stopped because their query is too complex for the article, ascending."""


def identify(draft: ArticleDraft, source: Source) -> IdentifiedDraft:
    return IdentifiedDraft(
        draft=draft, keys=identity_keys(draft, source_url=source.url), fingerprints=fingerprints_of(draft, source)
    )


def fingerprints_of(draft: ArticleDraft, source: Source) -> tuple[int, ...]:
    """Return the fingerprints of a feed's entry, which count within the feed, or of a document from anywhere else."""
    if source.is_polled:
        date = plausible_date(draft.published_at)
        return entry_fingerprints(draft.title, draft.text, date, source_id=source.id)
    return tuple(fingerprint("documents", "sentence", mark) for mark in document_marks(draft.text))


def content_of(content: Article | ArticleDraft, now: datetime | None = None) -> ArticleContent:
    """Return what an article or a draft is compared by. The time of arrival is no date, nor is an implausible one.

    `now` (UTC) is when the draft arrived, if that matters.
    """
    date, seen_at = plausible_date(content.published_at), now
    if isinstance(content, Article):
        seen_at = content.revised_at or content.received_at
        date = None if date == content.received_at else date
    return ArticleContent(title=content.title, text=content.text, url=content.url, published_at=date, seen_at=seen_at)


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
    url = anchored_url(draft.url) if draft.url else None
    inflection = inflection_language(language, title, text)
    readable = Readable(
        title=title,
        body=text,
        language=language,
        inflection=inflection,
        url=url or (stored.url if stored else None),
        author=draft.author,
        tags=draft.tags,
        source=(stored.publisher if stored else None) or draft.publisher or source.title,
    )
    results = matcher.match_fully(readable)
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
        words=index_words(title, text, inflection),
        matches=results.matches,
        stopped=results.stopped,
    )


def _outlet(draft: ArticleDraft, source: Source) -> str:
    """Return who published the draft; empty if nobody says so, as for files of many origins in one folder."""
    return draft.publisher or (source.title if source.is_polled else "")


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
    """Return whether the article's own source changed words of its headline or text. Other sources do not revise it."""
    in_other_form = not source.is_polled
    return stored.source_id == source.id and is_reworded(
        content_of(stored), content_of(draft), in_other_form=in_other_form
    )


def gained_fields(stored: Article, draft: ArticleDraft, source: Source) -> dict[str, Any]:
    """Return the fields that the stored article lacks and the draft has: address, author, picture, date.

    A private source adds nothing to a shared article. A date is added only if it lies before the arrival of the
    article, whose time replaced the missing date.
    """
    if stored.workspace_id != source.workspace_id:
        return {}
    gained: dict[str, Any] = {}
    if stored.url is None and draft.url and not draft.shared_url:
        gained["url"] = anchored_url(draft.url)
    if stored.author is None:
        gained["author"] = draft.author
    if stored.image_url is None:
        gained["image_url"] = draft.image_url
    date = _date_of(draft, source)
    if stored.published_at == stored.received_at and date is not None and date < stored.received_at:
        gained["published_at"] = date
    return {name: value for name, value in gained.items() if value}


def moved_url(stored: Article, draft: ArticleDraft, source: Source) -> str | None:
    """Return the new address of an article that its own feed moved to another page; None if it did not."""
    is_own = stored.source_id == source.id and source.is_polled and draft.article_id == stored.id
    if not is_own or stored.url is None or not draft.url or draft.shared_url:
        return None
    url = anchored_url(draft.url)
    return None if is_same_page(stored.url, url) else url


def _date_of(draft: ArticleDraft, source: Source) -> datetime | None:
    """Return the date of the draft, UTC. A feed's date before 1995 is that of a computer, and no date."""
    if source.is_polled:
        return plausible_date(draft.published_at)
    return None if draft.published_at is None else require_utc(draft.published_at)


def new_article(draft: ArticleDraft, prepared: PreparedArticle, source: Source, now: datetime) -> Article:
    """Return an article with the id 0, to be stored. A missing or future date becomes `now` (UTC)."""
    date = _date_of(draft, source)
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
        published_at=now if date is None else min(date, now),
        received_at=now,
    )


def visible_matches(article: Article, matches: Sequence[Match], topics: Mapping[int, Topic]) -> tuple[Match, ...]:
    """Return the matches of topics that the article's workspace may see, as matches of the article.

    A shared article keeps the matches of all topics, as every workspace can see it.
    """
    return tuple(
        replace(match, article_id=article.id)
        for match in matches
        if match.topic_id in topics and _may_match(topics[match.topic_id], article)
    )


def visible_stops(article: Article, stopped: Sequence[int], topics: Mapping[int, Topic]) -> list[int]:
    """Return the ids of the stopped topics that the article's workspace may see."""
    return [topic_id for topic_id in stopped if topic_id in topics and _may_match(topics[topic_id], article)]


def _may_match(topic: Topic, article: Article) -> bool:
    return article.workspace_id == SHARED or can_see(article.workspace_id, topic.workspace_id)
