"""Parsing the text after a command, as people type it."""

import pytest

from handlers.answers.errors import UserError
from handlers.commands.arguments import parse_command

TYPED = [
    ("subscribe", "huawei", {"topic": "huawei"}, None),
    ("subscribe", "huawei daily", {"topic": "huawei", "pace": "daily"}, None),
    ("subscribe", "huawei, Weekly", {"topic": "huawei", "pace": "weekly"}, None),
    ("digest", "at 2:30pm New York mon-fri", {"time": "2:30pm", "zone": "New York", "days": "mon-fri"}, None),
    ("digest", "at 08:30 Monterrey", {"time": "08:30", "zone": "Monterrey"}, None),
    ("digest", "at 08:30 Mon, Wednesdays", {"time": "08:30", "days": "Mon, Wednesdays"}, None),
    ("digest", "at 08:30 every day", {"time": "08:30", "days": "every day"}, None),
    ("check", "Two  lines\nof text ", {"text": "Two  lines\nof text"}, None),
    ("subscribe", "huawei in #intel", {"topic": "huawei"}, "intel"),
    ("subscribe", "huawei in #intel daily", {"topic": "huawei", "pace": "daily"}, "intel"),
    ("subscribe", "huawei daily in #intel", {"topic": "huawei", "pace": "daily"}, "intel"),
    ("subscribe", "huawei in <#C024BE7LR|intel>", {"topic": "huawei"}, "C024BE7LR"),
    ("subscribe", "daily", {"topic": "daily"}, None),
    ("subscribe", "huawei grouping strict", {"topic": "huawei", "grouping": "strict"}, None),
    ("subscribe", "zte grouping: Off daily in #intel", {"topic": "zte", "pace": "daily", "grouping": "Off"}, "intel"),
    ("subscribe", "huawei daily, grouping=off", {"topic": "huawei", "pace": "daily", "grouping": "off"}, None),
    ("subscribe", "huawei in #intel grouping off", {"topic": "huawei", "grouping": "off"}, "intel"),
    ("subscribe", "huawei notify off", {"topic": "huawei", "notify": "off"}, None),
    ("subscribe", "zte notify off grouping strict", {"topic": "zte", "grouping": "strict", "notify": "off"}, None),
    ("subscribe", "they notify customers", {"topic": "they notify customers"}, None),
    ("subscribe", "grouping off", {"topic": "grouping off"}, None),
    ("subscribe", "huawei grouping", {"topic": "huawei grouping"}, None),
    ("subscribe", "“export controls” OR chips", {"topic": '"export controls" OR chips'}, None),
    ("subscribe", "  trade   war\n", {"topic": "trade war"}, None),
    ("subscribe", "investment in China", {"topic": "investment in China"}, None),
    ("subscriptions", "", {}, None),
    ("subscriptions", "in #intel", {}, "intel"),
    ("brief", "huawei", {"topic": "huawei"}, None),
    ("brief", "huawei 30d", {"topic": "huawei", "period": "30d"}, None),
    ("brief", "trade war last week", {"topic": "trade war", "period": "last week"}, None),
    ("brief", "huawei last 3 days", {"topic": "huawei", "period": "last 3 days"}, None),
    ("brief", "last week", {"topic": "last week"}, None),
    ("brief", "5g", {"topic": "5g"}, None),
    ("brief", "g20 24h", {"topic": "g20", "period": "24h"}, None),
    ("digest", "", {}, None),
    ("digest", "at 08:30", {"time": "08:30"}, None),
    ("digest", "at 8 am Europe/Berlin mon-fri",
     {"time": "8am", "zone": "Europe/Berlin", "days": "mon-fri"}, None),
    ("digest", "at 08:30 berlin", {"time": "08:30", "zone": "berlin"}, None),
    ("digest", "at 08:30 mon, wed", {"time": "08:30", "days": "mon, wed"}, None),
    ("digest", "AT 08:30 UTC", {"time": "08:30", "zone": "UTC"}, None),
    ("topics", "add trade war = tariff* OR \"trade war\"",
     {"name": "trade war", "query": 'tariff* OR "trade war"'}, None),
    ("topics", "add a = =exact", {"name": "a", "query": "=exact"}, None),
    ("topics", "show trade war", {"name": "trade war"}, None),
    ("sources", "add <https://example.com/news|example.com/news>", {"url": "https://example.com/news"}, None),
    ("trend", "huawei vs zte 90d", {"topic": "huawei", "versus": "zte", "period": "90d"}, None),
    ("trend", "huawei versus zte", {"topic": "huawei", "versus": "zte"}, None),
    ("news", "quiet 22:00-07:00", {"hours": "22:00-07:00"}, None),
]  # fmt: skip


@pytest.mark.parametrize(("command", "words", "options", "channel"), TYPED)
def test_typed_text_is_parsed_into_options(
    command: str, words: str, options: dict[str, str], channel: str | None
) -> None:
    parsed = parse_command(command, words, None)

    assert parsed.options == options
    assert parsed.channel == channel


def test_a_command_without_a_subcommand_runs_the_first_one() -> None:
    assert parse_command("digest", "", None).name == "digest show"
    assert parse_command("news", "", None).name == "news help"
    assert parse_command("topics", "", {}).name == "topics list"


def test_chosen_options_are_used_instead_of_the_text() -> None:
    parsed = parse_command("topics", "list", {"do": "add", "name": "chips", "query": "  semi  conductor "})

    assert (parsed.name, parsed.options) == ("topics add", {"name": "chips", "query": "semi conductor"})
    assert parsed.changes


@pytest.mark.parametrize("options", [{"topic": " "}, {}, {"pace": "daily"}, {"topic": "x", "pace": "hourly"}])
def test_a_missing_option_or_unknown_choice_is_refused_with_the_usage(options: dict[str, str]) -> None:
    with pytest.raises(UserError) as caught:
        parse_command("subscribe", "", options)

    assert caught.value.code is not None and caught.value.code.startswith("/subscribe")


@pytest.mark.parametrize(
    ("command", "words", "missing"),
    [
        ("news", "zone", "a time zone, such as Europe/Berlin."),
        ("news", "quiet", "the hours, such as 22:00-07:00, or off."),
        ("news", "language", "language codes, such as en,de, or all."),
        ("digest", "at", "a time of day, such as 08:30."),
        ("topics", "remove", "the topic's name."),
        ("topics", "test", 'a query: words, "phrases", AND OR NOT ( ).'),
        ("sources", "add", "the address of any page of the site."),
        ("sources", "pause", "a source's name or address."),
        ("brief", "", "a topic or a query."),
        ("unsubscribe", "", "the topic to unsubscribe from."),
        ("why", "", "the article's address, or words of its headline."),
        ("trend", "huawei vs", "a second topic after vs."),
        ("trend", "huawei vs 7d", "a second topic after vs."),
    ],
)
def test_an_error_names_the_missing_option(command: str, words: str, missing: str) -> None:
    with pytest.raises(UserError) as caught:
        parse_command(command, words, None)

    assert str(caught.value).endswith(f" needs {missing}")


def test_too_long_a_text_is_refused() -> None:
    with pytest.raises(UserError, match="2,000"):
        parse_command("find", "x" * 3_000, None)


@pytest.mark.parametrize(
    ("words", "options"),
    [
        (f"edit sanctions-ours = {'x ' * 1_500}", None),
        ("", {"do": "edit", "name": "sanctions-ours", "query": "x " * 1_500}),
    ],
)
def test_too_long_a_query_is_refused_with_a_hint_to_combine_topics(words: str, options: dict[str, str] | None) -> None:
    with pytest.raises(
        UserError, match="narrow one with @sanctions NOT word, or combine several with @first OR @second"
    ):
        parse_command("topics", words, options)
