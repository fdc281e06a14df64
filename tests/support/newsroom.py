"""A newsroom for the tests of commands: workspaces, a few shared topics, and articles that were really ingested."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from handlers.answers.answer import Answer, Reply
from handlers.answers.parts import Button
from handlers.commands.dispatch import Commands
from handlers.commands.request import Person, Request
from handlers.delivery.recheck import ChannelAccess
from handlers.drafts import ArticleDraft
from handlers.ingest.ingest import Ingest
from handlers.ingest.results import IngestResult
from handlers.sources.fetch.client import Fetcher
from storage.records import SHARED, Channel, Pace, Platform, Source, SourceKind, Workspace
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
    """Runs commands, clicks buttons and ingests articles, all at the time `now`."""

    store: Store
    fetcher: Fetcher | None = None
    now: datetime = NOW
    wakes: list[datetime] = field(default_factory=list)
    access: ChannelAccess | None = None
    """Asks the platforms whether the bot may post in a channel."""
    ingest: Ingest = field(init=False)
    commands: Commands = field(init=False)
    _added: int = 0

    def __post_init__(self) -> None:
        self.ingest = Ingest(self.store)
        self.commands = Commands(
            self.store,
            ingest=self.ingest,
            fetcher=self.fetcher,  # type: ignore[arg-type]
            access=self.access,
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

    async def add_article(
        self,
        title: str,
        text: str = "",
        *,
        ago: timedelta = timedelta(0),
        workspace_id: int = SHARED,
        source_url: str = "https://wire.example/feed",
        **fields: Any,
    ) -> IngestResult:
        """Ingest an article that was published and received `ago`. `fields` are those of ArticleDraft."""
        at = self.now - ago
        draft = self.draft(title, text, published_at=at, **fields)
        source = await self.source(source_url, workspace_id=workspace_id)
        (result,) = await self.ingest([draft], source=source, now=at)
        return result

    def draft(self, title: str, text: str = "", **fields: Any) -> ArticleDraft:
        """Return the draft of an article with an address of its own. `fields` are those of ArticleDraft."""
        self._added += 1
        values: dict[str, Any] = {
            "url": f"https://wire.example/{self._added}",
            "publisher": "Example Wire",
            "language": "en",
            "published_at": self.now,
        }
        return ArticleDraft(title=title, text=text or f"{title}.", origin="test", **{**values, **fields})

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
        """Return a request from Ann, on Discord unless `platform` is given. `more` are fields of Person and Request."""
        zone, manages = more.pop("zone", None), more.pop("manages", None)
        user, is_admin = more.pop("user", "U1"), more.pop("is_admin", False)
        return Request(
            platform=more.pop("platform", Platform.DISCORD),
            workspace=workspace,
            workspace_name=workspace.title(),
            channel=channel,
            channel_name={"C1": "general", "C2": "intel"}.get(channel, channel),
            person=Person(
                external_id=user,
                name="Ann",
                may_manage=may_manage,
                manages=manages,
                is_admin=is_admin,
                time_zone=zone,
            ),
            command=command,
            words=words,
            options=options,
            now=more.pop("now", self.now),
            **more,
        )

    async def reply(self, line: str, **more: Any) -> Reply:
        """Run a command such as "/brief huawei", and return the reply."""
        command, _, words = line.lstrip("/").partition(" ")
        return await self.commands.answer(self.request(command, words, **more))

    async def ask(self, line: str, **more: Any) -> Answer:
        """Run a command, and return the answer in the reply."""
        return (await self.reply(line, **more)).answer

    async def click(self, button: Button | str, **more: Any) -> Reply:
        """Click a button, given as such or by its action."""
        action = button if isinstance(button, str) else button.action
        return await self.commands.click(self.request(**more), action)

    async def workspace(self, name: str = "acme") -> Workspace:
        async with self.store.begin() as tx:
            return await tx.workspaces.ensure(Platform.DISCORD, name, name.title(), now=self.now)

    async def channel(self, channel: str = "C1", workspace: str = "acme") -> Channel:
        workspace_id = (await self.workspace(workspace)).id
        async with self.store.begin() as tx:
            return await tx.channels.ensure(
                workspace_id, channel, self.request(channel=channel).channel_name, now=self.now
            )

    async def subscriptions(self, channel: str = "C1") -> list[tuple[str, Pace]]:
        """Return the names of the topics that a channel is subscribed to, each with its pace."""
        place = await self.channel(channel)
        async with self.store.read() as tx:
            held = await tx.subscriptions.of_channel(place.id)
            topics = await tx.topics.by_ids([subscription.topic_id for subscription in held])
        return [(topics[subscription.topic_id].name, subscription.pace) for subscription in held]

    def later(self, by: timedelta) -> None:
        self.now += by


def button(answer: Answer, label: str) -> Button:
    """Return the first button with this label, of the answer or of one of its rows."""
    in_rows = [button for row in getattr(answer, "rows", ()) for button in row.buttons]
    buttons: list[Button] = [*getattr(answer, "buttons", ()), *in_rows]
    found = [button for button in buttons if button.label == label]
    assert found, f"no button {label!r} among {[button.label for button in buttons]}"
    return found[0]


async def chip_news(store: Store) -> Newsroom:
    """Return a newsroom with an article about semiconductors, one about chipmakers and one about food."""
    newsroom = await Newsroom(store).open()
    await newsroom.add_article("TSMC opens a semiconductor plant in Dresden", ago=timedelta(days=2))
    await newsroom.add_article("Chipmaker ASML raises its forecast", ago=timedelta(days=5))
    await newsroom.add_article("Potato chips recalled in Ohio", ago=timedelta(hours=5))
    return newsroom
