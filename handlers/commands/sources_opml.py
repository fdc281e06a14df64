"""/sources check, import and export: show what an address contains now, and exchange lists of feeds as OPML."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

from handlers.answers.answer import Listing, Notice, Reply
from handlers.answers.errors import FetchError, UnreadableDocument, UserError
from handlers.answers.parts import Form, Row, Tone
from handlers.answers.times import counted
from handlers.commands.call import Call, Tools, may_see_secrets
from handlers.commands.sources_add import MAX_FOUND, discover_feeds, find_watched, require_free_sources, web_address
from handlers.drafts import ArticleDraft
from handlers.rules.urls import feed_name
from handlers.sources.feeds.discover import FoundFeed
from handlers.sources.feeds.feed import MAX_FEED_BYTES, FeedReading
from handlers.sources.feeds.opml import OpmlFeed, read_opml, write_opml
from handlers.sources.feeds.private_feed import read_fetched
from handlers.sources.text.language import inflection_language
from handlers.topics.matcher import Matcher, Readable
from storage.addresses import without_credentials
from storage.records import Source, SourceKind
from storage.sealing import NO_KEY, SealError
from storage.sources import NewSource

MAX_OPML_BYTES: Final = 2_000_000
_MAX_CODE: Final = 2_500
"""Characters of a list that is also shown in the message, beside the file."""
_POLL_SPACING: Final = timedelta(seconds=5)
"""Between the first polls of imported feeds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Checked:
    """A feed that was read for a check; without a reading, `problem` says why."""

    feed: FoundFeed
    reading: FeedReading | None
    problem: str = ""


async def check(tools: Tools, call: Call) -> Reply:
    """Show the feeds at an address as they are now. Nothing is stored. Raises: UserError."""
    address = web_address(call.option("url"))
    found = await discover_feeds(tools, address)
    checked = [await _check(tools, feed) for feed in found[:MAX_FOUND]]
    async with tools.store.read() as tx:
        topics = await tx.topics.visible(call.workspace.id)
        watched = {feed.url: await find_watched(tx, call.workspace.id, feed.url) for feed in found[:MAX_FOUND]}
    matcher = await asyncio.to_thread(Matcher, topics)
    rows = []
    for result in checked:
        shown = without_credentials(result.feed.url)
        facts = await asyncio.to_thread(_facts, result, matcher)
        facts.append("watched" if watched[result.feed.url] else "not watched")
        rows.append(Row(title=result.feed.title or shown, url=shown, detail=" · ".join(facts)))
    return Reply(
        answer=Listing(
            title=f"{counted(len(found), 'feed')} at {urlsplit(address).hostname}",
            summary="A check stores nothing. To watch a feed, use /sources add.",
            rows=tuple(rows),
            more=max(len(found) - MAX_FOUND, 0),
        )
    )


async def _check(tools: Tools, feed: FoundFeed) -> _Checked:
    try:
        fetched = await tools.fetcher.fetch(feed.url, max_bytes=MAX_FEED_BYTES)
        reading = await asyncio.to_thread(read_fetched, fetched, address=feed.url)
    except (FetchError, UnreadableDocument) as error:
        return _Checked(feed=feed, reading=None, problem=str(error))
    return _Checked(feed=feed, reading=reading)


def _facts(checked: _Checked, matcher: Matcher) -> list[str]:
    if checked.reading is None:
        return [checked.problem]
    entries = [entry for entry in checked.reading.entries if isinstance(entry, ArticleDraft)]
    facts = [counted(len(checked.reading.entries), "entry", "entries")]
    matching = sum(
        bool(
            matcher.match(
                Readable(
                    title=entry.title,
                    body=entry.text,
                    language=(language := entry.language or checked.reading.language or "und"),
                    inflection=inflection_language(language, entry.title, entry.text),
                    url=entry.url,
                    author=entry.author,
                    tags=entry.tags,
                    source=checked.reading.title or "",
                )
            )
        )
        for entry in entries
    )
    facts.append(f"{matching} would match a topic")
    if entries:
        facts.append(f"newest: {entries[0].title[:80]}")
    return facts


async def import_opml(tools: Tools, call: Call) -> Reply:
    """Add the feeds in an attached OPML file, or in one at an address. Raises: UserError."""
    if call.attachments:
        name, body = call.attachments[0].name, call.attachments[0].body
    elif call.option("url"):
        address = web_address(call.option("url"))
        name = without_credentials(address)
        try:
            body = (await tools.fetcher.fetch(address, max_bytes=MAX_OPML_BYTES)).body
        except FetchError as error:
            raise UserError(f"{name} could not be read: {str(error).rstrip('.')}. Attach the file instead.") from error
    else:
        return Reply(
            answer=Notice(
                text="Attach the OPML file to the command, or type its address:",
                tone=Tone.REFUSED,
                code="/sources import https://…/feeds.opml",
                form=Form(command="sources import"),
            )
        )
    try:
        feeds = await asyncio.to_thread(read_opml, body)
    except UnreadableDocument as error:
        raise UserError(
            f"{name} is not an OPML file: {str(error).rstrip('.')}. Export the file from your feed reader again."
        ) from error
    return await _add_all(tools, call, name, feeds)


async def _add_all(tools: Tools, call: Call, name: str, feeds: tuple[OpmlFeed, ...]) -> Reply:
    usable = {feed.url: feed for feed in feeds if urlsplit(feed.url).scheme in ("http", "https")}
    added = 0
    async with tools.store.begin() as tx:
        watched = _watched_names(await tx.sources.visible(call.workspace.id))
        storable = {url: feed for url, feed in usable.items() if tx.addresses.can_store(url)}
        new = [feed for url, feed in storable.items() if feed_name(tx.addresses.marked(url)) not in watched]
        await require_free_sources(tx, call.workspace.id, len(new))
        for feed in new:
            _, created = await tx.sources.ensure(
                NewSource(
                    workspace_id=call.workspace.id,
                    channel_id=call.here.id,
                    kind=SourceKind.FEED,
                    url=feed.url,
                    title=feed.title or urlsplit(feed.url).hostname or without_credentials(feed.url),
                    site_url=feed.site_url,
                    next_poll_at=call.now + added * _POLL_SPACING,
                ),
                call.now,
            )
            added += created
    if added:
        tools.wake_up()
    text = f"{name} contains {counted(len(feeds), 'feed')}: {added} added, {len(storable) - added} already watched"
    unusable, secret = len(feeds) - len(usable), len(usable) - len(storable)
    text += f", {unusable} without a web address." if unusable else "."
    if secret:
        text += f" {counted(secret, 'feed was', 'feeds were')} left out. {NO_KEY}"
    return Reply(answer=Notice(text=text, tone=Tone.DONE if added else Tone.INFO))


def _watched_names(sources: Iterable[Source]) -> set[tuple[str, str]]:
    """Return the names (`feed_name`) that an imported list may have for these sources, with and without secrets."""
    names = set()
    for source in sources:
        address, user = feed_name(source.url)
        names |= {(address, user), (address, ""), feed_name(without_credentials(source.url))}
    return names


async def export(tools: Tools, call: Call) -> Reply:
    """Return all feeds that the workspace sees as an OPML file.

    People who manage the workspace's sources also get the passwords and keys in the addresses of its own feeds.
    """
    async with tools.store.read() as tx:
        sources = await tx.sources.visible(call.workspace.id)
    feeds = [source for source in sources if source.kind is SourceKind.FEED]
    if not feeds:
        return Reply(answer=Notice(text="No feed is watched yet. Add one: /sources add https://example.com"))
    listed, with_secret, without_secret = [], 0, 0
    for source in feeds:
        address = without_credentials(source.url)
        if address != source.url:
            if complete := _complete_address(tools, call, source):
                address, with_secret = complete, with_secret + 1
            else:
                without_secret += 1
        listed.append(OpmlFeed(title=source.title, url=address, site_url=source.site_url))
    body = write_opml(listed).decode()
    text = f"{counted(len(feeds), 'feed')} as OPML."
    if with_secret:
        text += f" {_secrets_in(with_secret)} included: keep the file to yourself."
    if without_secret:
        text += f" {_secrets_in(without_secret)} left out."
    return Reply(
        answer=Notice(
            text=text,
            tone=Tone.DONE,
            code=body if len(body) <= _MAX_CODE and not with_secret else None,
            file=("wirewatch-feeds.opml", body),
        )
    )


def _secrets_in(count: int) -> str:
    return "The password or key in 1 address is" if count == 1 else f"The passwords or keys in {count} addresses are"


def _complete_address(tools: Tools, call: Call, source: Source) -> str | None:
    """Return the address with its secret; None if the person may not see it or the key that encrypted it is lost."""
    if source.workspace_id != call.workspace.id or not may_see_secrets(call):
        return None
    try:
        return tools.store.addresses.full_address(source)
    except SealError:
        return None
