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


def test_topics_are_found_in_the_order_of_their_ids() -> None:
    matcher = Matcher([a_topic(3, "huawei"), a_topic(1, "5G"), a_topic(2, "nokia")])

    assert ids(matcher) == [1, 3]
    assert matcher.topics.keys() == {1, 2, 3}


def test_a_topic_added_is_found_by_the_next_match() -> None:
    matcher = Matcher()
    assert ids(matcher) == []

    matcher.put(a_topic(1, "sanction* OR /x+y/"))

    assert ids(matcher) == [1]


def test_a_topic_edited_is_found_by_its_new_query_alone() -> None:
    matcher = Matcher([a_topic(1, "huawei")])

    matcher.put(a_topic(1, "nokia"))

    assert ids(matcher) == []
    assert ids(matcher, Readable(title="Nokia", body="", language="en")) == [1]


def test_a_topic_removed_is_found_no_more_and_leaves_others_alone() -> None:
    matcher = Matcher([a_topic(1, "huawei"), a_topic(2, "huawei OR nokia"), a_topic(3, "hua*")])
    assert ids(matcher) == [1, 2, 3]

    matcher.remove(1)
    matcher.remove(3)
    matcher.remove(99)

    assert ids(matcher) == [2]


def test_an_alias_is_looked_for_as_a_phrase() -> None:
    matcher = Matcher([a_topic(1, "nokia", aliases=("Huawei signs",))])

    assert ids(matcher) == [1]


def test_an_alias_that_the_query_mentions_is_left_to_the_query() -> None:
    matcher = Matcher([a_topic(1, "华为 OUTSIDE 当月华为", aliases=("华为",))])

    assert ids(matcher, Readable(title="", body="当月华为乌云所蔽", language="zh")) == []


def test_a_topic_is_found_whatever_part_of_it_articles_held_before_and_can_be_removed_then() -> None:
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


def test_a_topic_may_name_another_and_follows_its_changes() -> None:
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


def test_a_workspace_s_own_topic_is_meant_before_the_catalogue_s() -> None:
    matcher = Matcher(
        [
            a_topic(1, "nokia", name="vendors"),
            a_topic(2, "huawei", name="vendors", workspace_id=7),
            a_topic(3, "@vendors 5G", workspace_id=7),
            a_topic(4, "@vendors 5G", workspace_id=8),
        ]
    )

    assert ids(matcher) == [2, 3]


def test_a_topic_named_with_its_aliases() -> None:
    matcher = Matcher([a_topic(1, "nokia", name="vendors", aliases=("huawei",)), a_topic(2, "@vendors")])

    assert ids(matcher) == [1, 2]


def test_a_word_in_the_title_weighs_more() -> None:
    matcher = Matcher([a_topic(1, "huawei")])
    in_title = Readable(title="Huawei", body="text", language="en")
    in_body = Readable(title="text", body="Huawei", language="en")

    (high,), (low,) = matcher.match(in_title), matcher.match(in_body)

    assert high.score > low.score > 0


def test_a_match_is_the_same_every_time_whatever_the_order_of_the_topics() -> None:
    topics = [
        a_topic(1, "huawei OR 5G"),
        a_topic(2, "sanction*"),
        a_topic(3, "华为"),
        a_topic(4, "@x"),
        a_topic(5, "5G", name="x"),
    ]
    matcher = Matcher(topics)

    for other in (matcher, Matcher(reversed(topics))):
        assert [(one.topic_id, one.evidence, one.score, other.trace(one)) for one in other.match(ARTICLE)] == [
            (one.topic_id, one.evidence, one.score, matcher.trace(one)) for one in matcher.match(ARTICLE)
        ]


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
def test_words_that_were_read_before_are_found_once_a_topic_wants_them(query: str, body: str, language: str) -> None:
    matcher = Matcher([a_topic(1, "nothing OR noth*g OR 无物")])
    article = Readable(title="", body=body, language=language)
    assert ids(matcher, article) == []

    for _ in range(2):
        matcher.put(a_topic(2, query))
        assert ids(matcher, article) == [2]
        assert matcher.match(article)[0].evidence == evaluate(parse(query), article).evidence

        matcher.remove(2)
        assert ids(matcher, article) == []


def test_many_topics_of_one_article_show_what_each_shows_alone() -> None:
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

    found = matcher.match(article)

    assert [one.topic_id for one in found] == list(range(len(queries)))
    for one, query in zip(found, queries, strict=True):
        alone = evaluate(parse(query), article)
        assert (one.evidence, one.score, matcher.trace(one)) == (alone.evidence, alone.score, alone.trace)


def test_a_word_longer_than_any_that_people_write_is_still_found() -> None:
    word = "x" * 5000
    matcher = Matcher([a_topic(1, word), a_topic(2, "xx*"), a_topic(3, "*xx")])

    assert ids(matcher, Readable(title="", body=f"a {word} b", language="en")) == [1, 2, 3]


def test_a_trace_is_json_and_reads_as_a_tree() -> None:
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
def test_a_near_miss_says_what_is_missing(query: str, missing: tuple[str, ...]) -> None:
    assert evaluate(parse(query), ARTICLE).missing == missing


@pytest.mark.parametrize(("language", "title"), [("en", ""), ("en", "\N{MATHEMATICAL BOLD CAPITAL H}"), ("tr", "ı")])
def test_a_text_of_more_different_words_than_are_remembered_is_read_to_its_end(language: str, title: str) -> None:
    matcher = Matcher([a_topic(1, "w69999x"), a_topic(2, "huawei"), a_topic(3, "w7x")])
    body = " ".join(f"w{number}x" for number in range(70_000))

    assert ids(matcher, Readable(title=title, body=body, language=language)) == [1, 3]
    assert ids(matcher) == [2]
    assert ids(matcher, Readable(title="W7x", body="", language=language)) == [3]


def test_an_id_of_any_size_is_found_again() -> None:
    topics = [a_topic(id, "huawei") for id in (0, 2**31 - 1, 2**31, 2**40 + 5)]

    assert ids(Matcher(topics)) == [topic.id for topic in topics]


def test_a_text_may_be_of_a_readers_own_kind() -> None:
    class Kind(str):
        __slots__ = ()

    (found,) = Matcher([a_topic(1, "huawei")]).match(
        Readable(title=Kind("Huawei"), body=Kind("No, Huawei."), language="en")
    )

    assert [(piece.field, piece.text) for piece in found.evidence] == [("title", "Huawei"), ("body", "Huawei")]


def test_evidence_asked_for_after_other_articles_is_that_of_its_own() -> None:
    matcher = Matcher([a_topic(1, 'huawei OR "5g deal"'), a_topic(2, "US"), a_topic(3, "builds NEAR/3 huawei")])
    found = matcher.match(ARTICLE)
    matcher.match(Readable(title="US", body="Huawei in the US: Huawei, Huawei.", language="en"))

    assert [[piece.text for piece in one.evidence] for one in found] == [
        ["Huawei", "5G deal", "Huawei"],
        ["Huawei", "builds"],
    ]
