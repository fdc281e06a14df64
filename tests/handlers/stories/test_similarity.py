"""Which articles join a story, and which must not."""

import random
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.stories.features import Features, is_copy, read_features
from handlers.stories.similarity import Kin, StoryIndex, count_independent, features

START = datetime(2024, 6, 3, 6, tzinfo=UTC)
EVERYONE = None
WIRE = (
    "Regulators in Talvik fined the lender Brennhof 80 million crowns on Thursday for failing to report suspicious "
    "transfers. The fine is the largest the supervisor has ever imposed. Brennhof said it accepted the ruling and had "
    "hired 200 people to check payments. Its shares fell 4% in early trading. The case began when a clerk in the "
    "Morvance branch wrote to the supervisor about accounts that moved millions within hours of being opened."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    id: int
    story: str
    at: datetime
    workspace: int
    title: str
    text: str

    @property
    def features(self) -> bytes:
        return features(self.title, self.text, "und")


def read_events() -> list[Told]:
    blocks = (Path(__file__).parent / "data" / "events.txt").read_text(encoding="utf-8").split("\n==\n")
    told = []
    for block in blocks:
        lines = [line for line in block.splitlines() if not line.startswith("#")]
        if not lines:
            continue
        number, story, minutes, workspace = lines[0].split()
        told.append(
            Told(
                id=int(number),
                story=story,
                at=START + timedelta(minutes=int(minutes)),
                workspace=int(workspace),
                title=lines[1],
                text="\n".join(lines[2:]),
            )
        )
    return told


def arrive(index: StoryIndex, told: Told) -> int:
    kin = index.kin(told.features, at=told.at, workspace_ids=EVERYONE)
    story = kin[0].story_id if kin else told.id
    index.add(article_id=told.id, story_id=story, workspace_id=told.workspace, at=told.at, features=told.features)
    assert story is not None
    return story


def put(index: StoryIndex, article_id: int, title: str, text: str = "", **given: object) -> None:
    values: dict[str, object] = {"story_id": article_id, "workspace_id": 0, "at": START} | given
    index.add(article_id=article_id, features=features(title, text, "en"), **values)  # type: ignore[arg-type]


def ask(index: StoryIndex, title: str, text: str = "", **given: object) -> tuple[Kin, ...]:
    values: dict[str, object] = {"at": START, "workspace_ids": None} | given
    return index.kin(features(title, text, "en"), **values)  # type: ignore[arg-type]


def test_a_week_of_articles_falls_into_its_stories() -> None:
    index = StoryIndex()
    events = sorted(read_events(), key=lambda told: told.at)

    found = {told.id: arrive(index, told) for told in events}

    wanted: dict[str, set[int]] = {}
    got: dict[int, set[int]] = {}
    for told in events:
        wanted.setdefault(told.story, set()).add(told.id)
        got.setdefault(found[told.id], set()).add(told.id)
    assert sorted(map(sorted, got.values())) == sorted(map(sorted, wanted.values()))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Ferry with 240 aboard runs aground off Morvance", "Morvance ferry aground with 240 passengers", True),
        ("Ferry with 240 aboard runs aground off Morvance", "Talvik museum reopens after repairs", False),
        ("Brennhof fined 80 million crowns over transfers", "Lender Brennhof fined for suspicious transfers", True),
        ("Acme Q1 results: profit up", "Zenith Q1 results: profit up", False),
        ("Results of round 7: Velmar 2, Talvik 1", "Results of round 8: Velmar 2, Talvik 1", False),
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
def test_headlines_alone_tell_the_same_event(one: str, other: str, same: bool) -> None:
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


def test_the_same_wire_text_under_another_headline_is_a_copy() -> None:
    index = StoryIndex()
    put(index, 1, "Brennhof fined over suspicious transfers", WIRE)

    [kin] = ask(index, "Record penalty for a bank", WIRE)

    assert kin.copy
    assert kin.score == 1.0


def test_a_wire_text_cut_short_is_a_copy() -> None:
    cut = WIRE[: WIRE.index("Its shares")]

    assert is_copy(read_features(features("A", WIRE, "en")), read_features(features("B", cut, "en")))


def test_a_story_told_in_other_words_is_no_copy() -> None:
    index = StoryIndex()
    put(index, 1, "Brennhof fined over suspicious transfers", WIRE)

    [kin] = ask(index, "Brennhof fined 80 million crowns", "The Talvik supervisor punished Brennhof for late reports.")

    assert not kin.copy
    assert kin.score < 1.0


def test_articles_older_than_the_window_are_no_kin() -> None:
    index = StoryIndex()
    put(index, 1, "Ferry with 240 aboard runs aground off Morvance")

    assert ask(index, "Ferry with 240 aboard runs aground off Morvance", at=START + timedelta(hours=73)) == ()


def test_pruning_forgets_only_what_left_the_window() -> None:
    index = StoryIndex()
    put(index, 1, "Ferry runs aground off Morvance", story_id=1)
    put(index, 2, "Ferry with 240 passengers still aground off Morvance", story_id=1, at=START + timedelta(hours=40))

    index.prune(START + timedelta(hours=80))

    assert (index.known(1), index.known(2)) == (False, True)
    assert index.last_id == 2
    [kin] = ask(index, "Tugs free Morvance ferry, 240 passengers safe", at=START + timedelta(hours=80))
    assert (kin.article_id, kin.story_id) == (2, 1)


def test_one_workspace_never_finds_articles_of_another() -> None:
    index = StoryIndex()
    put(index, 1, "Ferry runs aground off Morvance", workspace_id=7, story_id=1)

    assert ask(index, "Ferry runs aground off Morvance", workspace_ids=frozenset({0, 8})) == ()
    assert len(ask(index, "Ferry runs aground off Morvance", workspace_ids=frozenset({0, 7}))) == 1


def test_a_moved_story_answers_under_its_new_id() -> None:
    index = StoryIndex()
    put(index, 1, "Ferry runs aground off Morvance", story_id=10)
    put(index, 2, "Parliament of Talvik passes the water act", story_id=20)

    index.move(10, 20)

    assert {kin.story_id for kin in ask(index, "Ferry aground off Morvance")} == {20}


STRIKE = ("Dockers of Talvik strike over night shifts", "Talvik dockers on strike over night shifts")


@pytest.mark.parametrize(
    ("others", "workspace", "linked"),
    [
        (STRIKE[1:], 0, (1, 2)),
        (STRIKE[1:], 7, ()),
        (("Dockers of Morvance strike over pensions",), 0, ()),
        (("Parliament of Talvik passes the water act",), 0, ()),
        ((), 0, ()),
    ],
)
def test_stories_that_an_article_shows_to_be_one_are_linked_oldest_first(
    others: tuple[str, ...], workspace: int, linked: tuple[int, ...]
) -> None:
    index = StoryIndex()
    for number, title in enumerate((STRIKE[0], *others), start=1):
        put(index, number, title, workspace_id=0 if number == 1 else workspace)
    third = features("Strike over night shifts: dockers of Talvik walk out", "", "en")

    kin = index.kin(third, at=START, workspace_ids=None)

    assert index.linked(kin, third, workspace_id=0) == linked


def test_adding_an_article_again_replaces_it() -> None:
    index = StoryIndex()
    put(index, 1, "Ferry runs aground off Morvance")
    put(index, 1, "Parliament of Talvik passes the water act")

    assert len(index) == 1
    assert ask(index, "Ferry runs aground off Morvance") == ()


def test_features_of_another_version_are_no_features() -> None:
    index = StoryIndex()

    index.add(article_id=1, story_id=1, workspace_id=0, at=START, features=b"\xff\x00nonsense")

    assert index.kin(b"", at=START, workspace_ids=None) == ()
    assert index.known(1)


def test_the_words_of_one_name_are_known_as_one_name() -> None:
    known = read_features(features("Premier Lena Harvik visits the weir", "The rain went on, Lena Harvik said.", "en"))
    plain = read_features(features("Lena Harvik Visits Weir After Week Of Rain", "", "en"))

    assert sorted(Counter(term.name for term in known.terms if term.name).values()) == [3]
    assert not any(term.name for term in plain.terms)


def test_features_of_the_first_version_are_still_read() -> None:
    data = features("Ferry runs aground off Morvance", "", "en")

    assert read_features(b"\x01" + data[1:]) == read_features(data)


def test_a_huge_hostile_text_gives_small_features() -> None:
    assert len(features("word " * 100_000, "a" * 5_000_000 + "!?" * 500_000, "en")) < 1_024


def test_independent_counts_copies_once() -> None:
    other = features("Brennhof fined", "The Talvik supervisor punished Brennhof for late reports on Thursday.", "en")

    assert count_independent([features("A", WIRE, "en"), features("B", WIRE, "en"), other]) == 2
    assert count_independent([]) == 0


@pytest.mark.parametrize("shared", [0, 5, 40])
def test_independent_is_what_comparing_all_with_all_gives(shared: int) -> None:
    chance = random.Random(shared)
    boilerplate = " ".join(f"footer{place}" for place in range(shared))
    texts = []
    for number in range(40):
        words = [f"w{chance.randrange(5000)}" for _ in range(chance.choice((2, 8, 60, 200)))]
        texts.append(" ".join(words) + " " + boilerplate)
        if number % 3 == 0:
            texts.append(" ".join(words[: len(words) * 3 // 4]) + " " + boilerplate)
    chance.shuffle(texts)
    known = [features("", text, "en") for text in texts]

    originals: list[Features] = []
    for one in map(read_features, known):
        if not any(is_copy(one, other) for other in originals):
            originals.append(one)

    assert count_independent(known) == len(originals) < len(known)


def test_independent_articles_are_those_that_copy_no_earlier_one() -> None:
    """Held against the plain way: each with all originals before it."""
    lines = WIRE.split(". ")
    texts = [". ".join(lines[place % 3 : place % 7 + 3]) + f" Version {place % 5} of it." for place in range(40)]
    many = [features(f"Report {place}", text, "en") for place, text in enumerate(texts)]
    many += [features("Nothing", "", "en"), features("", "", "en"), b""]
    originals: list[Features] = []
    for one in map(read_features, many):
        if not any(is_copy(one, original) for original in originals):
            originals.append(one)

    assert 1 < len(originals) < len(many)
    assert count_independent(many) == len(originals)


def test_the_order_of_unrelated_articles_does_not_change_the_stories() -> None:
    events = read_events()
    shuffled = sorted(events, key=lambda told: told.at)

    def stories(order: list[Told]) -> set[frozenset[int]]:
        index = StoryIndex()
        found: dict[int, set[int]] = {}
        for told in order:
            found.setdefault(arrive(index, told), set()).add(told.id)
        return {frozenset(ids) for ids in found.values()}

    random.Random(3).shuffle(events)

    assert stories(events) == stories(shuffled)


@given(st.text(max_size=80), st.text(max_size=400), st.text(max_size=80), st.text(max_size=400))
@settings(max_examples=120, deadline=None)
def test_any_two_texts_can_be_compared_and_give_the_same_answer_twice(
    title: str, text: str, other_title: str, other_text: str
) -> None:
    def once() -> tuple[Kin, ...]:
        index = StoryIndex()
        put(index, 1, title, text)
        return ask(index, other_title, other_text)

    assert once() == once()
    assert all(0 <= kin.score <= 1 for kin in once())


@given(st.text(max_size=200), st.text(max_size=2000))
@settings(max_examples=120, deadline=None)
def test_features_can_be_read_back(title: str, text: str) -> None:
    data = features(title, text, "en")

    known = read_features(data)

    assert data == features(title, text, "en")
    assert known.sketch == tuple(sorted(set(known.sketch)))
    assert len({term.hash for term in known.terms}) == len(known.terms) or known.terms == ()
    assert not known.sketch or is_copy(known, known)


@given(st.lists(st.tuples(st.integers(1, 40), st.integers(0, 3), st.sampled_from("abcdef")), max_size=60))
@settings(max_examples=60, deadline=None)
def test_adding_moving_and_pruning_in_any_order_keeps_the_counts_right(steps: list[tuple[int, int, str]]) -> None:
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
    assert not index._counts
    assert not index._story_counts
    assert not index._groups
