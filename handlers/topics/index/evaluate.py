"""One query against one article: does it match, by which words, and why; and what is missing where it does not."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import log2
from typing import Any, Final, assert_never

from handlers.topics.index.reading import Place, Readable, Reading, Span, merge_spans
from handlers.topics.query.describe import describe
from handlers.topics.query.tree import (
    TEXT_FIELDS,
    About,
    And,
    AtLeast,
    Leaf,
    Near,
    Not,
    Or,
    Outside,
    Phrase,
    Reference,
    Regex,
    Tree,
    Word,
)
from storage.records import Evidence

EVIDENCE_MOST: Final = 60
"""Words shown for one match; those of the title come first."""
TITLE_WEIGHT: Final = 3.0
FAILED_APART: Final = 6
"""Up to so many failed alternatives are shown one by one; more share a line."""

Trace = dict[str, Any]
"""`is` (word, phrase, regex, about, and, or, not, near, of, outside, topic, others), `text`, `ok`; where there are any,
`found` (words of the article) and `of` (the parts)."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    matches: bool
    evidence: tuple[Evidence, ...]
    score: float
    trace: Trace
    missing: tuple[str, ...]
    """The fewest leaves that would have to hold as well; empty for a match."""


def evaluate(tree: Tree, readable: Readable) -> Evaluation:
    """One query on one article, with everything there is to say about it."""
    reading = Reading(readable)
    matches = holds(tree, reading)
    evidence, score = satisfy(tree, reading) if matches else ((), 0.0)
    return Evaluation(
        matches=matches,
        evidence=evidence,
        score=score,
        trace=trace_of(tree, reading),
        missing=missing(tree, reading),
    )


def holds(tree: Tree, reading: Reading) -> bool:
    """Whether the article satisfies the tree."""
    return reading.held(tree, _holds)


def _holds(tree: Tree, reading: Reading) -> bool:
    match tree:
        case Phrase() | Regex() | About():
            return reading.holds_leaf(tree)
        case And():
            return all(holds(part, reading) for part in tree.parts)
        case Or():
            return any(holds(part, reading) for part in tree.parts)
        case Not():
            return not holds(tree.part, reading)
        case Reference():
            return holds(tree.part, reading)
        case AtLeast():
            return sum(holds(part, reading) for part in tree.parts) >= tree.count
        case Near():
            return next(reading.near_pairs(tree), None) is not None
        case Outside():
            return bool(reading.places(tree))
        case _:
            assert_never(tree)


def finds(tree: Tree, reading: Reading) -> Iterator[tuple[Leaf | Near | Outside, list[Span]]]:
    """The parts that make the tree true, each with the characters that satisfy it."""
    match tree:
        case And() | Or() | AtLeast():
            for part in tree.parts:
                if isinstance(part, Phrase) or holds(part, reading):
                    yield from finds(part, reading)
        case Reference():
            yield from finds(tree.part, reading)
        case Phrase():
            tail = len(tree.forms[0].atoms[-1].tail) if isinstance(tree.forms[0].atoms[-1], Word) else 0
            spans = [_characters(place, reading) for place in reading.places(tree) if place[0] in TEXT_FIELDS]
            if spans or (tree.field not in ("", *TEXT_FIELDS) and holds(tree, reading)):
                yield tree, [(field, start, end + tail) for field, start, end in spans]
        case Outside():
            yield tree, [_characters(place, reading) for place in reading.places(tree) if place[0] in TEXT_FIELDS]
        case Near():
            both = {place for pair in reading.near_pairs(tree) for place in _sides(tree, pair, reading)}
            yield tree, [_characters(place, reading) for place in both]
        case Regex():
            yield tree, [span for span in reading.regex_spans(tree) if span[0] in TEXT_FIELDS]
        case About():
            yield tree, []
        case Not():
            return
        case _:
            assert_never(tree)


def _sides(tree: Near, pair: tuple[Place, Place], reading: Reading) -> Iterator[Place]:
    """The words of a pair; a side that is NEAR itself gives its own words, not all between them."""
    for side, place in zip((tree.left, tree.right), pair, strict=True):
        yield from _words_at(side, place, reading)


def _words_at(tree: Tree, place: Place, reading: Reading) -> Iterator[Place]:
    if place not in reading.places(tree):
        return
    match tree:
        case Near():
            for left, right in reading.near_pairs(tree):
                if place == (left[0], min(left[1], right[1]), max(left[2], right[2])):
                    yield from _sides(tree, (left, right), reading)
        case Or():
            for part in tree.parts:
                yield from _words_at(part, place, reading)
        case Reference() | Outside():
            yield from _words_at(tree.part, place, reading)
        case _:
            yield place


def _characters(place: Place, reading: Reading) -> Span:
    field, first, past = place
    start, end = reading.tokens(field)[0].place(first, past)
    return field, start, end


def satisfy(tree: Tree, reading: Reading) -> tuple[tuple[Evidence, ...], float]:
    """The words that satisfied the tree, and how strongly the article is about it: `sum_up` of its parts."""
    return sum_up((spans for _, spans in finds(tree, reading)), reading.readable)


def sum_up(found: Iterable[list[Span]], readable: Readable) -> tuple[tuple[Evidence, ...], float]:
    """The words found by the parts of a query, in reading order, overlapping ones made one; and the score.

    In the score a word in the title weighs most, and repetition ever less. It is told in thousandths, without round(),
    which would write it as text and read that.
    """
    score = 0.0
    every: list[Span] = []
    for spans in found:
        in_body = [span[0] for span in spans].count("body")
        if in_body < len(spans):
            score += TITLE_WEIGHT
        score += log2(1 + in_body) if spans else 1.0
        every += spans
    texts = {"title": readable.title, "body": readable.body}
    evidence = [
        Evidence(field=field, start=start, end=end, text=texts[field][start:end])
        for field, start, end in merge_spans(every)[:EVIDENCE_MOST]
    ]
    return tuple(evidence), int(score * 1000 + 0.5) / 1000


def trace_of(tree: Tree, reading: Reading) -> Trace:
    """The tree with each part ticked: plain values, fit for JSON."""
    ok = holds(tree, reading)
    match tree:
        case Phrase() | Regex() | About():
            kind = {Phrase: "phrase", Regex: "regex", About: "about"}[type(tree)]
            if isinstance(tree, Phrase) and len(tree.forms[0].atoms) == 1:
                kind = "word"
            return _node(kind, describe(tree), ok, found=_found(tree, reading) if ok else [])
        case And():
            return _node("and", "all of", ok, of=[trace_of(part, reading) for part in tree.parts])
        case Or():
            return _node("or", "any of", ok, of=_alternatives(tree, reading, ok=ok))
        case Not():
            return _node("not", "not", ok, of=[trace_of(tree.part, reading)])
        case Reference():
            return _node("topic", f"@{tree.name}", ok, of=[trace_of(tree.part, reading)])
        case AtLeast():
            return _node("of", f"at least {tree.count} of", ok, of=[trace_of(part, reading) for part in tree.parts])
        case Near():
            found = _found(tree, reading) if ok else []
            sides = [trace_of(side, reading) for side in (tree.left, tree.right)]
            order = ", in this order" if tree.ordered else ""
            return _node("near", f"within {tree.words} words{order}", ok, found=found, of=sides)
        case Outside():
            found = _found(tree, reading) if ok else []
            return _node(
                "outside",
                "outside the second",
                ok,
                found=found,
                of=[trace_of(tree.part, reading), trace_of(tree.but, reading)],
            )
        case _:
            assert_never(tree)


def _node(kind: str, text: str, ok: bool, *, found: list[str] | None = None, of: list[Trace] | None = None) -> Trace:
    node: Trace = {"is": kind, "text": text, "ok": ok}
    if found:
        node["found"] = found
    if of is not None:
        node["of"] = of
    return node


def _alternatives(tree: Or, reading: Reading, *, ok: bool) -> list[Trace]:
    """The parts of an OR. Where one holds, a long list of those that do not shares one line."""
    failed = [part for part in tree.parts if not holds(part, reading)]
    if not ok or len(failed) <= FAILED_APART:
        return [trace_of(part, reading) for part in tree.parts]
    shown = [trace_of(part, reading) for part in tree.parts if holds(part, reading)]
    return [*shown, _node("others", ", ".join(map(describe, failed)), False)]


def _found(tree: Tree, reading: Reading) -> list[str]:
    """The first three different words that satisfied a part."""
    texts = {"title": reading.readable.title, "body": reading.readable.body}
    if isinstance(tree, Near):
        spans = merge_spans([_characters(place, reading) for place in reading.places(tree) if place[0] in TEXT_FIELDS])
    else:
        spans = merge_spans([span for _, spans in finds(tree, reading) for span in spans])
    return list(dict.fromkeys(" ".join(texts[field][start:end].split()) for field, start, end in spans))[:3]


def missing(tree: Tree, reading: Reading) -> tuple[str, ...]:
    """The fewest leaves whose change would make the tree true."""
    if holds(tree, reading):
        return ()
    match tree:
        case And():
            return tuple(text for part in tree.parts for text in missing(part, reading))
        case Or():
            return min((missing(part, reading) for part in tree.parts), key=len)
        case AtLeast():
            lacking = sorted((missing(part, reading) for part in tree.parts), key=len)
            return tuple(text for texts in lacking[: tree.count] for text in texts)
        case Reference():
            return missing(tree.part, reading)
        case _:
            return (describe(tree),)


def draw_trace(trace: Trace) -> str:
    """The trace as indented text, a tick or a cross before each leaf."""
    return "\n".join(_lines(trace, 0))


def _lines(trace: Trace, depth: int) -> Iterator[str]:
    mark = "✓" if trace["ok"] else "✗"
    found = trace.get("found") or []
    shown = f" — {', '.join(f'“{text}”' for text in found)}" if found else ""
    parts = trace.get("of") or []
    what = f"none of {trace['text']}" if trace["is"] == "others" else trace["text"]
    yield f"{'  ' * depth}{mark} {what}{':' if parts else ''}{shown}"
    for part in parts:
        yield from _lines(part, depth + 1)
