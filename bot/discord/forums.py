"""Forum channels: a post for each story, with the tags of its topics; found again by the key that its buttons carry."""

import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import discord
from discord.http import HTTPClient, Route

from bot.discord.destinations import Place
from bot.discord.failures import FAILURES
from bot.discord.limits import TAG_NAME, TAGS_A_FORUM, TAGS_A_POST
from bot.discord.message import carries
from bot.discord.permissions import Right
from handlers.answers.answer import Alert, Digest, Post
from handlers.ports import PostError, PostFailure

logger = logging.getLogger(__name__)

ARCHIVE_AFTER_MIN: Final = 4320
"""Three days, as long as a story grows. One of 60, 1440, 4320, 10080:
https://discord.com/developers/docs/resources/channel#thread-metadata-object
"""
_PAGE: Final = 100
_LOOKED_AT: Final = 500
"""Posts begun since; more than this is no channel that a bot can be sure about."""


def topics_of(post: Post) -> tuple[str, ...]:
    """Titles of the topics that the post is about."""
    match post:
        case Alert():
            return tuple(topic.title for topic in post.topics)
        case Digest():
            return tuple(group.topic.title for group in post.groups)
        case _:
            return ()


async def tags_for(http: HTTPClient, place: Place, post: Post) -> list[int]:
    """Ids of the forum's tags named like the post's topics, at most 5. Missing ones are made where the bot may."""
    if place.forum is None:
        return []
    wanted = list(dict.fromkeys(title[:TAG_NAME].strip() for title in topics_of(post)))[:TAGS_A_POST]
    tags = list(place.forum.available_tags)
    may_make = place.granted is not None and bool(place.granted & (Right.MANAGE_CHANNELS | Right.ADMINISTRATOR))
    known = {tag.name.casefold(): tag.id for tag in tags if may_make or not tag.moderated}
    missing = [name for name in wanted if name and name.casefold() not in known]
    missing = missing[: TAGS_A_FORUM - len(tags)] if may_make and len(tags) < TAGS_A_FORUM else []
    if missing:
        known |= await _made(http, place.forum, tags, missing)
    return [known[name.casefold()] for name in wanted if name.casefold() in known]


async def follow_topics(http: HTTPClient, place: Place, thread: int, post: Post, known: Sequence[int] | None) -> None:
    """Give the post the tags of the topics that came to it since; those that it has, by whomever, stay.

    `known`: the tags that the gateway tells of; None: asked for. Raises: what the library raises, but no refusal: a
    post can do without.
    """
    if not topics_of(post):
        return
    try:
        if known is None:
            asked: Mapping[str, Any] = dict(await http.get_channel(thread))
            known = [int(tag) for tag in asked.get("applied_tags", ())]
        if len(known) >= TAGS_A_POST:
            return
        tags = list(dict.fromkeys([*known, *await tags_for(http, place, post)]))[:TAGS_A_POST]
        if len(tags) > len(known):
            route = Route("PATCH", "/channels/{channel_id}", channel_id=thread)
            await http.request(route, json={"applied_tags": tags})
    except discord.HTTPException as error:
        if error.status == 429 or error.status >= 500:
            raise
        logger.info("A forum's post keeps the tags that it has: %s", error)


async def _made(
    http: HTTPClient, forum: discord.ForumChannel, tags: Sequence[discord.ForumTag], names: Sequence[str]
) -> dict[str, int]:
    """The forum's tags after these were added; none where Discord did not add them: a post can do without."""
    fresh = [discord.ForumTag(name=name) for name in names]
    try:
        changed = await http.edit_channel(forum.id, available_tags=[tag.to_dict() for tag in (*tags, *fresh)])
    except FAILURES:
        return {}
    now_there: Any = dict(changed).get("available_tags", ())
    return {tag["name"].casefold(): int(tag["id"]) for tag in now_there}


async def find_post(
    http: HTTPClient, place: Place, guild: str, key: str, *, since: datetime, bot_id: str
) -> str | None:
    """The bot's own post with this key, begun after `since`. Raises: what the library raises, PostError."""
    looked_at = 0
    async for thread in _threads(http, place, guild, after=discord.utils.time_snowflake(since)):
        if thread.get("owner_id") != bot_id:
            continue
        looked_at += 1
        if looked_at > _LOOKED_AT:
            raise PostError("The forum has too many new posts to look one up.", failure=PostFailure.REFUSED)
        try:
            begun = await http.get_message(int(thread["id"]), int(thread["id"]))
        except discord.NotFound:
            continue  # its first message was deleted
        if carries(dict(begun), key):
            return str(thread["id"])
    return None


async def _threads(http: HTTPClient, place: Place, guild: str, *, after: int) -> AsyncIterator[dict[str, Any]]:
    """The forum's posts begun after that snowflake: the open ones, then the archived."""
    opened = await http.get_active_threads(int(guild))
    for thread in opened["threads"]:
        if int(thread["parent_id"]) == place.id and int(thread["id"]) >= after:
            yield dict(thread)
    before: str | None = None
    while True:
        route = Route("GET", "/channels/{channel_id}/threads/archived/public", channel_id=place.id)
        params: dict[str, Any] = {"limit": _PAGE} | ({"before": before} if before else {})
        page = await http.request(route, params=params)
        for thread in page["threads"]:
            if int(thread["id"]) >= after:
                yield dict(thread)
        # Archived later than it was begun: nothing older than `after` can follow one that was archived before it.
        before = page["threads"][-1]["thread_metadata"]["archive_timestamp"] if page["threads"] else None
        if not page.get("has_more") or before is None:
            return
        if datetime.fromisoformat(before) < discord.utils.snowflake_time(after):
            return
