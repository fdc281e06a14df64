"""DiscordMessenger: posts to Discord's channels, edits posts, and finds them again by their delivery's key."""

from collections.abc import Sequence

import discord
from discord.http import HTTPClient, Route

from bot.discord.destinations import DIRECT, Destination, Destinations
from bot.discord.failures import (
    FAILURES,
    MISSING_PERMISSIONS,
    THREAD_ARCHIVED,
    TIMED_OUT,
    UNKNOWN_CHANNEL,
    UNKNOWN_MESSAGE,
    look_up_error,
    post_error,
    refusal,
)
from bot.discord.forums import add_topic_tags, find_post, forum_refusal, tags_for
from bot.discord.history import find_message
from bot.discord.message import Message
from bot.discord.permissions import ANNOUNCEMENTS, FOR_POSTS, Permission, explain_missing
from bot.discord.publish import Publisher
from bot.discord.render import render, split
from bot.discord.sending import create_message_route, send
from bot.discord.threads import ARCHIVE_AFTER_MIN, Update, place_of, post_update, ref_in_channel, reopen_thread
from handlers.answers.answer import Alert, Digest, Post
from handlers.ports import LookUp, PostError, Rendering
from storage.records import Channel, Platform


class DiscordMessenger:
    """Posts through a client that is logged in. Without a gateway connection it asks the API more often."""

    def __init__(self, client: discord.Client, publisher: Publisher, *, bot_id: int) -> None:
        self._http = client.http
        self._destinations = Destinations(client)
        self._publisher = publisher
        self._bot_id = str(bot_id)

    @property
    def platform(self) -> Platform:
        return Platform.DISCORD

    def split(self, post: Post) -> Sequence[Post]:
        return split(post)

    async def post(
        self,
        channel: Channel,
        post: Post,
        *,
        key: str,
        thread: str | None = None,
        rendering: Rendering = Rendering.FULL,
    ) -> str:
        """Post to the channel, or as an update of the alert `thread`; return the message's ref.

        The alert's thread is created where it does not exist and the bot may create it. Raises: PostError.
        """
        destination = await self._find_destination(channel)
        message = render(post, rendering)
        # For some minutes enforce_nonce returns the message that exists instead of posting a second one:
        # https://discord.com/developers/docs/resources/message#create-message
        body = message.payload(key=key, guild=_guild(channel, destination)) | {"nonce": key, "enforce_nonce": True}
        if thread is not None:
            update = Update(
                destination=destination,
                channel=channel.name,
                alert=int(thread),
                thread_exists=self._destinations.has_thread(channel, thread),
                message=message,
                body=body,
            )
            return await post_update(self._http, update)
        if destination.is_forum:
            return await self._post_to_forum(destination, post, message, key)
        try:
            sent = await send(self._http, create_message_route(destination.id), body, message)
        except FAILURES as error:
            raise _post_error(error, destination) from error
        if destination.kind == ANNOUNCEMENTS and isinstance(post, Alert | Digest):
            self._publisher.add(destination.id, int(sent["id"]))
        return str(sent["id"])

    async def edit(
        self,
        channel: Channel,
        ref: str,
        post: Post,
        *,
        thread: str | None = None,
        rendering: Rendering = Rendering.FULL,
    ) -> None:
        """Replace the message by the post; in a forum, also add the tags of new topics. Raises: PostError."""
        destination = await self._find_destination(channel)
        place, id = place_of(destination, ref, thread)
        if destination.kind == ANNOUNCEMENTS:
            self._publisher.watch(destination.id)
        try:
            await _edit_message(self._http, channel, destination, place, id, render(post, rendering))
            if destination.is_forum and thread is None:
                tags = self._destinations.tags_of(channel, place)
                await add_topic_tags(self._http, destination, place, post, tags)
        except discord.HTTPException as error:
            if destination.is_forum and error.code == UNKNOWN_CHANNEL:
                raise refusal(UNKNOWN_MESSAGE, "the post was deleted") from error
            raise _post_error(error, destination) from error
        except FAILURES as error:
            raise post_error(error) from error

    async def find(self, channel: Channel, look_up: LookUp) -> str | None:
        """Return the id of the message with this key; None where it is certain that there is none.

        Raises: PostError where that cannot be determined.
        """
        destination = await self._find_destination(channel)
        missing = destination.missing_of(Permission.READ_MESSAGE_HISTORY)
        if missing:  # Discord would return an empty history
            raise refusal(MISSING_PERMISSIONS, explain_missing(missing))
        guild, thread = channel.workspace_external_id, look_up.thread
        try:
            if destination.is_forum and thread is None:
                return await find_post(self._http, destination, guild, look_up, bot_id=self._bot_id)
            if thread is None or not (destination.has_threads or destination.is_forum):
                return await find_message(self._http, destination.id, look_up, bot_id=self._bot_id)
            found = await self._find_in_thread(int(thread), look_up)
            if found is None and destination.has_threads:  # it may be a reply, where the bot could not use the thread
                reply = await find_message(self._http, destination.id, look_up, bot_id=self._bot_id)
                found = None if reply is None else ref_in_channel(destination, reply)
            return found
        except FAILURES as error:
            raise look_up_error(error, missing=destination.missing, until=destination.timed_out_until) from error

    async def _find_in_thread(self, thread: int, look_up: LookUp) -> str | None:
        try:
            return await find_message(self._http, thread, look_up, bot_id=self._bot_id)
        except discord.NotFound:
            return None  # the thread was never created

    async def check(self, channel: Channel) -> None:
        """Raise PostError if the bot may not post in the channel, by the permissions that the gateway has sent."""
        destination = await self._find_destination(channel)
        if destination.timed_out_until is not None:
            raise refusal(TIMED_OUT, until=destination.timed_out_until)
        missing = destination.missing_of(*FOR_POSTS)
        if missing:
            raise refusal(MISSING_PERMISSIONS, explain_missing(missing))
        unusable = forum_refusal(destination)
        if unusable is not None:
            raise unusable

    async def _find_destination(self, channel: Channel) -> Destination:
        try:
            return await self._destinations.find(channel)
        except FAILURES as error:
            raise look_up_error(error) from error

    async def _post_to_forum(self, destination: Destination, post: Post, message: Message, key: str) -> str:
        """Create a forum post: a thread and its first message, which has the thread's own id."""
        inner = message.payload(key=key)
        body = {"name": message.name, "auto_archive_duration": ARCHIVE_AFTER_MIN, "message": inner}
        tags = await tags_for(self._http, destination, post)
        if tags:
            body["applied_tags"] = tags
        route = Route("POST", "/channels/{channel_id}/threads", channel_id=destination.id)
        try:
            return str((await send(self._http, route, body, message, inner=inner))["id"])
        except FAILURES as error:
            raise _post_error(error, destination) from error


async def _edit_message(
    http: HTTPClient, channel: Channel, destination: Destination, place: int, ref: int, message: Message
) -> None:
    body = message.payload(guild=_guild(channel, destination))
    # The text above the embed is the headline and the mentions of the first version. It stays as it was posted.
    del body["content"]
    body.pop("flags", None)  # an edit cannot change whether a message notifies
    route = Route("PATCH", "/channels/{channel_id}/messages/{message_id}", channel_id=place, message_id=ref)
    try:
        await send(http, route, body, message)
    except discord.HTTPException as error:
        if place == destination.id or error.code != THREAD_ARCHIVED:
            raise
        await reopen_thread(http, place)
        await send(http, route, body, message)


def _post_error(error: Exception, destination: Destination) -> PostError:
    return post_error(error, missing=destination.missing, until=destination.timed_out_until)


def _guild(channel: Channel, destination: Destination) -> str | None:
    """Return the server that buttons in direct messages have to carry; None in a server's own channels."""
    return channel.workspace_external_id if destination.kind == DIRECT else None
