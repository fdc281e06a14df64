"""Every command and button, used by one workspace with what belongs to another, shows and changes nothing of it."""

from datetime import timedelta

import pytest

from handlers.answers.answer import Reply
from handlers.commands.buttons import VERBS
from handlers.commands.table import COMMANDS
from storage.records import Platform, SourceKind
from storage.sources import NewSource
from storage.store import Store
from tests.support.newsroom import Newsroom
from tests.support.rival import HIDDEN_FEED, HIDDEN_URL, MARK, Rival, settle_rival


async def _settle(store: Store) -> Newsroom:
    """Return a newsroom where the workspace acme has a channel, a subscription, a topic and two shared articles."""
    room = await Newsroom(store).open()
    await room.channel("C1")
    await room.add_article("Huawei opens a plant in Lyon", ago=timedelta(hours=4))
    await room.add_article("ZTE closes a plant in Lyon", ago=timedelta(hours=2))
    await room.reply("/subscribe huawei")
    await room.reply("/topics add ours = lyon")
    return room


@pytest.fixture
async def room(sqlite_store: Store) -> Newsroom:
    return await _settle(sqlite_store)


@pytest.fixture
async def either_room(store: Store) -> Newsroom:
    return await _settle(store)


def _lines(rival: Rival) -> list[str]:
    """Return every subcommand with names, addresses and ids that the rival workspace uses."""
    ids = [str(rival.ids["article"]), str(rival.ids["topic"])]
    arguments = ["hidden topic", "@hidden-topic", HIDDEN_URL, HIDDEN_FEED, "rival.example", "huawei", *ids]
    lines = []
    for command in COMMANDS:
        for name in [f"{command.name} {sub.name}" for sub in command.subcommands] or [command.name]:
            if name in ("sources add", "sources check", "sources import"):
                continue  # they fetch from the network; what they show of other workspaces is what `sources list` sees
            lines.append(f"/{name}")
            period = " 365d" if name in _WITH_PERIOD else ""
            lines += [f"/{name} {argument}{period}" for argument in arguments]
            lines += [f"/{name} hidden alias", f"/{name} huawei in #C9"]
            lines += [f"/{name} huawei vs hidden topic 90d", f"/{name} ours = huawei AND @hidden-topic"]
    return lines


_WITH_PERIOD = ("brief", "find", "trend")
"""Commands with a period. In the longest one, nothing of the rival workspace is too old to be shown."""
_FIRST_WORDS = {
    "mute": ("story", "source"),
    "unmute": ("story", "source"),
    "source": ("add", "retry", "remove", "pause", "resume"),
    "topic": ("remove", "edit"),
    "digest": ("change", "at", "pause", "empty", "hour"),
    "show": ("subscriptions", "digest"),
}
"""Verbs whose first argument says what to do with the second, and what it may be."""


def _actions(rival: Rival) -> list[str]:
    refs = [*map(str, rival.ids.values()), *rival.drafts, *(f"q.{key}" for key in rival.drafts)]
    actions = []
    for verb in VERBS:
        for place, ref in enumerate(refs):
            if verb in _FIRST_WORDS:
                actions += [f"{verb}:{word}:{ref}:{rest}" for word in _FIRST_WORDS[verb] for rest in ("sure", "0830")]
            else:
                # Verbs ignore an argument that they do not know, so the last one may alternate.
                actions += [f"{verb}:{ref}:{ref}:365d", f"{verb}:{ref}:{('365d', 'instant')[place % 2]}"]
    for ref in refs:
        actions += [f"subscribe:1:instant:{ref}", f"subscribe:q.{ref}:daily", f"trend:1:{ref}:365d"]
        actions += [f"follow:{ref}:{how}" for how in ("message", "digest", "stop")]
    return list(dict.fromkeys(actions))


def _leaks(reply: Reply) -> bool:
    return MARK in repr(reply).casefold()


@pytest.mark.parametrize("may_manage", [True, False])
async def test_no_command_shows_or_changes_anything_of_another_workspace(room: Newsroom, may_manage: bool) -> None:
    rival = await settle_rival(room)
    before = await rival.stored()

    lines = _lines(rival)[:: 1 if may_manage else 3]  # without the right, most are refused anyway
    leaks = [line for line in lines if _leaks(await room.reply(line, may_manage=may_manage))]

    assert leaks == []
    assert await rival.stored() == before


async def test_no_button_shows_or_changes_anything_of_another_workspace(room: Newsroom) -> None:
    rival = await settle_rival(room)
    before = await rival.stored()

    leaks = [action for action in _actions(rival) if _leaks(await room.click(action))]

    assert leaks == []
    assert await rival.stored() == before


async def test_autocomplete_suggests_nothing_of_another_workspace(room: Newsroom) -> None:
    await settle_rival(room)

    found: list[str] = []
    for command in COMMANDS:
        options = [*command.options, *(option for sub in command.subcommands for option in sub.options)]
        for option in options:
            for typed in ("", "h", "z", "hidden", MARK):
                for channel in ("C1", "C9"):
                    request = room.request(channel=channel)
                    for name in (command.name, *(f"{command.name} {sub.name}" for sub in command.subcommands)):
                        each = await room.commands.complete(request, command=name, option=option.name, typed=typed)
                        # What was typed may be suggested as a query.
                        found += [f"{one.value} {one.label}" for one in each if one.value != typed]

    assert [text for text in found if MARK in text.casefold() or "hidden" in text.casefold()] == []


async def test_home_shows_nothing_of_another_workspace(room: Newsroom) -> None:
    before = await room.commands.home(room.request())

    await settle_rival(room)

    assert await room.commands.home(room.request()) == before


async def test_what_a_person_follows_in_one_workspace_is_not_shown_or_stopped_in_another(room: Newsroom) -> None:
    """One person may be in two workspaces under the same id."""
    rival = await settle_rival(room)
    await room.click(f"follow:{rival.ids['story']}:mention", workspace="rival", channel="C9")

    answer = await room.click(f"follow:{rival.ids['story']}:stop")

    assert not _leaks(answer)
    assert "Stories you follow" not in repr(await room.commands.home(room.request()))
    async with room.store.read() as tx:
        assert await tx.follows.to_mention(rival.ids["channel"], rival.ids["story"]) == ("U1",)


async def test_no_figure_reveals_that_another_workspace_exists(either_room: Newsroom) -> None:
    """Counts, ranks, usual rhythms and health lines are the same with and without the rival workspace."""
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
    for line in lines:  # ask once before, as a second brief says what is new since the first
        await room.reply(line)
    alone = [await room.reply(line) for line in lines]

    await settle_rival(room)

    for line, before in zip(lines, alone, strict=True):
        assert await room.reply(line) == before, line


async def test_the_same_id_on_another_platform_is_another_workspace(room: Newsroom) -> None:
    await room.reply("/topics add quiet plans = lyon")

    answer = await room.ask("/topics list", platform=Platform.SLACK)

    assert "quiet plans" not in repr(answer)


async def test_a_channel_of_another_workspace_is_not_found_by_its_id(room: Newsroom) -> None:
    rival = await settle_rival(room)

    await room.reply("/subscribe zte", target_channel=("C9", "general"))

    async with room.store.read() as tx:
        (held,) = await tx.subscriptions.of_channel(rival.ids["channel"])
    assert held.topic_id == rival.ids["topic"]


async def test_uploads_of_one_workspace_are_not_a_source_of_another(room: Newsroom) -> None:
    home = await room.workspace("rival")
    async with room.store.begin() as tx:
        await tx.sources.ensure(
            NewSource(workspace_id=home.id, kind=SourceKind.UPLOAD, url="upload", title=f"{MARK} files"), room.now
        )

    assert not _leaks(await room.reply("/sources list"))
