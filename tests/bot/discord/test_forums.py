"""Forum channels: a post per story with the tags of its topics, its updates, look-ups, and archived or locked posts."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.discord.messenger import DiscordMessenger
from handlers.answers.answer import Alert, Note
from handlers.answers.parts import Quote, TopicMark
from handlers.ports import PostError
from handlers.rules.refusals import RefusalKind
from storage.records import Channel, Platform
from tests.bot.discord.conftest import Opening
from tests.bot.discord.outbox import kind_of, looking_for
from tests.support.answers import LEAD, alert, digest
from tests.support.discord_faults import Fault
from tests.support.discord_guild import EVERYTHING, FORUM, GUILD_ID, guild
from tests.support.discord_server import DiscordServer

FORUM_ID = "79"
CHANNEL = Channel(
    id=1,
    workspace_id=1,
    platform=Platform.DISCORD,
    workspace_external_id=str(GUILD_ID),
    external_id=FORUM_ID,
    name="stories",
)
CREATE_POST = "POST /api/v10/channels/{channel}/threads"
PATCH_CHANNEL = "PATCH /channels/{channel}"
PATCH_CHANNEL_CALL = "PATCH /api/v10/channels/{channel}"
THREAD_COUNTS = {"message_count": 1, "member_count": 1}
TAG = {"moderated": False, "emoji_id": None, "emoji_name": None}
NOTE = Note(label="New", quote=Quote(text="Washington said more."), source=LEAD)


@pytest.fixture
def forum(server: DiscordServer) -> DiscordServer:
    server.kinds[FORUM_ID] = FORUM
    server.tags[FORUM_ID] = [{"id": "1", "name": "huawei"}, {"id": "2", "name": "5G"}]
    return server


def tags(server: DiscordServer, ref: str) -> list[str]:
    return [str(tag) for tag in server.forum_posts[ref]["applied_tags"]]


async def test_an_alert_is_a_post_with_its_headline_and_the_tags_of_its_topics(
    forum: DiscordServer, messenger: DiscordMessenger
) -> None:
    ref = await messenger.post(CHANNEL, alert(), key="k1")

    assert forum.forum_posts[ref]["name"] == "MTS and Huawei agree to build 5G in Russia"
    assert tags(forum, ref) == ["1", "2"]
    (message,) = forum.messages[ref]
    assert message["id"] == ref
    assert message["allowed_mentions"] == {"parse": [], "users": [], "roles": []}


def with_topics(*titles: str) -> Alert:
    return replace(alert(), topics=tuple(TopicMark(title=title, color="#123456") for title in titles))


async def test_a_post_has_at_most_five_tags_and_none_that_only_moderators_may_add(
    forum: DiscordServer, messenger: DiscordMessenger
) -> None:
    forum.tags[FORUM_ID] = [{"id": str(n + 1), "name": f"T{n}", "moderated": n == 0} for n in range(20)]

    ref = await messenger.post(CHANNEL, with_topics(*[f"t{n}" for n in range(9)]), key="k1")

    assert tags(forum, ref) == ["2", "3", "4", "5"]
    assert not [path for method, path in forum.calls if method == "PATCH"], "no tag was created"


async def test_a_bot_that_manages_the_forum_creates_missing_tags(forum: DiscordServer, opening: Opening) -> None:
    everything = guild(bot_may=EVERYTHING)
    everything["channels"][2]["available_tags"] = [TAG | {"id": str(n + 1), "name": f"T{n}"} for n in range(19)]
    forum.socket.guilds = [everything]
    async with opening() as gateway:
        await gateway.ready()
        ref = await gateway.messenger.post(
            CHANNEL, with_topics("T3", "A name far too long for a tag", "Full"), key="k1"
        )

    assert len(forum.tags[FORUM_ID]) == 20
    created = forum.tags[FORUM_ID][-1]
    assert created["name"] == "A name far too long"
    assert tags(forum, ref) == ["4", created["id"]]


async def test_an_edit_and_a_note_go_into_the_post(forum: DiscordServer, messenger: DiscordMessenger) -> None:
    ref = await messenger.post(CHANNEL, alert(), key="k1")

    await messenger.edit(CHANNEL, ref, alert(more=6))
    note = await messenger.post(CHANNEL, NOTE, key="k2", thread=ref)

    first, second = forum.messages[ref]
    assert "+6 sources" in first["embeds"][0]["footer"]["text"]
    assert second["id"] == note
    assert await messenger.find(CHANNEL, looking_for("k2", ref)) == note
    assert forum.threads == set(), "the note has no thread of its own"

    await messenger.edit(CHANNEL, note, replace(NOTE, label="And 2 more"), thread=ref)

    assert "And 2 more" in forum.messages[ref][1]["embeds"][0]["description"]


def tag_changes(server: DiscordServer) -> list[list[int]]:
    """Return the tags of every request that changes the tags of a post."""
    return [body["applied_tags"] for route, body in server.bodies if route == PATCH_CHANNEL and "applied_tags" in body]


@pytest.mark.parametrize("cached", [True, False], ids=["sent by the gateway", "read from the API"])
async def test_a_post_gets_the_tags_of_new_topics_and_keeps_its_other_tags(
    cached: bool, forum: DiscordServer, opening: Opening, messenger: DiscordMessenger
) -> None:
    forum.tags[FORUM_ID] = [{"id": str(n), "name": f"T{n}"} for n in range(1, 9)]
    described = guild()
    described["channels"][2]["available_tags"] = [TAG | tag for tag in forum.tags[FORUM_ID]]
    forum.socket.guilds = [described]
    async with opening() as gateway:
        await gateway.ready()
        tested = gateway.messenger if cached else messenger
        ref = await tested.post(CHANNEL, with_topics("T1"), key="k1")
        forum.forum_posts[ref]["applied_tags"].append("8")  # added by a moderator
        if cached:
            await forum.dispatch("THREAD_CREATE", forum.forum_posts[ref] | {"guild_id": str(GUILD_ID)} | THREAD_COUNTS)
        await tested.edit(CHANNEL, ref, with_topics("T1"))
        await tested.edit(CHANNEL, ref, with_topics("T2", "T1", "T3"))
        assert tags(forum, ref) == ["1", "8", "2", "3"]
        if cached:
            await forum.dispatch("THREAD_UPDATE", forum.forum_posts[ref] | {"guild_id": str(GUILD_ID)} | THREAD_COUNTS)
        await tested.edit(CHANNEL, ref, with_topics("T2", "T1", "T3"))
        await tested.edit(CHANNEL, ref, with_topics(*(f"T{n}" for n in range(1, 8))))

    assert tags(forum, ref) == ["1", "8", "2", "3", "4"], "five at most"
    assert tag_changes(forum) == [[1, 8, 2, 3], [1, 8, 2, 3, 4]], "requests only for changes"


async def test_a_post_whose_tags_may_not_be_changed_is_still_edited(
    forum: DiscordServer, messenger: DiscordMessenger
) -> None:
    ref = await messenger.post(CHANNEL, with_topics("huawei"), key="k1")
    forum.faults[PATCH_CHANNEL_CALL] = [Fault(status=403, code=50013)]

    await messenger.edit(CHANNEL, ref, replace(with_topics("huawei", "5G"), more=alert(more=6).more))

    assert tags(forum, ref) == ["1"]
    assert "+6 sources" in forum.messages[ref][0]["embeds"][0]["footer"]["text"]


async def test_an_archived_post_is_reopened_for_an_edit(forum: DiscordServer, messenger: DiscordMessenger) -> None:
    ref = await messenger.post(CHANNEL, alert(), key="k1")
    forum.forum_posts[ref]["thread_metadata"]["archived"] = True

    await messenger.edit(CHANNEL, ref, alert(more=6))

    assert "+6 sources" in forum.messages[ref][0]["embeds"][0]["footer"]["text"]


async def test_a_locked_post_refuses_updates_and_the_forum_stays_open(
    forum: DiscordServer, messenger: DiscordMessenger
) -> None:
    ref = await messenger.post(CHANNEL, alert(), key="k1")
    forum.forum_posts[ref]["thread_metadata"] |= {"archived": True, "locked": True}

    with pytest.raises(PostError) as note:
        await messenger.post(CHANNEL, NOTE, key="k2", thread=ref)
    with pytest.raises(PostError) as edit:
        await messenger.edit(CHANNEL, ref, alert(more=6))

    assert (kind_of(note.value), str(note.value)) == (RefusalKind.THIS_MESSAGE, "its thread is locked.")
    assert kind_of(edit.value) is RefusalKind.THIS_MESSAGE


@pytest.mark.parametrize("archived", [False, True], ids=["active", "archived"])
@pytest.mark.parametrize("what", ["alert", "digest"])
async def test_a_post_whose_response_was_lost_is_found_by_its_key(
    what: str, archived: bool, forum: DiscordServer, messenger: DiscordMessenger
) -> None:
    forum.faults[CREATE_POST] = [Fault(drop=True, after=True)]

    with pytest.raises(PostError) as caught:
        await messenger.post(CHANNEL, alert() if what == "alert" else replace(digest(2), chart=None), key="k1")
    (ref,) = forum.forum_posts
    forum.forum_posts[ref]["thread_metadata"]["archived"] = archived

    assert caught.value.refusal is None
    assert await messenger.find(CHANNEL, looking_for("k1")) == ref
    assert await messenger.find(CHANNEL, looking_for("k2")) is None
    assert await messenger.find(CHANNEL, looking_for("k1", since=datetime(2100, 1, 1, tzinfo=UTC))) is None


async def test_a_deleted_post_does_not_close_the_forum(forum: DiscordServer, messenger: DiscordMessenger) -> None:
    ref = await messenger.post(CHANNEL, alert(), key="k1")
    forum.faults["PATCH /api/v10/channels/{channel}/messages/{message}"] = [Fault(status=404, code=10003)]

    with pytest.raises(PostError, match="deleted") as caught:
        await messenger.edit(CHANNEL, ref, alert(more=6))

    assert kind_of(caught.value) is RefusalKind.THIS_MESSAGE


async def test_a_forum_that_requires_a_missing_tag_is_closed_with_that_reason(
    forum: DiscordServer, messenger: DiscordMessenger
) -> None:
    forum.faults[CREATE_POST] = [Fault(status=400, code=40067)]

    with pytest.raises(PostError, match="requires a tag") as caught:
        await messenger.post(CHANNEL, with_topics("Other"), key="k1")

    assert kind_of(caught.value) is RefusalKind.UNTIL_ACTION
