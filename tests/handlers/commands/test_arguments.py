"""Words after a command, as people write them."""

import pytest

from handlers.answers.errors import UserError
from handlers.commands.arguments import read_words

SAID = [
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


@pytest.mark.parametrize(("command", "words", "options", "channel"), SAID)
def test_words_become_arguments(command: str, words: str, options: dict[str, str], channel: str | None) -> None:
    spoken = read_words(command, words, None)

    assert spoken.options == options
    assert spoken.channel == channel


def test_the_bare_command_does_its_first_subcommand() -> None:
    assert read_words("digest", "", None).name == "digest show"
    assert read_words("news", "", None).name == "news help"
    assert read_words("topics", "", {}).name == "topics list"


def test_typed_options_win_over_words() -> None:
    spoken = read_words("topics", "list", {"do": "add", "name": "chips", "query": "  semi  conductor "})

    assert (spoken.name, spoken.options) == ("topics add", {"name": "chips", "query": "semi conductor"})
    assert spoken.changes


@pytest.mark.parametrize("options", [{"topic": " "}, {}, {"pace": "daily"}, {"topic": "x", "pace": "hourly"}])
def test_a_missing_or_wrong_option_is_refused(options: dict[str, str]) -> None:
    with pytest.raises(UserError) as caught:
        read_words("subscribe", "", options)

    assert caught.value.code is not None and caught.value.code.startswith("/subscribe")


@pytest.mark.parametrize(
    ("command", "words", "wanted"),
    [
        ("news", "zone", "a time zone, such as Europe/Berlin."),
        ("news", "changes", "who: anyone, or managers."),
        ("digest", "at", "the time of day, such as 08:30."),
        ("topics", "remove", "the topic's name."),
        ("unsubscribe", "", "the topic to stop."),
        ("trend", "huawei vs", "the topic to compare with."),
        ("trend", "huawei vs 7d", "the topic to compare with."),
    ],
)
def test_what_is_missing_is_named(command: str, words: str, wanted: str) -> None:
    with pytest.raises(UserError) as caught:
        read_words(command, words, None)

    assert str(caught.value).endswith(f"needs one thing more: {wanted}")


def test_endless_words_are_refused() -> None:
    with pytest.raises(UserError, match="2,000"):
        read_words("find", "x" * 3_000, None)


@pytest.mark.parametrize(
    ("words", "options"),
    [
        (f"edit sanctions-ours = {'x ' * 1_500}", None),
        ("", {"do": "edit", "name": "sanctions-ours", "query": "x " * 1_500}),
    ],
)
def test_a_query_too_long_for_a_command_may_name_topics(words: str, options: dict[str, str] | None) -> None:
    with pytest.raises(UserError, match="@sanctions NOT word, or join several, @first OR @second"):
        read_words("topics", words, options)
