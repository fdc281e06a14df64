"""Entries with new ids and addresses are recognized by what they keep, and new entries of a series are not."""

from datetime import timedelta

import pytest

from handlers.stories.edits import ArticleContent
from handlers.stories.renamed import find_renamed
from tests.support.fakes import NOON

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
HEADLINES = (
    "Ferry strike leaves islanders without mail",
    "Court orders brewer to pay growers",
    "New tram line opens between port and campus",
    "Storm tears roof off concert hall",
    "Minister quits over leaked cables",
    "Wolves return to the upper valley",
)
TEASERS = (
    "Crews walked out over night pay and hope to sail again on Thursday.",
    "Hop farmers had waited four years for their money.",
    "The first tram left at dawn with a brass band aboard.",
    "Nobody was hurt, but the season is cancelled.",
    "The opposition wants an inquiry before the budget.",
    "Herders ask for dogs and fences, hunters for permits.",
)
LONG = "The mayor said that more would follow in spring, once the council has passed the budget. " * 5
STORED = {
    id: ArticleContent(
        title=title,
        text=teaser,
        url=f"https://old.example/{id}",
        published_at=NOON - id * HOUR,
        seen_at=NOON,
    )
    for id, (title, teaser) in enumerate(zip(HEADLINES, TEASERS, strict=True), 1)
}


def entry(id: int, **changed: object) -> ArticleContent:
    values = {"title": STORED[id].title, "text": STORED[id].text, "published_at": STORED[id].published_at, **changed}
    return ArticleContent(url=f"https://www.new.example/story/{id + 900}", **values)  # type: ignore[arg-type]


def recognized(entries: dict[int, ArticleContent], *, was_listed: bool = False) -> tuple[set[int], bool]:
    """Return the ids of recognized articles, and whether most of the feed has new names. Entries are keyed by id."""
    found = find_renamed(
        entries,
        {id: [id] for id in entries},
        STORED,
        listed_before=frozenset(STORED if was_listed else ()),
        entry_count=len(entries),
    )
    assert all(position == id for position, id in found.articles.items())
    return set(found.articles.values()), found.are_most


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"published_at": None},
        {"text": ""},
        {"text": "", "published_at": None},
        {"published_at": NOON + 9 * DAY},  # a site that gave all of its articles the date of its move
    ],
    ids=["names alone", "no dates", "no texts", "headlines alone", "new dates"],
)
def test_a_site_that_moves_is_recognized_even_weeks_later(changed: dict[str, object]) -> None:
    assert recognized({id: entry(id, **changed) for id in STORED}) == (set(STORED), True)


def test_a_site_that_moves_may_lengthen_texts_and_add_its_name_to_headlines() -> None:
    longer = {id: entry(id, text=f"{TEASERS[id - 1]} {LONG}") for id in STORED}
    named = {id: entry(id, title=f"{HEADLINES[id - 1]} - The Paper") for id in STORED}
    capitals = {id: entry(id, title=HEADLINES[id - 1].upper()) for id in STORED}

    assert recognized(longer) == recognized(named) == recognized(capitals) == (set(STORED), True)


def test_a_series_under_the_same_headlines_is_no_move() -> None:
    tomorrow = {id: entry(id, text=f"Gusts of {60 + id} km/h.", published_at=NOON + DAY) for id in STORED}
    stored = {id: ArticleContent(title=STORED[id].title, text="Gusts of 50 km/h.", url=None) for id in STORED}
    undated = {id: entry(id, text="Gusts of 70 km/h.", published_at=None) for id in STORED}
    titles_alone = {id: entry(id, text="", published_at=NOON + DAY) for id in STORED}

    assert recognized(tomorrow) == recognized(titles_alone) == (set(), False)
    found = find_renamed(
        undated, {id: [id] for id in undated}, stored, listed_before=frozenset(stored), entry_count=len(undated)
    )
    assert found.articles == {}


@pytest.mark.parametrize(
    ("changed", "was_listed", "is_same"),
    [
        ({}, False, True),
        ({"title": "Crews walk out over pay: islanders without mail"}, False, True),  # by its text and instant
        ({"text": "Crews hope to sail again soon."}, False, True),  # by its headline and instant
        ({"published_at": None}, True, True),
        ({"published_at": None}, False, False),
        ({"published_at": NOON + DAY}, True, False),  # the same notice on the next day
        ({"published_at": NOON - 40 * DAY}, True, False),
        ({"title": "Ferry strike ends", "text": "The crews sail again."}, True, False),
        ({"title": "Ferry strike leaves islanders without mail on 4 June"}, False, True),
    ],
)  # fmt: skip
def test_a_single_entry_needs_more_than_its_headline(
    changed: dict[str, object], was_listed: bool, is_same: bool
) -> None:
    articles, are_most = recognized({1: entry(1, **changed)}, was_listed=was_listed)

    assert (articles, are_most) == ({1} if is_same else set(), False)


def test_no_article_is_recognized_in_two_entries() -> None:
    found = find_renamed(
        {0: entry(1), 7: entry(1, published_at=NOON + DAY)},
        {0: [1], 7: [1]},
        STORED,
        listed_before=frozenset(STORED),
        entry_count=2,
    )

    assert found.articles == {0: 1}
