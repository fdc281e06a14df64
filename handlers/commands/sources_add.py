"""/sources add: find the feeds of a page, and add one of them as a source of the workspace."""

from typing import Final
from urllib.parse import urlsplit

from handlers.answers.answer import Listing, Notice, Reply
from handlers.answers.errors import FetchError, UserError
from handlers.answers.parts import Button, Link, Row, Tone
from handlers.answers.times import counted
from handlers.commands.button_targets import feed_draft
from handlers.commands.call import Call, Tools
from handlers.commands.sources_catch_up import catch_up_button
from handlers.rules.urls import feed_name
from handlers.sources.feeds.discover import LIST, FoundFeed, discover
from storage.addresses import without_credentials
from storage.records import SHARED, Source, SourceKind, SourceState
from storage.sources import NewSource
from storage.store import Tx

MAX_SOURCES: Final = 1_000
"""Sources that a workspace may have of its own."""
_FEED_IS_READ: Final = (
    "It will be read within a minute. What it lists by then is stored, and /brief shows it, but only the newest match "
    "is posted, as a sample."
)
_LIST_IS_READ: Final = (
    "It will be read within a few minutes. The first edition of a whole list is stored and posts nothing. Each later "
    "edition, and each file of changes, makes one article, which says who was added, changed, moved or removed."
)
MAX_FOUND: Final = 5
"""Feeds of one page that an answer lists."""


def web_address(text: str) -> str:
    """Return the address, with https:// if it has no scheme. Raises: UserError if it is not a web address."""
    address = text.strip() if "://" in text else f"https://{text.strip()}"
    try:
        parts = urlsplit(address)
        usable = parts.scheme in ("http", "https") and "." in (parts.hostname or "localhost.")
    except ValueError:
        usable = False
    if not usable or any(letter.isspace() for letter in address):
        shown = without_credentials(text)
        raise UserError(
            f'"{shown}" is not a web address. Use that of any page of the site, such as https://example.com/news'
        )
    return address


async def add(tools: Tools, call: Call) -> Reply:
    """Add the feed of a page, or ask which one if the page has several. Raises: UserError."""
    address = web_address(call.option("url"))
    found = await discover_feeds(tools, address)
    if len(found) > 1:
        return await _choose(tools, call, address, found)
    return await add_feed(tools, call, found[0])


async def discover_feeds(tools: Tools, address: str) -> tuple[FoundFeed, ...]:
    """Return the feeds at the address or of its page, at least one. Raises: UserError."""
    shown = without_credentials(address)
    try:
        found = await discover(tools.fetcher, address)
    except FetchError as error:
        raise UserError(
            f"{shown} could not be read: {str(error).rstrip('.')}. Open it in a browser. If the site blocks bots, look "
            "for a link named RSS there and add its address."
        ) from error
    if not found:
        raise UserError(
            f"I found no feed at {shown}. I tried the page itself, the feeds it links to and the usual places. "
            "If the site has a page named RSS or Feeds, add the address of that page."
        )
    return tuple(found)


async def _choose(tools: Tools, call: Call, address: str, found: tuple[FoundFeed, ...]) -> Reply:
    rows = []
    async with tools.store.begin() as tx:
        for feed in found[:MAX_FOUND]:
            shown = without_credentials(feed.url)
            buttons: tuple[Button, ...] = ()
            if tx.addresses.can_store(feed.url):
                key = await tx.drafts.save(call.workspace.id, feed_draft(tx, feed), call.now)
                buttons = (Button(label="Add", action=f"source:add:{key}"),)
            rows.append(Row(title=feed.title or shown, url=shown, detail=shown, buttons=buttons))
    return Reply(
        answer=Listing(
            title=f"{counted(len(found), 'feed')} at {urlsplit(address).hostname}",
            summary="Which one do you want to add?",
            rows=tuple(rows),
            more=max(len(found) - MAX_FOUND, 0),
        )
    )


async def add_feed(tools: Tools, call: Call, feed: FoundFeed, *, replaces: bool = False) -> Reply:
    """Add the feed as a source of this workspace, unless it is watched already. Raises: UserError."""
    async with tools.store.begin() as tx:
        source = await find_watched(tx, call.workspace.id, feed.url)
        if source is None:
            await require_free_sources(tx, call.workspace.id, 1)
            source, created = await tx.sources.ensure(
                NewSource(
                    workspace_id=call.workspace.id,
                    channel_id=call.here.id,
                    kind=SourceKind.LIST if feed.kind == LIST else SourceKind.FEED,
                    url=feed.url,
                    title=feed.title or urlsplit(feed.url).hostname or without_credentials(feed.url),
                ),
                call.now,
            )
        else:
            created = False
    title = source.title
    if not created:
        whose = "for all workspaces" if source.workspace_id == SHARED else "here"
        state = "" if source.state is SourceState.ACTIVE else f" It is {source.state}."
        return Reply(
            answer=Notice(
                text=f"{title} is already watched {whose}.{state}",
                links=(Link(text=title, url=without_credentials(source.url)),),
            ),
            replaces=replaces,
        )
    tools.wake_up()
    is_list = source.kind is SourceKind.LIST
    buttons = (
        Button(label="Remove", action=f"source:remove:{source.id}"),
        Button(label="Pause", action=f"source:pause:{source.id}"),
    )
    return Reply(
        answer=Notice(
            text=f"Now watching {title}, for this workspace only. {_LIST_IS_READ if is_list else _FEED_IS_READ}",
            tone=Tone.DONE,
            links=(Link(text=title, url=without_credentials(source.url)),),
            buttons=buttons if is_list else (catch_up_button(source), *buttons),
        ),
        replaces=replaces,
    )


async def find_watched(tx: Tx, workspace_id: int, url: str) -> Source | None:
    """Return the source with this address that the workspace sees, a shared one first.

    Addresses are compared by `feed_name`, which ignores small differences.
    """
    if not tx.addresses.can_store(url):
        return None
    wanted, user = feed_name(tx.addresses.marked(url))
    same = []
    for source in await tx.sources.visible(workspace_id):
        address, source_user = feed_name(source.url)
        if address == wanted and user in ("", source_user):
            same.append(source)
    return min(same, key=lambda source: (source.workspace_id, source.id), default=None)


async def require_free_sources(tx: Tx, workspace_id: int, more: int) -> None:
    """Raise UserError if `more` sources would exceed what the workspace may have."""
    own = sum(source.workspace_id == workspace_id for source in await tx.sources.visible(workspace_id))
    if own + more > MAX_SOURCES:
        raise UserError(
            f"This workspace has {own:,} sources of its own and may have {MAX_SOURCES:,}. Remove some before you add "
            f"{more:,} more."
        )
