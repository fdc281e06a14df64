"""/sources: every source with its health; add, remove, pause and resume feeds."""

import difflib
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from handlers.answers.answer import Listing, Notice, Reply
from handlers.answers.errors import FetchError, UserError
from handlers.answers.parts import Button, Link, Row, Tone
from handlers.answers.times import ago, counted, rate, time_label
from handlers.commands.button_targets import feed_draft
from handlers.commands.call import Call, Tools
from handlers.rules.urls import feed_name
from handlers.sources.feeds.discover import FoundFeed, discover
from storage.addresses import without_credentials
from storage.records import SHARED, Source, SourceKind, SourceState
from storage.sources import NewSource
from storage.store import Tx
from storage.topics import fold_name

MOST_SOURCES: Final = 1_000
"""Feeds that one workspace may add."""
_SHOWN: Final = 30
FOUND: Final = 5


async def show_all(tools: Tools, call: Call) -> Reply:
    """Troubled ones first."""
    async with tools.store.read() as tx:
        sources = await tx.sources.visible(call.workspace.id)
    ordered = sorted(sources, key=lambda one: (not one.failures, one.kind is not SourceKind.FEED, fold_name(one.title)))
    rows = tuple(_row(source, call) for source in ordered[:_SHOWN])
    troubled = sum(bool(source.failures) for source in sources)
    state = f"{troubled} in trouble" if troubled else "all well"
    own = sum(source.workspace_id != SHARED for source in sources)
    return Reply(
        answer=Listing(
            title="Sources",
            summary=f"{counted(len(sources), 'source')}, {own} of your own, {state}. "
            "Add one: /sources add and any page of the site.",
            rows=rows,
            more=max(len(sources) - _SHOWN, 0),
        )
    )


def _row(source: Source, call: Call) -> Row:
    buttons = []
    if source.workspace_id == call.workspace.id and source.kind is SourceKind.FEED:
        if source.state is SourceState.ACTIVE:
            if source.failures:
                buttons.append(Button(label="Retry", action=f"source:retry:{source.id}", primary=True))
            buttons.append(Button(label="Pause", action=f"source:pause:{source.id}"))
        else:
            buttons.append(Button(label="Resume", action=f"source:resume:{source.id}", primary=True))
        buttons.append(Button(label="Remove", action=f"source:remove:{source.id}"))
    return Row(
        title=source.title,
        url=without_credentials(source.site_url or source.url) if source.url.startswith("http") else None,
        detail=" · ".join(health(source, call)),
        buttons=tuple(buttons),
    )


def health(source: Source, call: Call) -> list[str]:
    """How it is, in a few words each."""
    parts = [] if source.kind is SourceKind.FEED else [source.kind.value.replace("_", " ")]
    if source.state is SourceState.PAUSED:
        parts.append("paused")
    elif source.state is SourceState.GONE:
        parts.append("gone: the site no longer has it")
    if source.failures:
        since = f" since {time_label(source.trouble_since, call.zone, now=call.now)}" if source.trouble_since else ""
        parts.append(f"{(source.error or 'it could not be read').rstrip('.')}{since}")
    if source.usual_gap:
        parts.append(_rhythm(source.usual_gap))
    if source.last_arrival_at:
        parts.append(f"last article {ago(source.last_arrival_at, now=call.now)}")
    elif source.kind is SourceKind.FEED:
        parts.append("nothing read yet")
    if source.state is SourceState.ACTIVE and source.kind is SourceKind.FEED and source.next_poll_at:
        parts.append(f"next poll {_soon(source.next_poll_at, call.now)}")
    parts.append("shared" if source.workspace_id == SHARED else "yours")
    return parts


def _rhythm(gap: timedelta) -> str:
    an_hour = timedelta(hours=1) / gap
    if an_hour >= 1:
        return f"{rate(an_hour)} an hour"
    a_day = an_hour * 24
    return f"{rate(a_day)} a day" if a_day >= 1 else f"{rate(max(a_day * 7, 0.1))} a week"


def _soon(at: datetime, now: datetime) -> str:
    seconds = int((at - now).total_seconds())
    return "now" if seconds <= 0 else f"in {counted(max(seconds // 60, 1), 'minute')}"


def web_address(text: str) -> str:
    """Raises: UserError for what is no web address."""
    address = text.strip() if "://" in text else f"https://{text.strip()}"
    try:
        parts = urlsplit(address)
        usable = parts.scheme in ("http", "https") and "." in (parts.hostname or "localhost.")
    except ValueError:
        usable = False
    if not usable or any(letter.isspace() for letter in address):
        shown = without_credentials(text)
        raise UserError(f'"{shown}" is no web address. Give any page of the site, such as https://example.com/news')
    return address


async def add(tools: Tools, call: Call) -> Reply:
    """Raises: UserError."""
    address = web_address(call.option("url"))
    found = await discover_feeds(tools, address)
    if len(found) > 1:
        return await _choose(tools, call, address, found)
    return await add_feed(tools, call, found[0])


async def discover_feeds(tools: Tools, address: str) -> tuple[FoundFeed, ...]:
    """Raises: UserError."""
    shown = without_credentials(address)
    try:
        found = await discover(tools.fetcher, address)
    except FetchError as error:
        raise UserError(
            f"{shown} could not be read: {str(error).rstrip('.')}. Check it in a browser; if the site blocks bots, "
            "look for a link called RSS there and add that address."
        ) from error
    if not found:
        raise UserError(
            f"I found no feed at {shown}. I looked at the page itself, its links to feeds and the usual places. "
            "If the site has a page called RSS or Feeds, give me its address."
        )
    return tuple(found)


async def _choose(tools: Tools, call: Call, address: str, found: tuple[FoundFeed, ...]) -> Reply:
    rows = []
    async with tools.store.begin() as tx:
        for feed in found[:FOUND]:
            shown = without_credentials(feed.url)
            buttons: tuple[Button, ...] = ()
            if tx.addresses.can_store(feed.url):
                key = await tx.drafts.save(call.workspace.id, feed_draft(tx, feed), call.now)
                buttons = (Button(label="Add", action=f"source:add:{key}"),)
            rows.append(Row(title=feed.title or shown, url=shown, detail=shown, buttons=buttons))
    return Reply(
        answer=Listing(
            title=f"{counted(len(found), 'feed')} at {urlsplit(address).hostname}",
            summary="Which one?",
            rows=tuple(rows),
            more=max(len(found) - FOUND, 0),
        )
    )


async def add_feed(tools: Tools, call: Call, feed: FoundFeed, *, replaces: bool = False) -> Reply:
    """Watch it for this workspace alone, unless it is watched already. Raises: UserError."""
    async with tools.store.begin() as tx:
        source = await watched_as(tx, call.workspace.id, feed.url)
        if source is None:
            await check_room(tx, call.workspace.id, 1)
            source, created = await tx.sources.ensure(
                NewSource(
                    workspace_id=call.workspace.id,
                    channel_id=call.here.id,
                    kind=SourceKind.FEED,
                    url=feed.url,
                    title=feed.title or urlsplit(feed.url).hostname or without_credentials(feed.url),
                ),
                call.now,
            )
        else:
            created = False
    title = source.title
    if not created:
        whose = "for everyone" if source.workspace_id == SHARED else "here"
        state = "" if source.state is SourceState.ACTIVE else f" It is {source.state}."
        return Reply(
            answer=Notice(
                text=f"{title} is already watched {whose}.{state}",
                links=(Link(text=title, url=without_credentials(source.url)),),
            ),
            replaces=replaces,
        )
    tools.woken()
    return Reply(
        answer=Notice(
            text=f"Watching {title}, for this workspace alone. It is read within a minute; articles older than "
            "a week are stored and found by /brief, but not posted.",
            tone=Tone.DONE,
            links=(Link(text=title, url=without_credentials(source.url)),),
            buttons=(
                Button(label="Remove", action=f"source:remove:{source.id}"),
                Button(label="Pause", action=f"source:pause:{source.id}"),
            ),
        ),
        replaces=replaces,
    )


async def watched_as(tx: Tx, workspace_id: int, url: str) -> Source | None:
    """The visible source of this address, a shared one first; small differences of the address do not count."""
    if not tx.addresses.can_store(url):
        return None
    wanted, user = feed_name(tx.addresses.marked(url))
    same = []
    for one in await tx.sources.visible(workspace_id):
        address, one_user = feed_name(one.url)
        if address == wanted and user in ("", one_user):
            same.append(one)
    return min(same, key=lambda one: (one.workspace_id, one.id), default=None)


async def check_room(tx: Tx, workspace_id: int, more: int) -> None:
    own = sum(source.workspace_id == workspace_id for source in await tx.sources.visible(workspace_id))
    if own + more > MOST_SOURCES:
        raise UserError(
            f"This workspace may have {MOST_SOURCES:,} sources of its own and has {own:,}. Remove some first."
        )


async def find_source(tx: Tx, call: Call, text: str, *, own: bool = True) -> Source:
    """A source by its name or address. Raises: UserError."""
    kept_as = tx.addresses.marked(text) if tx.addresses.can_store(text) else text
    text = without_credentials(text)
    wanted = fold_name(text)
    sources = await tx.sources.visible(call.workspace.id)
    addresses = {one.id: without_credentials(one.url).casefold() for one in sources}
    exact = [one for one in sources if one.url == kept_as] or [
        one for one in sources if wanted in (fold_name(one.title), addresses[one.id], str(one.site_url).casefold())
    ]
    near = exact or [one for one in sources if wanted in fold_name(one.title) or wanted in addresses[one.id]]
    if not near:
        names = {fold_name(one.title): one.title for one in sources}
        meant = difflib.get_close_matches(wanted, names, n=1, cutoff=0.7)
        hint = f"Did you mean {names[meant[0]]}?" if meant else "/sources list shows them all."
        raise UserError(f'There is no source "{text}" here. {hint}')
    if own:
        mine = [one for one in near if one.workspace_id == call.workspace.id]
        if not mine:
            raise UserError(
                f"{near[0].title} is shared by every workspace of this bot, so it can't be changed from here. "
                "Its stories can be muted in your channels: use Mute on an alert."
            )
        near = mine
    if len(near) > 1:
        titles = ", ".join(f"{one.title} ({without_credentials(one.url)})" for one in near[:4])
        raise UserError(f'"{text}" could be several sources: {titles}. Give the address.')
    return near[0]


async def remove(tools: Tools, call: Call) -> Reply:
    async with tools.store.read() as tx:
        source = await find_source(tx, call, call.option("source"))
    return await change(tools, call, source, "remove")


async def pause(tools: Tools, call: Call) -> Reply:
    async with tools.store.read() as tx:
        source = await find_source(tx, call, call.option("source"))
    return await change(tools, call, source, "pause")


async def resume(tools: Tools, call: Call) -> Reply:
    async with tools.store.read() as tx:
        source = await find_source(tx, call, call.option("source"))
    return await change(tools, call, source, "resume")


async def change(tools: Tools, call: Call, source: Source, verb: str, *, replaces: bool = False) -> Reply:
    """Remove, pause, resume or retry a source of this workspace; doing it twice says the same. Raises: UserError."""
    if source.workspace_id != call.workspace.id:
        raise UserError(f"{source.title} is shared by every workspace of this bot, so it can't be changed from here.")
    buttons: tuple[Button, ...] = ()
    async with tools.store.begin() as tx:
        if verb == "remove":
            await tx.sources.remove(source.id, now=call.now)
            text = f"{source.title} is no longer watched. Its articles stay."
        elif verb == "pause":
            await tx.sources.update(source.id, state=SourceState.PAUSED, next_poll_at=None)
            text = f"{source.title} is paused."
            buttons = (Button(label="Resume", action=f"source:resume:{source.id}"),)
        else:
            await tx.sources.update(source.id, state=SourceState.ACTIVE, next_poll_at=call.now, leased_until=None)
            text = f"{source.title} is read again within a minute."
    if verb not in ("remove", "pause"):
        tools.woken()
    return Reply(answer=Notice(text=text, tone=Tone.DONE, buttons=buttons), replaces=replaces)
