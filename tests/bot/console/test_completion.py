"""Suggestions while somebody types a command."""

import pytest

from bot.console.completion import plan


@pytest.mark.parametrize(
    ("line", "labels"),
    [
        ("/br", ["/brief"]),
        ("/BR", ["/brief"]),
        ("/sub", ["/subscribe", "/subscriptions"]),
        ("/zzz", []),
        ("huawei", []),
        ("", []),
        ("/sources re", ["remove SOURCE", "resume SOURCE"]),
        ("/digest o", ["off"]),
        ("/zzz x", []),
        ("/sources nonsense x", []),
        ("/subscribe huawei da", ["daily"]),
        ("/news changes ", ["anyone", "managers"]),
    ],
)
def test_commands_subcommands_and_choices_are_suggested(line: str, labels: list[str]) -> None:
    assert [suggestion.label for suggestion in plan(line).suggestions] == labels


@pytest.mark.parametrize(
    ("line", "lookups"),
    [
        ("/brief hua", [("brief", "topic", "hua", "/brief ")]),
        ("/brief trade w", [("brief", "topic", "trade w", "/brief "), ("brief", "period", "w", "/brief trade ")]),
        ("/brief huawei ", [("brief", "topic", "huawei ", "/brief "), ("brief", "period", "", "/brief huawei ")]),
        ("/trend huawei vs 5", [("trend", "versus", "5", "/trend huawei vs ")]),
        ("/topics show hu", [("topics show", "name", "hu", "/topics show ")]),
        ("/sources pause ex", [("sources pause", "source", "ex", "/sources pause ")]),
        ("/digest at 08:30 Eur", [("digest at", "zone", "Eur", "/digest at 08:30 ")]),
        ("/digest at 08", []),
        ("/subscriptions ", []),
    ],
)
def test_the_values_of_an_option_are_looked_up_where_they_are_typed(
    line: str, lookups: list[tuple[str, str, str, str]]
) -> None:
    found = plan(line).lookups

    assert [(lookup.command, lookup.option, lookup.typed, lookup.before) for lookup in found] == lookups


@pytest.mark.parametrize(
    ("line", "channel"),
    [
        ("/subscribe huawei in #gen", ("/subscribe huawei in ", "gen")),
        ("/subscriptions in ", ("/subscriptions in ", "")),
        ("/brief war in gen", None),
    ],
)
def test_channels_are_suggested_after_in(line: str, channel: tuple[str, str] | None) -> None:
    assert plan(line).channel == channel


def test_a_suggestion_continues_the_line() -> None:
    assert plan("/br").suggestions[0].insert == "/brief "
    assert plan("/sources re").suggestions[1].insert == "/sources resume "
    assert plan("/subscribe trade war da").suggestions[0].insert == "/subscribe trade war daily"
