"""Posts to Discord's channels; a delivery is found again by its nonce, else by its key in the channel's history."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import discord
from discord.http import Route

from bot.discord.destinations import DIRECT, Place, Places
from bot.discord.failures import (
    ARCHIVED,
    DONE_BEFORE,
    FAILURES,
    UNKNOWN_CHANNEL,
    gone,
    post_error,
    rights_error,
    thread_error,
)
from bot.discord.forums import ARCHIVE_AFTER_MIN, find_post, follow_topics, tags_for
from bot.discord.limits import Json
from bot.discord.message import Message, carries
from bot.discord.permissions import ANNOUNCEMENTS, Right, grant
from bot.discord.publish import Publisher
from bot.discord.render import render, split
from bot.discord.sending import send
from handlers.answers.answer import Alert, Digest, Post
from handlers.ports import PostError, PostFailure
from storage.records import Channel, Platform

_PAGE: Final = 100
_PAGES: Final = 20
_CLOCKS: Final = timedelta(minutes=2)
"""How far Discord's clock and ours may differ."""


class DiscordMessenger:
    """Speaks through a client that is logged in; what its gateway tells saves questions, but it needs none."""

    def __init__(self, client: discord.Client, publisher: Publisher, *, bot_id: int) -> None:
        self._http = client.http
        self._places = Places(client)
        self._publisher = publisher
        self._bot_id = str(bot_id)

    @property
    def platform(self) -> Platform:
        return Platform.DISCORD

    def split(self, post: Post) -> Sequence[Post]:
        return split(post)

    async def post(self, channel: Channel, post: Post, *, key: str, thread: str | None = None) -> str:
        """In a thread, `thread` is the message that it hangs on; the thread is made when it is not there."""
        place = await self._place(channel)
        message = render(post)
        # enforce_nonce gives the message that is there instead of a second one, for some minutes:
        # https://discord.com/developers/docs/resources/message#create-message
        body = message.payload(key=key, home=_home(channel, place)) | {"nonce": key, "enforce_nonce": True}
        if thread is not None:
            return await self._update(channel, place, thread, body, message)
        if place.is_forum:
            return await self._begin(place, post, message, key)
        try:
            sent = await send(self._http, _create(place.id), body, message)
        except FAILURES as error:
            raise post_error(error, rights=place.lacks) from error
        if place.kind == ANNOUNCEMENTS and isinstance(post, Alert | Digest):
            self._publisher.add(place.id, int(sent["id"]))
        return str(sent["id"])

    async def edit(self, channel: Channel, ref: str, post: Post) -> None:
        place = await self._place(channel)
        message = render(post)
        body = message.payload(home=_home(channel, place))
        # What stands above the embed is whom the first version mentioned: it stays, and mentions nobody again.
        del body["content"]
        # A forum post is a thread; its first message has the thread's own id.
        where = int(ref) if place.is_forum else place.id
        if place.kind == ANNOUNCEMENTS:
            self._require_edit(place, int(ref))
        route = Route("PATCH", "/channels/{channel_id}/messages/{message_id}", channel_id=where, message_id=int(ref))
        try:
            try:
                await send(self._http, route, body, message)
            except discord.HTTPException as error:
                if not place.is_forum or error.code != ARCHIVED:
                    raise
                await self._open_again(where)
                await send(self._http, route, body, message)
            if place.is_forum:
                await follow_topics(self._http, place, where, post, self._places.tags_of(channel, where))
        except discord.HTTPException as error:
            if place.is_forum and error.code == UNKNOWN_CHANNEL:
                raise PostError("The post was deleted.", failure=PostFailure.REFUSED) from error
            raise post_error(error, rights=place.lacks) from error
        except FAILURES as error:
            raise post_error(error) from error
        self._publisher.edited(int(ref))

    async def find(self, channel: Channel, key: str, *, since: datetime, thread: str | None = None) -> str | None:
        place = await self._place(channel)
        hidden = place.lacks_of(Right.READ_MESSAGE_HISTORY)
        if hidden:
            raise gone(grant(hidden))  # Discord would say that there is nothing
        since -= _CLOCKS
        if place.is_forum and thread is None:
            try:
                return await find_post(
                    self._http, place, channel.workspace_external_id, key, since=since, bot_id=self._bot_id
                )
            except FAILURES as error:
                raise post_error(error, rights=place.lacks) from error
        in_thread = thread is not None and (place.has_threads or place.is_forum)
        where = int(thread) if thread is not None and in_thread else place.id
        after = discord.utils.time_snowflake(since)
        for _ in range(_PAGES):
            try:
                page = await self._http.request(
                    Route("GET", "/channels/{channel_id}/messages", channel_id=where),
                    params={"limit": _PAGE, "after": after},
                )
            except FAILURES as error:
                if in_thread and isinstance(error, discord.NotFound):
                    return None  # the thread was never made
                raise post_error(error, rights=place.lacks) from error
            for message in page:
                if message["author"]["id"] == self._bot_id and carries(message, key):
                    return str(message["id"])
            if len(page) < _PAGE:
                return None
            after = max(int(message["id"]) for message in page)
        raise PostError(
            f"{channel.label} has had over {_PAGE * _PAGES} messages since; the post could not be looked up.",
            failure=PostFailure.REFUSED,
        )

    async def _place(self, channel: Channel) -> Place:
        try:
            return await self._places.of(channel)
        except FAILURES as error:
            failure = post_error(error)
            if failure.failure is PostFailure.PERHAPS:  # it was only asked for
                raise PostError(str(failure), failure=PostFailure.LATER) from error
            raise failure from error

    async def _begin(self, place: Place, post: Post, message: Message, key: str) -> str:
        """A forum's post: a thread and its first message, which has the thread's own id."""
        inner = message.payload(key=key)
        body = {"name": message.name, "auto_archive_duration": ARCHIVE_AFTER_MIN, "message": inner}
        tags = await tags_for(self._http, place, post)
        if tags:
            body["applied_tags"] = tags
        route = Route("POST", "/channels/{channel_id}/threads", channel_id=place.id)
        try:
            return str((await send(self._http, route, body, message, inner=inner))["id"])
        except FAILURES as error:
            raise post_error(error, rights=place.lacks) from error

    async def _update(self, channel: Channel, place: Place, ref: str, body: Json, message: Message) -> str:
        """Something new about what is posted: in its thread, or as an answer to it where there are no threads."""
        where = place.id
        if place.is_forum:
            where = int(ref)
        elif place.has_threads:
            where = await self._thread(channel, place, ref, message)
        else:
            body["message_reference"] = {"message_id": ref, "fail_if_not_exists": False}
        try:
            return str((await send(self._http, _create(where), body, message))["id"])
        except discord.HTTPException as error:
            if where == place.id:
                raise post_error(error, rights=place.lacks) from error
            lacking = place.lacks_of(Right.SEND_MESSAGES_IN_THREADS) or ("Send Messages in Threads",)
            raise thread_error(error, channel.name, rights=lacking) from error
        except FAILURES as error:
            raise post_error(error) from error

    async def _thread(self, channel: Channel, place: Place, ref: str, message: Message) -> int:
        """The thread that hangs on the message has the message's own id."""
        lacking = place.lacks_of(Right.SEND_MESSAGES_IN_THREADS)
        is_there = self._places.knows_thread(channel, ref)
        if not is_there:
            lacking = place.lacks_of(Right.CREATE_PUBLIC_THREADS, Right.SEND_MESSAGES_IN_THREADS)
        if lacking:
            raise rights_error(channel.name, lacking)  # asking in vain counts against the bot
        if is_there:
            return int(ref)
        route = Route(
            "POST",
            "/channels/{channel_id}/messages/{message_id}/threads",
            channel_id=place.id,
            message_id=int(ref),
        )
        try:
            await self._http.request(route, json={"name": message.name, "auto_archive_duration": ARCHIVE_AFTER_MIN})
        except discord.HTTPException as error:
            if error.code not in DONE_BEFORE:
                raise thread_error(error, channel.name, rights=("Create Public Threads",)) from error
        except FAILURES as error:
            # Making a thread twice is harmless: the second time it is there.
            raise PostError("Discord did not confirm a thread.", failure=PostFailure.LATER) from error
        return int(ref)

    async def _open_again(self, thread: int) -> None:
        """An archived thread takes no edits. Raises: PostError for one that moderators locked."""
        try:
            await self._http.request(Route("PATCH", "/channels/{channel_id}", channel_id=thread), json=_OPENED)
        except discord.Forbidden as error:
            raise PostError("Its thread is locked.", failure=PostFailure.REFUSED) from error

    def _require_edit(self, place: Place, ref: int) -> None:
        """Raises: PostError while Discord would refuse one more edit of what is published."""
        self._publisher.watch(place.id)
        wait = self._publisher.edit_wait(ref)
        if wait > 0:
            raise PostError(
                "A published message may be edited three times an hour.",
                failure=PostFailure.LATER,
                retry_after=timedelta(seconds=wait),
                only_this=True,
            )


_OPENED: Final[Json] = {"archived": False}


def _create(channel_id: int) -> Route:
    return Route("POST", "/channels/{channel_id}/messages", channel_id=channel_id)


def _home(channel: Channel, place: Place) -> str | None:
    """In direct messages a button has to say which server it is about."""
    return channel.workspace_external_id if place.kind == DIRECT else None
