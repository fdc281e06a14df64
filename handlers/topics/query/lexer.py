"""Split a query into tokens: words, "phrases", /regular expressions/, operators and brackets, each with its column."""

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
    """A token of a query."""

    kind: Kind
    text: str
    column: int
    """0-based offset into the query."""
    number: int = 0
    """The distance of NEAR and ONEAR, the count of OF, and the slop of a phrase plus one."""


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
DEFAULT_NEAR: Final = 10
MAX_NEAR: Final = 100
"""The largest distance of a NEAR, in words."""
MAX_SPAN: Final = 512
"""Words of the longest combined span of a NEAR, from the start of a pair to its end, that an outer operator sees."""
MAX_QUERY: Final = 20_000
"""Characters of a query. Longer queries are lists that belong in several topics."""

_QUOTES: Final = {'"': '"', "“": "”", "”": "”", "„": '“”"', "«": "»", "＂": "＂", "「": "」", "『": "』"}
_SINGLE_QUOTES: Final = {"'": "'’", "‘": "'’", "’": "'’", "‚": "‘’'", "‹": "›"}
_DASHES: Final = "-−–—‑‐"
"""What may stand for the minus of an exclusion. Phones turn two hyphens into a dash."""
_BRACKETS: Final = {"(": Kind.OPEN, ")": Kind.CLOSE, "（": Kind.OPEN, "）": Kind.CLOSE}
_OPERATORS: Final = {
    "and": Kind.AND,
    "or": Kind.OR,
    "not": Kind.NOT,
    "outside": Kind.OUTSIDE,
}
_NEAR: Final = re.compile(
    r"(o?near|around|w|pre)/(\d+)f?(?!\w)|(o?near|around)(?:\((\d+)\)|~(\d+))(?!\w)|(adj)/?(\d+)(?!\w)", re.IGNORECASE
)
"""Includes Google's AROUND(3), Talkwalker's NEAR/3 and ONEAR/3f, LexisNexis' w/3 and pre/3, and Factiva's adj3."""
_REPETITION: Final = re.compile(r"atleast\s*\d+\s*(?=[(（])", re.IGNORECASE)
_ASSIGNMENT: Final = re.compile(r"([A-Za-z]{2,})=(?=\S)")
_HEADLINE_CODES: Final = frozenset({"hd", "hl", "hlead", "title", "intitle", "headline"})
"""Names before = that mean the title, as in Factiva's hd=huawei."""
_OF: Final = re.compile(r"(?:at\s+least\s+)?(\d+)\s+of\s*(?=[(（])", re.IGNORECASE)
_FIELD: Final = re.compile(r"([^\W\d_]+):(\s*)(?=\S)")
_REGEX: Final = re.compile(r"/((?:[^/\\\n]|\\.)+)/([A-Za-z]*)(?=[\s)）,]|$)")
_IGNORED_FLAGS: Final = "igu"
"""Case never matters, all matches are found, and texts are Unicode."""
_KNOWN_FLAGS: Final = "ms"
"""^ and $ match at line breaks; a dot matches line breaks."""
_WORD: Final = re.compile(r"(?:(?!&&)[^\s()（）,|\"“”„«»＂「」『』])+")
_GROUPED_NUMBER: Final = re.compile(r"\d{1,3}(?:,\d{3})+(?!\w|,\d)")
"""A number with commas between its thousands."""
_SIGNS: Final = re.compile(r"\|\|?|&&")
_COMMAS: Final = (",", "，", "、")


def read_lexemes(query: str) -> list[Lexeme]:
    """Return the tokens of a query. The last one has the kind END. Raises: QueryError."""
    if len(query) > MAX_QUERY:
        raise QueryError(
            f"This query has {len(query):,} characters; {MAX_QUERY:,} are allowed. Split it into several topics, then "
            "join them: @first OR @second.",
            query=query,
            column=MAX_QUERY,
        )
    found: list[Lexeme] = []
    at = 0
    while at < len(query):
        if query[at].isspace():
            at += 1
            continue
        lexeme, at = _next(query, at)
        found.append(lexeme)
    found.append(Lexeme(Kind.END, "", len(query)))
    return found


def _next(query: str, at: int) -> tuple[Lexeme, int]:
    """Return the token that starts at `at`, and where it ends."""
    char = query[at]
    if char in _BRACKETS:
        return Lexeme(_BRACKETS[char], char, at), at + 1
    if char in _COMMAS:
        return Lexeme(Kind.COMMA, char, at), at + 1
    if char in _QUOTES:
        return _phrase(query, at, _QUOTES[char])
    if char == "/" and (found := _REGEX.match(query, at)):
        return _regex(found, query, at), found.end()
    if char in "|&" and (found := _SIGNS.match(query, at)):
        return Lexeme(Kind.AND if char == "&" else Kind.OR, found[0], at), found.end()
    if (char.isdecimal() or char in "aA") and (found := _OF.match(query, at)):
        return Lexeme(Kind.OF, found[0].strip(), at, int(found[1][:6])), found.end()
    if char in "nNoOaAwWpP" and (found := _NEAR.match(query, at)):
        number = int((found[2] or found[4] or found[5] or found[7])[:6])
        ordered = (found[1] or found[3] or found[6]).casefold() in ("onear", "pre", "adj")
        return Lexeme(Kind.ORDERED if ordered else Kind.NEAR, found[0], at, number), found.end()
    if char in _SINGLE_QUOTES and (end := _closing_single_quote(query, at)):
        return Lexeme(Kind.PHRASE, query[at + 1 : end], at), end + 1
    following = query[at + 1 : at + 2]
    if char in f"{_DASHES}!" and following and not following.isspace() and following not in f"{_DASHES}!,，、":
        return Lexeme(Kind.NOT, char, at), at + 1
    if char == "+" and following and not following.isspace() and following != "+":
        return _next(query, at + 1)
    if char == "=" and following and not following.isspace():
        return Lexeme(Kind.EXACT, char, at), at + 1
    if char == "@" and following and not following.isspace():
        return _topic(query, at)
    if ":" in query and (found := _FIELD.match(query, at)) and (name := _field(found, query, at)):
        return Lexeme(Kind.FIELD, name, at), found.end()
    if "=" in query and (found := _ASSIGNMENT.match(query, at)):
        return _assigned_field(found, query, at), found.end()
    if char in "aA" and (found := _REPETITION.match(query, at)):
        message = f"{found[0].strip()}(...) asks how often a word occurs, which a query can't do. Leave it out."
        raise QueryError(message, query=query, column=at, suggestion=query[:at] + query[found.end() :])
    return _word(query, at)


def _regex(found: re.Match[str], query: str, at: int) -> Lexeme:
    """Return a regular expression with its flags inside. Raises: QueryError for an unknown flag."""
    flags = found[2].lower()
    unknown = flags.strip(_IGNORED_FLAGS + _KNOWN_FLAGS)
    if unknown:
        message = f'A regular expression has no flag "{unknown[0]}". The flags are i, m and s.'
        suggestion = f"{query[:at]}/{found[1]}/{query[found.end() :]}"
        raise QueryError(message, query=query, column=at, suggestion=suggestion)
    inside = "".join(flag for flag in _KNOWN_FLAGS if flag in flags)
    return Lexeme(Kind.REGEX, f"(?{inside}){found[1]}" if inside else found[1], at)


def _closing_single_quote(query: str, at: int) -> int | None:
    """Return where a phrase in single quotes ends, or None if the quote is an apostrophe, as in 's-Hertogenbosch."""
    closing = _SINGLE_QUOTES[query[at]]
    for end in range(at + 2, len(query)):
        after = query[end + 1 : end + 2]
        is_end = not after or after.isspace() or after in ")）,|&"
        if query[end] in closing and is_end and not query[end - 1].isspace():
            return end
    return None


def _assigned_field(found: re.Match[str], query: str, at: int) -> Lexeme:
    """Return the field that a name before = means. Raises: QueryError for any but the title."""
    if found[1].casefold() in _HEADLINE_CODES:
        return Lexeme(Kind.FIELD, "title", at)
    suggestion = f"{query[:at]}title:{query[found.end() :]}" if "title" in found[1].casefold() else None
    message = f'"{found[1]}=" is not part of a query. Write a field with a colon, such as title:huawei.'
    raise QueryError(message, query=query, column=at, suggestion=suggestion)


def _word(query: str, at: int) -> tuple[Lexeme, int]:
    """Return a word, or an operator that is written as a word, and where it ends."""
    word = _GROUPED_NUMBER.match(query, at) or _WORD.match(query, at)
    if word is None:  # a closing quote
        without = query[:at] + query[at + 1 :]
        raise QueryError("This closing quote has no opening quote.", query=query, column=at, suggestion=without)
    text = word[0]
    if text in ("NEAR", "ONEAR"):
        return Lexeme(Kind.NEAR if text == "NEAR" else Kind.ORDERED, text, at, DEFAULT_NEAR), word.end()
    kind = _OPERATORS.get(text.casefold(), Kind.WORD)
    if kind is Kind.OUTSIDE and text != "OUTSIDE":
        kind = Kind.WORD  # unlike and, or and not, people search for the word "outside"
    return Lexeme(kind, text, at), word.end()


def _phrase(query: str, at: int, closing_quotes: str) -> tuple[Lexeme, int]:
    end = next((end for end in range(at + 1, len(query)) if query[end] in closing_quotes), None)
    if end is None:
        raise QueryError("This quote is never closed.", query=query, column=at, suggestion=f'{query.rstrip()}"')
    text = query[at + 1 : end]
    if slop := re.compile(r"~(\d+)").match(query, end + 1):
        return Lexeme(Kind.PHRASE, text, at, int(slop[1][:6]) + 1), slop.end()
    return Lexeme(Kind.PHRASE, text, at), end + 1


def _topic(query: str, at: int) -> tuple[Lexeme, int]:
    if query[at + 1] in _QUOTES:
        name, end = _phrase(query, at + 1, _QUOTES[query[at + 1]])
        return Lexeme(Kind.TOPIC, name.text, at), end
    word = _WORD.match(query, at + 1)
    if word is None:
        raise QueryError("@ needs the name of a topic right after it.", query=query, column=at)
    return Lexeme(Kind.TOPIC, word[0], at), word.end()


def _field(found: re.Match[str], query: str, at: int) -> str | None:
    """Return the field that a name before a colon means, or None if it is part of a word, such as an address.

    Raises: QueryError for an unknown field, with the query that was probably meant.
    """
    name, rest = found[1].casefold(), query[found.end() :]
    if name in FIELDS:
        return name
    if name in FIELD_ALIASES:
        return FIELD_ALIASES[name]
    if name.startswith("all") and (field := FIELD_ALIASES.get(name.removeprefix("all"))):
        suggestion = f"{query[:at]}{field}:({rest.strip()})"
    elif found[2] or name in ("http", "https", "mailto"):
        return None
    elif near := [known for known in FIELDS if known[:2] == name[:2] or sorted(known) == sorted(name)]:
        suggestion = f"{query[:at]}{near[0]}:{rest}"
    else:  # a field of another tool, such as filetype:pdf; suggest the query without it
        suggestion = query[:at] + re.sub(r'^(?:"[^"]*"|\S+)\s*', "", rest)
    raise QueryError(
        f'There is no field "{found[1]}". The fields are {", ".join(FIELDS)}.',
        query=query,
        column=at,
        suggestion=suggestion.strip() or None,
    )
