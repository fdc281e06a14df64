"""Autocomplete: topics, subscriptions, sources, periods and time zones that match the typed letters."""

from datetime import timedelta

import pytest

from storage.store import Store
from tests.support.newsroom import Newsroom


@pytest.mark.parametrize(
    ("command", "option", "typed", "suggested"),
    [
        ("brief", "topic", "huawei", ("Huawei",)),
        ("brief", "topic", "hua", ("hua", "Huawei")),
        ("brief", "topic", "huwaei", ("huwaei", "Huawei")),
        ("brief", "topic", "华为", ("华为",)),
        ("brief", "topic", "華", ("華", "华为")),
        ("brief", "topic", "TIONS", ("TIONS", "Sanctions")),
        ("brief", "topic", "", ("Huawei",)),
        ("trend", "versus", "sanc", ("sanc", "Sanctions")),
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

    assert tuple(each.value for each in found[: len(suggested)]) == suggested
    assert len(found) <= 25 and all(len(each.label) <= 100 for each in found)


async def test_topics_of_the_channel_come_first_with_the_articles_of_the_last_week(sqlite_store: Store) -> None:
    newsroom = await Newsroom(sqlite_store).open()
    await newsroom.source()
    await newsroom.ask("/subscribe sanctions")
    await newsroom.add_article("Sanctions were imposed on Monday", ago=timedelta(hours=1))

    anything = await newsroom.commands.complete(newsroom.request(), command="brief", option="topic", typed="")
    typed = await newsroom.commands.complete(newsroom.request(), command="brief", option="topic", typed="s")

    assert [(each.value, each.label) for each in anything[:1]] == [("Sanctions", "Sanctions · 1 article in 7 days")]
    assert [each.label for each in typed[:2]] == ["s", "Sanctions · 1 article in 7 days"]


async def test_a_topic_found_by_an_alias_names_both(sqlite_store: Store) -> None:
    newsroom = await Newsroom(sqlite_store).open()

    found = await newsroom.commands.complete(newsroom.request(), command="brief", option="topic", typed="华")

    assert (found[1].value, found[1].label) == ("华为", "华为 (Huawei)")
