"""Guests and people of other organisations read nothing private and change nothing; a workspace may be stricter."""

import json
from typing import Any

import pytest

from bot.slack.gateway import SlackGateway
from storage.records import Platform
from storage.store import Store
from tests.support.slack_server import TEAM, Fault, SlackServer, eventually

GUEST: dict[str, Any] = {"is_restricted": True}
PEOPLE: dict[str, dict[str, Any]] = {
    "a person of another organisation": {"team_id": "T9", "is_stranger": True},
    "a person of another team": {"team_id": "T9"},
    "a person of another team of the organisation": {
        "team_id": "E1",
        "enterprise_user": {"enterprise_id": "E1", "teams": ["T8"]},
    },
    "a guest": GUEST,
    "a guest of one channel": {"is_restricted": True, "is_ultra_restricted": True},
    "an admin elsewhere": {"team_id": "T9", "is_admin": True, "is_owner": True},
    "somebody without a team": {"team_id": None},
}
PRIVATE = (
    "subscribe zte",
    "unsubscribe huawei",
    "digest at 08:30",
    "topics list",
    "topics add x = y",
    "sources list",
    "sources export",
    "find huawei",
    "brief huawei",
    "trend huawei",
    "why huawei",
    "check Huawei builds",
    "news health",
    "news changes anyone",
)


async def ask(server: SlackServer, line: str, **more: Any) -> str:
    """Run a command and return the whole answer as JSON, from a response URL or a modal."""
    name, _, words = line.partition(" ")
    shown, answered = len(server.views), len(server.responses)
    await server.send("slash_commands", server.command(name, words, **more), envelope=f"e{server.triggers}")

    async def answer() -> list[Any]:
        return [*server.views[shown:], *server.responses[answered:]]

    found = await eventually(answer)
    server.answered.clear()
    return json.dumps(found[0])


@pytest.fixture
async def subscribed(server: SlackServer, gateway: SlackGateway) -> SlackServer:
    """A Slack where a member has subscribed #intel, of which U2 is no full member."""
    await ask(server, "subscribe huawei", channel_id="C1")
    return server


async def state(store: Store) -> str:
    async with store.read() as tx:
        home = await tx.workspaces.find(Platform.SLACK, TEAM)
        assert home is not None
        channels = await tx.channels.of(home.id)
        held = [await tx.subscriptions.of_channel(channel.id) for channel in channels]
        return repr((home, channels, held, await tx.topics.visible(home.id)))


@pytest.mark.parametrize("person", PEOPLE.values(), ids=PEOPLE.keys())
async def test_people_who_are_not_full_members_read_nothing_private_and_change_nothing(
    person: dict[str, Any], subscribed: SlackServer, sqlite_store: Store
) -> None:
    subscribed.people["U2"] = person
    before = await state(sqlite_store)

    answers = [await ask(subscribed, line, user_id="U2") for line in PRIVATE]

    reason = "You are a guest of wire." if person.get("is_restricted") else "I answer only the people of wire."
    assert [line for line, answer in zip(PRIVATE, answers, strict=True) if reason not in answer] == []
    assert await state(sqlite_store) == before


@pytest.mark.parametrize("person", PEOPLE.values(), ids=PEOPLE.keys())
async def test_clicks_home_and_menus_give_them_nothing_either(
    person: dict[str, Any], subscribed: SlackServer, sqlite_store: Store
) -> None:
    subscribed.people["U2"] = person
    before = await state(sqlite_store)
    user = {"id": "U2", "username": "eve", "team_id": person.get("team_id", TEAM)}

    for action in ("unsubscribe:1", "pace:1:daily", "show:sources", "brief:1:7d", "show:home"):
        click = subscribed.click({"action_id": "press:0", "type": "button", "value": action}, user=user)
        await subscribed.send("interactive", click, envelope=action)
        answer = json.dumps(await subscribed.reply())
        assert "You are a guest" in answer or "I answer only" in answer
    opened = {"type": "app_home_opened", "user": "U2", "channel": "D2", "tab": "home", "event_ts": "1"}
    await subscribed.send("events_api", subscribed.event("Ev7", opened), envelope="home")
    _, home = await subscribed.view(len(subscribed.views) + 1)

    assert "Huawei" not in json.dumps(home) and ("guest" in json.dumps(home) or "only the people" in json.dumps(home))
    assert await state(sqlite_store) == before


@pytest.mark.parametrize("line", ["news", "subscriptions", "digest"])
async def test_a_guest_learns_what_the_channel_gets_and_how_to_use_the_bot(line: str, subscribed: SlackServer) -> None:
    subscribed.people["U2"] = GUEST

    assert "You are a guest" not in await ask(subscribed, line, user_id="U2")


async def test_a_guest_does_not_see_a_channel_of_others(subscribed: SlackServer) -> None:
    subscribed.people["U2"] = GUEST
    await ask(subscribed, "subscribe huawei", channel_id="C2", channel_name="board")

    answer = await ask(subscribed, "subscriptions in <#C2|board>", user_id="U2")

    assert "I can't see that you are a member of #board" in answer


async def test_a_member_of_another_team_of_the_organisation_who_belongs_to_this_one_too_is_a_member(
    subscribed: SlackServer,
) -> None:
    subscribed.people["U2"] = {"team_id": "E1", "enterprise_user": {"enterprise_id": "E1", "teams": ["T8", TEAM]}}

    assert "now gets" in await ask(subscribed, "subscribe huawei", user_id="U2", channel_id="C5")


async def test_while_slack_does_not_say_who_a_person_is_nothing_private_is_shown(subscribed: SlackServer) -> None:
    subscribed.faults["users.info"] = [Fault(error="user_not_visible")] * 9

    refused = await ask(subscribed, "sources list", user_id="U3")
    subscribed.faults["users.info"].clear()

    assert "does not say at the moment whether you are a member" in refused
    assert "does not say" not in await ask(subscribed, "sources list", user_id="U3")


ADMIN, OWNER = {"is_admin": True}, {"is_owner": True}
CHANGES = {
    # (what the person is, whether the person created #intel, the rule, the command, whether it is done)
    "a member": ({}, False, "members", "subscribe zte", True),
    "a member, strict": ({}, False, "managers", "subscribe zte", False),
    "an admin, strict": (ADMIN, False, "managers", "subscribe zte", True),
    "an owner, strict": (OWNER, False, "managers", "subscribe zte", True),
    "the creator, strict": ({}, True, "managers", "subscribe zte", True),
    "the creator changes topics, strict": ({}, True, "managers", "topics add x = y", False),
    "an admin changes topics, strict": (ADMIN, False, "managers", "topics add x = y", True),
    "a member reads, strict": ({}, False, "managers", "subscriptions", True),
    "a member, anyone": ({}, False, "anyone", "subscribe zte", True),
    "a guest, anyone": (GUEST, False, "anyone", "subscribe zte", False),
    "a guest who created it, anyone": (GUEST, True, "anyone", "subscribe zte", False),
    "a member changes the rule": ({}, False, "members", "news changes anyone", False),
    "the creator changes the rule": ({}, True, "managers", "news changes anyone", False),
    "an admin changes the rule": (ADMIN, False, "managers", "news changes anyone", True),
}


@pytest.mark.parametrize(("person", "is_creator", "rule", "line", "is_done"), CHANGES.values(), ids=CHANGES.keys())
async def test_the_workspace_decides_who_may_change_what_channels_get(
    person: dict[str, Any], is_creator: bool, rule: str, line: str, is_done: bool, subscribed: SlackServer
) -> None:
    subscribed.people |= {"U2": person, "U8": ADMIN}
    subscribed.creators["C3"] = "U2" if is_creator else "U9"
    await ask(subscribed, f"news changes {rule}", user_id="U8")

    answer = await ask(subscribed, line, user_id="U2", channel_id="C3", channel_name="trade")

    is_refused = any(words in answer for words in ("Only this workspace's admins and owners", "You are a guest"))
    assert is_refused != is_done, answer


@pytest.mark.parametrize("is_creator", [True, False])
async def test_a_button_in_home_follows_the_same_rule(is_creator: bool, subscribed: SlackServer) -> None:
    subscribed.people["U8"] = ADMIN
    subscribed.creators["C1"] = "U2" if is_creator else "U9"
    subscribed.member_of["U2"] = ["C1"]
    await ask(subscribed, "news changes managers", user_id="U8")

    click = subscribed.click(
        {"action_id": "press:0", "type": "button", "value": "unsubscribe:1"},
        user={"id": "U2", "username": "bob", "team_id": TEAM},
        channel={"id": "C5", "name": "other"},
    )
    await subscribed.send("interactive", click, envelope="e90")
    answer = json.dumps(await subscribed.reply())

    assert ("Only this workspace's admins and owners" in answer) != is_creator


async def test_direct_messages_do_not_go_around_a_strict_rule(subscribed: SlackServer) -> None:
    subscribed.people["U8"] = ADMIN
    await ask(subscribed, "news changes managers", user_id="U8")

    answers = [
        await ask(subscribed, line, user_id="U2", channel_id="D2", channel_name="directmessage")
        for line in ("topics add x = y", "sources add https://example.org", "news zone Europe/Berlin")
    ]
    own = await ask(subscribed, "subscribe zte", user_id="U2", channel_id="D2", channel_name="directmessage")

    assert all("Only this workspace's admins and owners can do that" in answer for answer in answers)
    assert "now gets" in own
