"""Quotes, dashes, the ends of sentences, and classes of regular expressions in queries."""

import pytest

from handlers.topics.matcher import Matcher, Readable, evaluate
from handlers.topics.query.query import QueryError, parse
from tests.support.topics import a_topic


@pytest.mark.parametrize(
    ("query", "finds", "misses"),
    [
        ("'trade war'", "The trade war goes on", "There is war, and there is trade"),
        ("huawei AND ‘entity list’", "Huawei on the Entity List", "Huawei stays on a list; the entity is new"),
        ("(’trade war’)", "The trade war goes on", "War and trade"),
        ("'s-Hertogenbosch", "In 's-Hertogenbosch", "In Hertogenbosch"),
        ("o'brien 'trade war'", "O’Brien on the trade war", "O’Brien on war and trade"),
        ("huawei —phone", "Huawei builds networks", "Huawei sells phones"),
        ("huawei adj3 ban", "Huawei hit by ban", "A ban on Huawei"),
        ("/^ban$/m", "The list\nban\nends", "The ban ends"),
        ("/hua.wei/ims", "Hua\nwei sues", "Huawei sues"),
    ],
)
def test_what_phones_and_other_tools_write_is_understood(query: str, finds: str, misses: str) -> None:
    tree = parse(query)

    assert evaluate(tree, Readable(title="", body=finds, language="en")).matches
    assert not evaluate(tree, Readable(title="", body=misses, language="en")).matches


@pytest.mark.parametrize(
    ("query", "finds", "misses"),
    [
        (r"/\bсанкции\b/", "Новые санкции, санкции", "Антисанкции"),
        (r"/\bcaf\b/", "A caf is open", "Un café"),
        (r"/\bcaf\w+\b/", "Un café", "Un caf"),
        (r"/санкци\w+/", "О санкциях", "санкци"),
        (r"/\b(?:ban|curb)\b/", "A curb on chips", "The curbs"),
        (r"/huawei\b.*ban/", "Huawei, a ban", "Huaweis ban"),
        (r"/ban[\W_]x/", "ban—x", "banéx"),
        (r"/[^\W\d]{4}/", "été é été_", "été é 1234"),
        (r"/[\w-]{5}\d/", "été-é5", "été 5"),
    ],
)
def test_classes_of_a_regular_expression_know_all_letters(query: str, finds: str, misses: str) -> None:
    tree = parse(query)

    assert evaluate(tree, Readable(title="", body=finds, language="en")).matches
    assert not evaluate(tree, Readable(title="", body=misses, language="en")).matches


def test_each_match_between_word_edges_is_shown_without_its_neighbours() -> None:
    found = evaluate(parse(r"/\bсанкции\b/"), Readable(title="", body="санкции санкции", language="ru")).evidence

    assert [piece.text for piece in found] == ["санкции", "санкции"]


@pytest.mark.parametrize("query", [r"/а\bб/", r"/a\w\bб/", r"/\ba|b\b/"])
def test_classes_that_would_ignore_letters_are_refused(query: str) -> None:
    with pytest.raises(QueryError):
        parse(query)


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("The trade war goes on", True),
        ("They want trade. War is not it.", False),
        ("They want trade! War is not it.", False),
        ('They want "trade." War is not it.', False),
        ("They want trade\n\nWar is not it.", False),
        ("They want trade\nwar", True),
    ],
)
@pytest.mark.parametrize("query", ['"trade war"', 'title:x OR "trade * war" OR "trade war"'])
@pytest.mark.parametrize("language", ["en", "tr"])
def test_a_phrase_does_not_extend_across_the_end_of_a_sentence(
    text: str, is_found: bool, query: str, language: str
) -> None:
    article = Readable(title="", body=f"Ö {text}" if language == "tr" else text, language=language)

    assert evaluate(parse(query), article).matches is is_found
    assert Matcher([a_topic(1, query)]).topic_ids(article) == ((1,) if is_found else ())


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ('"St Petersburg"', "A flat in St. Petersburg"),
        ('"US firms"', "Some U.S. Firms"),
        ('"5 Oktober"', "Am 5. Oktober"),
        ('"Apple Inc said"', "Apple Inc. said"),
        ('"J Smith"', "By J. Smith"),
    ],
)
def test_a_dot_after_an_abbreviation_does_not_end_a_sentence(query: str, text: str) -> None:
    article = Readable(title="", body=text, language="en")

    assert Matcher([a_topic(1, query)]).topic_ids(article) == (1,)


def test_a_headline_code_of_factiva_means_the_title() -> None:
    tree = parse("hd=huawei")

    assert evaluate(tree, Readable(title="Huawei", body="x", language="en")).matches
    assert not evaluate(tree, Readable(title="x", body="Huawei", language="en")).matches
