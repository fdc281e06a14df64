"""Autocomplete: topics, subscriptions, sources, periods and time zones that match the typed letters."""

import pytest

from storage.store import Store
from tests.support.newsroom import Newsroom


@pytest.mark.parametrize(
    ("command", "option", "typed", "suggested"),
    [
        ("brief", "topic", "hua", ("Huawei",)),
        ("brief", "topic", "华", ("华为",)),
        ("brief", "topic", "TIONS", ("Sanctions",)),
        ("brief", "period", "3", ("3d", "30d", "365d")),
        ("news", "zone", "berl", ("Europe/Berlin",)),
        ("digest", "zone", "new york", ("America/New_York",)),
        ("unsubscribe", "topic", "", ("Huawei",)),
        ("sources", "source", "wire", ("Example Wire",)),
        ("topics show", "name", "5", ("5G",)),
        ("brief", "nothing", "x", ()),
        ("nothing", "topic", "x", ()),
    ],
)
async def test_suggestions_match_the_typed_letters(
    sqlite_store: Store, command: str, option: str, typed: str, suggested: tuple[str, ...]
) -> None:
    newsroom = await Newsroom(sqlite_store).open()
    await newsroom.source()
    await newsroom.ask("/subscribe huawei")

    found = await newsroom.commands.complete(newsroom.request(), command=command, option=option, typed=typed)

    assert found[: len(suggested)] == suggested and len(found) <= 25
