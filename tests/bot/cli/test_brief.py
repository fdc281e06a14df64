"""`brief`: for programs one line that is equal for equal stores, for people a page of text."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.support.command_line import CommandLine, Ran, command_line
from tests.support.paths import ROOT

SEEDS = ROOT / "seeds" / "articles"


@pytest.fixture(scope="module")
def cli(tmp_path_factory: pytest.TempPathFactory, started_template: Path) -> CommandLine:
    """A command line with the example documents about 5G and Huawei. All tests share it: a brief changes nothing."""
    opened = command_line(tmp_path_factory.mktemp("brief"), started_template)
    assert opened("ingest", *sorted(str(path) for path in SEEDS.glob("0[1-6]*"))).code == 0
    return opened


def test_the_json_line_has_stories_with_sentences_and_mentions_per_day(cli: CommandLine) -> None:
    ran = cli("brief", "huawei", "--since", "7d", "--json")

    assert ran.code == 0
    row = ran.row
    assert set(row) == {"topic", "since", "until", "stories", "mentions"}
    assert row["topic"] == "huawei"
    since, until = datetime.fromisoformat(row["since"]), datetime.fromisoformat(row["until"])
    assert until - since == timedelta(days=7)
    assert row["stories"]
    for story in row["stories"]:
        assert set(story) == {"id", "title", "sources", "articles", "sentence", "article"}
        assert set(story["article"]) == {"title", "url", "source"}
        assert 1 <= story["sources"] <= story["articles"]
    assert len(row["mentions"]) == 7
    assert all(set(day) == {"day", "count"} for day in row["mentions"])
    assert sum(day["count"] for day in row["mentions"]) == 6


def test_every_sentence_is_quoted_from_a_document(cli: CommandLine) -> None:
    texts = " ".join(" ".join(path.read_text(encoding="utf-8").split()) for path in SEEDS.glob("0[1-6]*"))

    for story in cli("brief", "huawei", "--json").row["stories"]:
        assert " ".join(story["sentence"].split()) in texts


def run_twice_in_a_minute(cli: CommandLine, *words: str) -> tuple[Ran, Ran]:
    """Return two runs within the same minute, so that they cover the same period."""
    for _ in range(3):
        first, second = cli(*words), cli(*words)
        if json.loads(first.out)["until"] == json.loads(second.out)["until"]:
            break
    return first, second


@pytest.mark.parametrize("topic", ["huawei", "5g AND moscow", "zubzubzub"])
def test_equal_stores_give_equal_output(topic: str, cli: CommandLine) -> None:
    first, second = run_twice_in_a_minute(cli, "brief", topic, "--since", "30d", "--json")

    assert first == second


def test_a_topic_is_found_by_any_of_its_names(cli: CommandLine) -> None:
    stories = [cli("brief", name, "--json").row["stories"] for name in ("huawei", "HUAWEI", "华为")]

    assert stories[0] == stories[1] == stories[2]


def test_any_query_works_without_being_saved(cli: CommandLine) -> None:
    before = cli("topics", "list", "--json")

    row = cli("brief", '"entity list" AND huawei', "--json").row

    assert row["topic"] == '"entity list" AND huawei'
    assert row["stories"]
    assert cli("topics", "list", "--json") == before


def test_a_brief_without_articles_has_the_same_format(cli: CommandLine) -> None:
    row = cli("brief", "zubzubzub", "--json").row

    assert (row["topic"], row["stories"]) == ("zubzubzub", [])
    assert [day["count"] for day in row["mentions"]] == [0] * 7


def test_people_get_a_page_of_text(cli: CommandLine) -> None:
    brief = json.loads(cli("brief", "huawei", "--json").out)

    ran = cli("brief", "huawei")

    assert ran.code == 0
    assert ran.out.startswith("Huawei, last 7 days\n6 articles · ")
    for number, story in enumerate(brief["stories"], start=1):
        assert f"{number}  {story['title']}" in ran.out
        assert story["sentence"] in ran.out
    assert "[1] " in ran.out


def test_people_see_that_there_is_nothing(cli: CommandLine) -> None:
    ran = cli("brief", "zubzubzub")

    assert ran.code == 0
    assert ran.out.startswith('Nothing on "zubzubzub" in the last 7 days.')


@pytest.mark.parametrize(
    ("words", "code", "reason"),
    [
        (("huawei", "--since", "lunch"), 2, "as a period"),
        (("huawei", "--since", "0d"), 2, "not a period"),
        ((), 2, "Missing argument"),
        (("-huawei",), 2, "No such option"),
        (("--json", "--", "-huawei"), 1, "matches every article that lacks a word"),
        (('"5g', "--json"), 1, 'Line 1, column 1: This quote is never closed.\n"5g\n^\n'),
        (('"5g',), 1, 'Line 1, column 1: This quote is never closed.\n"5g\n^\n'),
    ],
)
def test_invalid_arguments_are_refused_with_the_reason(
    words: tuple[str, ...], code: int, reason: str, cli: CommandLine
) -> None:
    ran = cli("brief", *words)

    assert ran.code == code
    assert reason in ran.err
    assert ran.out == ""


def test_a_query_may_begin_with_a_dash(cli: CommandLine) -> None:
    ran = cli("brief", "--json", "--", "-zubzubzub huawei")

    assert ran.code == 0
    assert len(ran.row["stories"]) == len(cli("brief", "huawei", "--json").row["stories"])
