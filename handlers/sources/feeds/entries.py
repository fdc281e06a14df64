"""The entries of a feed to article drafts: titles, texts, keys, and guids that turn out to identify nothing."""

import re
from collections import defaultdict
from typing import Final

from handlers.drafts import ArticleDraft, Draft, FailedDraft
from handlers.rules.identity import alphanumeric, entry_key
from handlers.sources.feeds.feed_model import Entry, ParsedFeed
from handlers.sources.feeds.markup import absolute, plain_title, readable
from handlers.sources.text.language import agreed_language

_TITLE: Final = 100
"""Characters of text that serve as the headline of an entry without one."""
_BARE: Final = re.compile(r"(?:https?://|www\.)\S+")


def drafts_of(feed: ParsedFeed, *, url: str) -> tuple[Draft, ...]:
    """One draft an entry, as listed; of two with one key the first. An entry cut off by the end is left out."""
    entries = feed.entries
    if feed.cut_short and len(entries) > 1:
        entries = entries[:-1]
    shared_guids = _shared({index: entry.guid for index, entry in enumerate(entries)}, entries)
    shared_links = _shared({index: entry.link for index, entry in enumerate(entries)}, entries)
    drafts: dict[str, Draft] = {}
    for entry in entries:
        draft = _draft(entry, feed, url, shared_guids=shared_guids, shared_links=shared_links)
        drafts.setdefault(draft.key or "", draft)
    return tuple(drafts.values())


def _draft(
    entry: Entry, feed: ParsedFeed, url: str, *, shared_guids: frozenset[str], shared_links: frozenset[str]
) -> Draft:
    link = absolute(entry.original_link or entry.link, feed.site_url or url)
    base = link or feed.site_url or url
    body = readable(entry.content or entry.summary or "", base_url=base, plain=entry.plain)
    if entry.content and entry.summary and len(alphanumeric(body.text)) * 2 < len(alphanumeric(entry.summary)):
        summary = readable(entry.summary, base_url=base)
        if len(summary.text) > len(body.text) * 2:  # a content of a picture alone
            body = summary
    title = _headline(entry, body.text)
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
        url=link,
        shared_url=shared_url,
        guid=guid,
        author=entry.author,
        tags=entry.categories,
        language=agreed_language(entry.language or feed.language, title, text),
        image_url=entry.image_url or body.image_url,
        publisher=entry.publisher or feed_title,
        published_at=entry.published or entry.updated,
        key=key,
        origin=origin,
    )


def _shared(values: dict[int, str | None], entries: tuple[Entry, ...]) -> frozenset[str]:
    """Values at entries with different titles and addresses or guids: these are not one entry listed twice."""
    said: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for index, value in values.items():
        if value:
            entry = entries[index]
            other = entry.link if value == entry.guid else entry.guid
            said[value].add((alphanumeric(entry.title or entry.summary or ""), other or ""))
    return frozenset(
        value
        for value, pairs in said.items()
        if len({title for title, _ in pairs}) > 1 and (len({other for _, other in pairs}) > 1 or len(pairs) > 2)
    )


def _headline(entry: Entry, text: str) -> str:
    title = " ".join((entry.title or "").split()) if entry.plain_title else plain_title(entry.title or "")
    if title and entry.publisher:  # aggregators write "Headline - Publisher"
        shorter = re.sub(rf"\s+[-–—|]\s+{re.escape(entry.publisher)}$", "", title)
        title = shorter or title
    if title or not text:
        return title
    first = text.partition("\n")[0]
    sentence = re.match(r".{20,}?[.!?。！？](?=\s|$)", first)
    headline = (sentence[0] if sentence else first).strip()
    if len(headline) <= _TITLE:
        return headline
    return (
        headline[:_TITLE].rpartition(" ")[0].rstrip(",;:– ") + " …" if " " in headline[:_TITLE] else headline[:_TITLE]
    )


def _own_text(text: str, title: str, publisher: str | None) -> str:
    """Nothing where the text only says the headline again, with the publisher at most; else without that first line."""
    said, own = alphanumeric(text), alphanumeric(title)
    if not own:
        return text
    rest = said.removeprefix(own)
    if rest != said and (not rest or rest == alphanumeric(publisher or "")):
        return ""
    first, parted, after = text.partition("\n\n")
    if parted and alphanumeric(first) == own:
        return after
    return "" if _BARE.fullmatch(text) else text
