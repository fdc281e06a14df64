"""Follow: people get news of a story in the way they chose, once, and nobody else does."""

from datetime import UTC, datetime, timedelta

import pytest

from handlers.answers.answer import Digest, Notice, Reply
from handlers.answers.parts import Tone
from handlers.commands.follow import enqueue_direct_messages
from handlers.reports.digest import enqueue_digests
from handlers.rules.refusals import RefusalKind
from storage.records import Channel, ChannelState, DeliveryKind, DeliveryState, FollowMode, Platform
from storage.store import Store
from tests.support.fakes import Failure
from tests.support.newsroom import Newsroom
from tests.support.world import World, copied, huawei, huawei_elsewhere, watching

LATER = timedelta(minutes=5)


class Reader:
    """A person without any right who clicks buttons under a posted alert."""

    def __init__(self, world: World, channel: Channel, story: int, name: str = "U7") -> None:
        self.world, self.channel, self.story, self.name = world, channel, story, name
        self.room = Newsroom(world.store)

    async def click(self, how: str = "", *, zone: str | None = None) -> Notice:
        self.room.now = self.world.now
        reply: Reply = await self.room.click(
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


async def test_the_first_click_asks_how_and_changes_nothing(reader: Reader) -> None:
    answer = await reader.click()

    assert [button.action for button in answer.buttons] == [
        f"follow:{reader.story}:mention",
        f"follow:{reader.story}:message",
        f"follow:{reader.story}:digest",
    ]
    async with reader.world.store.read() as tx:
        assert await tx.follows.mode(reader.channel.id, reader.story, "U7") is None


@pytest.mark.parametrize("how", list(FollowMode))
async def test_a_way_to_follow_is_chosen_and_stopped(reader: Reader, how: FollowMode) -> None:
    for _ in range(2):
        assert (await reader.click(how)).tone is Tone.DONE
    again = await reader.click()
    async with reader.world.store.read() as tx:
        assert await tx.follows.mode(reader.channel.id, reader.story, "U7") is how

    assert "You follow this story" in again.text
    assert f"follow:{reader.story}:{how}" not in [button.action for button in again.buttons]
    assert again.buttons[-1].action == f"follow:{reader.story}:stop"
    for _ in range(2):
        assert (await reader.click("stop")).tone is Tone.DONE
    await _news(reader)
    assert [note.mentions for note in reader.world.notes(reader.channel)] == [()]
    assert _direct(reader) == []


async def test_a_person_who_is_mentioned_in_the_thread_gets_no_message(reader: Reader) -> None:
    await reader.click("mention")

    await _news(reader)

    assert [note.mentions for note in reader.world.notes(reader.channel)] == [("U7",)]
    assert _direct(reader) == []


async def test_a_message_comes_once_with_the_news_and_how_to_stop_it(reader: Reader) -> None:
    await reader.click("message")

    await _news(reader)
    enqueued_again = await enqueue_direct_messages(reader.world.store, reader.world.now + LATER)
    await reader.world.post(after=LATER)

    assert enqueued_again == 0
    (message,) = _direct(reader)
    assert isinstance(message, Notice) and message.buttons == ()
    assert message.text.startswith("New: Washington said on Thursday")
    assert "To stop, click Follow on its alert in #intel." in message.text
    assert [link.text for link in message.links] == ["MTS and Huawei agree to build 5G in Russia", "Daily Sample"]
    assert [note.mentions for note in reader.world.notes(reader.channel)] == [()]


async def test_news_from_before_a_person_followed_is_not_sent(reader: Reader) -> None:
    await _news(reader)
    reader.world.clock.advance(LATER)

    await reader.click("message")

    assert await enqueue_direct_messages(reader.world.store, reader.world.now) == 0


async def test_a_story_followed_from_two_channels_sends_one_message(reader: Reader) -> None:
    world = reader.world
    topic = await world.topic("moscow")
    other = await world.channel("other")
    await world.subscribe(other, topic)
    await world.take(copied())
    await world.post()
    await reader.click("message")
    await Reader(world, other, reader.story).click("message")

    await _news(reader)

    assert len(_direct(reader)) == 1


async def test_a_person_who_refuses_messages_is_mentioned_in_the_thread_and_learns_why_at_the_next_click(
    reader: Reader,
) -> None:
    world = reader.world
    await reader.click("message")
    world.clock.advance(LATER)
    await world.take(huawei_elsewhere())
    await enqueue_direct_messages(world.store, world.now)
    world.messenger.channel_failures["@U7"] = Failure(kind=RefusalKind.FOR_EVER, message="they do not accept messages")
    await world.post()

    direct = await reader.direct()
    assert direct is not None and direct.state is ChannelState.GONE
    async with world.store.read() as tx:
        states = await tx.deliveries.counts(workspace_id=reader.channel.workspace_id)
        assert states[DeliveryState.DEAD] == 1
        assert await tx.follows.to_mention(reader.channel.id, reader.story) == ("U7",)
        active = await tx.channels.get(reader.channel.id)
    assert active is not None and active.state is ChannelState.ACTIVE
    assert [type(message.shown).__name__ for message in world.messages(reader.channel)] == ["Alert"]

    assert "they do not accept messages" in (await reader.click()).text
    await reader.click("message")
    direct = await reader.direct()
    assert direct is not None and direct.state is ChannelState.ACTIVE


async def test_a_personal_digest_comes_once_at_the_persons_hour_with_the_news(reader: Reader) -> None:
    world = reader.world
    answer = await reader.click("digest", zone="Europe/Berlin")
    direct = await reader.direct()
    assert "It comes every day at 08:30 Europe/Berlin if there is news." in answer.text
    assert direct is not None and direct.next_digest_at == datetime(2026, 11, 24, 7, 30, tzinfo=UTC)

    await _news(reader)
    world.clock.now = direct.next_digest_at
    assert await enqueue_digests(world.store, world.now) == 1
    await world.post()
    world.clock.advance(timedelta(days=1))
    assert await enqueue_digests(world.store, world.now) == 0  # nothing new, so nothing is posted

    (digest,) = _direct(reader)
    assert isinstance(digest, Digest) and (digest.stories, digest.articles, digest.buttons) == (1, 1, ())
    (group,) = digest.groups
    assert (group.topic.title, group.brief) == ("Stories you follow", None)
    assert [line.report.publisher for line in group.stories] == ["Daily Sample"]


async def test_a_personal_digest_repeats_nothing_though_its_periods_overlap(reader: Reader) -> None:
    world = reader.world
    await reader.click("digest")
    direct = await reader.direct()
    assert direct is not None and direct.next_digest_at is not None
    world.clock.now = direct.next_digest_at - timedelta(minutes=1)
    await world.take(huawei_elsewhere())
    world.clock.now = direct.next_digest_at
    assert await enqueue_digests(world.store, world.now) == 1

    world.clock.advance(timedelta(days=1))

    assert await enqueue_digests(world.store, world.now) == 0


async def test_a_personal_digest_shows_nothing_of_another_workspace(reader: Reader) -> None:
    """It contains neither its articles nor, in bold, what its topics match in a shared article."""
    world = reader.world
    rival = await world.workspace("rival")
    await world.topic("secret", "washington", workspace_id=rival.id)
    theirs = await world.source("https://rival.example/feed", workspace_id=rival.id)
    await reader.click("digest")
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


async def test_notices_about_channels_are_not_sent_as_direct_messages(reader: Reader) -> None:
    world = reader.world
    await reader.click("message")
    world.messenger.channel_failures[reader.channel.external_id] = Failure(
        kind=RefusalKind.FOR_EVER, message="it was archived"
    )

    await world.take(huawei_elsewhere(text="Huawei and MTS in Russia, in other words.\n\nParis will vote on 5 May."))
    await world.post(after=LATER)

    direct = await reader.direct()
    async with world.store.read() as tx:
        assert direct is not None
        assert await tx.deliveries.find(direct.id, DeliveryKind.NOTICE, "gone") is None
    assert _direct(reader) == []


async def test_the_direct_messages_of_one_person_are_not_a_channel_for_others(reader: Reader) -> None:
    await reader.click("digest")
    direct = await reader.direct()
    assert direct is not None
    other = Reader(reader.world, reader.channel, reader.story, "U8")
    other.room.now = reader.world.now
    asked = {"workspace": "local", "channel": reader.channel.external_id, "user": "U8", "manages": frozenset({"@U7"})}

    for action in (f"digest:pause:{direct.id}", f"digest:hour:{direct.id}:0700", f"digest:change:{direct.id}"):
        answer = (await other.room.click(action, **asked)).answer
        assert isinstance(answer, Notice) and answer.tone is Tone.REFUSED
    named = await other.room.ask("/subscriptions in #@U7", **asked)

    assert "I know no channel" in repr(named)
    assert await reader.direct() == direct
