"""Follow: anyone hears of news in a story as they chose, once, and nobody else does."""

from datetime import UTC, datetime, timedelta

import pytest

from handlers.answers.answer import Digest, Notice, Reply
from handlers.answers.parts import Tone
from handlers.commands.follow import enqueue_direct_messages
from handlers.ports import PostFailure
from handlers.reports.digest import enqueue_digests
from storage.records import Channel, ChannelState, DeliveryKind, DeliveryState, FollowMode, Platform
from storage.store import Store
from tests.support.fakes import Failure
from tests.support.newsroom import Newsroom
from tests.support.world import World, copied, huawei, huawei_elsewhere, watching

LATER = timedelta(minutes=5)


class Reader:
    """Somebody without any right who presses buttons under an alert that is posted."""

    def __init__(self, world: World, channel: Channel, story: int, name: str = "U7") -> None:
        self.world, self.channel, self.story, self.name = world, channel, story, name
        self.room = Newsroom(world.store)

    async def presses(self, how: str = "", *, zone: str | None = None) -> Notice:
        self.room.now = self.world.now
        reply: Reply = await self.room.presses(
            f"follow:{self.story}:{how}".rstrip(":"),
            workspace="local",
            channel=self.channel.external_id,
            platform=self.channel.platform,
            user=self.name,
            may_manage=False,
            zone=zone,
        )
        assert isinstance(reply.answer, Notice)
        return reply.answer

    async def direct(self) -> Channel | None:
        async with self.world.store.read() as tx:
            return await tx.channels.find(self.channel.workspace_id, f"@{self.name}")


@pytest.fixture
async def reader(store: Store) -> Reader:
    world, channel, _ = await watching(store, platform=Platform.DISCORD)
    (first,) = await world.take(huawei())
    await world.post()
    assert first.story_id is not None
    return Reader(world, channel, first.story_id)


async def _news(reader: Reader) -> None:
    world = reader.world
    world.clock.advance(LATER)
    await world.take(huawei_elsewhere())
    await enqueue_direct_messages(world.store, world.now)
    await world.post()


def _direct(reader: Reader, name: str = "@U7") -> list[object]:
    return [message.shown for message in reader.world.messenger.in_channel(name)]


async def test_a_press_asks_how_and_changes_nothing_yet(reader: Reader) -> None:
    answer = await reader.presses()

    assert [one.action for one in answer.buttons] == [
        f"follow:{reader.story}:mention",
        f"follow:{reader.story}:message",
        f"follow:{reader.story}:digest",
    ]
    async with reader.world.store.read() as tx:
        assert await tx.follows.mode(reader.channel.id, reader.story, "U7") is None


@pytest.mark.parametrize("how", list(FollowMode))
async def test_a_way_is_chosen_changed_and_stopped(reader: Reader, how: FollowMode) -> None:
    for _ in range(2):
        assert (await reader.presses(how)).tone is Tone.DONE
    again = await reader.presses()
    async with reader.world.store.read() as tx:
        assert await tx.follows.mode(reader.channel.id, reader.story, "U7") is how

    assert "You follow this story" in again.text
    assert f"follow:{reader.story}:{how}" not in [one.action for one in again.buttons]
    assert again.buttons[-1].action == f"follow:{reader.story}:stop"
    for _ in range(2):
        assert (await reader.presses("stop")).tone is Tone.DONE
    await _news(reader)
    assert [note.mentions for note in reader.world.notes(reader.channel)] == [()]
    assert _direct(reader) == []


async def test_who_is_named_in_the_thread_gets_no_message(reader: Reader) -> None:
    await reader.presses("mention")

    await _news(reader)

    assert [note.mentions for note in reader.world.notes(reader.channel)] == [("U7",)]
    assert _direct(reader) == []


async def test_a_message_comes_once_with_the_news_and_where_to_stop_it(reader: Reader) -> None:
    await reader.presses("message")

    await _news(reader)
    owed_again = await enqueue_direct_messages(reader.world.store, reader.world.now + LATER)
    await reader.world.post(after=LATER)

    assert owed_again == 0
    (told,) = _direct(reader)
    assert isinstance(told, Notice) and told.buttons == ()
    assert told.text.startswith("New: Washington said on Thursday")
    assert "To stop, press Follow on its alert in #intel." in told.text
    assert [link.text for link in told.links] == ["MTS and Huawei agree to build 5G in Russia", "Daily Sample"]
    assert [note.mentions for note in reader.world.notes(reader.channel)] == [()]


async def test_what_was_said_before_somebody_followed_is_not_told(reader: Reader) -> None:
    await _news(reader)
    reader.world.clock.advance(LATER)

    await reader.presses("message")

    assert await enqueue_direct_messages(reader.world.store, reader.world.now) == 0


async def test_a_story_followed_from_two_channels_is_told_once(reader: Reader) -> None:
    world = reader.world
    topic = await world.topic("moscow")
    other = await world.channel("other")
    await world.subscribe(other, topic)
    await world.take(copied())
    await world.post()
    await reader.presses("message")
    await Reader(world, other, reader.story).presses("message")

    await _news(reader)

    assert len(_direct(reader)) == 1


async def test_who_refuses_messages_is_named_in_the_thread_instead_and_told_at_the_next_press(reader: Reader) -> None:
    world = reader.world
    await reader.presses("message")
    world.clock.advance(LATER)
    await world.take(huawei_elsewhere())
    await enqueue_direct_messages(world.store, world.now)
    world.messenger.channel_failures["@U7"] = Failure(
        failure=PostFailure.CHANNEL_GONE, message="they do not accept messages"
    )
    await world.post()

    direct = await reader.direct()
    assert direct is not None and direct.state is ChannelState.GONE
    async with world.store.read() as tx:
        states = await tx.deliveries.counts(workspace_id=reader.channel.workspace_id)
        assert states[DeliveryState.DEAD] == 1
        assert await tx.follows.to_mention(reader.channel.id, reader.story) == ("U7",)
        active = await tx.channels.get(reader.channel.id)
    assert active is not None and active.state is ChannelState.ACTIVE
    assert [type(one.shown).__name__ for one in world.messages(reader.channel)] == ["Alert"]

    assert "they do not accept messages" in (await reader.presses()).text
    await reader.presses("message")
    direct = await reader.direct()
    assert direct is not None and direct.state is ChannelState.ACTIVE


async def test_an_own_digest_comes_at_the_persons_hour_with_what_is_new_and_no_second_time(reader: Reader) -> None:
    world = reader.world
    answer = await reader.presses("digest", zone="Europe/Berlin")
    direct = await reader.direct()
    assert "Every day at 08:30 Europe/Berlin, if there is any." in answer.text
    assert direct is not None and direct.next_digest_at == datetime(2026, 11, 24, 7, 30, tzinfo=UTC)

    await _news(reader)
    world.clock.now = direct.next_digest_at
    assert await enqueue_digests(world.store, world.now) == 1
    await world.post()
    world.clock.advance(timedelta(days=1))
    assert await enqueue_digests(world.store, world.now) == 0  # nothing new: silence

    (digest,) = _direct(reader)
    assert isinstance(digest, Digest) and (digest.stories, digest.articles, digest.buttons) == (1, 1, ())
    (group,) = digest.groups
    assert (group.topic.title, group.brief) == ("Stories you follow", None)
    assert [line.report.publisher for line in group.stories] == ["Daily Sample"]


async def test_what_an_own_digest_told_is_not_told_again_though_it_looks_back_a_little(reader: Reader) -> None:
    world = reader.world
    await reader.presses("digest")
    direct = await reader.direct()
    assert direct is not None and direct.next_digest_at is not None
    world.clock.now = direct.next_digest_at - timedelta(minutes=1)
    await world.take(huawei_elsewhere())
    world.clock.now = direct.next_digest_at
    assert await enqueue_digests(world.store, world.now) == 1

    world.clock.advance(timedelta(days=1))

    assert await enqueue_digests(world.store, world.now) == 0


async def test_a_digest_shows_no_word_of_another_workspace(reader: Reader) -> None:
    """Neither its articles nor, in bold, what its topics look for in a shared one."""
    world = reader.world
    rival = await world.workspace("rival")
    await world.topic("secret", "washington", workspace_id=rival.id)
    theirs = await world.source("https://rival.example/feed", workspace_id=rival.id)
    await reader.presses("digest")
    direct = await reader.direct()
    assert direct is not None and direct.next_digest_at is not None

    await _news(reader)
    await world.take(copied(publisher="Secret"), source=theirs)
    world.clock.now = direct.next_digest_at
    await enqueue_digests(world.store, world.now)
    await world.post()

    (digest,) = _direct(reader)
    assert isinstance(digest, Digest) and "Secret" not in repr(digest)
    (line,) = digest.groups[0].stories
    bold = {line.sentence.text[start:end] for start, end in line.sentence.bold}
    assert bold <= {"Huawei"}


async def test_notices_about_channels_never_go_into_somebodys_messages(reader: Reader) -> None:
    world = reader.world
    await reader.presses("message")
    world.messenger.channel_failures[reader.channel.external_id] = Failure(
        failure=PostFailure.CHANNEL_GONE, message="it was archived"
    )

    await world.take(
        huawei_elsewhere(text="Huawei and MTS in Russia, told in other words.\n\nParis will vote on 5 May.")
    )
    await world.post(after=LATER)

    direct = await reader.direct()
    async with world.store.read() as tx:
        assert direct is not None
        assert await tx.deliveries.find(direct.id, DeliveryKind.NOTICE, "gone") is None
    assert _direct(reader) == []


async def test_direct_messages_of_others_are_no_channel_to_anybody_else(reader: Reader) -> None:
    await reader.presses("digest")
    direct = await reader.direct()
    assert direct is not None
    other = Reader(reader.world, reader.channel, reader.story, "U8")
    other.room.now = reader.world.now
    asked = {"workspace": "local", "channel": reader.channel.external_id, "user": "U8", "manages": frozenset({"@U7"})}

    for action in (f"digest:pause:{direct.id}", f"digest:hour:{direct.id}:0700", f"digest:change:{direct.id}"):
        answer = (await other.room.presses(action, **asked)).answer
        assert isinstance(answer, Notice) and answer.tone is Tone.REFUSED
    named = await other.room.says("/subscriptions in #@U7", **asked)

    assert "I know no channel" in repr(named)
    assert await reader.direct() == direct
