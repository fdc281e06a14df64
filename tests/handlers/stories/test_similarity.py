"""Which articles report the same event, and which do not."""

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.stories.features import encode_features
from handlers.stories.judge import SimilarArticle
from handlers.stories.similarity import StoryIndex

START = datetime(2024, 6, 3, 6, tzinfo=UTC)
EVERYONE = None
WIRE = (
    "Regulators in Talvik fined the lender Brennhof 80 million crowns on Thursday for failing to report suspicious "
    "transfers. The fine is the largest the supervisor has ever imposed. Brennhof said it accepted the ruling and had "
    "hired 200 people to check payments. Its shares fell 4% in early trading."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """An article of data/events.txt, and the story it belongs to."""

    id: int
    story: str
    at: datetime
    workspace: int
    title: str
    text: str

    @property
    def features(self) -> bytes:
        return encode_features(self.title, self.text, "und")


def read_arrivals() -> list[Arrival]:
    blocks = (Path(__file__).parent / "data" / "events.txt").read_text(encoding="utf-8").split("\n==\n")
    arrivals = []
    for block in blocks:
        lines = [line for line in block.splitlines() if not line.startswith("#")]
        if not lines:
            continue
        number, story, minutes, workspace = lines[0].split()
        arrivals.append(
            Arrival(
                id=int(number),
                story=story,
                at=START + timedelta(minutes=int(minutes)),
                workspace=int(workspace),
                title=lines[1],
                text="\n".join(lines[2:]),
            )
        )
    return arrivals


def assign(index: StoryIndex, article: Arrival) -> int:
    similar = index.similar(article.features, at=article.at, workspace_ids=EVERYONE)
    story = similar[0].story_id if similar else article.id
    index.add(
        article_id=article.id,
        story_id=story,
        workspace_id=article.workspace,
        at=article.at,
        features=article.features,
    )
    assert story is not None
    return story


def assign_all(articles: list[Arrival]) -> list[list[int]]:
    """Return the ids of the articles of each story."""
    index = StoryIndex()
    stories: dict[int, list[int]] = {}
    for article in articles:
        stories.setdefault(assign(index, article), []).append(article.id)
    return sorted(map(sorted, stories.values()))


def put(index: StoryIndex, article_id: int, title: str, text: str = "", **given: object) -> None:
    values: dict[str, object] = {"story_id": article_id, "workspace_id": 0, "at": START} | given
    index.add(article_id=article_id, features=encode_features(title, text, "en"), **values)  # type: ignore[arg-type]


def ask(index: StoryIndex, title: str, text: str = "", **given: object) -> tuple[SimilarArticle, ...]:
    values: dict[str, object] = {"at": START, "workspace_ids": None} | given
    return index.similar(encode_features(title, text, "en"), **values)  # type: ignore[arg-type]


def test_the_articles_of_a_week_are_grouped_into_stories() -> None:
    arrivals = sorted(read_arrivals(), key=lambda article: article.at)

    expected: dict[str, list[int]] = {}
    for article in arrivals:
        expected.setdefault(article.story, []).append(article.id)
    assert assign_all(arrivals) == sorted(map(sorted, expected.values()))


def test_the_order_in_which_unrelated_articles_arrive_does_not_matter() -> None:
    arrivals = read_arrivals()
    shuffled = arrivals.copy()
    random.Random(3).shuffle(shuffled)

    assert assign_all(shuffled) == assign_all(sorted(arrivals, key=lambda article: article.at))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Ferry with 240 aboard runs aground off Morvance", "Morvance ferry aground with 240 passengers", True),
        ("Ferry with 240 aboard runs aground off Morvance", "Talvik museum reopens after repairs", False),
        ("Brennhof fined 80 million crowns over transfers", "Lender Brennhof fined for suspicious transfers", True),
        ("Acme Q1 results: profit up", "Zenith Q1 results: profit up", False),
        ("Results of round 7: Velmar 2, Talvik 1", "Results of round 8: Velmar 2, Talvik 1", False),
        ("Governor of Talvik resigns", "Governor of Norland resigns", False),
        ("Horoscope for 3 June", "Horoscope for 4 June", False),
        ("Live updates: day 12 of the strike in Talvik", "Live updates: day 13 of the strike in Talvik", False),
        ("Earthquake in Haltia kills 12", "Earthquake in Haltia kills 15", True),
        ("Veltrix banned in Norland over data fears", "Veltrix in talks to sell its Haltian arm to Halbrite", False),
        ("Hackers steal 40 million crowns from exchange", "Hackers put exam papers of Talvik online", False),
        ("Okafor warns of winter floods along the Sorle", "Okafor warns towns on Sorle of winter floods", True),
        ("Пожар на складе в Талвике: погибли трое", "На складе в Талвике при пожаре погибли три человека", True),
        ("Пожар на складе в Талвике: погибли трое", "Суд в Талвике отпустил редактора газеты", False),
        ("US-Sanktionen gegen Nordfracht verhängt", "USA verhängen Sanktionen gegen Reederei Nordfracht", True),
        ("حريق في ميناء تالفيك يودي بحياة ثلاثة عمال", "مقتل ثلاثة عمال في حريق ميناء تالفيك", True),
        ("حريق في ميناء تالفيك يودي بحياة ثلاثة عمال", "برلمان تالفيك يقر قانون المياه", False),
        ("海城港口起重机倒塌 三名工人死亡", "海城港起重机倒塌致三名工人遇难", True),
        ("海城港口起重机倒塌 三名工人死亡", "海城地铁新线开通", False),
        ("タルビク港でクレーン倒壊、作業員3人死亡", "タルビク港のクレーン倒壊で3人死亡", True),
        ("Le maire de Velmar démissionne", "Velmar : démission du maire après l'affaire des parkings", True),
        ("", "", False),
        ("Weather", "Weather forecast for the weekend", False),
    ],
)
def test_headlines_alone_show_whether_two_articles_report_the_same_event(one: str, other: str, same: bool) -> None:
    index = StoryIndex()
    put(index, 1, one)

    assert bool(ask(index, other)) is same


def test_a_recurring_headline_starts_a_new_story_the_next_day() -> None:
    index = StoryIndex()
    put(index, 1, "Covid: five new cases in Talvik", "Five cases were found on Monday.")

    later = ask(
        index, "Covid: five new cases in Talvik", "Today's tally stands at five.", at=START + timedelta(hours=24)
    )

    assert later == ()


def test_the_same_wire_text_under_another_headline_is_a_near_duplicate() -> None:
    index = StoryIndex()
    put(index, 1, "Brennhof fined over suspicious transfers", WIRE)

    [found] = ask(index, "Record penalty for a bank", WIRE)

    assert found.is_near_duplicate
    assert found.score == 1.0


def test_the_same_event_in_other_words_is_no_near_duplicate() -> None:
    index = StoryIndex()
    put(index, 1, "Brennhof fined over suspicious transfers", WIRE)

    [found] = ask(
        index, "Brennhof fined 80 million crowns", "The Talvik supervisor punished Brennhof for late reports."
    )

    assert not found.is_near_duplicate
    assert found.score < 1.0


def test_articles_older_than_the_window_are_not_found() -> None:
    index = StoryIndex()
    put(index, 1, "Ferry with 240 aboard runs aground off Morvance")

    assert ask(index, "Ferry with 240 aboard runs aground off Morvance", at=START + timedelta(hours=73)) == ()


def test_pruning_removes_only_articles_older_than_the_window() -> None:
    index = StoryIndex()
    put(index, 1, "Ferry runs aground off Morvance", story_id=1)
    put(index, 2, "Ferry with 240 passengers still aground off Morvance", story_id=1, at=START + timedelta(hours=40))

    index.prune(START + timedelta(hours=80))

    assert (1 in index, 2 in index) == (False, True)
    assert index.last_id == 2
    [found] = ask(index, "Tugs free Morvance ferry, 240 passengers safe", at=START + timedelta(hours=80))
    assert (found.article_id, found.story_id) == (2, 1)


def test_a_workspace_never_finds_articles_of_another() -> None:
    index = StoryIndex()
    put(index, 1, "Ferry runs aground off Morvance", workspace_id=7, story_id=1)

    assert ask(index, "Ferry runs aground off Morvance", workspace_ids=frozenset({0, 8})) == ()
    assert len(ask(index, "Ferry runs aground off Morvance", workspace_ids=frozenset({0, 7}))) == 1


def test_articles_of_a_moved_story_are_found_under_its_new_id() -> None:
    index = StoryIndex()
    put(index, 1, "Ferry runs aground off Morvance", story_id=10)
    put(index, 2, "Parliament of Talvik passes the water act", story_id=20)

    index.move(10, 20)

    assert {found.story_id for found in ask(index, "Ferry aground off Morvance")} == {20}


STRIKE = ("Dockers of Talvik strike over night shifts", "Talvik dockers on strike over night shifts")


@pytest.mark.parametrize(
    ("others", "workspace", "merged"),
    [
        (STRIKE[1:], 0, (1, 2)),
        (STRIKE[1:], 7, ()),
        (("Dockers of Morvance strike over pensions",), 0, ()),
        (("Parliament of Talvik passes the water act",), 0, ()),
        ((), 0, ()),
    ],
)
def test_stories_that_an_article_shows_to_be_one_are_merged_oldest_first(
    others: tuple[str, ...], workspace: int, merged: tuple[int, ...]
) -> None:
    index = StoryIndex()
    for number, title in enumerate((STRIKE[0], *others), start=1):
        put(index, number, title, workspace_id=0 if number == 1 else workspace)
    third = encode_features("Strike over night shifts: dockers of Talvik walk out", "", "en")

    similar = index.similar(third, at=START, workspace_ids=None)

    assert index.one_story(similar, third, at=START, workspace_id=0) == merged


def test_adding_an_article_again_replaces_it() -> None:
    index = StoryIndex()
    put(index, 1, "Ferry runs aground off Morvance")
    put(index, 1, "Parliament of Talvik passes the water act")

    assert len(index) == 1
    assert ask(index, "Ferry runs aground off Morvance") == ()


def test_an_article_with_unreadable_features_is_stored_but_never_found() -> None:
    index = StoryIndex()

    index.add(article_id=1, story_id=1, workspace_id=0, at=START, features=b"\xff\x00nonsense")

    assert index.similar(b"", at=START, workspace_ids=None) == ()
    assert 1 in index


@given(st.text(max_size=80), st.text(max_size=400), st.text(max_size=80), st.text(max_size=400))
@settings(max_examples=120, deadline=None)
def test_any_two_articles_can_be_compared_with_the_same_result_each_time(
    title: str, text: str, other_title: str, other_text: str
) -> None:
    def once() -> tuple[SimilarArticle, ...]:
        index = StoryIndex()
        put(index, 1, title, text)
        return ask(index, other_title, other_text)

    assert once() == once()
    assert all(0 <= found.score <= 1 for found in once())


@given(st.lists(st.tuples(st.integers(1, 40), st.integers(0, 3), st.sampled_from("abcdef")), max_size=60))
@settings(max_examples=60, deadline=None)
def test_an_index_that_was_emptied_behaves_like_a_new_one(steps: list[tuple[int, int, str]]) -> None:
    index = StoryIndex(window=timedelta(hours=10))
    for number, kind, letter in steps:
        if kind == 0:
            index.move(number, ord(letter))
        elif kind == 1:
            index.prune(START + timedelta(hours=number))
        else:
            put(index, number, f"{letter}{letter}{letter} {number} ship", story_id=ord(letter) + kind, at=START)

    index.prune(START + timedelta(days=30))

    assert len(index) == 0
    assert ask(index, "aaa ship") == ()
    fresh = StoryIndex(window=timedelta(hours=10))
    for each in (index, fresh):
        put(each, 50, "aaa 3 ship", story_id=97)
        put(each, 51, "aaa 4 ship", story_id=97)
        put(each, 52, "bbb 4 tug", story_id=None)
    assert ask(index, "aaa 4 ship") == ask(fresh, "aaa 4 ship") != ()
