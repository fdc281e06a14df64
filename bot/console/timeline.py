"""What a channel of the console shows: its messages with their threads, day by day, ready for the templates."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from typing import Final

from jinja2 import Environment
from markupsafe import Markup

from bot.console.phrases import local
from bot.console.render import Renderer, headline
from bot.console.stored_post import post_of
from handlers.answers.answer import Answer
from storage.records import Channel, ConsoleMessage, Workspace
from storage.store import Tx

PAGE: Final = 50
"""Messages on a page; older ones are asked for."""
OVERLAP: Final = timedelta(seconds=5)
"""A change may be committed a little after a later one: what was sent lately is looked at again, and sent once."""
START: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A message of the channel, rendered, with the notes of its thread."""

    id: int
    kind: str
    """The type of its post: "alert", "digest", ..."""
    version: str
    """Differs after every change of it or of its thread."""
    posted_at: datetime
    at: str
    """Its local time, "14:02"."""
    day: date
    press: str
    """Where its buttons go."""
    fragment: Markup
    notes: tuple[Markup, ...]
    headline: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A message that was posted or edited, or whose thread grew."""

    channel_id: int
    message_id: int
    cursor: str


class Timeline:
    """Renders the messages of the console's channels."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self._renderer = Renderer(environment)

    async def page(
        self, tx: Tx, workspace: Workspace, channel: Channel, *, before: int | None = None
    ) -> tuple[tuple[Shown, ...], int | None]:
        """A page of messages, oldest first, and the id before which there are more."""
        found = await tx.console.history(channel.id, limit=PAGE + 1, before=before)
        messages = found[-PAGE:]
        shown = [await self.show(tx, workspace, channel, message) for message in messages]
        return tuple(shown), messages[0].id if len(found) > PAGE else None

    async def show(self, tx: Tx, workspace: Workspace, channel: Channel, message: ConsoleMessage) -> Shown:
        notes = await tx.console.thread(message.id)
        post = post_of(message.body)
        zone = workspace.time_zone
        here = local(message.posted_at, zone)
        newest = max([message.changed_at, *(note.changed_at for note in notes)])
        return Shown(
            id=message.id,
            kind=post.type,
            version=f"{newest.timestamp():.6f}-{len(notes)}",
            posted_at=message.posted_at,
            at=f"{here:%H:%M}",
            day=here.date(),
            press=f"{channel_url(channel)}/press",
            fragment=self._renderer.fragment(post, at=message.posted_at, zone=zone),
            notes=tuple(self._renderer.fragment(post_of(note.body), at=message.posted_at, zone=zone) for note in notes),
            headline=headline(post),
        )

    def message(self, shown: Shown) -> str:
        return self._environment.get_template("message.html").render(shown=shown)

    def whisper(self, answer: Answer, *, channel: Channel, zone: str, now: datetime, said: str = "") -> Markup:
        """An answer to the person alone."""
        html = self._environment.get_template("private_answer.html").render(
            fragment=self._renderer.fragment(answer, at=now, zone=zone),
            posted_at=now,
            at=f"{local(now, zone):%H:%M}",
            press=f"{channel_url(channel)}/press",
            said=said,
        )
        return Markup(html)  # noqa: S704


def by_day(shown: Iterable[Shown]) -> list[tuple[date, list[Shown]]]:
    return [(day, list(messages)) for day, messages in groupby(shown, key=lambda message: message.day)]


def channel_url(channel: Channel) -> str:
    return f"/channels/{channel.id}"


def new_key() -> str:
    """For a post that is made here and has no delivery: at most 25 characters."""
    return f"web-{secrets.token_urlsafe(14)}"


class Follow:
    """Where one open page stands in the changes of all channels. Its cursor survives a restart of either side."""

    def __init__(self, channel_ids: Sequence[int], cursor: str) -> None:
        self._channel_ids = tuple(channel_ids)
        self._seen: dict[int, datetime] = {}
        self._at = read_cursor(cursor)

    async def changes(self, tx: Tx) -> tuple[Change, ...]:
        """What changed since the last call, each message once, in the order of the changes."""
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
    return f"{at.astimezone(UTC).timestamp():.6f}"


def read_cursor(text: str) -> datetime:
    """The time in a cursor; the beginning of time where it is not one, for it comes from a browser."""
    try:
        return max(datetime.fromtimestamp(float(text), UTC), START)
    except (ValueError, OverflowError, OSError):
        return START
