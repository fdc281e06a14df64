"""A query's text as tokens: words, "phrases", /expressions/, operators, brackets, each with its column."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from handlers.answers.errors import QueryError


class Kind(StrEnum):
    WORD = "word"
    PHRASE = "phrase"
    REGEX = "regex"
    TOPIC = "topic"
    FIELD = "field"
    AND = "and"
    OR = "or"
    NOT = "not"
    NEAR = "near"
    ORDERED = "onear"
    OUTSIDE = "outside"
    OF = "of"
    EXACT = "exact"
    OPEN = "("
    CLOSE = ")"
    COMMA = ","
    END = "end"


@dataclass(frozen=True, slots=True)
class Lexeme:
    kind: Kind
    text: str
    column: int
    number: int = 0


FIELDS: Final = ("title", "body", "author", "tag", "source", "site", "lang", "url")
FIELD_ALIASES: Final = {
    "headline": "title",
    "intitle": "title",
    "text": "body",
    "content": "body",
    "intext": "body",
    "tags": "tag",
    "category": "tag",
    "language": "lang",
    "domain": "site",
    "inurl": "url",
    "by": "author",
}
NEAR_DEFAULT: Final = 10
NEAR_MOST: Final = 100
SPAN_MOST: Final = 512
"""Words of the longest run, from the first word that a NEAR joins to the last, that an operator around it sees."""
QUERY_MOST: Final = 20_000
"""Characters of a query. Longer ones are lists that belong in several topics."""

_QUOTES: Final = {'"': '"', "“": "”", "”": "”", "„": '“”"', "«": "»", "＂": "＂", "「": "」", "『": "』"}
_BRACKETS: Final = {"(": Kind.OPEN, ")": Kind.CLOSE, "（": Kind.OPEN, "）": Kind.CLOSE}
_OPERATORS: Final = {
    "and": Kind.AND,
    "or": Kind.OR,
    "not": Kind.NOT,
    "outside": Kind.OUTSIDE,
}
_NEAR: Final = re.compile(
    r"(o?near|around|w|pre)/(\d+)f?(?!\w)|(o?near|around)(?:\((\d+)\)|~(\d+))(?!\w)", re.IGNORECASE
)
"""Of Google AROUND(3), of Talkwalker NEAR/3 and ONEAR/3f, of LexisNexis w/3 and pre/3."""
_OF: Final = re.compile(r"(?:at\s+least\s+)?(\d+)\s+of\s*(?=[(（])", re.IGNORECASE)
_FIELD: Final = re.compile(r"([^\W\d_]+):(\s*)(?=\S)")
_REGEX: Final = re.compile(r"/((?:[^/\\\n]|\\.)+)/i?(?=[\s)）,]|$)")
"""Case never counts, so the i of /x/i changes nothing."""
_WORD: Final = re.compile(r"(?:(?!&&)[^\s()（）,|\"“”„«»＂「」『』])+")
_SIGNS: Final = re.compile(r"\|\|?|&&")
_COMMA: Final = (",", "，", "、")


def read_lexemes(query: str) -> list[Lexeme]:
    """The tokens of a query, ending in one of kind END. Raises QueryError."""
    if len(query) > QUERY_MOST:
        raise QueryError(
            f"This query has {len(query):,} characters; {QUERY_MOST:,} is the most.",
            query=query,
            column=QUERY_MOST,
            suggestion="Make several topics of it and join them with @name OR @name",
        )
    found: list[Lexeme] = []
    place = 0
    while place < len(query):
        if query[place].isspace():
            place += 1
            continue
        lexeme, place = _next(query, place, found)
        found.append(lexeme)
    found.append(Lexeme(Kind.END, "", len(query)))
    return found


def _next(query: str, place: int, before: list[Lexeme]) -> tuple[Lexeme, int]:
    char = query[place]
    if char in _BRACKETS:
        return Lexeme(_BRACKETS[char], char, place), place + 1
    if char in _COMMA:
        return Lexeme(Kind.COMMA, char, place), place + 1
    if char in _QUOTES:
        return _phrase(query, place, _QUOTES[char])
    if char == "/" and (found := _REGEX.match(query, place)):
        return Lexeme(Kind.REGEX, found[1], place), found.end()
    if char in "|&" and (found := _SIGNS.match(query, place)):
        return Lexeme(Kind.AND if char == "&" else Kind.OR, found[0], place), found.end()
    if (char.isdecimal() or char in "aA") and (found := _OF.match(query, place)):
        return Lexeme(Kind.OF, found[0].strip(), place, int(found[1][:6])), found.end()
    if char in "nNoOaAwWpP" and (found := _NEAR.match(query, place)):
        number = int((found[2] or found[4] or found[5])[:6])
        ordered = (found[1] or found[3]).casefold() in ("onear", "pre")
        return Lexeme(Kind.ORDERED if ordered else Kind.NEAR, found[0], place, number), found.end()
    following = query[place + 1 : place + 2]
    if char in "-−–!" and following and not following.isspace() and following not in "-−–!,，、":
        return Lexeme(Kind.NOT, char, place), place + 1
    if char == "+" and following and not following.isspace() and following != "+":
        return _next(query, place + 1, before)
    if char == "=" and following and not following.isspace():
        return Lexeme(Kind.EXACT, char, place), place + 1
    if char == "@" and following and not following.isspace():
        return _topic(query, place)
    if ":" in query and (found := _FIELD.match(query, place)) and (name := _field(found, query, place)):
        return Lexeme(Kind.FIELD, name, place), found.end()
    word = _WORD.match(query, place)
    if word is None:  # a closing quote on its own
        raise QueryError(
            "This quote closes nothing.", query=query, column=place, suggestion=query[:place] + query[place + 1 :]
        )
    text = word[0]
    if text in ("NEAR", "ONEAR"):
        return Lexeme(Kind.NEAR if text == "NEAR" else Kind.ORDERED, text, place, NEAR_DEFAULT), word.end()
    kind = _OPERATORS.get(text.casefold(), Kind.WORD)
    if kind is Kind.OUTSIDE and text != "OUTSIDE":
        kind = Kind.WORD  # a word people look for, unlike and, or, not
    return Lexeme(kind, text, place), word.end()


def _phrase(query: str, place: int, closers: str) -> tuple[Lexeme, int]:
    end = next((at for at in range(place + 1, len(query)) if query[at] in closers), None)
    if end is None:
        raise QueryError("This quote is never closed.", query=query, column=place, suggestion=f'{query.rstrip()}"')
    past = end + 1
    lexeme = Lexeme(Kind.PHRASE, query[place + 1 : end], place)
    if slop := re.compile(r"~(\d+)").match(query, past):
        lexeme = Lexeme(Kind.PHRASE, lexeme.text, place, int(slop[1][:6]) + 1)
        past = slop.end()
    return lexeme, past


def _topic(query: str, place: int) -> tuple[Lexeme, int]:
    if query[place + 1] in _QUOTES:
        inner, past = _phrase(query, place + 1, _QUOTES[query[place + 1]])
        return Lexeme(Kind.TOPIC, inner.text, place), past
    word = _WORD.match(query, place + 1)
    if word is None:
        raise QueryError("@ wants the name of a topic.", query=query, column=place, suggestion=None)
    return Lexeme(Kind.TOPIC, word[0], place), word.end()


def _field(found: re.Match[str], query: str, place: int) -> str | None:
    """The field that a name before a colon means. None where it is no field but part of a word, such as an address."""
    name, rest = found[1].casefold(), query[found.end() :]
    if name in FIELDS:
        return name
    if name in FIELD_ALIASES:
        return FIELD_ALIASES[name]
    if name.startswith("all") and (field := FIELD_ALIASES.get(name.removeprefix("all"))):
        better = f"{query[:place]}{field}:({rest.strip()})"
    elif found[2] or name in ("http", "https", "mailto"):
        return None
    elif near := [known for known in FIELDS if known[:2] == name[:2] or sorted(known) == sorted(name)]:
        better = f"{query[:place]}{near[0]}:{rest}"
    else:  # of another tool, such as filetype:pdf: the query without it
        better = query[:place] + re.sub(r'^(?:"[^"]*"|\S+)\s*', "", rest)
    raise QueryError(
        f'There is no field "{found[1]}". The fields are {", ".join(FIELDS)}.',
        query=query,
        column=place,
        suggestion=better.strip() or None,
    )
