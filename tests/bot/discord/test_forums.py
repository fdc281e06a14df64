"""Forum channels: a post a story with its topics' tags, its news inside, found again, opened again, left if locked."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.discord.messenger import DiscordMessenger
from handlers.answers.answer import Alert, Note
from handlers.answers.parts import Quote, TopicMark
from handlers.ports import PostError, PostFailure
from storage.records import Channel, Platform
from tests.bot.discord.conftest import Opening
from tests.support.answers import LEAD, alert, digest
from tests.support.discord_guild import guild
from tests.support.discord_server import EVERYTHING, FORUM, GUILD_ID, DiscordServer, Fault

PLACE = "79"
CHANNEL = Channel(
    id=1,
    workspace_id=1,
    platform=Platform.DISCORD,
    workspace_external_id=str(GUILD_ID),
    external_id=PLACE,
    name="stories",
)
LONG_AGO = datetime(2022, 1, 1, tzinfo=UTC)
BEGIN = "POST /api/v10/channels/{channel}/threads"
CHANGE = "PATCH /channels/{channel}"
CHANGE_CALL = "PATCH /api/v10/channels/{channel}"
COUNTS = {"message_count": 1, "member_count": 1}
TAG = {"moderated": False, "emoji_id": None, "emoji_name": None}
NOTE = Note(label="New", quote=Quote(text="Washington said more."), source=LEAD)


@pytest.fixture
def forum(server: DiscordServer) -> DiscordServer:
    server.kinds[PLACE] = FORUM
    server.tags[PLACE] = [{"id": "1", "name": "huawei"}, {"id": "2", "name": "5G"}]
    return server


def tags(server: DiscordServer, ref: str) -> list[str]:
    return [str(tag) for tag in server.forum_posts[ref]["applied_tags"]]


async def test_an_alert_is_a_post_named_like_its_headline_with_its_topics_tags(
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


async def test_a_post_has_five_tags_at_most_and_none_that_the_bot_may_not_give(
    forum: DiscordServer, messenger: DiscordMessenger
) -> None:
    forum.tags[PLACE] = [{"id": str(n + 1), "name": f"T{n}", "moderated": n == 0} for n in range(20)]

    ref = await messenger.post(CHANNEL, with_topics(*[f"t{n}" for n in range(9)]), key="k1")

    assert tags(forum, ref) == ["2", "3", "4", "5"]
    assert not [path for method, path in forum.calls if method == "PATCH"], "no tag was made unasked"


async def test_a_bot_that_manages_the_forum_makes_the_tags_that_are_missing(
    forum: DiscordServer, opening: Opening
) -> None:
    everything = guild(bot_may=EVERYTHING)
    everything["channels"][2]["available_tags"] = [TAG | {"id": str(n + 1), "name": f"T{n}"} for n in range(19)]
    forum.socket.guilds = [everything]
    async with opening() as gateway:
        await gateway.ready()
        ref = await gateway.messenger.post(
            CHANNEL, with_topics("T3", "A name far too long for a tag", "Full"), key="k1"
        )

    assert len(forum.tags[PLACE]) == 20
    made = forum.tags[PLACE][-1]
    assert made["name"] == "A name far too long"
    assert tags(forum, ref) == ["4", made["id"]]


async def test_an_edit_and_a_note_go_into_the_post(forum: DiscordServer, messenger: DiscordMessenger) -> None:
    ref = await messenger.post(CHANNEL, alert(), key="k1")

    await messenger.edit(CHANNEL, ref, alert(more=6))
    note = await messenger.post(CHANNEL, NOTE, key="k2", thread=ref)

    first, second = forum.messages[ref]
    assert "+6 sources" in first["embeds"][0]["footer"]["text"]
    assert second["id"] == note
    assert await messenger.find(CHANNEL, "k2", since=LONG_AGO, thread=ref) == note
    assert forum.threads == set(), "no thread of its own is made"


def tag_changes(server: DiscordServer) -> list[list[int]]:
    return [body["applied_tags"] for route, body in server.bodies if route == CHANGE and "applied_tags" in body]


@pytest.mark.parametrize("told", [True, False], ids=["known from the gateway", "asked for"])
async def test_a_post_gets_the_tags_of_topics_that_come_to_its_story_and_keeps_what_it_has(
    told: bool, forum: DiscordServer, opening: Opening, messenger: DiscordMessenger
) -> None:
    forum.tags[PLACE] = [{"id": str(n), "name": f"T{n}"} for n in range(1, 9)]
    described = guild()
    described["channels"][2]["available_tags"] = [TAG | tag for tag in forum.tags[PLACE]]
    forum.socket.guilds = [described]
    async with opening() as gateway:
        await gateway.ready()
        speaker = gateway.messenger if told else messenger
        ref = await speaker.post(CHANNEL, with_topics("T1"), key="k1")
        forum.forum_posts[ref]["applied_tags"].append("8")  # a moderator's
        if told:
            await forum.dispatch("THREAD_CREATE", forum.forum_posts[ref] | {"guild_id": str(GUILD_ID)} | COUNTS)
        await speaker.edit(CHANNEL, ref, with_topics("T1"))
        await speaker.edit(CHANNEL, ref, with_topics("T2", "T1", "T3"))
        assert tags(forum, ref) == ["1", "8", "2", "3"]
        if told:
            await forum.dispatch("THREAD_UPDATE", forum.forum_posts[ref] | {"guild_id": str(GUILD_ID)} | COUNTS)
        await speaker.edit(CHANNEL, ref, with_topics("T2", "T1", "T3"))
        await speaker.edit(CHANNEL, ref, with_topics(*(f"T{n}" for n in range(1, 8))))

    assert tags(forum, ref) == ["1", "8", "2", "3", "4"], "five at most"
    assert tag_changes(forum) == [[1, 8, 2, 3], [1, 8, 2, 3, 4]], "only where they change"


async def test_a_post_whose_tags_may_not_be_changed_is_edited_all_the_same(
    forum: DiscordServer, messenger: DiscordMessenger
) -> None:
    ref = await messenger.post(CHANNEL, with_topics("huawei"), key="k1")
    forum.faults[CHANGE_CALL] = [Fault(status=403, code=50013)]

    await messenger.edit(CHANNEL, ref, replace(with_topics("huawei", "5G"), more=alert(more=6).more))

    assert tags(forum, ref) == ["1"]
    assert "+6 sources" in forum.messages[ref][0]["embeds"][0]["footer"]["text"]


async def test_an_archived_post_is_opened_for_an_edit(forum: DiscordServer, messenger: DiscordMessenger) -> None:
    ref = await messenger.post(CHANNEL, alert(), key="k1")
    forum.forum_posts[ref]["thread_metadata"]["archived"] = True

    await messenger.edit(CHANNEL, ref, alert(more=6))

    assert "+6 sources" in forum.messages[ref][0]["embeds"][0]["footer"]["text"]


async def test_a_post_that_moderators_locked_gets_nothing_more_and_the_forum_stays_open(
    forum: DiscordServer, messenger: DiscordMessenger
) -> None:
    ref = await messenger.post(CHANNEL, alert(), key="k1")
    forum.forum_posts[ref]["thread_metadata"] |= {"archived": True, "locked": True}

    with pytest.raises(PostError) as note:
        await messenger.post(CHANNEL, NOTE, key="k2", thread=ref)
    with pytest.raises(PostError) as edit:
        await messenger.edit(CHANNEL, ref, alert(more=6))

    assert (note.value.failure, str(note.value)) == (PostFailure.REFUSED, "Its thread is locked.")
    assert edit.value.failure is PostFailure.REFUSED


@pytest.mark.parametrize("archived", [False, True], ids=["open", "archived meanwhile"])
@pytest.mark.parametrize("what", ["alert", "digest"])
async def test_a_post_whose_answer_was_lost_is_found_by_the_key_of_its_buttons(
    what: str, archived: bool, forum: DiscordServer, messenger: DiscordMessenger
) -> None:
    forum.faults[BEGIN] = [Fault(drop=True, after=True)]

    with pytest.raises(PostError) as caught:
        await messenger.post(CHANNEL, alert() if what == "alert" else replace(digest(2), chart=None), key="k1")
    (ref,) = forum.forum_posts
    forum.forum_posts[ref]["thread_metadata"]["archived"] = archived

    assert caught.value.failure is PostFailure.PERHAPS
    assert await messenger.find(CHANNEL, "k1", since=LONG_AGO) == ref
    assert await messenger.find(CHANNEL, "k2", since=LONG_AGO) is None
    assert await messenger.find(CHANNEL, "k1", since=datetime(2100, 1, 1, tzinfo=UTC)) is None


async def test_a_post_that_was_deleted_closes_nothing(forum: DiscordServer, messenger: DiscordMessenger) -> None:
    ref = await messenger.post(CHANNEL, alert(), key="k1")
    forum.faults["PATCH /api/v10/channels/{channel}/messages/{message}"] = [Fault(status=404, code=10003)]

    with pytest.raises(PostError, match="deleted") as caught:
        await messenger.edit(CHANNEL, ref, alert(more=6))

    assert caught.value.failure is PostFailure.REFUSED


async def test_a_forum_that_wants_tags_which_it_does_not_have_is_closed_with_that_reason(
    forum: DiscordServer, messenger: DiscordMessenger
) -> None:
    forum.faults[BEGIN] = [Fault(status=400, code=40067)]

    with pytest.raises(PostError, match="wants a tag") as caught:
        await messenger.post(CHANNEL, with_topics("Other"), key="k1")

    assert caught.value.failure is PostFailure.CHANNEL_GONE
