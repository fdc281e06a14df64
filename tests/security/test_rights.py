"""Rights: a change needs the right to manage the channel that it is about, not the one it comes from."""

import pytest

from handlers.answers.answer import Notice, Reply
from handlers.answers.parts import Button, Tone
from storage.records import ChangeRule, Pace, Platform
from storage.store import Store
from tests.support.newsroom import Newsroom

HERE, THERE = frozenset({"C1"}), frozenset({"C2"})
BUTTONS = [
    "pace:{subscription}:weekly",
    "pace:{subscription}:weekly:list",
    "unsubscribe:{subscription}",
    "subscribe:{topic}:instant:{channel}",
    "digest:at:{channel}",
    "digest:hour:{channel}:1800",
    "digest:pause:{channel}",
    "digest:empty:{channel}:off",
]
"""Buttons that change a channel other than the one they are clicked in."""
COMMANDS_ABOUT_A_CHANNEL = ["/subscribe zte", "/unsubscribe huawei"]
COMMANDS_ABOUT_THE_WORKSPACE = [
    "/topics add ours = lyon",
    "/topics remove ours",
    "/sources remove wire",
    "/news zone Europe/Berlin",
    "/news quiet 22:00-07:00",
]


@pytest.fixture
async def room(sqlite_store: Store) -> Newsroom:
    room = await Newsroom(sqlite_store).open()
    await room.channel("C1")
    other = await room.channel("C2")
    async with sqlite_store.begin() as tx:
        topic = await tx.topics.find(other.workspace_id, "huawei")
        assert topic is not None
        await tx.subscriptions.ensure(
            channel_id=other.id, topic_id=topic.id, pace=Pace.INSTANT, created_by="U9", now=room.now
        )
    return room


async def _state(room: Newsroom) -> str:
    """Return what is stored about #intel and its subscriptions."""
    other = await room.channel("C2")
    async with room.store.read() as tx:
        held = await tx.subscriptions.of_channel(other.id)
    return repr((other, held))


async def _click_reply(
    room: Newsroom, button: str, *, manages: frozenset[str] | None, may_manage: bool = True
) -> Reply:
    other = await room.channel("C2")
    async with room.store.read() as tx:
        (held,) = await tx.subscriptions.of_channel(other.id)
    action = button.format(subscription=held.id, topic=held.topic_id, channel=other.id)
    return await room.click(action, manages=manages, may_manage=may_manage)


def _is_refused(reply: Reply) -> bool:
    return isinstance(reply.answer, Notice) and reply.answer.tone is Tone.REFUSED


@pytest.mark.parametrize("button", BUTTONS)
@pytest.mark.parametrize("manages", [None, frozenset(), HERE], ids=["unknown", "none", "here"])
async def test_a_button_about_another_channel_needs_the_right_in_that_channel(
    room: Newsroom, button: str, manages: frozenset[str] | None
) -> None:
    before = await _state(room)

    reply = await _click_reply(room, button, manages=manages)

    assert _is_refused(reply) and "the Manage Channels permission in #intel" in repr(reply.answer)
    assert await _state(room) == before


@pytest.mark.parametrize("button", BUTTONS)
async def test_the_right_in_the_other_channel_is_enough(room: Newsroom, button: str) -> None:
    reply = await _click_reply(room, button, manages=THERE, may_manage=False)

    assert not _is_refused(reply), reply


@pytest.mark.parametrize("line", COMMANDS_ABOUT_A_CHANNEL)
@pytest.mark.parametrize("how", ["option", "words"])
async def test_a_command_about_another_channel_needs_the_right_in_that_channel(
    room: Newsroom, line: str, how: str
) -> None:
    if how == "words":
        refused = await room.reply(f"{line} in #intel")
        done = await room.reply(f"{line} in #intel", may_manage=False, manages=THERE)
    else:
        refused = await room.reply(line, target_channel=("C2", "intel"))
        done = await room.reply(line, may_manage=False, manages=THERE, target_channel=("C2", "intel"))

    assert _is_refused(refused) and "the Manage Channels permission in #intel" in repr(refused.answer)
    assert not _is_refused(done), done


@pytest.mark.parametrize("line", COMMANDS_ABOUT_THE_WORKSPACE)
async def test_a_change_to_the_whole_workspace_needs_the_right_in_the_channel_it_comes_from(
    room: Newsroom, line: str
) -> None:
    refused = await room.reply(line, may_manage=False, manages=THERE)
    done = await room.reply(line, may_manage=False, manages=HERE)

    assert "This changes this workspace's" in repr(refused.answer)
    assert "This changes" not in repr(done.answer)


async def test_anyone_may_change_every_channel_if_the_workspace_allows_it(room: Newsroom) -> None:
    home = await room.workspace()
    async with room.store.begin() as tx:
        await tx.workspaces.update(home.id, change_rule=ChangeRule.ANYONE)

    assert not _is_refused(await room.reply("/subscribe zte in #intel", may_manage=False))
    assert not _is_refused(await _click_digest_button(room))


async def _click_digest_button(room: Newsroom) -> Reply:
    other = await room.channel("C2")
    return await room.click(Button(label="", action=f"digest:at:{other.id}"), may_manage=False)


async def test_the_console_is_always_allowed(room: Newsroom) -> None:
    reply = await room.reply("/subscribe zte", platform=Platform.CONSOLE, may_manage=False)

    assert not _is_refused(reply)


@pytest.mark.parametrize("line", ["/subscribe huawei", "/subscriptions"])
@pytest.mark.parametrize("manages", [None, frozenset(), HERE])
async def test_a_slack_link_to_a_channel_of_others_changes_nothing(
    room: Newsroom, line: str, manages: frozenset[str] | None
) -> None:
    reply = await room.reply(line, platform=Platform.SLACK, target_channel=("C7", "board"), manages=manages)

    assert _is_refused(reply) and "I can't see that you are a member of #board" in repr(reply.answer)
    async with room.store.read() as tx:
        home = await tx.workspaces.find(Platform.SLACK, "acme")
        assert home is None or await tx.channels.of(home.id) == ()


async def test_slack_answers_the_same_for_a_private_channel_and_for_one_that_does_not_exist(room: Newsroom) -> None:
    await room.reply("/news", platform=Platform.SLACK, channel="C2")

    known = await room.ask("/subscriptions in #intel", platform=Platform.SLACK, manages=HERE)
    unknown = await room.ask("/subscriptions in #nowhere", platform=Platform.SLACK, manages=HERE)
    own = await room.ask("/subscriptions in #intel", platform=Platform.SLACK, manages=THERE)

    assert repr(known).replace("intel", "") == repr(unknown).replace("nowhere", "")
    assert "What #intel gets" in repr(own)


@pytest.mark.parametrize("action", ["copy:1", "topic:remove:99:sure", "source:remove:1", "save:q.x"])
async def test_direct_messages_give_no_right_to_change_the_whole_workspace(room: Newsroom, action: str) -> None:
    """People may change what their own direct messages get, but not the server's topics and sources."""
    private = {"channel": "@U1", "manages": frozenset({"@U1"})}

    refused = await room.click(action, **private)
    own = await room.click("subscribe:1:instant", **private)
    home = await room.workspace()
    async with room.store.begin() as tx:
        await tx.workspaces.update(home.id, change_rule=ChangeRule.ANYONE)
    opened = await room.click(action, **private)

    assert "This changes this workspace's" in repr(refused.answer) and "Manage Channels" in repr(refused.answer)
    assert not _is_refused(own)
    assert "This changes" not in repr(opened.answer)
