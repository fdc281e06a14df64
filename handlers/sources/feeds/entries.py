"""Turns the entries of a feed into article drafts. Recognizes guids and links that identify no single entry."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from handlers.drafts import ArticleDraft, Draft, FailedDraft
from handlers.rules.identity import alphanumeric, entry_key
from handlers.sources.feeds.feed_model import Entry, ParsedFeed
from handlers.sources.feeds.markup import plain_title, to_plain_text
from handlers.sources.text.language import FeedText, languages_of_feed
from handlers.sources.text.links import absolute
from handlers.stories.edits import ArticleContent, is_different_article, word_overlap

_LONGEST_HEADLINE: Final = 100
"""Characters of the text that become the headline of an entry without a title."""
_TAG: Final = re.compile(r"<[^<>]*>")
_NO_DATE: Final = datetime.min.replace(tzinfo=UTC)
_VERSIONS_OVERLAP: Final = 0.2
"""Share of common words below which two texts in one feed are no versions of one text."""
_BARE_LINK: Final = re.compile(r"(?:https?://|www\.)\S+")


def drafts_of(feed: ParsedFeed, *, url: str) -> tuple[Draft, ...]:
    """Return one draft per entry in the order of the feed. Of entries with the same key, only the first.

    The last entry is left out if the document ends inside it. `url`: the URL of the feed.
    """
    entries = feed.entries
    if feed.is_truncated and len(entries) > 1:
        entries = entries[:-1]
    shared_guids = _shared({index: entry.guid for index, entry in enumerate(entries)}, entries)
    shared_links = _shared({index: entry.link for index, entry in enumerate(entries)}, entries)
    drafts: dict[str, tuple[Entry, Draft]] = {}
    for entry in entries:
        draft = _draft(entry, feed, url, shared_guids=shared_guids, shared_links=shared_links)
        drafts.setdefault(draft.key or "", (entry, draft))
    return tuple(_with_languages(list(drafts.values()), feed))


def _with_languages(drafts: Sequence[tuple[Entry, Draft]], feed: ParsedFeed) -> Iterator[Draft]:
    """Yield the drafts with their languages, each with the address of its version in that language."""
    articles = [
        FeedText(
            title=draft.title, text=draft.text, declared=entry.language if entry.language != feed.language else None
        )
        for entry, draft in drafts
        if isinstance(draft, ArticleDraft)
    ]
    languages = iter(languages_of_feed(articles, declared=feed.language))
    for entry, draft in drafts:
        if isinstance(draft, ArticleDraft):
            language = next(languages)
            url = dict(entry.alternates).get(language or "", draft.url)
            draft = replace(draft, language=language, url=url)
        yield draft


def _draft(
    entry: Entry, feed: ParsedFeed, url: str, *, shared_guids: frozenset[str], shared_links: frozenset[str]
) -> Draft:
    link = absolute(entry.original_link or entry.link, feed.site_url or url)
    base = link or feed.site_url or url
    titled = _title(entry)
    body = to_plain_text(entry.content or entry.summary or "", base_url=base, plain=entry.plain, headline=titled)
    if entry.content and entry.summary and len(alphanumeric(body.text)) * 2 < len(alphanumeric(entry.summary)):
        summary = to_plain_text(entry.summary, base_url=base)
        if len(summary.text) > len(body.text) * 2:  # the content is only a picture
            body = summary
    title = titled or _headline(body.text)
    text = _own_text(body.text, title, entry.publisher) if entry.title else body.text
    guid = entry.guid if entry.guid and entry.guid not in shared_guids else None
    shared_url = link is not None and (entry.link in shared_links)
    key = entry_key(guid=guid, url=None if shared_url else link, title=title, text=text)
    feed_title = plain_title(feed.title or "") or None
    origin = link or feed_title or url
    if not title and not text:
        return FailedDraft(origin=origin, reason="The feed's entry has neither a title nor a text.", key=key)
    return ArticleDraft(
        title=title,
        text=text,
        url=link or entry.enclosure_url,
        shared_url=shared_url,
        guid=guid,
        author=entry.author,
        tags=entry.categories,
        image_url=entry.image_url or body.image_url,
        publisher=entry.publisher or feed_title,
        published_at=entry.published or entry.updated,
        key=key,
        origin=origin,
    )


def _shared(values: dict[int, str | None], entries: tuple[Entry, ...]) -> frozenset[str]:
    """Return the guids or links that several different entries share.

    Entries are different, not one entry listed twice or in two versions, if their titles and their links or guids
    differ, or if headline and text have little in common.
    """
    uses: dict[str, list[Entry]] = defaultdict(list)
    for index, value in values.items():
        if value:
            uses[value].append(entries[index])
    return frozenset(value for value, named in uses.items() if len(named) > 1 and _are_different(value, named))


def _are_different(name: str, entries: list[Entry]) -> bool:
    titles_and_others = {
        (alphanumeric(entry.title or entry.summary or ""), (entry.link if name == entry.guid else entry.guid) or "")
        for entry in entries
    }
    titles, others = map(set, zip(*titles_and_others, strict=True))
    if len(titles) > 1 and (len(others) > 1 or len(titles_and_others) > 2):
        return True
    oldest, *rest = sorted(map(_content, entries), key=lambda content: content.published_at or _NO_DATE)
    for content in rest:
        texts = word_overlap(oldest.text, content.text)
        if is_different_article(oldest, content, name=name, from_feed=True) or (
            texts is not None and texts < _VERSIONS_OVERLAP
        ):
            return True
    return False


def _content(entry: Entry) -> ArticleContent:
    text = _TAG.sub(" ", entry.content or entry.summary or "")
    date = entry.published or entry.updated
    return ArticleContent(title=entry.title or "", text=text, url=None, published_at=date)


def _title(entry: Entry) -> str:
    """Return the title without the publisher's name, which aggregators append: "Headline - Publisher"."""
    title = " ".join((entry.title or "").split()) if entry.plain_title else plain_title(entry.title or "")
    if title and entry.publisher:
        return re.sub(rf"\s+[-–—|]\s+{re.escape(entry.publisher)}$", "", title) or title
    return title


def _headline(text: str) -> str:
    """Return the first sentence of the text of an entry without a title, shortened if it is long."""
    first = text.partition("\n")[0]
    sentence = re.match(r".{20,}?[.!?。！？](?=\s|$)", first)
    headline = (sentence[0] if sentence else first).strip()
    if len(headline) <= _LONGEST_HEADLINE:
        return headline
    cut = headline[:_LONGEST_HEADLINE]
    return cut.rpartition(" ")[0].rstrip(",;:– ") + " …" if " " in cut else cut


def _own_text(text: str, title: str, publisher: str | None) -> str:
    """Return the text without a first line that repeats the title.

    Empty if the whole text repeats the title, with or without the publisher's name, or is only a link.
    """
    letters, headline = alphanumeric(text), alphanumeric(title)
    if not headline:
        return text
    rest = letters.removeprefix(headline)
    if rest != letters and (not rest or rest == alphanumeric(publisher or "")):
        return ""
    first, parted, after = text.partition("\n\n")
    if parted and alphanumeric(first) == headline:
        return after
    return "" if _BARE_LINK.fullmatch(text) else text
