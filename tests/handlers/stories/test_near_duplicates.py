"""Near-duplicates: the same text shortened or slightly changed, and how many articles of a list are independent."""

import random

import pytest

from handlers.stories.features import Features, decode_features, encode_features
from handlers.stories.near_duplicates import copied_from, is_near_duplicate

WIRE = (
    "Regulators in Talvik fined the lender Brennhof 80 million crowns on Thursday for failing to report suspicious "
    "transfers. The fine is the largest the supervisor has ever imposed. Brennhof said it accepted the ruling and had "
    "hired 200 people to check payments. Its shares fell 4% in early trading. The case began when a clerk in the "
    "Morvance branch wrote to the supervisor about accounts that moved millions within hours of being opened."
)


def independent(articles: list[bytes]) -> int:
    """Count the slow way: compare each article with all originals before it."""
    originals: list[Features] = []
    for article in map(decode_features, articles):
        if not any(is_near_duplicate(article, original) for original in originals):
            originals.append(article)
    return len(originals)


def test_a_shortened_wire_text_is_a_near_duplicate() -> None:
    shortened = WIRE[: WIRE.index("Its shares")]
    one, other = encode_features("A", WIRE, "en"), encode_features("B", shortened, "en")

    assert is_near_duplicate(decode_features(one), decode_features(other))


def test_near_duplicates_count_as_one_independent_article() -> None:
    other = "The Talvik supervisor punished Brennhof for late reports on Thursday."
    articles = [("A", WIRE), ("B", WIRE), ("Brennhof fined", other)]

    assert copied_from([encode_features(title, text, "en") for title, text in articles]).count(None) == 2
    assert copied_from([]) == []


@pytest.mark.parametrize("boilerplate_words", [0, 5, 40])
def test_the_count_is_the_same_as_by_comparing_every_pair(boilerplate_words: int) -> None:
    chance = random.Random(boilerplate_words)
    boilerplate = " ".join(f"footer{place}" for place in range(boilerplate_words))
    texts = []
    for number in range(40):
        words = [f"w{chance.randrange(5000)}" for _ in range(chance.choice((2, 8, 60, 200)))]
        texts.append(" ".join(words) + " " + boilerplate)
        if number % 3 == 0:
            texts.append(" ".join(words[: len(words) * 3 // 4]) + " " + boilerplate)
    chance.shuffle(texts)
    articles = [encode_features("", text, "en") for text in texts]

    assert copied_from(articles).count(None) == independent(articles) < len(articles)


def test_the_count_is_right_for_many_versions_of_a_text_and_for_empty_articles() -> None:
    lines = WIRE.split(". ")
    texts = [". ".join(lines[place % 3 : place % 7 + 3]) + f" Version {place % 5} of it." for place in range(40)]
    articles = [encode_features(f"Report {place}", text, "en") for place, text in enumerate(texts)]
    articles += [encode_features("Nothing", "", "en"), encode_features("", "", "en"), b""]

    assert 1 < copied_from(articles).count(None) == independent(articles) < len(articles)
