"""Random queries on random texts in mixed scripts, compared with the slow evaluator, and random text of any kind."""

import json
from itertools import pairwise
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from handlers.topics.index.forms import Forms
from handlers.topics.matcher import Matcher, Readable, evaluate
from handlers.topics.query.leaves import read_phrase
from handlers.topics.query.query import QueryError, parse, required_groups
from handlers.topics.query.tree import Tree
from handlers.topics.text.letters import BREAK, fold_word
from handlers.topics.text.tokens import Tokens, index_words
from handlers.topics.text.words import prepare
from tests.support.oracle import WANTED, WRITTEN, Node, Oracle, lay_out, write
from tests.support.topics import a_topic

SLOW = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)

TEXT = st.lists(
    st.tuples(st.sampled_from(sorted(WRITTEN)), st.sampled_from([" ", " ", "  ", "\n\n", ", ", ". "])), max_size=14
)
LEAF: st.SearchStrategy[Node] = st.tuples(
    st.just("leaf"), st.sampled_from(sorted(WANTED)), st.sampled_from(["", "", "", "title", "body"])
)
BARE: st.SearchStrategy[Node] = st.tuples(st.just("leaf"), st.sampled_from(sorted(WANTED)), st.just(""))
SIDE: st.SearchStrategy[Node] = st.one_of(BARE, st.tuples(st.just("or"), BARE, BARE))
NEAR = st.sampled_from(["near", "onear"])
POSITIONAL: st.SearchStrategy[Node] = st.one_of(
    LEAF,
    st.tuples(NEAR, st.integers(0, 4), SIDE, SIDE),
    st.tuples(st.just("outside"), SIDE, SIDE),
)
NESTED: st.SearchStrategy[Node] = st.recursive(
    BARE,
    lambda inner: st.one_of(
        st.tuples(NEAR, st.integers(0, 4), inner, inner),
        st.tuples(st.just("outside"), inner, inner),
        st.tuples(st.just("or"), inner, inner),
    ),
    max_leaves=6,
)
NODE: st.SearchStrategy[Node] = st.recursive(
    POSITIONAL,
    lambda inner: st.one_of(
        st.tuples(st.just("and"), inner, inner),
        st.tuples(st.just("and"), inner, st.tuples(st.just("not"), inner)),
        st.tuples(st.just("or"), inner, inner, inner),
        st.tuples(st.just("of"), st.integers(1, 3), inner, inner, inner),
    ),
    max_leaves=7,
)


def parsed(node: Node) -> Tree:
    """Return the tree of a node. Hypothesis skips a query that is rightly refused."""
    try:
        return parse(write(node))
    except QueryError as error:
        assume("can never match" not in error.message and "every article" not in error.message)
        raise


OPERATORS = [
    "huawei",
    "(",
    ")",
    '"',
    "AND",
    "OR",
    "NOT",
    "-",
    "NEAR/2",
    "OUTSIDE",
    "title:",
    "2 of",
    ",",
    "=",
    "*",
    "/x/",
    "@a",
]
ODD = (
    "aAzßﬁéİıIiKs5G.,'’-_&+#*?\" \u0301\u0308\u200b\u00ad\x01华为華爲ガｶﾞﾟ한각ᄒ\u1161\u11abไทก็กកម្ពុهواويلاةٌἀйЙё𝐇🙂２．Ａ"
)
ANY_TEXT = st.text(alphabet=st.one_of(st.sampled_from(ODD), st.characters()), max_size=40)
CAMEL = st.text(alphabet=st.sampled_from("##AZßÉazs5_ .,'Яяİı\u0301\u00ad为2"), max_size=40)


@SLOW
@given(st.one_of(NODE, NESTED), TEXT, TEXT)
def test_a_query_finds_the_same_words_as_the_slow_evaluator(
    node: Node, title: list[tuple[str, str]], body: list[tuple[str, str]]
) -> None:
    tree = parsed(node)
    title_text, title_tokens = lay_out(title)
    body_text, body_tokens = lay_out(body)
    oracle = Oracle(title_tokens, body_tokens)

    evaluation = evaluate(tree, Readable(title=title_text, body=body_text, language="en"))

    assert evaluation.matches == oracle.satisfies(node)
    assert evaluation.trace["ok"] == evaluation.matches
    assert bool(evaluation.missing) != evaluation.matches
    json.dumps(evaluation.trace)
    texts = {"title": title_text, "body": body_text}
    assert all(words.text == texts[words.field][words.start : words.end] for words in evaluation.evidence)
    if evaluation.matches:
        shown = {
            (field, index)
            for field, tokens in oracle.fields.items()
            for index, token in enumerate(tokens)
            for words in evaluation.evidence
            if words.field == field and words.start <= token.start and token.end <= words.end
        }
        assert shown == oracle.shown(node)
    else:
        assert evaluation.evidence == ()


@SLOW
@given(st.lists(st.one_of(NODE, NESTED), min_size=1, max_size=8), TEXT, TEXT, st.lists(TEXT, max_size=3), st.data())
def test_all_topics_together_match_as_each_alone_after_additions_and_removals(
    nodes: list[Node],
    title: list[tuple[str, str]],
    body: list[tuple[str, str]],
    others: list[list[tuple[str, str]]],
    data: st.DataObject,
) -> None:
    queries = [write(node) for node in nodes]
    trees = [parsed(node) for node in nodes]
    article = Readable(title=lay_out(title)[0], body=lay_out(body)[0], language="en")
    alone = [evaluate(tree, article) for tree in trees]
    half = len(queries) // 2
    matcher = Matcher(a_topic(number, query) for number, query in enumerate(queries[:half]))
    matcher.match(article)
    for number in range(half, len(queries)):
        matcher.put(a_topic(number, queries[number]))
    removed = data.draw(st.sets(st.integers(0, len(queries) - 1)))
    for number in removed:
        matcher.remove(number)
    for other in (Readable(title="", body=lay_out(text)[0], language="en") for text in others):
        assert (
            set(matcher.topic_ids(other))
            == {number for number, tree in enumerate(trees) if evaluate(tree, other).matches} - removed
        )

    found = {match.topic_id: match for match in matcher.match(article)}

    assert found.keys() == {number for number, evaluation in enumerate(alone) if evaluation.matches} - removed
    for number, match in found.items():
        assert (match.evidence, match.score) == (alone[number].evidence, alone[number].score)


CHANGE = st.one_of(
    st.tuples(st.just("put"), st.integers(0, 5), NODE),
    st.tuples(st.just("remove"), st.integers(0, 5)),
    st.tuples(st.just("match"), TEXT, st.sampled_from(["en", "und", "zh"])),
)


@SLOW
@given(st.lists(CHANGE, max_size=25))
def test_topics_that_change_between_articles_match_as_each_alone(changes: list[Any]) -> None:
    matcher = Matcher()
    trees: dict[int, Tree] = {}
    for change in changes:
        match change:
            case ("put", number, node):
                trees[number] = parsed(node)
                matcher.put(a_topic(number, write(node)))
            case ("remove", number):
                trees.pop(number, None)
                matcher.remove(number)
            case ("match", text, language):
                article = Readable(title="", body=lay_out(text)[0], language=language)
                matches = {found.topic_id: (found.evidence, found.score) for found in matcher.match(article)}
                alone = {number: evaluate(tree, article) for number, tree in trees.items()}
                assert matches == {
                    number: (evaluation.evidence, evaluation.score)
                    for number, evaluation in alone.items()
                    if evaluation.matches
                }


@SLOW
@given(NODE, TEXT, TEXT, st.sampled_from(["en", "und", "de", "fr", "ru", "ar", "zh", "tr"]))
def test_full_text_search_never_loses_a_match(
    node: Node, title: list[tuple[str, str]], body: list[tuple[str, str]], language: str
) -> None:
    tree = parsed(node)
    article = Readable(title=lay_out(title)[0], body=lay_out(body)[0], language=language)
    assume(evaluate(tree, article).matches)

    words = f" {index_words(article.title, article.body, language)} "

    assert words == words.lower()
    for group in required_groups(tree):
        assert any(f" {term} ".replace("… ", "") in words for term in group), (group, words)


@SLOW
@given(st.one_of(ANY_TEXT, CAMEL), st.sampled_from(["en", "und", "tr", "ar", "ja", "th"]))
def test_the_tokens_of_any_text_are_in_order_and_do_not_overlap(text: str, language: str) -> None:
    tokens = Tokens(text, language)

    assert len(tokens.spans) == len(tokens.folded) == len(tokens.raw)
    parts = [part for parts in tokens.hashtags for part in parts]
    own = tokens.spans[: len(tokens.spans) - len(parts)]
    assert tokens.spans == [*own, *parts]
    for spans in (own, parts):
        last_end = 0
        for start, end in spans:
            assert last_end <= start < end <= len(text)
            last_end = end
    for of_one in tokens.hashtags:
        assert (of_one[0][0], of_one[-1][1]) in own
        assert all(before[1] == after[0] for before, after in pairwise(of_one))
    assert all(fold_word(folded) == folded for folded in tokens.folded)
    index_words(text, text, language)


SPACED = "aAzßﬁéİıIiKs5G.,'’-_&+#*?\" \u0301\u200b\u00ad\x01هواويلاةٌἀйЙё２．Ａ€"


@SLOW
@given(st.one_of(ANY_TEXT, CAMEL, st.text(alphabet=st.sampled_from(SPACED), max_size=40)))
def test_the_splitter_finds_the_same_words_as_the_tokenizer(text: str) -> None:
    text = text.replace(BREAK, " ")

    numbers: dict[str, int] = {}
    forms = Forms(lambda folded, keys, language: (numbers.setdefault(folded, len(numbers)),), "en")
    tokens = Tokens(text, "en")
    for _ in ("new words", "cached words"):
        words = forms.find(prepare(f" {text} {BREAK} "))
        if words is None:
            assert not text.isascii()
            return
        found = range(words.count - 1)
        own = len(tokens.folded) - sum(map(len, tokens.hashtags))
        assert [(words.starts[word] - 1, words.ends[word] - 1) for word in found] == tokens.spans[:own]
        meant = [forms.pool[words.forms[word] + 1] if words.forms[word] else None for word in found]
        assert meant == [numbers[folded] if folded else None for folded in tokens.folded[:own]]


@SLOW
@given(st.one_of(ANY_TEXT, CAMEL), st.sampled_from(["en", "und", "ja", "ko"]))
def test_a_query_of_any_word_of_a_text_finds_it(text: str, language: str) -> None:
    tokens = Tokens(text, language)
    article = Readable(title="", body=text, language=language)
    for (start, end), folded in zip(tokens.spans, tokens.folded, strict=True):
        if not folded:
            continue
        tree = read_phrase(text[start:end], 0, quoted=True, exact=True, field="")
        if len(tree.variants[0].atoms) != 1:
            continue

        evidence = evaluate(tree, article).evidence

        assert any(words.start <= start and end <= words.end for words in evidence), (text[start:end], folded)


@SLOW
@given(ANY_TEXT)
def test_any_text_parses_or_is_refused_with_a_column(text: str) -> None:
    try:
        tree = parse(text)
    except QueryError as error:
        assert 0 <= error.column <= len(text)
        assert error.message
    else:
        evaluate(tree, Readable(title=text, body=text, language="en"))


@SLOW
@given(st.lists(st.sampled_from(OPERATORS), max_size=10))
def test_any_sequence_of_operators_parses_or_is_refused_with_a_column(parts: list[str]) -> None:
    query = " ".join(parts)
    try:
        parse(query)
    except QueryError as error:
        assert 0 <= error.column <= len(query)
        if error.suggestion is not None:
            assert error.suggestion != query
