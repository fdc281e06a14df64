"""Turns the entries of a feed into article drafts. Recognizes guids and links that identify no single entry."""

import re
from collections import defaultdict
from typing import Final

from handlers.drafts import ArticleDraft, Draft, FailedDraft
from handlers.rules.identity import alphanumeric, entry_key
from handlers.sources.feeds.feed_model import Entry, ParsedFeed
from handlers.sources.feeds.markup import absolute, plain_title, to_plain_text
from handlers.sources.text.language import agreed_language

_LONGEST_HEADLINE: Final = 100
"""Characters of the text that become the headline of an entry without a title."""
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
    body = to_plain_text(entry.content or entry.summary or "", base_url=base, plain=entry.plain)
    if entry.content and entry.summary and len(alphanumeric(body.text)) * 2 < len(alphanumeric(entry.summary)):
        summary = to_plain_text(entry.summary, base_url=base)
        if len(summary.text) > len(body.text) * 2:  # the content is only a picture
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
    """Return the guids or links that several different entries share.

    Entries are different, not one entry listed twice, if their titles and their links or guids differ.
    """
    uses: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for index, value in values.items():
        if value:
            entry = entries[index]
            other = entry.link if value == entry.guid else entry.guid
            uses[value].add((alphanumeric(entry.title or entry.summary or ""), other or ""))
    return frozenset(
        value
        for value, pairs in uses.items()
        if len({title for title, _ in pairs}) > 1 and (len({other for _, other in pairs}) > 1 or len(pairs) > 2)
    )


def _headline(entry: Entry, text: str) -> str:
    """Return the title without the publisher's name; without a title, the first sentence of the text."""
    title = " ".join((entry.title or "").split()) if entry.plain_title else plain_title(entry.title or "")
    if title and entry.publisher:  # aggregators write "Headline - Publisher"
        shorter = re.sub(rf"\s+[-–—|]\s+{re.escape(entry.publisher)}$", "", title)
        title = shorter or title
    if title or not text:
        return title
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
