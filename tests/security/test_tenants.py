"""Every command and button, called by one workspace with what belongs to another: no word, no count, no change."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from handlers.answers.answer import Reply
from handlers.commands.buttons import VERBS
from handlers.commands.table import COMMANDS
from storage.deliveries import NewDelivery
from storage.records import DeliveryKind, Pace, Platform, SourceKind
from storage.sources import NewSource
from storage.store import Store
from storage.topics import NewTopic
from tests.support.newsroom import Newsroom

MARK = "zzmarker"
"""Stands in every text of the other workspace, and in nothing that is typed here."""
HIDDEN_URL = "https://rival.example/hidden/story"
HIDDEN_FEED = "https://rival.example/hidden/feed"
TEXT = f"Huawei and {MARK} sign an agreement in Moscow about 5G. The deal of Huawei with {MARK} covers 2027."


@dataclass(slots=True)
class Rival:
    """What the other workspace has."""

    ids: dict[str, int] = field(default_factory=dict)
    drafts: list[str] = field(default_factory=list)


async def _settle_rival(room: Newsroom) -> Rival:
    rival = Rival()
    home = await room.workspace("rival")
    channel = await room.channel("C9", workspace="rival")
    feed = await room.source(HIDDEN_FEED, workspace_id=home.id)
    async with room.store.begin() as tx:
        await tx.workspaces.update(home.id, name=f"{MARK} inc")
        await tx.channels.update(channel.id, name=f"{MARK}-room")
        await tx.sources.update(feed.id, title=f"{MARK} wire", site_url="https://rival.example/")
        topic = await tx.topics.add(
            NewTopic(
                workspace_id=home.id,
                name="hidden topic",
                title=f"{MARK} topic",
                query=f"{MARK} OR huawei",
                aliases=("hidden alias",),
                description=f"about {MARK}",
            ),
            room.now,
        )
        assert topic is not None
        subscription, _ = await tx.subscriptions.ensure(
            channel_id=channel.id, topic_id=topic.id, pace=Pace.INSTANT, created_by="U9", now=room.now
        )
    arrived = [
        await room.arrives(
            f"Huawei and {MARK} agree on 5G, part {number}",
            TEXT,
            ago=timedelta(hours=number),
            publisher=f"{MARK} press",
            url=HIDDEN_URL if number == 1 else f"https://rival.example/hidden/{number}",
            workspace_id=home.id,
            source_url=HIDDEN_FEED,
        )
        for number in (3, 2, 1)
    ]
    article = arrived[-1].article
    assert article is not None
    async with room.store.begin() as tx:
        await tx.sources.update(feed.id, title=f"{MARK} wire")
        owed, _ = await tx.deliveries.enqueue(
            NewDelivery(
                channel_id=channel.id,
                kind=DeliveryKind.NOTICE,
                subject="hidden",
                key="hidden",
                due_at=room.now,
            ),
            room.now,
        )
        for body in (
            {"query": f"{MARK} OR huawei"},
            {"feed": {"url": HIDDEN_FEED, "title": f"{MARK} wire"}},
        ):
            rival.drafts.append(await tx.drafts.save(home.id, body, room.now))
    for line in ("/brief hidden topic", "/trend hidden topic"):
        answer = await room.says(line, workspace="rival", channel="C9")
        shared = [one.action for one in getattr(answer, "buttons", ()) if one.action.startswith("share:")]
        rival.drafts += [action.partition(":")[2] for action in shared]
    rival.ids = {
        "topic": topic.id,
        "story": arrived[-1].story_id or 0,
        "article": article.id,
        "source": feed.id,
        "subscription": subscription.id,
        "channel": channel.id,
        "workspace": home.id,
        "delivery": owed.id,
    }
    return rival


async def _settle(store: Store) -> Newsroom:
    """A room where acme has a channel, a subscription and two public articles."""
    room = await Newsroom(store).open()
    await room.channel("C1")
    await room.arrives("Huawei opens a plant in Lyon", ago=timedelta(hours=4))
    await room.arrives("ZTE closes a plant in Lyon", ago=timedelta(hours=2))
    await room.reply("/subscribe huawei")
    await room.reply("/topics add ours = lyon")
    return room


@pytest.fixture
async def room(sqlite_store: Store) -> Newsroom:
    return await _settle(sqlite_store)


@pytest.fixture
async def either_room(store: Store) -> Newsroom:
    return await _settle(store)


def _words(rival: Rival) -> list[str]:
    """Every subcommand with names, addresses and ids that the other workspace uses."""
    ids = [str(rival.ids["article"]), str(rival.ids["topic"])]
    told = ["hidden topic", "@hidden-topic", HIDDEN_URL, HIDDEN_FEED, "rival.example", "huawei", *ids]
    lines = []
    for command in COMMANDS:
        for name in [f"{command.name} {sub.name}" for sub in command.subcommands] or [command.name]:
            if name in ("sources add", "sources check", "sources import"):
                continue  # they ask the network; what they would show of others is what `sources list` sees
            lines.append(f"/{name}")
            lines += [f"/{name} {one} 365d" if name in _PERIOD else f"/{name} {one}" for one in told]
            lines += [f"/{name} hidden alias", f"/{name} huawei in #C9"]
            lines += [f"/{name} huawei vs hidden topic 90d", f"/{name} ours = huawei AND @hidden-topic"]
    return lines


_PERIOD = ("brief", "find", "trend")
"""Commands that tell of a time; in the longest, nothing of the other workspace is too old to show."""
_SECOND = {
    "mute": ("story", "source"),
    "unmute": ("story", "source"),
    "source": ("add", "retry", "remove", "pause", "resume"),
    "topic": ("remove", "edit"),
    "digest": ("change", "at", "pause", "empty", "hour"),
    "show": ("subscriptions", "digest"),
}
"""Verbs whose first argument says what to do with the second."""


def _presses(rival: Rival) -> list[str]:
    refs = [*map(str, rival.ids.values()), *rival.drafts, *(f"q.{key}" for key in rival.drafts)]
    actions = []
    for verb in VERBS:
        for place, ref in enumerate(refs):
            if verb in _SECOND:
                actions += [f"{verb}:{word}:{ref}:{rest}" for word in _SECOND[verb] for rest in ("sure", "0830")]
            else:
                # Two in turn, as an argument that a verb does not know makes little difference to it.
                actions += [f"{verb}:{ref}:{ref}:365d", f"{verb}:{ref}:{('365d', 'instant')[place % 2]}"]
    for ref in refs:
        actions += [f"subscribe:1:instant:{ref}", f"subscribe:q.{ref}:daily", f"trend:1:{ref}:365d"]
        actions += [f"follow:{ref}:{how}" for how in ("message", "digest", "stop")]
    return list(dict.fromkeys(actions))


def _told(reply: Reply) -> str:
    return f"{reply!r}".casefold()


async def _everything_of(room: Newsroom, rival: Rival) -> str:
    """What stands in the database about the other workspace."""
    async with room.store.read() as tx:
        return repr(
            [
                await tx.workspaces.get(rival.ids["workspace"]),
                await tx.channels.of(rival.ids["workspace"]),
                await tx.topics.get(rival.ids["topic"]),
                await tx.sources.get(rival.ids["source"]),
                await tx.subscriptions.of_channel(rival.ids["channel"]),
                await tx.mutes.among(
                    rival.ids["channel"], {f"{kind}:{rival.ids[kind]}" for kind in ("story", "source")}
                ),
                await tx.follows.to_mention(rival.ids["channel"], rival.ids["story"]),
                await tx.follows.of_person(rival.ids["workspace"], "U1"),
                await tx.deliveries.get(rival.ids["delivery"]),
            ]
        )


@pytest.mark.parametrize("may_manage", [True, False])
async def test_no_command_tells_or_changes_anything_of_another_workspace(room: Newsroom, may_manage: bool) -> None:
    rival = await _settle_rival(room)
    before = await _everything_of(room, rival)

    lines = _words(rival)[:: 1 if may_manage else 3]  # who may less is mostly refused
    leaks = [line for line in lines if MARK in _told(await room.reply(line, may_manage=may_manage))]

    assert leaks == []
    assert await _everything_of(room, rival) == before


async def test_no_button_tells_or_changes_anything_of_another_workspace(room: Newsroom) -> None:
    rival = await _settle_rival(room)
    before = await _everything_of(room, rival)

    leaks = [action for action in _presses(rival) if MARK in _told(await room.presses(action))]

    assert leaks == []
    assert await _everything_of(room, rival) == before


async def test_no_suggestion_comes_from_another_workspace(room: Newsroom) -> None:
    await _settle_rival(room)

    found: list[str] = []
    for command in COMMANDS:
        options = [*command.options, *(one for sub in command.subcommands for one in sub.options)]
        for option in options:
            for typed in ("", "h", "z", "hidden", MARK):
                for channel in ("C1", "C9"):
                    request = room.request(channel=channel)
                    for name in (command.name, *(f"{command.name} {sub.name}" for sub in command.subcommands)):
                        found += await room.commands.complete(request, command=name, option=option.name, typed=typed)

    assert [text for text in found if MARK in text.casefold() or "hidden" in text.casefold()] == []


async def test_home_tells_nothing_of_another_workspace(room: Newsroom) -> None:
    before = await room.commands.home(room.request())

    await _settle_rival(room)

    assert await room.commands.home(room.request()) == before


async def test_following_a_story_with_the_same_id_elsewhere_is_not_the_same(room: Newsroom) -> None:
    """A person may be in two workspaces: what they follow in one is no business of the other."""
    rival = await _settle_rival(room)
    await room.presses(f"follow:{rival.ids['story']}:mention", workspace="rival", channel="C9")

    answer = await room.presses(f"follow:{rival.ids['story']}:stop")

    assert MARK not in _told(answer)
    assert "Stories you follow" not in repr(await room.commands.home(room.request()))
    async with room.store.read() as tx:
        assert await tx.follows.to_mention(rival.ids["channel"], rival.ids["story"]) == ("U1",)


async def test_figures_are_the_same_with_and_without_another_workspace(either_room: Newsroom) -> None:
    """Not a count, a rank, a usual rhythm or a health line may tell that somebody else is there."""
    room = either_room
    lines = [
        "/brief huawei 365d",
        "/brief moscow OR lyon 365d",
        "/find huawei 365d",
        "/find moscow 365d",
        "/trend huawei 90d",
        "/trend huawei vs zte",
        "/topics list",
        "/topics show huawei",
        "/topics test moscow",
        "/subscriptions",
        "/sources list",
        "/sources export",
        "/digest show",
        "/digest now",
        "/news help",
        "/news health",
        f"/why {HIDDEN_URL}",
    ]
    for line in lines:  # the second brief says what is new since the first
        await room.reply(line)
    alone = [await room.reply(line) for line in lines]

    await _settle_rival(room)

    for line, before in zip(lines, alone, strict=True):
        assert await room.reply(line) == before, line


async def test_the_same_ids_on_another_platform_are_another_workspace(room: Newsroom) -> None:
    await room.reply("/topics add quiet plans = lyon")

    answer = await room.says("/topics list", platform=Platform.SLACK)

    assert "quiet plans" not in repr(answer)


async def test_a_channel_of_another_workspace_is_not_found_by_its_id(room: Newsroom) -> None:
    rival = await _settle_rival(room)

    await room.reply("/subscribe zte", target_channel=("C9", "general"))

    async with room.store.read() as tx:
        (held,) = await tx.subscriptions.of_channel(rival.ids["channel"])
    assert held.topic_id == rival.ids["topic"]


async def test_sources_of_one_kind_stay_apart(room: Newsroom) -> None:
    """An upload of one workspace is no source of another."""
    home = await room.workspace("rival")
    async with room.store.begin() as tx:
        await tx.sources.ensure(
            NewSource(workspace_id=home.id, kind=SourceKind.UPLOAD, url="upload", title=f"{MARK} files"), room.now
        )

    assert MARK not in _told(await room.reply("/sources list"))
