"""Word spans, proximity joins and combined spans, compared with the same computed from all pairs of spans."""

from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.topics.index.reverse_join import ReversibleJoin
from handlers.topics.index.word_spans import (
    NO_SPANS,
    MergedSpans,
    WordSpans,
    intersection,
    outside,
    sequences,
    spans_of_length,
    union,
)
from handlers.topics.query.lexer import MAX_NEAR, MAX_SPAN

Span = tuple[int, int]
"""The first word and the word after the last."""
TEXT = 1_400
"""The words of the text: more than twice the longest span."""
SLOW = settings(max_examples=100, deadline=None)

DENSE = st.tuples(st.integers(0, 40), st.integers(1, 4))
SPARSE = st.tuples(
    st.integers(0, TEXT - 700), st.one_of(st.integers(1, 3), st.integers(60, 130), st.integers(500, 700))
)
SPANS = st.one_of(
    st.sets(st.integers(0, 60).map(lambda start: (start, start + 1)), max_size=30),
    st.sets(DENSE.map(lambda span: (span[0], span[0] + span[1])), max_size=30),
    st.sets(SPARSE.map(lambda span: (span[0], span[0] + span[1])), max_size=15),
)
WORDS = st.sampled_from([0, 1, 3, 63, 64, MAX_NEAR])


def word_spans(spans: set[Span]) -> WordSpans:
    found = NO_SPANS
    for start, end in sorted(spans):
        found = union(found, spans_of_length([start], end - start))
    return found


def near_pairs(left: set[Span], right: set[Span], words: int, ordered: bool) -> list[tuple[Span, Span]]:
    after = [(a, b) for a in left for b in right if 0 <= b[0] - a[1] <= words]
    before = [(a, b) for a in left for b in right if 0 <= a[0] - b[1] <= words]
    return after if ordered else after + before


def combined_span(pair: tuple[Span, Span]) -> Span:
    return min(pair[0][0], pair[1][0]), max(pair[0][1], pair[1][1])


@SLOW
@given(SPANS, SPANS)
def test_union_intersection_and_difference_are_those_of_sets(left: set[Span], right: set[Span]) -> None:
    lefts, rights = word_spans(left), word_spans(right)

    assert lefts.listed() == sorted(left)
    assert lefts.total() == len(left)
    assert lefts.total(20) == sum(start >= 20 for start, _ in left)
    assert lefts.max_length() == max((end - start for start, end in left), default=lefts.max_length())
    assert union(lefts, rights).listed() == sorted(left | right)
    assert union(lefts, rights, 7).listed() == sorted(left | {(start + 7, end + 7) for start, end in right})
    assert intersection(lefts, rights).listed() == sorted(left & right)
    apart = {span for span in left if not any(span[0] < other[1] and other[0] < span[1] for other in right)}
    assert outside(lefts, rights).listed() == sorted(apart)


@SLOW
@given(SPANS, SPANS, WORDS, st.booleans(), st.data())
def test_a_join_finds_the_same_as_comparing_all_pairs(
    left: set[Span], right: set[Span], words: int, ordered: bool, data: st.DataObject
) -> None:
    lefts, rights = word_spans(left), word_spans(right)
    join = ReversibleJoin(TEXT + MAX_NEAR)
    pairs = near_pairs(left, right, words, ordered)
    combined = sorted({span for span in map(combined_span, pairs) if span[1] - span[0] <= MAX_SPAN})

    assert join.is_near(lefts, rights, words, ordered) == bool(pairs)
    left_partners, right_partners = join.partners(lefts, rights, words, ordered)
    assert left_partners.listed() == sorted({a for a, _ in pairs})
    assert right_partners.listed() == sorted({b for _, b in pairs})
    assert join.combined(lefts, rights, words, ordered).listed() == combined

    some = data.draw(st.sets(st.sampled_from(combined))) if combined else set()
    origins = [pair for pair in pairs if combined_span(pair) in some]
    left_sides, right_sides = join.sides_of(lefts, rights, words, ordered, word_spans(some))
    assert left_sides.listed() == sorted({a for a, _ in origins})
    assert right_sides.listed() == sorted({b for _, b in origins})


@SLOW
@given(SPANS, SPANS, WORDS, st.booleans(), st.integers(1, 5))
def test_a_limit_on_rows_keeps_the_combined_spans_of_the_first_words(
    left: set[Span], right: set[Span], words: int, ordered: bool, max_rows: int
) -> None:
    join = ReversibleJoin(TEXT + MAX_NEAR)
    spans = join.combined(word_spans(left), word_spans(right), words, ordered).listed()
    starts = sorted({start for start, _ in spans})[:max_rows]

    limited = join.combined(word_spans(left), word_spans(right), words, ordered, max_rows).listed()

    assert [span for span in limited if span[0] in starts] == [span for span in spans if span[0] in starts]


@SLOW
@given(st.lists(st.sampled_from("abc"), max_size=40), st.lists(st.sampled_from("abc*"), min_size=1, max_size=4))
def test_words_in_a_row_are_found_everywhere_in_the_text(text: list[str], phrase: list[str]) -> None:
    wanted = [(offset, word) for offset, word in enumerate(phrase) if word != "*"]
    rows = [spans_of_length([at for at, word in enumerate(text) if word == sought], 1) for _, sought in wanted]
    last = len(text) - len(phrase)
    expected = [
        (start, start + len(phrase))
        for start in range(last + 1)
        if all(text[start + offset] == word for offset, word in wanted)
    ]

    if wanted:
        assert sequences(rows, [offset for offset, _ in wanted], len(phrase), len(text)).listed() == expected


@SLOW
@given(st.lists(SPANS, max_size=3))
def test_spans_that_share_a_word_are_merged(sets: list[set[Span]]) -> None:
    merged = MergedSpans()
    for _ in range(2):  # the same object serves the next query
        merged.reset(TEXT)
        for spans in sets:
            merged.add(word_spans(spans))

        expected: list[Span] = []
        for start, end in sorted(set().union(*sets)):
            if expected and start < expected[-1][1]:
                expected[-1] = (expected[-1][0], max(end, expected[-1][1]))
            else:
                expected.append((start, end))
        assert merged.listed() == expected
