"""Claim and Mark reviewed: stored with person and time, and shown in the alert by an edit."""

from typing import Any

import pytest

from handlers.answers.answer import Alert, Notice, Reply
from handlers.delivery.compose import compose_alert
from storage.store import Store
from tests.support.newsroom import Newsroom, button


@pytest.fixture
async def room(sqlite_store: Store) -> Newsroom:
    """A newsroom whose #general has just got an alert."""
    newsroom = await Newsroom(sqlite_store).open()
    await newsroom.reply("/subscribe huawei")
    await newsroom.add_article("Huawei opens a plant in Hungary")
    return newsroom


async def alert(room: Newsroom) -> tuple[Alert, int]:
    """Return the alert as it would be shown now, and its wanted version."""
    channel = await room.channel()
    async with room.store.read() as tx:
        (delivery,) = await tx.deliveries.recent_alerts(channel.id, since=channel_start(room), limit=9)
        return await compose_alert(tx, channel, delivery.story_id or 0), delivery.wanted_version


def channel_start(room: Newsroom) -> Any:
    return room.now.replace(hour=0)


def text(reply: Reply) -> str:
    assert isinstance(reply.answer, Notice)
    return reply.answer.text


async def test_the_button_of_an_alert_goes_from_claim_to_reviewed_and_back(room: Newsroom) -> None:
    shown, first = await alert(room)
    labels = [shown.buttons[-1].label]
    for _ in range(3):
        await room.click(shown.buttons[-1])
        shown, version = await alert(room)
        labels.append(shown.buttons[-1].label)

    assert labels == ["Claim", "Mark reviewed", "Reopen", "Mark reviewed"]
    assert [(each.label, each.name, each.at) for each in shown.handled] == [("Claimed by", "Ann", room.now)]
    assert version == first + 3, "each change edits the alert"


async def test_a_claim_of_another_person_stays_unless_it_is_taken_over(room: Newsroom) -> None:
    shown, _ = await alert(room)
    claim = shown.buttons[-1]
    await room.click(claim)

    refused = await room.click(claim, user="U2")
    mine = await room.click(claim)
    taken = await room.click(button(refused.answer, "Take over"), user="U2")
    released = await room.click(button(taken.answer, "Release"), user="U2")

    assert text(refused) == "Claimed by Ann, today 14:00. Nothing was changed."
    assert text(mine) == text(taken) == "Claimed by you. The alert shows it to everybody in #general."
    assert text(released) == "Nobody has claimed this story now."
    assert (await alert(room))[0].handled == ()


async def test_a_repeated_click_changes_nothing(room: Newsroom) -> None:
    shown, first = await alert(room)

    for _ in range(2):
        await room.click(shown.buttons[-1])
    for _ in range(2):
        await room.click(f"reopen:{shown.story_id}")

    assert (await alert(room))[1] == first + 1


@pytest.mark.parametrize("verb", ["claim", "reviewed", "release", "reopen"])
async def test_a_story_of_another_workspace_cannot_be_claimed(verb: str, room: Newsroom) -> None:
    home = await room.workspace("rival")
    own = await room.add_article("Rival opens a plant", workspace_id=home.id, source_url="https://rival.example/feed")

    reply = await room.click(f"{verb}:{own.story_id}")

    assert text(reply) == "That story is no longer stored."
