"""A slow and simple evaluator of queries, for words whose tokens are written by hand."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from handlers.topics.text.sentences import sentence_ends_between
from handlers.topics.text.words import prepare

# Words of texts, each with its tokens: (label, start, end) in the word.
WRITTEN: dict[str, list[tuple[str, int, int]]] = {
    "huawei": [("huawei", 0, 6)],
    "Huawei’s": [("huawei", 0, 6)],
    "HUA\u00adWEI": [("huawei", 0, 7)],
    "Ｈｕａｗｅｉ": [("huawei", 0, 6)],
    "5G": [("5G", 0, 2)],
    "5-G": [("5", 0, 1), ("-G", 2, 3)],
    "5-g": [("5", 0, 1), ("-g", 2, 3)],
    "15G": [("15G", 0, 3)],
    "2.5G": [("2.5G", 0, 4)],
    "us": [("us", 0, 2)],
    "US": [("US", 0, 2)],
    "U.S.": [("US", 0, 4)],
    "sanction": [("sanction", 0, 8)],
    "sanctions": [("sanctions", 0, 9)],
    "Sanctioned": [("sanctioned", 0, 10)],
    "re\u0301sume\u0301": [("resume", 0, 8)],
    "Straße": [("strasse", 0, 6)],
    "ﬁnance": [("finance", 0, 6)],
    "华为": [("华", 0, 1), ("为", 1, 2)],
    "当月华为5G网": [("当", 0, 1), ("月", 1, 2), ("华", 2, 3), ("为", 3, 4), ("5G", 4, 6), ("网", 6, 7)],
    "華為": [("华", 0, 1), ("为", 1, 2)],
    "华，为": [("华", 0, 1), ("为", 2, 3)],
    "санкций": [("санкций", 0, 7)],
    "AT&T": [("at", 0, 2), ("&t", 3, 4)],
    "at": [("at", 0, 2)],
    "the": [("the", 0, 3)],
    "🙂": [],
}

# Terms of queries, each with the sequences of labels that it finds in English. A sequence that starts with "<" must
# not be interrupted by punctuation.
WANTED: dict[str, list[tuple[str, ...]]] = {
    "huawei": [("huawei",)],
    "HuaWei": [("huawei",)],
    "5G": [("5G",), ("5", "-G")],
    "us": [("us",), ("US",)],
    "US": [("US",)],
    "sanctions": [("sanction",), ("sanctions",), ("sanctioned",)],
    "=sanctions": [("sanctions",)],
    "sanction*": [("sanction",), ("sanctions",), ("sanctioned",)],
    "*anctions": [("sanctions",)],
    "resume": [("resume",)],
    "STRASSE": [("strasse",)],
    "f?nance": [("finance",)],
    "华为": [("<", "华", "为")],
    "華為": [("<", "华", "为")],
    "为": [("为",)],
    "月华为": [("<", "月", "华", "为")],
    "санкций": [("санкций",)],
    '"AT&T"': [("at", "&t")],
    "the": [("the",)],
    '"the us"': [("the", "us"), ("the", "US")],
    '"huawei * 5G"': [("huawei", "*", "5G"), ("huawei", "*", "5", "-G")],
    '"huawei sanctions"': [("huawei", "sanction"), ("huawei", "sanctions"), ("huawei", "sanctioned")],
}


@dataclass(frozen=True)
class Token:
    label: str
    start: int
    end: int
    after_punctuation: bool
    after_sentence: bool = False


def lay_out(words: list[tuple[str, str]]) -> tuple[str, list[Token]]:
    """Return the text of words, each with what follows it, and the tokens of the text."""
    text, tokens, after_punctuation = "", [], False
    for word, gap in words:
        for label, start, end in WRITTEN[word]:
            inside = word[:start].endswith("，")
            tokens.append(Token(label, len(text) + start, len(text) + end, after_punctuation or inside))
            after_punctuation = False
        text += word + gap
        after_punctuation = after_punctuation or gap.strip() != "" or word == "🙂"
    for at in range(1, len(tokens)):
        ends = sentence_ends_between(prepare(text), tokens[at - 1].end, tokens[at].start)
        tokens[at] = replace(tokens[at], after_sentence=ends)
    return text, tokens


Place = tuple[str, int, int]
Node = tuple[Any, ...]


class Oracle:
    def __init__(self, title: list[Token], body: list[Token]) -> None:
        self.fields = {"title": title, "body": body}

    def places(self, node: Node) -> set[Place]:
        match node:
            case ("leaf", written, field):
                return {
                    (name, start, start + size)
                    for name, tokens in self.fields.items()
                    if field in ("", name)
                    for run in WANTED[written]
                    for start, size in self._runs(tokens, run)
                }
            case ("or", *parts):
                return set().union(*map(self.places, parts))
            case ("near" | "onear", words, left, right):
                pairs = self.pairs(words, left, right, ordered=node[0] == "onear")
                return {(a[0], min(a[1], b[1]), max(a[2], b[2])) for a, b in pairs}
            case ("outside", part, excluded):
                taken = self.places(excluded)
                return {
                    place
                    for place in self.places(part)
                    if not any(place[0] == t[0] and place[1] < t[2] and t[1] < place[2] for t in taken)
                }
        raise AssertionError(node)

    def pairs(self, words: int, left: Node, right: Node, *, ordered: bool) -> Iterator[tuple[Place, Place]]:
        for a in self.places(left):
            for b in self.places(right):
                apart = b[1] - a[2] if ordered else max(b[1] - a[2], a[1] - b[2])
                if a[0] == b[0] and 0 <= apart <= words:
                    yield a, b

    def _runs(self, tokens: list[Token], run: tuple[str, ...]) -> Iterator[tuple[int, int]]:
        is_strict = run[0] == "<"
        labels = run[1:] if is_strict else run
        for start in range(len(tokens) - len(labels) + 1):
            here = tokens[start : start + len(labels)]
            same = all(want in ("*", token.label) for want, token in zip(labels, here, strict=True))
            is_one_sentence = not any(token.after_sentence for token in here[1:])
            if same and is_one_sentence and not (is_strict and any(token.after_punctuation for token in here[1:])):
                yield start, len(labels)

    def satisfies(self, node: Node) -> bool:
        match node:
            case ("and", *parts):
                return all(map(self.satisfies, parts))
            case ("or", *parts):
                return any(map(self.satisfies, parts))
            case ("not", part):
                return not self.satisfies(part)
            case ("of", count, *parts):
                return sum(map(self.satisfies, parts)) >= int(count)
            case _:
                return bool(self.places(node))

    def shown(self, node: Node) -> set[tuple[str, int]]:
        """Return the tokens that satisfy a node: (field, index)."""
        match node:
            case ("and", *parts) | ("or", *parts) | ("of", _, *parts):
                return set().union(*(self.shown(part) for part in parts if self.satisfies(part)))
            case ("not", _):
                return set()
            case _:
                words = set().union(*(self.words(node, place) for place in self.places(node)))
        return {(field, index) for field, start, past in words for index in range(start, past)}

    def words(self, node: Node, place: Place) -> set[Place]:
        """Return the phrases that make up a place of a node. For a NEAR, the words between its sides are left out."""
        match node:
            case ("near" | "onear", words, left, right):
                return {
                    word
                    for a, b in self.pairs(words, left, right, ordered=node[0] == "onear")
                    if place == (a[0], min(a[1], b[1]), max(a[2], b[2]))
                    for word in self.words(left, a) | self.words(right, b)
                }
            case ("or", *parts):
                return set().union(*(self.words(part, place) for part in parts if place in self.places(part)))
            case ("outside", part, _):
                return self.words(part, place)
            case _:
                return {place}


def write(node: Node) -> str:
    """Return the node as a query, with all brackets."""
    match node:
        case ("leaf", written, field):
            return f"{field}:{written}" if field else written
        case ("and", *parts):
            return "(" + " AND ".join(map(write, parts)) + ")"
        case ("or", *parts):
            return "(" + " OR ".join(map(write, parts)) + ")"
        case ("not", part):
            return f"NOT {write(part)}"
        case ("of", count, *parts):
            return f"{count} of ({', '.join(map(write, parts))})"
        case ("near" | "onear", words, left, right):
            return f"({write(left)} {node[0].upper()}/{words} {write(right)})"
        case ("outside", part, excluded):
            return f"({write(part)} OUTSIDE {write(excluded)})"
    raise AssertionError(node)
