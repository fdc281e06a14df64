"""The tokens of an entry as templates compare them, and the hashes of the patterns that they form."""

import re
import sys
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final, NamedTuple
from zlib import crc32

_CUTS: Final = 8
"""Places in an edge at which a template may begin or end: punctuation and capitalized words."""

TOKEN: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W\d_][\w'’]*|\d[\d.,/:-]*|[^\w\s]")
NAME, NUMBER, TITLE = "X", "0", "T"
_NAMES: Final = re.compile(rf"(?<!\S){NAME}(?: {NAME})+(?!\S)")
_CACHED_TOKENS: Final = 1 << 13
_CACHED_LENGTH: Final = 32
_MIN_LITERALS: Final = 2
"""Words of a template that are no names, numbers or punctuation marks."""


class Piece(NamedTuple):
    token: str
    """The token in lower case; what stands for the title."""
    mask: str
    """The token, or what stands for a name, a number or the title."""
    start: int
    end: int


class Form(NamedTuple):
    """A token as patterns compare it."""

    token: str
    numbered: str
    """The token, or what stands for a number."""
    mask: str
    is_literal: bool
    """It is a word, and neither a name nor the title."""


def read_pieces(text: str, title: str, begin: int = 0, end: int = sys.maxsize) -> list[Piece]:
    """Return the tokens of a text between two positions. The entry's own title inside the text is one token."""
    at = text.find(title) if len(title) > 3 else -1
    pieces: list[Piece] = []
    for found in TOKEN.finditer(text, begin, end):
        token, start, end = found.group(), found.start(), found.end()
        if at <= start < at + len(title) and at >= 0:
            if not pieces or pieces[-1].token != TITLE:
                pieces.append(Piece(TITLE, TITLE, start, end))
            pieces[-1] = pieces[-1]._replace(end=end)
        elif token[0].isdigit():
            pieces.append(Piece(token, NUMBER, start, end))
        else:
            pieces.append(Piece(token.casefold(), NAME if token[0].isupper() else token, start, end))
    return pieces


def read_forms(text: str, title: str, begin: int = 0, end: int = sys.maxsize) -> list[Form]:
    """Return the tokens of a text between two positions as patterns compare them: those of `read_pieces`."""
    at = text.find(title) if len(title) > 3 else -1
    after = at + len(title)
    if at < 0:
        return _forms(text, begin, end)
    if begin <= at and after <= end and _is_apart(text, at, after):
        return [*_forms(text, begin, at), *_TITLE_FORMS, *_forms(text, after, end)]
    return [to_form(piece) for piece in read_pieces(text, title, begin, end)]


def _forms(text: str, begin: int, end: int) -> list[Form]:
    return list(map(_FORMS.__getitem__, TOKEN.findall(text, begin, end)))


def _is_apart(text: str, begin: int, end: int) -> bool:
    """Return whether white space separates a part of the text from the rest, and there is a token in it."""
    return (
        (begin == 0 or text[begin - 1].isspace())
        and (end == len(text) or text[end].isspace())
        and TOKEN.search(text, begin, end) is not None
    )


def to_form(piece: Piece) -> Form:
    is_literal = piece.mask.isalpha() and piece.mask not in (NAME, TITLE)
    return Form(piece.token, NUMBER if piece.mask == NUMBER else piece.token, piece.mask, is_literal)


class _FormCache(dict[str, Form]):
    """The form of each token; computed on the first lookup. Most tokens of a text also occurred in earlier ones."""

    def __missing__(self, token: str) -> Form:
        form = to_form(read_pieces(token, "")[0])
        if len(token) <= _CACHED_LENGTH:
            if len(self) >= _CACHED_TOKENS:
                self.clear()
            self[token] = form
        return form


_FORMS: Final = _FormCache()
_TITLE_FORMS: Final = (to_form(Piece(TITLE, TITLE, 0, 0)),)


def pattern_keys(kind: str, forms: Sequence[Form]) -> tuple[int, ...]:
    """Return the hashes of a pattern: word for word, without its numbers, and without its names if words are left."""
    if len(forms) < _MIN_LITERALS and not any(form.token.isalpha() and form.token != TITLE for form in forms):
        return ()
    tokens, numbered, masks, are_literal = zip(*forms, strict=True)
    keys = (_hash(kind, " ".join(tokens)), _hash(f"{kind} 0", " ".join(numbered)))
    if sum(are_literal) < _MIN_LITERALS:
        return keys
    return (*keys, _hash(f"{kind} X", _NAMES.sub(NAME, " ".join(masks))))


def _hash(kind: str, pattern: str) -> int:
    return crc32(f"{kind} {pattern}".encode("utf-8", "surrogatepass"))


def _is_cut(form: Form) -> bool:
    return form.mask in (NAME, TITLE) or not form.token[0].isalnum()


def beginnings(forms: Sequence[Form], place: str, limit: int) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Yield the length of each possible beginning in tokens, and its keys. It ends with a punctuation mark."""
    cuts = (number for number, form in enumerate(forms[:limit]) if not form.token[0].isalnum())
    for number in islice(cuts, _CUTS):
        yield number + 1, pattern_keys(f"{place} begins", forms[: number + 1])


def endings(forms: Sequence[Form], place: str, limit: int) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Yield the token at which each possible ending starts, and its keys: a punctuation mark or a capitalized word."""
    numbers = range(len(forms) - 1, max(-1, len(forms) - 1 - limit), -1)
    cuts = (number for number in numbers if _is_cut(forms[number]))
    for number in islice(cuts, 2 * _CUTS):
        yield number, pattern_keys(f"{place} ends", forms[number:])
