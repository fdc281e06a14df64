"""Evaluate one query on one article: whether it matches, by which words, why, and what is missing if it does not."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import starmap
from typing import Any, Final, assert_never

from handlers.topics.index.budget import Budget, OverBudget
from handlers.topics.index.fields import CharSpan, Readable
from handlers.topics.index.findings import (
    SPAN_STEPS,
    count_signs_after,
    evidence_and_score,
    extended,
    matches,
    merged,
)
from handlers.topics.index.reading import NODE_STEPS, Reading, limited_reading
from handlers.topics.index.word_spans import WordSpans
from handlers.topics.query.describe import describe
from handlers.topics.query.tree import (
    TEXT_FIELDS,
    And,
    AtLeast,
    Leaf,
    Metadata,
    Near,
    Not,
    Or,
    Outside,
    Phrase,
    Reference,
    Regex,
    Tree,
)
from storage.records import Evidence

MAX_FAILED_SHOWN: Final = 6
"""The number of failed alternatives that are shown one by one. More of them share a line."""
_MAX_FOUND: Final = 3
"""Different texts shown for a part."""
_MAX_FOUND_CHARS: Final = 300
"""Characters of the article shown for each of them."""
_MAX_ROWS: Final = 20
"""The texts shown for a part are taken from its first occurrences in the article: from this number of rows of spans."""

Trace = dict[str, Any]
"""A query tree with the result of each part, as plain values for JSON.

`is` is the kind of part (word, phrase, regex, about, and, or, not, near, of, outside, topic, others, stopped), `text`
its description, and `ok` whether it matches. `found` are texts of the article and `of` the inner parts, if any.
"""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The result of evaluating a query on an article."""

    matches: bool
    evidence: tuple[Evidence, ...]
    score: float
    trace: Trace
    missing: tuple[str, ...]
    """The smallest set of leaves that would have to match as well. Empty for a match."""
    stopped: bool = False
    """Whether the evaluation was stopped because the query is too complex, so that the result is not known."""


STOPPED: Final = Evaluation(
    matches=False,
    evidence=(),
    score=0.0,
    trace={"is": "stopped", "text": "stopped: the query is too complex for this article", "ok": False},
    missing=(),
    stopped=True,
)


def evaluate(tree: Tree, readable: Readable, budget: Budget | None = None) -> Evaluation:
    """Evaluate a query on an article.

    A query that exceeds the budget is stopped. The default is the budget of the topics of one workspace.
    """
    return evaluate_in(limited_reading(readable) if budget is None else Reading(readable, budget), tree)


def evaluate_in(reading: Reading, tree: Tree) -> Evaluation:
    """Evaluate a query on an article that is used for several queries."""
    try:
        is_match = matches(tree, reading)
        evidence, score = evidence_and_score(tree, reading) if is_match else ((), 0.0)
        return Evaluation(
            matches=is_match,
            evidence=evidence,
            score=score,
            trace=trace_of(tree, reading),
            missing=missing(tree, reading),
        )
    except OverBudget:
        return STOPPED


def trace_of(tree: Tree, reading: Reading) -> Trace:
    """Return the trace of a query on an article. Raises: OverBudget."""
    ok = matches(tree, reading)
    reading.budget.spend(NODE_STEPS)
    match tree:
        case Phrase() | Regex() | Metadata():
            kind = {Phrase: "phrase", Regex: "regex", Metadata: "about"}[type(tree)]
            if isinstance(tree, Phrase) and len(tree.variants[0].atoms) == 1:
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
            sides = [trace_of(side, reading) for side in (tree.part, tree.excluded)]
            return _node("outside", "outside the second", ok, found=found, of=sides)
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
    """Return the traces of the parts of an OR. If one matches, a long list of those that do not shares one line."""
    failed = [part for part in tree.parts if not matches(part, reading)]
    if not ok or len(failed) <= MAX_FAILED_SHOWN:
        return [trace_of(part, reading) for part in tree.parts]
    shown = [trace_of(part, reading) for part in tree.parts if matches(part, reading)]
    return [*shown, _node("others", ", ".join(map(describe, failed)), False)]


def _found(part: Leaf | Near | Outside, reading: Reading) -> list[str]:
    """Return the first different texts by which a part matches; for a NEAR, with the words between its sides."""
    match part:
        case Metadata():
            return []
        case Regex():
            spans = reading.fields.regex_spans(part, reading.budget)
            return _texts((span for span in spans if span[0] in TEXT_FIELDS), reading)
        case _:
            found = reading.combined_spans(part, _MAX_ROWS) if isinstance(part, Near) else reading.spans_of(part)
            signs = count_signs_after(part)
            return reading.cached(
                ("found", signs, id(found)),
                (found,),
                lambda: _texts((extended(span, signs) for span in _first_spans(found, reading)), reading),
            )


def _first_spans(spans: WordSpans, reading: Reading) -> Iterator[CharSpan]:
    """Return the characters of the first spans, overlapping ones merged."""
    merged_spans = reading.fields.merged_spans()
    merged_spans.add(spans, _MAX_ROWS)
    return starmap(reading.fields.char_span, merged_spans.listed())


def _texts(spans: Iterable[CharSpan], reading: Reading) -> list[str]:
    """Return the first different texts at spans that are given in reading order."""
    texts = {"title": reading.readable.title, "body": reading.readable.body}
    found: dict[str, None] = {}
    for field, start, end in merged(spans):
        reading.budget.spend(SPAN_STEPS)
        found[_shortened(texts[field][start:end])] = None
        if len(found) == _MAX_FOUND:
            break
    return list(found)


def _shortened(text: str) -> str:
    """Return a piece of an article on one line, cut if it is long."""
    line = " ".join(text[: 2 * _MAX_FOUND_CHARS].split())
    is_complete = len(line) <= _MAX_FOUND_CHARS and len(text) <= 2 * _MAX_FOUND_CHARS
    return line if is_complete else f"{line[:_MAX_FOUND_CHARS].rstrip()}…"


def missing(tree: Tree, reading: Reading) -> tuple[str, ...]:
    """Return the smallest set of leaves that would have to change for the tree to match. Raises: OverBudget."""
    reading.budget.spend(NODE_STEPS)
    if matches(tree, reading):
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
    """Return the trace as indented text with a tick or a cross before each part."""
    return "\n".join(_lines(trace, 0))


def _lines(trace: Trace, depth: int) -> Iterator[str]:
    mark = "✓" if trace["ok"] else "✗"
    found = trace.get("found") or []
    shown = f" — {', '.join(f'“{text}”' for text in found)}" if found else ""
    parts = trace.get("of") or []
    text = f"none of {trace['text']}" if trace["is"] == "others" else trace["text"]
    yield f"{'  ' * depth}{mark} {text}{':' if parts else ''}{shown}"
    for part in parts:
        yield from _lines(part, depth + 1)
