"""Literals that a regular expression requires, and topics that wait for them."""

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from handlers.topics.matcher import Matcher, Readable, evaluate
from handlers.topics.query.query import QueryError, parse
from handlers.topics.query.regex_literals import required_literals
from tests.support.topics import a_topic

REQUIRED = {
    r"\bsanction\w* against": (("sanction",), ("against",)),
    r"(?:ban|curb)s?": (("ban", "curb"),),
    r"(ban|x)es": (("es",),),
    r"ban|[a-z]+": (),
    r"(?P<name>Huawei)d": (("huawei",),),
    r"colou?r": (("colo",),),
    r"ab+cd": (("ab",), ("cd",)),
    r"(abc)?def": (("def",),),
    r"(?:abc){0,2}def": (("def",),),
    r"(?:abc){2}": (("abc",),),
    r"[abc]def": (("def",),),
    r"\d+ million": (("million",),),
    r"[a-z]{2}-\d+": (),
    r"U\.S\. ban": (("ban",),),
    r"\x41bc": (),
    r"\Qabc\E": (),
    r"(?i)Straße": (("strasse",),),
    r"санкции": (("санкц",),),
    r"华为|中兴通讯": (("华为", "兴通"),),
    r"华為": (("华为",),),
}


@pytest.mark.parametrize("pattern", REQUIRED)
def test_a_regular_expression_requires_its_literals(pattern: str) -> None:
    assert required_literals(pattern) == REQUIRED[pattern]


PIECES = st.sampled_from(
    [*"abıкИ华为7'.-", "huawei", "санкции", "中兴", "s", "K", "ß", r"\b", r"\w*", r"\d", ".", "[a-c]", "[^a]", " "]
)
QUANTIFIER = st.sampled_from(["", "", "", "?", "*", "+", "{0,2}", "{2}"])
SEQUENCE = st.lists(st.tuples(PIECES, QUANTIFIER).map("".join), min_size=1, max_size=5).map("".join)
GROUP = st.tuples(st.lists(SEQUENCE, min_size=1, max_size=3).map("|".join), QUANTIFIER).map(
    lambda pair: f"(?:{pair[0]}){pair[1]}"
)
PATTERN = st.lists(st.one_of(SEQUENCE, GROUP), min_size=1, max_size=3).map("".join)
LETTERS = [*"abcıкиИ華为為7'. \n", "huawei", "HUAWEI’s", "санкции\u0306", "中兴", "ſ", "\u212a", "ẞ", "ss", "\u00ad"]
TEXT = st.lists(st.sampled_from(LETTERS), max_size=12).map("".join)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(PATTERN, TEXT, TEXT)
def test_a_regular_expression_matches_among_all_topics_wherever_it_does_alone(
    pattern: str, title: str, body: str
) -> None:
    try:
        tree = parse(f"/{pattern}/")
    except QueryError:
        assume(False)
    article = Readable(title=title, body=body, language="en")
    matcher = Matcher([a_topic(1, f"/{pattern}/")])

    found = [(match.evidence, match.score) for match in matcher.match(article)]

    alone = evaluate(tree, article)
    assert found == ([(alone.evidence, alone.score)] if alone.matches else [])
