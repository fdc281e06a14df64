"""Matching all topics at once: adding, editing and removing topics, references between them, and traces."""

import json

import pytest

from handlers.topics.matcher import Matcher, Readable, draw_trace, evaluate
from handlers.topics.query.query import parse
from tests.support.topics import a_topic

ARTICLE = Readable(title="Huawei signs 5G deal", body="The company fears sanctions. Huawei builds.", language="en")


def ids(matcher: Matcher, readable: Readable = ARTICLE) -> list[int]:
    found = [found.topic_id for found in matcher.match(readable)]
    assert found == list(matcher.topic_ids(readable))
    return found


def test_matches_are_ordered_by_topic_id() -> None:
    matcher = Matcher([a_topic(3, "huawei"), a_topic(1, "5G"), a_topic(2, "nokia")])

    assert ids(matcher) == [1, 3]
    assert matcher.topics.keys() == {1, 2, 3}


def test_an_added_topic_is_found_by_the_next_match() -> None:
    matcher = Matcher()
    assert ids(matcher) == []

    matcher.put(a_topic(1, "sanction* OR /x+y/"))

    assert ids(matcher) == [1]


def test_an_edited_topic_matches_by_its_new_query_only() -> None:
    matcher = Matcher([a_topic(1, "huawei")])

    matcher.put(a_topic(1, "nokia"))

    assert ids(matcher) == []
    assert ids(matcher, Readable(title="Nokia", body="", language="en")) == [1]


def test_a_removed_topic_no_longer_matches_and_the_others_still_do() -> None:
    matcher = Matcher([a_topic(1, "huawei"), a_topic(2, "huawei OR nokia"), a_topic(3, "hua*")])
    assert ids(matcher) == [1, 2, 3]

    matcher.remove(1)
    matcher.remove(3)
    matcher.remove(99)

    assert ids(matcher) == [2]


def test_an_alias_matches_as_a_phrase() -> None:
    matcher = Matcher([a_topic(1, "nokia", aliases=("Huawei signs",))])

    assert ids(matcher) == [1]


def test_an_alias_that_the_query_contains_is_not_added() -> None:
    matcher = Matcher([a_topic(1, "华为 OUTSIDE 当月华为", aliases=("华为",))])

    assert ids(matcher, Readable(title="", body="当月华为乌云所蔽", language="zh")) == []


def test_earlier_partial_matches_change_neither_matching_nor_removal() -> None:
    queries = [
        "huawei AND deal",
        "(huawei OR zte) AND (deal OR ban)",
        "huawei deal NOT ban",
        "2 of (huawei, zte, deal)",
    ]
    texts = ["Huawei", "deal", "Huawei and ZTE", "ban deal", "Huawei deal", "ZTE ban", "deal", "Huawei deal ban", "ZTE"]
    matcher = Matcher(a_topic(number, query) for number, query in enumerate(queries))

    for removed in range(len(queries) + 1):
        for text in texts:
            article = Readable(title="", body=text, language="en")
            alone = [number for number, query in enumerate(queries) if evaluate(parse(query), article).matches]
            assert ids(matcher, article) == [number for number in alone if number >= removed]
        matcher.remove(removed)


def test_a_topic_that_refers_to_another_follows_its_changes() -> None:
    matcher = Matcher(
        [
            a_topic(1, "@vendors AND 5G"),
            a_topic(2, "nokia", name="vendors"),
            a_topic(3, "@b", name="a"),
            a_topic(4, "@vendors", name="b"),
        ]
    )
    assert ids(matcher) == []

    matcher.put(a_topic(2, "nokia OR huawei", name="vendors"))
    assert ids(matcher) == [1, 2, 3, 4]

    matcher.remove(2)
    assert ids(matcher) == []
    assert matcher.broken.keys() == {1, 3, 4}

    matcher.put(a_topic(5, "huawei", name="vendors"))
    assert ids(matcher) == [1, 3, 4, 5]
    assert not matcher.broken


def test_a_reference_prefers_the_workspace_s_own_topic_to_the_catalogue_s() -> None:
    matcher = Matcher(
        [
            a_topic(1, "nokia", name="vendors"),
            a_topic(2, "huawei", name="vendors", workspace_id=7),
            a_topic(3, "@vendors 5G", workspace_id=7),
            a_topic(4, "@vendors 5G", workspace_id=8),
        ]
    )

    assert ids(matcher) == [2, 3]


def test_a_reference_includes_the_aliases_of_the_topic() -> None:
    matcher = Matcher([a_topic(1, "nokia", name="vendors", aliases=("huawei",)), a_topic(2, "@vendors")])

    assert ids(matcher) == [1, 2]


def test_a_word_in_the_title_scores_higher() -> None:
    matcher = Matcher([a_topic(1, "huawei")])
    in_title = Readable(title="Huawei", body="text", language="en")
    in_body = Readable(title="text", body="Huawei", language="en")

    (high,), (low,) = matcher.match(in_title), matcher.match(in_body)

    assert high.score > low.score > 0


def test_a_match_does_not_depend_on_the_order_of_the_topics() -> None:
    topics = [
        a_topic(1, "huawei OR 5G"),
        a_topic(2, "sanction*"),
        a_topic(3, "华为"),
        a_topic(4, "@x"),
        a_topic(5, "5G", name="x"),
    ]
    matcher = Matcher(topics)

    def results(matcher: Matcher) -> list[object]:
        return [(match.topic_id, match.evidence, match.score) for match in matcher.match(ARTICLE)]

    assert results(Matcher(reversed(topics))) == results(matcher) == results(matcher)


@pytest.mark.parametrize(
    ("query", "body", "language"),
    [
        ("sanctions", "It was sanctioned.", "en"),
        ("=sanctioned", "It was sanctioned.", "en"),
        ("sanction*", "It was sanctioned.", "en"),
        ("*ctioned", "It was sanctioned.", "en"),
        ('"was sanctions"', "It was   sanctioned.", "en"),
        ("résumés", "His résumé was read.", "fr"),
        ("RÉSUMÉ", "His resume was read.", "en"),
        ("санкции", "Новых санкций нет.", "ru"),
        ("华为", "当月华为乌云所蔽", "zh"),
        ("US", "The U.S. fears it.", "en"),
        ('"AT&T"', "An AT&T shop", "en"),
    ],
)
def test_words_that_occurred_before_are_found_by_a_topic_added_later(query: str, body: str, language: str) -> None:
    matcher = Matcher([a_topic(1, "nothing OR noth*g OR 无物")])
    article = Readable(title="", body=body, language=language)
    assert ids(matcher, article) == []

    for _ in range(2):
        matcher.put(a_topic(2, query))
        assert ids(matcher, article) == [2]
        assert matcher.match(article)[0].evidence == evaluate(parse(query), article).evidence

        matcher.remove(2)
        assert ids(matcher, article) == []


def test_many_topics_at_once_have_the_evidence_that_each_has_alone() -> None:
    article = Readable(
        title="Sanctions on U.S. firms",
        body="The U.S. said, twice, that U.S. sanctions hold: firms in  the north, firms in the south; the end.",
        language="en",
    )
    queries = [
        "firms",
        "sanctions",
        '"firms in the"',
        "twice",
        "said",
        "hold",
        "end",
        "U.S.",
        '"the U.S."',
        "south OR north",
    ]
    matcher = Matcher(a_topic(number, query) for number, query in enumerate(queries))

    matches = matcher.match(article)

    assert [match.topic_id for match in matches] == list(range(len(queries)))
    for match, query in zip(matches, queries, strict=True):
        alone = evaluate(parse(query), article)
        assert (match.evidence, match.score) == (alone.evidence, alone.score)


def test_a_word_of_five_thousand_letters_is_found() -> None:
    word = "x" * 5000
    matcher = Matcher([a_topic(1, word), a_topic(2, "xx*"), a_topic(3, "*xx")])

    assert ids(matcher, Readable(title="", body=f"a {word} b", language="en")) == [1, 2, 3]


def test_a_trace_is_json_and_is_drawn_as_a_tree() -> None:
    evaluation = evaluate(parse("huawei AND (5G OR zte) NOT nokia"), ARTICLE)

    assert json.loads(json.dumps(evaluation.trace)) == evaluation.trace
    assert draw_trace(evaluation.trace).splitlines() == [
        "✓ all of:",
        "  ✓ huawei — “Huawei”",
        "  ✓ any of:",
        "    ✓ 5G — “5G”",
        "    ✗ zte",
        "  ✓ not:",
        "    ✗ nokia",
    ]


def test_the_trace_of_near_shows_the_words_between() -> None:
    article = Readable(title="", body="the US bar American tech firms from working", language="en")

    evaluation = evaluate(parse("bar NEAR/3 firms"), article)

    assert draw_trace(evaluation.trace).splitlines()[0] == "✓ within 3 words: — “bar American tech firms”"


@pytest.mark.parametrize(
    ("query", "missing"),
    [
        ("huawei zte", ("zte",)),
        ("huawei (zte OR (nokia ericsson))", ("zte",)),
        ("2 of (huawei, zte, nokia)", ("zte",)),
        ("5G NOT huawei", ("NOT huawei",)),
        ("company NEAR/0 sanctions", ("company NEAR/0 sanctions",)),
        ("huawei", ()),
    ],
)
def test_a_near_miss_lists_the_missing_parts(query: str, missing: tuple[str, ...]) -> None:
    assert evaluate(parse(query), ARTICLE).missing == missing


@pytest.mark.parametrize(("language", "title"), [("en", ""), ("en", "\N{MATHEMATICAL BOLD CAPITAL H}"), ("tr", "ı")])
def test_a_text_with_more_different_words_than_the_cache_holds_is_matched_completely(language: str, title: str) -> None:
    matcher = Matcher([a_topic(1, "w69999x"), a_topic(2, "huawei"), a_topic(3, "w7x")])
    body = " ".join(f"w{number}x" for number in range(70_000))

    assert ids(matcher, Readable(title=title, body=body, language=language)) == [1, 3]
    assert ids(matcher) == [2]
    assert ids(matcher, Readable(title="W7x", body="", language=language)) == [3]


def test_topic_ids_may_exceed_32_bits() -> None:
    topics = [a_topic(id, "huawei") for id in (0, 2**31 - 1, 2**31, 2**40 + 5)]

    assert ids(Matcher(topics)) == [topic.id for topic in topics]


def test_a_text_may_be_a_subclass_of_str() -> None:
    class Kind(str):
        __slots__ = ()

    (found,) = Matcher([a_topic(1, "huawei")]).match(
        Readable(title=Kind("Huawei"), body=Kind("No, Huawei."), language="en")
    )

    assert [(words.field, words.text) for words in found.evidence] == [("title", "Huawei"), ("body", "Huawei")]


def test_evidence_read_after_other_matches_belongs_to_its_own_article() -> None:
    matcher = Matcher([a_topic(1, 'huawei OR "5g deal"'), a_topic(2, "US"), a_topic(3, "builds NEAR/3 huawei")])
    found = matcher.match(ARTICLE)
    matcher.match(Readable(title="US", body="Huawei in the US: Huawei, Huawei.", language="en"))

    assert [[words.text for words in match.evidence] for match in found] == [
        ["Huawei", "5G deal", "Huawei"],
        ["Huawei", "builds"],
    ]
