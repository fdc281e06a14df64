"""One query against one article: does it match, by which words, and why; and what is missing where it does not."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final, assert_never

from handlers.topics.index.budget import Budget, OverBudget
from handlers.topics.index.fields import Readable, Span
from handlers.topics.index.findings import SPAN_STEPS, holds, lengthened, merged, satisfy, tail_of
from handlers.topics.index.reading import NODE_STEPS, Reading, limited
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
)
from storage.records import Evidence

FAILED_APART: Final = 6
"""Up to so many failed alternatives are shown one by one; more share a line."""
_FOUND_MOST: Final = 3
_FOUND_LONGEST: Final = 300
"""Characters of a piece of the article in a trace."""

Trace = dict[str, Any]
"""`is` (word, phrase, regex, about, and, or, not, near, of, outside, topic, others, stopped), `text`, `ok`; where there
are any, `found` (words of the article) and `of` (the parts)."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    matches: bool
    evidence: tuple[Evidence, ...]
    score: float
    trace: Trace
    missing: tuple[str, ...]
    """The fewest leaves that would have to hold as well; empty for a match."""
    stopped: bool = False
    """It takes too much work for this article, so it is not known whether it matches."""


STOPPED: Final = Evaluation(
    matches=False,
    evidence=(),
    score=0.0,
    trace={"is": "stopped", "text": "stopped: the query is too complex for this article", "ok": False},
    missing=(),
    stopped=True,
)


def evaluate(tree: Tree, readable: Readable, budget: Budget | None = None) -> Evaluation:
    """One query on one article, with everything there is to say about it.

    A query that takes more work than the budget allows is stopped; the default is what one topic may spend.
    """
    return evaluate_in(limited(readable) if budget is None else Reading(readable, budget), tree)


def evaluate_in(reading: Reading, tree: Tree) -> Evaluation:
    """The same, of an article that several queries are asked of."""
    try:
        matches = holds(tree, reading)
        evidence, score = satisfy(tree, reading) if matches else ((), 0.0)
        return Evaluation(
            matches=matches,
            evidence=evidence,
            score=score,
            trace=trace_of(tree, reading),
            missing=missing(tree, reading),
        )
    except OverBudget:
        return STOPPED


def trace_of(tree: Tree, reading: Reading) -> Trace:
    """The tree with each part ticked: plain values, fit for JSON. Raises: OverBudget."""
    ok = holds(tree, reading)
    reading.budget.spend(NODE_STEPS)
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


def _found(part: Leaf | Near | Outside, reading: Reading) -> list[str]:
    """The first three different words that satisfied a part; of a NEAR with what stands between."""
    match part:
        case About():
            return []
        case Regex():
            spans = reading.fields.finds(part, reading.budget)
            return _texts((span for span in spans if span[0] in TEXT_FIELDS), reading)
        case _:
            places, tail = reading.shown(part), tail_of(part)
            return reading.once(
                ("found", tail, id(places)),
                (places,),
                lambda: _texts((lengthened(span, tail) for span in reading.spans(places)), reading),
            )


def _texts(spans: Iterable[Span], reading: Reading) -> list[str]:
    """The first three different texts that stand at some spans, which are in reading order."""
    texts = {"title": reading.readable.title, "body": reading.readable.body}
    found: dict[str, None] = {}
    for field, start, end in merged(spans):
        reading.budget.spend(SPAN_STEPS)
        found[_shortened(texts[field][start:end])] = None
        if len(found) == _FOUND_MOST:
            break
    return list(found)


def _shortened(text: str) -> str:
    """What is shown of a piece of an article: on one line, and not the whole article."""
    line = " ".join(text[: 2 * _FOUND_LONGEST].split())
    is_whole = len(line) <= _FOUND_LONGEST and len(text) <= 2 * _FOUND_LONGEST
    return line if is_whole else f"{line[:_FOUND_LONGEST].rstrip()}…"


def missing(tree: Tree, reading: Reading) -> tuple[str, ...]:
    """The fewest leaves whose change would make the tree true. Raises: OverBudget."""
    reading.budget.spend(NODE_STEPS)
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
