"""/sources: list all sources with their health; remove, pause and resume them."""

import difflib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from handlers.answers.answer import Listing, Notice, Reply
from handlers.answers.errors import UserError
from handlers.answers.parts import Button, Row, Tone
from handlers.answers.times import ago, counted, rate, time_label
from handlers.commands.call import Call, Tools
from handlers.commands.labels import health_label, own_label
from storage.addresses import without_credentials
from storage.records import SHARED, Source, SourceKind, SourceState
from storage.store import Tx
from storage.topics import normalize_name

_SHOWN: Final = 30
_KINDS: Final[Mapping[SourceKind, str]] = {
    SourceKind.LIST: "official list",
    SourceKind.INBOX: "inbox folder",
    SourceKind.API: "HTTP API",
    SourceKind.UPLOAD: "dropped files",
    SourceKind.COMMAND_LINE: "command line",
    SourceKind.SEEDS: "example documents",
}


async def list_sources(tools: Tools, call: Call) -> Reply:
    """List all sources that the workspace sees, failing ones first."""
    async with tools.store.read() as tx:
        counts = await tx.source_health.counts(call.workspace.id)
        shown = await tx.source_health.first(call.workspace.id, limit=_SHOWN)
    own, health = own_label(counts.total, counts.own), health_label(counts.total, counts.failed)
    count = f"{counted(counts.total, 'source')}{own}{health}"
    return Reply(
        answer=Listing(
            title="Sources",
            summary=f"{count}. To add one, type /sources add and the address of any page of the site.",
            rows=tuple(_row(source, call) for source in shown),
            more=counts.total - len(shown),
        )
    )


def _row(source: Source, call: Call) -> Row:
    buttons = []
    if source.workspace_id == call.workspace.id and source.is_polled:
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
        detail=" · ".join(_health(source, call)),
        buttons=tuple(buttons),
    )


def _health(source: Source, call: Call) -> list[str]:
    """Return the source's state, rhythm, last article and next poll, in a few words each."""
    parts = [] if source.kind is SourceKind.FEED else [_KINDS[source.kind]]
    if source.state is SourceState.PAUSED:
        parts.append("paused")
    elif source.state is SourceState.GONE:
        parts.append("gone: the site has removed it")
    if source.failures:
        parts.append((source.error or "It could not be read").rstrip("."))
        if source.trouble_since:
            parts.append(f"failing since {time_label(source.trouble_since, call.zone, now=call.now)}")
    if source.usual_gap:
        parts.append(_rhythm(source.usual_gap))
    if source.last_arrival_at:
        parts.append(f"last article {ago(source.last_arrival_at, now=call.now)}")
    elif source.is_polled:
        parts.append("no news yet" if source.last_success_at else "nothing read yet")
    if source.state is SourceState.ACTIVE and source.is_polled and source.next_poll_at:
        parts.append(f"next poll {_soon(source.next_poll_at, call.now)}")
    parts.append("shared" if source.workspace_id == SHARED else "yours")
    return parts


def _rhythm(gap: timedelta) -> str:
    """Return the rate of articles with this gap between them: "9 an hour"."""
    an_hour = timedelta(hours=1) / gap
    if an_hour >= 1:
        return f"{rate(an_hour)} an hour"
    a_day = an_hour * 24
    return f"{rate(a_day)} a day" if a_day >= 1 else f"{rate(max(a_day * 7, 0.1))} a week"


def _soon(at: datetime, now: datetime) -> str:
    seconds = int((at - now).total_seconds())
    return "now" if seconds <= 0 else f"in {counted(max(seconds // 60, 1), 'minute')}"


async def find_source(tx: Tx, call: Call, text: str, *, own: bool = True) -> Source:
    """Return the source with this name or address, or one whose name or address contains the text.

    With `own`, only sources that belong to the workspace are accepted. Raises: UserError.
    """
    stored_as = tx.addresses.marked(text) if tx.addresses.can_store(text) else text
    text = without_credentials(text)
    wanted = normalize_name(text)
    sources = await tx.sources.visible(call.workspace.id)
    addresses = {source.id: without_credentials(source.url).casefold() for source in sources}
    candidates = (
        [source for source in sources if source.url == stored_as]
        or [
            source
            for source in sources
            if wanted in (normalize_name(source.title), addresses[source.id], str(source.site_url).casefold())
        ]
        or [source for source in sources if wanted in normalize_name(source.title) or wanted in addresses[source.id]]
    )
    if not candidates:
        names = {normalize_name(source.title): source.title for source in sources}
        similar = difflib.get_close_matches(wanted, names, n=1, cutoff=0.7)
        hint = f"Did you mean {names[similar[0]]}?" if similar else "/sources list shows all sources."
        raise UserError(f'There is no source "{text}" here. {hint}')
    if own:
        shared = candidates[0]
        candidates = [source for source in candidates if source.workspace_id == call.workspace.id]
        if not candidates:
            raise UserError(f"{_cannot_change(shared)} To stop its alerts in a channel, use Mute on one of them.")
    if len(candidates) > 1:
        titles = ", ".join(f"{source.title} ({without_credentials(source.url)})" for source in candidates[:4])
        raise UserError(f'"{text}" matches several sources: {titles}. Use the address instead.')
    return candidates[0]


def _cannot_change(source: Source) -> str:
    return f"{source.title} is shared by all workspaces of this bot, so it can't be changed from here."


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
    """Remove, pause, resume or retry a source of this workspace. Repeating it changes nothing. Raises: UserError."""
    if source.workspace_id != call.workspace.id:
        raise UserError(_cannot_change(source))
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
            await tx.sources.update(
                source.id, state=SourceState.ACTIVE, next_poll_at=call.now, leased_until=None, gone_since=None
            )
            text = f"{source.title} will be read again within a minute."
    if verb not in ("remove", "pause"):
        tools.wake_up()
    return Reply(answer=Notice(text=text, tone=Tone.DONE, buttons=buttons), replaces=replaces)
