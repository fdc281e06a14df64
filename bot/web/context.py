"""WebContext: what the pages and the API share, with the lookups that several of them need."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from jinja2 import Environment
from markupsafe import Markup
from starlette.exceptions import HTTPException

from bot.console.messenger import ConsoleMessenger
from bot.console.timeline import Timeline, channel_url
from bot.web.access import Access
from handlers.answers.times import iana_zones
from handlers.commands.dispatch import Commands
from handlers.commands.request import Person, Request
from handlers.ingest.ingest import Ingest
from handlers.ingest.seed import CONSOLE
from handlers.ports import Attachment
from storage.records import Channel, ChannelState, Platform, Workspace
from storage.store import Store, Tx

PERSON: Final = "you"
"""External id of the console's only person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebContext:
    store: Store
    commands: Commands
    ingest: Ingest
    messenger: ConsoleMessenger
    access: Access
    environment: Environment
    timeline: Timeline
    clock: Callable[[], datetime]
    long_reads: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(2))
    """Held while a document is read that may take long."""
    version: str
    """A hash of the style sheet and the scripts. It is part of their addresses, so browsers may cache them."""

    def render(self, name: str, **values: Any) -> Markup:
        html = self.environment.get_template(name).render(version=self.version, **values)
        return Markup(html)  # noqa: S704

    async def workspace(self, tx: Tx) -> Workspace:
        """Return the console's workspace. Raises: HTTPException 503 before the first start has created it."""
        workspace = await tx.workspaces.find(Platform.CONSOLE, CONSOLE)
        if workspace is None:
            raise HTTPException(503, "The console's workspace is not set up yet. Try again in a few seconds.")
        return workspace

    async def channels(self, tx: Tx, workspace: Workspace) -> tuple[Channel, ...]:
        """Return the active channels, direct messages last."""
        found = sorted(await tx.channels.of(workspace.id), key=lambda channel: channel.person is not None)
        return tuple(channel for channel in found if channel.state == ChannelState.ACTIVE)

    async def channel(self, tx: Tx, workspace: Workspace, channel_id: int) -> Channel:
        """Return the channel of this workspace. Raises: HTTPException 404 where it has no such channel."""
        channel = await tx.channels.get(channel_id)
        if channel is None or channel.workspace_id != workspace.id:
            raise HTTPException(404, "There is no such channel.")
        return channel

    async def frame(self, tx: Tx, workspace: Workspace, *, page: str, current: Channel | None = None) -> dict[str, Any]:
        """Return the template values of the frame around every page."""
        entries = []
        for channel in await self.channels(tx, workspace):
            newest = await tx.console.history(channel.id, limit=1)
            entries.append(
                {
                    "id": channel.id,
                    "name": channel.name,
                    "url": channel_url(channel),
                    "latest": newest[-1].id if newest else 0,
                    "current": current is not None and current.id == channel.id,
                }
            )
        return {"channels": entries, "page": page, "signed_in": self.access.requires_login}

    def request(
        self,
        workspace: Workspace,
        channel: Channel,
        *,
        command: str,
        words: str = "",
        zone: str = "",
        attachments: tuple[Attachment, ...] = (),
    ) -> Request:
        """Return a request by the console's person. `zone` is the browser's time zone."""
        return Request(
            platform=Platform.CONSOLE,
            workspace=workspace.external_id,
            workspace_name=workspace.name,
            channel=channel.external_id,
            channel_name=channel.name,
            person=Person(external_id=PERSON, name="You", may_manage=True, time_zone=checked_zone(zone)),
            command=command,
            words=words,
            attachments=attachments,
            now=self.clock(),
        )


def checked_zone(name: str) -> str | None:
    """Return the name if it is that of an IANA time zone, else None. The name comes from a browser."""
    return name if name in iana_zones() else None
