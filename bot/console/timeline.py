"""Renders the messages of a console channel with their threads, and finds what changed since a page was loaded."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from typing import Final

from jinja2 import Environment
from markupsafe import Markup

from bot.console.phrases import local_time
from bot.console.render import Renderer, summary_line
from bot.console.stored_post import read_post
from handlers.answers.answer import Answer
from storage.records import Channel, ConsoleMessage, Workspace
from storage.store import Tx

PAGE_SIZE: Final = 50
"""Messages on a page; the reader loads older ones on request."""
OVERLAP: Final = timedelta(seconds=5)
"""A change may be committed after a later one. Each read therefore goes back this far; no change is reported twice."""
START: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedMessage:
    """A message of a channel as HTML, with the notes of its thread."""

    id: int
    kind: str
    """The type of the post: "alert", "digest", ..."""
    version: str
    """Changes whenever the message or its thread changes."""
    posted_at: datetime
    at: str
    """The local time of the post, "14:02"."""
    day: date
    """The local date of the post."""
    click_url: str
    """Where its buttons are submitted."""
    fragment: Markup
    notes: tuple[Markup, ...]
    summary: str
    """The message as one line of plain text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A message that was posted or edited, or whose thread grew."""

    channel_id: int
    message_id: int
    cursor: str
    """Passed to `ChangeTracker` to continue after this change."""


class Timeline:
    """Renders the messages of the console's channels."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self._renderer = Renderer(environment)

    async def page(
        self, tx: Tx, workspace: Workspace, channel: Channel, *, before: int | None = None
    ) -> tuple[tuple[RenderedMessage, ...], int | None]:
        """Return a page of messages, oldest first, and the `before` of the previous page; None where there is none."""
        found = await tx.console.history(channel.id, limit=PAGE_SIZE + 1, before=before)
        messages = found[-PAGE_SIZE:]
        rendered = [await self.render(tx, workspace, channel, message) for message in messages]
        return tuple(rendered), messages[0].id if len(found) > PAGE_SIZE else None

    async def render(self, tx: Tx, workspace: Workspace, channel: Channel, message: ConsoleMessage) -> RenderedMessage:
        """Return the message with the notes of its thread, times in the workspace's time zone."""
        notes = await tx.console.thread(message.id)
        post = read_post(message.body)
        zone = workspace.time_zone
        posted_at = local_time(message.posted_at, zone)
        newest = max([message.changed_at, *(note.changed_at for note in notes)])
        return RenderedMessage(
            id=message.id,
            kind=post.type,
            version=f"{newest.timestamp():.6f}-{len(notes)}",
            posted_at=message.posted_at,
            at=f"{posted_at:%H:%M}",
            day=posted_at.date(),
            click_url=f"{channel_url(channel)}/click",
            fragment=self._renderer.fragment(post, at=message.posted_at, zone=zone),
            notes=tuple(
                self._renderer.fragment(read_post(note.body), at=message.posted_at, zone=zone) for note in notes
            ),
            summary=summary_line(post),
        )

    def message_html(self, message: RenderedMessage) -> str:
        return self._environment.get_template("message.html").render(message=message)

    def private_answer(
        self, answer: Answer, *, channel: Channel, zone: str, now: datetime, command: str = ""
    ) -> Markup:
        """Return an answer that only the asker sees, as HTML, below the command that was typed."""
        html = self._environment.get_template("private_answer.html").render(
            fragment=self._renderer.fragment(answer, at=now, zone=zone),
            posted_at=now,
            at=f"{local_time(now, zone):%H:%M}",
            click_url=f"{channel_url(channel)}/click",
            command=command,
        )
        return Markup(html)  # noqa: S704


def by_day(messages: Iterable[RenderedMessage]) -> list[tuple[date, list[RenderedMessage]]]:
    """Group the messages by local date. They must be in order of time."""
    return [(day, list(group)) for day, group in groupby(messages, key=lambda message: message.day)]


def channel_url(channel: Channel) -> str:
    return f"/channels/{channel.id}"


def new_key() -> str:
    """Return a random key for a post that the page itself makes, without a delivery; at most 25 characters."""
    return f"web-{secrets.token_urlsafe(14)}"


class ChangeTracker:
    """Finds what changed in the channels since a cursor, which stays valid when the bot or the browser restarts."""

    def __init__(self, channel_ids: Sequence[int], cursor: str) -> None:
        self._channel_ids = tuple(channel_ids)
        self._seen: dict[int, datetime] = {}
        self._at = read_cursor(cursor)

    async def changes(self, tx: Tx) -> tuple[Change, ...]:
        """Return what changed since the last call, in the order of the changes; each message is listed once."""
        found = await tx.console.changed_after(self._channel_ids, self._at - OVERLAP)
        changes: dict[int, Change] = {}
        for message in found:
            if self._seen.get(message.id) == message.changed_at:
                continue
            self._seen[message.id] = message.changed_at
            self._at = max(self._at, message.changed_at)
            root = message.thread_id or message.id
            changes.pop(root, None)
            changes[root] = Change(channel_id=message.channel_id, message_id=root, cursor=write_cursor(self._at))
        self._seen = {key: at for key, at in self._seen.items() if at > self._at - 2 * OVERLAP}
        return tuple(changes.values())


def write_cursor(at: datetime) -> str:
    """Return the time as a cursor: seconds since 1970 in UTC, to the microsecond."""
    return f"{at.astimezone(UTC).timestamp():.6f}"


def read_cursor(text: str) -> datetime:
    """Return the time in a cursor. The text comes from a browser: START where it is not a cursor."""
    try:
        return max(datetime.fromtimestamp(float(text), UTC), START)
    except (ValueError, OverflowError, OSError):
        return START
