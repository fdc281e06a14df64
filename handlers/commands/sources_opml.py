"""/sources check, import and export: what an address holds now, and lists of feeds as OPML."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

from handlers.answers.answer import Listing, Notice, Reply
from handlers.answers.errors import FetchError, UnreadableDocument, UserError
from handlers.answers.parts import Row, Tone
from handlers.answers.times import counted
from handlers.commands.call import Call, Tools, may_see_secrets
from handlers.commands.sources import FOUND, check_room, discover_feeds, watched_as, web_address
from handlers.drafts import ArticleDraft
from handlers.rules.urls import feed_name
from handlers.sources.feeds.discover import FoundFeed
from handlers.sources.feeds.feed import MAX_FEED_BYTES, FeedReading
from handlers.sources.feeds.opml import OpmlFeed, read_opml, write_opml
from handlers.sources.feeds.private_feed import read_fetched
from handlers.topics.matcher import Matcher, Readable
from storage.addresses import without_credentials
from storage.records import Source, SourceKind
from storage.sealing import NO_KEY, SealError
from storage.sources import NewSource

_SPREAD: Final = timedelta(seconds=5)
MAX_OPML_BYTES: Final = 2_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Checked:
    feed: FoundFeed
    reading: FeedReading | None
    problem: str = ""


async def check(tools: Tools, call: Call) -> Reply:
    """What is at the address now; nothing is stored. Raises: UserError."""
    address = web_address(call.option("url"))
    found = await discover_feeds(tools, address)
    checked = [await _check(tools, feed) for feed in found[:FOUND]]
    async with tools.store.read() as tx:
        topics = await tx.topics.visible(call.workspace.id)
        watched = {one.feed.url: await watched_as(tx, call.workspace.id, one.feed.url) for one in checked}
    matcher = await asyncio.to_thread(Matcher, topics)
    rows = []
    for one in checked:
        known = watched[one.feed.url]
        rows.append(
            Row(
                title=one.feed.title or without_credentials(one.feed.url),
                url=without_credentials(one.feed.url),
                detail=" · ".join(
                    [*await asyncio.to_thread(_facts, one, matcher), "watched" if known else "not watched"]
                ),
            )
        )
    return Reply(
        answer=Listing(
            title=f"{counted(len(found), 'feed')} at {urlsplit(address).hostname}",
            summary="Nothing is stored by a check. /sources add starts watching.",
            rows=tuple(rows),
            more=max(len(found) - FOUND, 0),
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
    hits = sum(
        bool(
            matcher.match(
                Readable(
                    title=entry.title,
                    body=entry.text,
                    language=entry.language or checked.reading.language or "und",
                    url=entry.url,
                    author=entry.author,
                    tags=entry.tags,
                    source=checked.reading.title or "",
                )
            )
        )
        for entry in entries
    )
    facts.append(f"{hits} would match a topic")
    if entries:
        facts.append(f"newest: {entries[0].title[:80]}")
    return facts


async def import_opml(tools: Tools, call: Call) -> Reply:
    """Add the feeds of an attached file, or of one at an address. Raises: UserError."""
    if call.attachments:
        name, body = call.attachments[0].name, call.attachments[0].body
    elif call.option("url"):
        address = web_address(call.option("url"))
        name = without_credentials(address)
        try:
            body = (await tools.fetcher.fetch(address, max_bytes=MAX_OPML_BYTES)).body
        except FetchError as error:
            raise UserError(f"{name} could not be read: {error}. Attach the file instead.") from error
    else:
        raise UserError(
            "Attach the OPML file to the command, or give its address: /sources import https://…/feeds.opml"
        )
    try:
        feeds = await asyncio.to_thread(read_opml, body)
    except UnreadableDocument as error:
        raise UserError(
            f"{name} is no OPML file: {str(error).rstrip('.')}. Export it again from your reader."
        ) from error
    return await _add_all(tools, call, name, feeds)


async def _add_all(tools: Tools, call: Call, name: str, feeds: tuple[OpmlFeed, ...]) -> Reply:
    usable = {feed.url: feed for feed in feeds if urlsplit(feed.url).scheme in ("http", "https")}
    added = 0
    async with tools.store.begin() as tx:
        known = _known(await tx.sources.visible(call.workspace.id))
        kept = {url: feed for url, feed in usable.items() if tx.addresses.can_store(url)}
        new = [feed for url, feed in kept.items() if feed_name(tx.addresses.marked(url)) not in known]
        await check_room(tx, call.workspace.id, len(new))
        for feed in new:
            _, created = await tx.sources.ensure(
                NewSource(
                    workspace_id=call.workspace.id,
                    channel_id=call.here.id,
                    kind=SourceKind.FEED,
                    url=feed.url,
                    title=feed.title or urlsplit(feed.url).hostname or without_credentials(feed.url),
                    site_url=feed.site_url,
                    next_poll_at=call.now + added * _SPREAD,
                ),
                call.now,
            )
            added += created
    if added:
        tools.woken()
    text = f"{name}: {counted(len(feeds), 'feed')}, {added} new, {len(kept) - added} watched already"
    bad, secret = len(feeds) - len(usable), len(usable) - len(kept)
    text += f", {bad} without a web address." if bad else "."
    if secret:
        text += f" {counted(secret, 'address', 'addresses')} left out. {NO_KEY}"
    return Reply(answer=Notice(text=text, tone=Tone.DONE if added else Tone.INFO))


def _known(sources: Iterable[Source]) -> set[tuple[str, str]]:
    """The names of feeds that an imported list may have for these: with their secrets, and as they are exported."""
    known = set()
    for source in sources:
        address, user = feed_name(source.url)
        known |= {(address, user), (address, ""), feed_name(without_credentials(source.url))}
    return known


async def export(tools: Tools, call: Call) -> Reply:
    """Every feed the workspace sees, its own and the shared ones, as a file.

    Passwords and keys in the addresses of its own feeds are in it for those who manage this workspace's sources.
    """
    async with tools.store.read() as tx:
        feeds = [one for one in await tx.sources.visible(call.workspace.id) if one.kind is SourceKind.FEED]
    if not feeds:
        return Reply(answer=Notice(text="No feed is watched yet. Add one: /sources add https://example.com"))
    listed, whole, bare = [], 0, 0
    for one in feeds:
        address = without_credentials(one.url)
        if address != one.url:
            opened = _whole_address(tools, call, one)
            address, whole, bare = opened or address, whole + (opened is not None), bare + (opened is None)
        listed.append(OpmlFeed(title=one.title, url=address, site_url=one.site_url))
    body = write_opml(listed).decode()
    text = f"{counted(len(feeds), 'feed')} as OPML."
    if whole:
        text += (
            f" With the password or key that stands in {counted(whole, 'address', 'addresses')}: keep it to yourself."
        )
    if bare:
        text += f" Without the password or key that stands in {counted(bare, 'address', 'addresses')}."
    return Reply(
        answer=Notice(
            text=text,
            tone=Tone.DONE,
            code=body if len(body) <= 2_500 and not whole else None,
            file=("wirewatch-feeds.opml", body),
        )
    )


def _whole_address(tools: Tools, call: Call, source: Source) -> str | None:
    """None where this person may not see it, or where the key that sealed it is lost."""
    if source.workspace_id != call.workspace.id or not may_see_secrets(call):
        return None
    try:
        return tools.store.addresses.full_address(source)
    except SealError:
        return None
