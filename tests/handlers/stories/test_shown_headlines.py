"""Two headlines are the same apart from case, punctuation, the outlet's name and the marks of an update."""

import pytest

from handlers.stories.shown_headlines import Headline, headline_key, unshown

SAME = [
    ("Zorvex closes works in Nord", "ZORVEX CLOSES WORKS IN NORD"),
    ("Zorvex closes works, moves jobs", "Zorvex closes works - moves jobs"),
    ("Zorvex's works close", "Zorvex’s works close"),
    ("Zorvex closes works in Nord", "Zorvex closes works in Nord - Example Wire"),
    ("Zorvex closes works in Nord", "Zorvex closes works in Nord | The Example Wire"),
    ("Zorvex closes works in Nord", "Zorvex closes works in Nord – sample.example"),
    ("Zorvex closes works in Nord", "UPDATE 2-Zorvex closes works in Nord"),
    ("Zorvex closes works in Nord", "Zorvex closes works in Nord (updated)"),
    ("Zorvex closes works in Nord", "BREAKING: Zorvex closes works in Nord"),
    ("Zorvex closes works in Nord", "LIVE | Zorvex closes works in Nord - Example Wire"),
    ("Zorvex schließt Werk in Nord", "Eilmeldung: Zorvex schließt Werk in Nord"),
    ("Зорвекс закрывает завод", "Срочно: Зорвекс закрывает завод"),
    ("华为关闭工厂", "【快讯】华为关闭工厂"),
]
DIFFERENT = [
    ("Zorvex closes works in Nord", "Zorvex keeps works in Nord"),
    ("Additions to the Entity List", "Removals from the Entity List"),
    ("Zorvex closes works in Nord", "Zorvex closes works in Nord - 300 jobs go"),
    ("Zorvex closes 3 works", "Zorvex closes 4 works"),
    ("Live concert in Nord", "Concert in Nord"),
]
OUTLETS = ("Example Wire", "sample.example")


@pytest.mark.parametrize(("one", "other"), SAME)
def test_the_same_headline_is_recognized(one: str, other: str) -> None:
    assert headline_key(one, OUTLETS) == headline_key(other, OUTLETS)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_a_headline_that_says_something_else_differs(one: str, other: str) -> None:
    assert headline_key(one, OUTLETS) != headline_key(other, OUTLETS)


@pytest.mark.parametrize("title", ["", " ", "...", "Update", "| -", "- Example Wire"])
def test_a_headline_without_words_is_compared_as_it_is(title: str) -> None:
    assert headline_key(title, OUTLETS) == headline_key(title, OUTLETS)
    assert headline_key(title, OUTLETS) != headline_key("Zorvex closes works", OUTLETS)


def test_each_different_headline_is_shown_once() -> None:
    titles = ["A closes", "A closes - Sample", "B opens", "b opens!", "C"]
    headlines = [Headline(number, title, "Sample") for number, title in enumerate(titles, start=1)]

    assert unshown(headlines, {1}) == (3, 5)
    assert unshown(headlines, {1, 4}) == (5,)
    assert unshown(headlines, set()) == (1, 3, 5)
