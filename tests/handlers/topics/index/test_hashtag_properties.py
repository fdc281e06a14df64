"""Random queries on random texts with hashtags in camel case: the matcher and the evaluation of one query agree."""

from hypothesis import given
from hypothesis import strategies as st

from handlers.topics.matcher import Matcher, Readable, evaluate
from handlers.topics.query.query import required_groups
from handlers.topics.text.tokens import index_words
from tests.handlers.topics.index.test_properties import NESTED, NODE, SLOW, parsed
from tests.support.oracle import WRITTEN, Node, write
from tests.support.topics import a_topic

HASHTAGS = (
    "#HuaweiSanctions",
    "#Huawei5GSanctions",
    "#huawei5G",
    "#USSanctions",
    "#The_USHuawei",
    "#TheUS",
    "#SanctionedSanctions",
    "#月华为HuaweiBan",
    "#Huawei",
    "#STRASSEHuawei",
)
WITH_HASHTAGS = st.lists(
    st.tuples(
        st.sampled_from([*sorted(WRITTEN), *HASHTAGS, *HASHTAGS]),
        st.sampled_from([" ", " ", "  ", "\n\n", ", ", ". "]),
    ),
    max_size=10,
).map(lambda words: "".join(word + gap for word, gap in words))
ASCII_WITH_HASHTAGS = WITH_HASHTAGS.map(lambda text: text.encode("ascii", "ignore").decode())


@SLOW
@given(
    st.lists(st.one_of(NODE, NESTED), min_size=1, max_size=8),
    st.one_of(WITH_HASHTAGS, ASCII_WITH_HASHTAGS),
    st.one_of(WITH_HASHTAGS, ASCII_WITH_HASHTAGS),
    st.sampled_from(["en", "und", "ru", "ar", "zh", "tr"]),
    st.sampled_from(["", "\U00020000"]),
)
def test_hashtags_match_all_topics_together_as_each_alone(
    nodes: list[Node], title: str, body: str, language: str, rare: str
) -> None:
    trees = [parsed(node) for node in nodes]
    article = Readable(title=title, body=body + rare, language=language)
    words = f" {index_words(article.title, article.body, language)} "
    matcher = Matcher(a_topic(number, write(node)) for number, node in enumerate(nodes))

    found = {match.topic_id: (match.evidence, match.score) for match in matcher.match(article)}

    alone = [evaluate(tree, article) for tree in trees]
    assert found == {
        number: (evaluation.evidence, evaluation.score) for number, evaluation in enumerate(alone) if evaluation.matches
    }
    for number in found:
        for group in required_groups(trees[number]):
            assert any(f" {term} ".replace("… ", "") in words for term in group), (group, words)
    for evaluation in alone:
        texts = {"title": article.title, "body": article.body}
        assert all(words.text == texts[words.field][words.start : words.end] for words in evaluation.evidence)
