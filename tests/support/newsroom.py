"""A small newsroom for the tests of commands: two workspaces, a few topics, articles that really arrived."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from handlers.answers.answer import Answer, Reply
from handlers.answers.parts import Button
from handlers.commands.dispatch import Commands
from handlers.commands.request import Person, Request
from handlers.drafts import ArticleDraft
from handlers.ingest.ingest import Ingest
from handlers.ingest.results import IngestResult
from handlers.sources.fetch.client import Fetcher
from storage.records import SHARED, Channel, Platform, Source, SourceKind, Workspace
from storage.sources import NewSource
from storage.store import Store
from storage.topics import NewTopic

NOW = datetime(2026, 11, 26, 14, 0, tzinfo=UTC)
"""A Thursday."""
TOPICS = {
    "huawei": ("Huawei", "huawei", ("华为",)),
    "5g": ("5G", "5g", ()),
    "sanctions": ("Sanctions", 'sanctions OR "entity list"', ()),
    "zte": ("ZTE", "zte", ()),
}


@dataclass(slots=True)
class Newsroom:
    """Says commands and lets articles arrive."""

    store: Store
    fetcher: Fetcher | None = None
    now: datetime = NOW
    wakes: list[datetime] = field(default_factory=list)
    ingest: Ingest = field(init=False)
    commands: Commands = field(init=False)
    _said: int = 0

    def __post_init__(self) -> None:
        self.ingest = Ingest(self.store)
        self.commands = Commands(
            self.store,
            ingest=self.ingest,
            fetcher=self.fetcher,  # type: ignore[arg-type]
            wake=lambda: self.wakes.append(self.now),
        )

    async def open(self) -> "Newsroom":
        async with self.store.begin() as tx:
            for name, (title, query, aliases) in TOPICS.items():
                await tx.topics.add(
                    NewTopic(workspace_id=SHARED, name=name, title=title, query=query, aliases=aliases), self.now
                )
        return self

    async def source(self, url: str = "https://wire.example/feed", *, workspace_id: int = SHARED) -> Source:
        async with self.store.begin() as tx:
            source, _ = await tx.sources.ensure(
                NewSource(workspace_id=workspace_id, kind=SourceKind.FEED, url=url, title="Example Wire"), self.now
            )
            return await tx.sources.update(source.id, first_read_at=self.now - timedelta(days=90))

    async def arrives(
        self,
        title: str,
        text: str = "",
        *,
        ago: timedelta = timedelta(0),
        publisher: str = "Example Wire",
        url: str | None = None,
        workspace_id: int = SHARED,
        source_url: str = "https://wire.example/feed",
        language: str = "en",
    ) -> IngestResult:
        """The article, published and received `ago`."""
        self._said += 1
        at = self.now - ago
        draft = ArticleDraft(
            title=title,
            text=text or f"{title}.",
            url=url or f"https://wire.example/{self._said}",
            publisher=publisher,
            language=language,
            published_at=at,
            origin="test",
        )
        source = await self.source(source_url, workspace_id=workspace_id)
        (arrived,) = await self.ingest([draft], source=source, now=at)
        return arrived

    def request(
        self,
        command: str = "news",
        words: str = "",
        *,
        workspace: str = "acme",
        channel: str = "C1",
        options: Mapping[str, str] | None = None,
        may_manage: bool = True,
        **more: Any,
    ) -> Request:
        zone, manages = more.pop("zone", None), more.pop("manages", None)
        user = more.pop("user", "U1")
        return Request(
            platform=more.pop("platform", Platform.DISCORD),
            workspace=workspace,
            workspace_name=workspace.title(),
            channel=channel,
            channel_name={"C1": "general", "C2": "intel"}.get(channel, channel),
            person=Person(external_id=user, name="Ann", may_manage=may_manage, manages=manages, time_zone=zone),
            command=command,
            words=words,
            options=options,
            now=more.pop("now", self.now),
            **more,
        )

    async def reply(self, line: str, **more: Any) -> Reply:
        """The reply to "/brief huawei"."""
        command, _, words = line.lstrip("/").partition(" ")
        return await self.commands.answer(self.request(command, words, **more))

    async def says(self, line: str, **more: Any) -> Answer:
        return (await self.reply(line, **more)).answer

    async def presses(self, button: Button | str, **more: Any) -> Reply:
        action = button if isinstance(button, str) else button.action
        return await self.commands.click(self.request(**more), action)

    async def workspace(self, name: str = "acme") -> Workspace:
        async with self.store.begin() as tx:
            return await tx.workspaces.ensure(Platform.DISCORD, name, name.title(), now=self.now)

    async def channel(self, channel: str = "C1", workspace: str = "acme") -> Channel:
        home = await self.workspace(workspace)
        async with self.store.begin() as tx:
            return await tx.channels.ensure(home.id, channel, self.request(channel=channel).channel_name, now=self.now)

    def later(self, by: timedelta) -> None:
        self.now += by


def button(answer: Answer, label: str) -> Button:
    """The answer's button of that label, from a row if need be."""
    rows = [one for row in getattr(answer, "rows", ()) for one in row.buttons]
    offered: list[Button] = [*getattr(answer, "buttons", ()), *rows]
    found = [one for one in offered if one.label == label]
    assert found, f"no button {label!r} among {[one.label for one in offered]}"
    return found[0]
