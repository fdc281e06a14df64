"""Forum channels: each story is a post with the tags of its topics. Posts are found again by their delivery's key."""

import logging
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import discord
from discord.http import HTTPClient, Route

from bot.discord.destinations import Destination
from bot.discord.failures import FAILURES, NOT_A_TEXT_CHANNEL, TAG_REQUIRED, refusal
from bot.discord.history import snowflake_after, snowflake_before
from bot.discord.limits import TAG_NAME, TAGS_PER_FORUM, TAGS_PER_POST
from bot.discord.message import has_key
from bot.discord.permissions import MEDIA, may_manage
from handlers.answers.answer import Alert, Digest, Post
from handlers.ports import LookUp, PostError, not_now
from storage.records import Platform

logger = logging.getLogger(__name__)

_PAGE_SIZE: Final = 100
_NEWS: Final = "News"
"""The tag to create for posts whose topics have none, in a forum that requires one."""
_GENERAL: Final = ("news", "alerts", "updates", "articles", "stories", "general", "other", "misc")
"""Names of tags that fit any post, the best first."""
_WORD: Final = re.compile(r"\w+")
_MAX_CHECKED: Final = 500
"""The bot's own posts to check in a look-up. With more than this the result would be uncertain."""


def topics_of(post: Post) -> tuple[str, ...]:
    """Return the titles of the topics that the post is about."""
    match post:
        case Alert():
            return tuple(topic.title for topic in post.topics)
        case Digest():
            return tuple(group.topic.title for group in post.groups)
        case _:
            return ()


async def tags_for(http: HTTPClient, destination: Destination, post: Post) -> list[int]:
    """Return the ids of the forum's tags that have the names of the post's topics, at most 5.

    Creates missing tags where the bot may manage the channel. A forum that requires a tag gets one that may be used.
    """
    if destination.forum is None:
        return []
    wanted = list(dict.fromkeys(title[:TAG_NAME].strip() for title in topics_of(post)))[:TAGS_PER_POST]
    tags = list(destination.forum.available_tags)
    may_create = destination.granted is not None and may_manage(destination.granted)
    ids = {tag.name.casefold(): tag.id for tag in tags if may_create or not tag.moderated}
    missing = [name for name in wanted if name and name.casefold() not in ids]
    missing = missing[: TAGS_PER_FORUM - len(tags)] if may_create and len(tags) < TAGS_PER_FORUM else []
    if missing:
        ids |= await _create_tags(http, destination.forum, tags, missing)
    chosen = [ids[name.casefold()] for name in wanted if name.casefold() in ids]
    if chosen or not destination.forum.flags.require_tag:
        return chosen
    similar = _similar_tags(wanted, usable_tags(destination))[:TAGS_PER_POST]
    return similar or await _any_tag(http, destination.forum, usable_tags(destination), may_create=may_create)


def usable_tags(destination: Destination) -> list[discord.ForumTag]:
    """Return the forum's tags that the bot may add to a post."""
    forum = destination.forum
    is_manager = destination.granted is not None and may_manage(destination.granted)
    return [] if forum is None else [tag for tag in forum.available_tags if is_manager or not tag.moderated]


def forum_refusal(destination: Destination) -> PostError | None:
    """Return why the bot can post nothing in a forum or media channel where it has all permissions; None if it can."""
    if destination.kind == MEDIA:
        return refusal(NOT_A_TEXT_CHANNEL, "it is a media channel, which accepts no posts without a file")
    return refusal(TAG_REQUIRED) if _lacks_tag(destination) else None


def _lacks_tag(destination: Destination) -> bool:
    """Return whether the forum requires a tag on each post and the bot can neither use nor create one."""
    forum = destination.forum
    if forum is None or not forum.flags.require_tag or usable_tags(destination):
        return False
    return destination.granted is not None and not may_manage(destination.granted)


async def _any_tag(
    http: HTTPClient, forum: discord.ForumChannel, usable: Sequence[discord.ForumTag], *, may_create: bool
) -> list[int]:
    """Return a tag for a post whose topics have none: one of a general name if there is one, else the first."""
    by_name = {tag.name.casefold(): tag.id for tag in usable}
    if not by_name and may_create:
        by_name = await _create_tags(http, forum, forum.available_tags, [_NEWS])
    general = (by_name[name] for name in _GENERAL if name in by_name)
    return [next(general, next(iter(by_name.values())))] if by_name else []


def _similar_tags(wanted: Sequence[str], usable: Sequence[discord.ForumTag]) -> list[int]:
    """Return the ids of tags with a word in common with a topic: "Huawei & ZTE" for Huawei."""
    words = {word for name in wanted for word in _WORD.findall(name.casefold())}
    return [tag.id for tag in usable if words & set(_WORD.findall(tag.name.casefold()))]


async def add_topic_tags(
    http: HTTPClient, destination: Destination, thread: int, post: Post, current: Sequence[int] | None
) -> None:
    """Add the tags of topics that the post did not have before. Keeps all its tags, also those that people added.

    `current` are the post's tags as the gateway sent them; None: the API is asked.

    Raises: what the library raises, except when Discord refuses the tags: the post is complete without them.
    """
    if not topics_of(post):
        return
    try:
        if current is None:
            channel: Mapping[str, Any] = dict(await http.get_channel(thread))
            current = [int(tag) for tag in channel.get("applied_tags", ())]
        if len(current) >= TAGS_PER_POST:
            return
        tags = list(dict.fromkeys([*current, *await tags_for(http, destination, post)]))[:TAGS_PER_POST]
        if len(tags) > len(current):
            route = Route("PATCH", "/channels/{channel_id}", channel_id=thread)
            await http.request(route, json={"applied_tags": tags})
    except discord.HTTPException as error:
        if error.status == 429 or error.status >= 500:
            raise
        logger.info("Discord refused new tags for a forum post, which keeps its tags: %s", error)


async def _create_tags(
    http: HTTPClient, forum: discord.ForumChannel, tags: Sequence[discord.ForumTag], names: Sequence[str]
) -> dict[str, int]:
    """Create tags; return the ids of all the forum's tags by name, or none where Discord refused."""
    added = [discord.ForumTag(name=name) for name in names]
    try:
        changed = await http.edit_channel(forum.id, available_tags=[tag.to_dict() for tag in (*tags, *added)])
    except FAILURES:
        return {}
    available: Any = dict(changed).get("available_tags", ())
    return {tag["name"].casefold(): int(tag["id"]) for tag in available}


async def find_post(
    http: HTTPClient, destination: Destination, guild: str, look_up: LookUp, *, bot_id: str
) -> str | None:
    """Return the id of the bot's own post with this key that was created in the period; None where there is none.

    Raises: what the library raises, and PostError where there are too many posts to check.
    """
    checked = 0
    async for thread in _threads(http, destination, guild, after=snowflake_after(look_up)):
        if int(thread["id"]) > snowflake_before(look_up):
            continue
        if thread.get("owner_id") != bot_id:
            continue
        checked += 1
        if checked > _MAX_CHECKED:
            raise not_now("The forum has too many new posts to look one up.", platform=Platform.DISCORD)
        try:
            first = await http.get_message(int(thread["id"]), int(thread["id"]))
        except discord.NotFound:
            continue  # its first message was deleted
        if has_key(dict(first), look_up.key):
            return str(thread["id"])
    return None


async def _threads(
    http: HTTPClient, destination: Destination, guild: str, *, after: int
) -> AsyncIterator[dict[str, Any]]:
    """Yield the forum's posts created after the snowflake `after`: the active ones, then the archived."""
    active = await http.get_active_threads(int(guild))
    for thread in active["threads"]:
        if int(thread["parent_id"]) == destination.id and int(thread["id"]) >= after:
            yield dict(thread)
    before: str | None = None
    while True:
        route = Route("GET", "/channels/{channel_id}/threads/archived/public", channel_id=destination.id)
        params: dict[str, Any] = {"limit": _PAGE_SIZE} | ({"before": before} if before else {})
        page = await http.request(route, params=params)
        for thread in page["threads"]:
            if int(thread["id"]) >= after:
                yield dict(thread)
        # Pages go back by the time of archiving, which is later than the creation. Once a post was archived before
        # `after`, all following ones were created before it too.
        before = page["threads"][-1]["thread_metadata"]["archive_timestamp"] if page["threads"] else None
        if not page.get("has_more") or before is None:
            return
        if datetime.fromisoformat(before) < discord.utils.snowflake_time(after):
            return
