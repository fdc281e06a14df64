"""From what was typed to a leaf: the forms in which a phrase is found, wildcards, expressions, languages, sites."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final
from urllib.parse import urlsplit

import re2

from handlers.topics.query.tree import ANYTHING, CLOSED, Atom, Form, Phrase, Wildcard, Word
from handlers.topics.text.inflection import LANGUAGES, may_inflect
from handlers.topics.text.letters import JOINED, MARK, UNSPACED, WORD, fold_word, is_unspaced, lower_word
from handlers.topics.text.tokens import SYLLABLE
from handlers.topics.text.words import prepare

_ORDINARY_WORDS: Final = """
    us it who is in on so no or as at he me am be do go an by if all and any are but can did for get had has her him
    his how its let may new not now off old one our out own put she the too two was way we you your
    un la le les de des du et en ne ni on ou par pas sur ses son ma mes eu os ao das dos um uma na no nos se si su
    sus el los las es con del al ya yo der die das dem den ein er es ich im ist mit sie und von wir zu het een van op
    te ja ei om og att av det som ai ha ho il lo io mi ti che per non"""
ORDINARY: Final = frozenset(_ORDINARY_WORDS.split())
"""Ordinary words of the languages that most articles are in. A query that writes one in capitals means a name."""
ACRONYM_MOST: Final = 5
"""A word in capitals up to this long is an acronym, which is not inflected."""
LITERAL_LEAST: Final = 2
"""Letters that a word with a wildcard must have."""
SPLITS_MOST: Final = 4

_TOKEN: Final = re.compile(rf"{SYLLABLE}|[{UNSPACED}][{MARK}]*|[{WORD}*?][{WORD}{MARK}_{JOINED}*?]*")
_TAIL: Final = re.compile(r"[+#]+(?![\w+#])")
_HALVES: Final = re.compile(r"(\d+)([^\W\d_]+)|([^\W\d_]+)(\d+)")
_HYPHENED: Final = re.compile(r"(\d+)-([^\W\d_]+)|([^\W\d_]+)-(\d+)")
_GLUE: Final = frozenset("&+@")
_END_MARK: Final = re.compile(r"\?(?=\s|$)")


class BadLeaf(ValueError):
    """The message says why; the parser adds the place."""


def read_phrase(text: str, column: int, *, quoted: bool, exact: bool, field: str) -> Phrase:
    """The leaf of a word or of a quoted phrase. Raises BadLeaf."""
    return Phrase(text=text, column=column, forms=_forms(text, quoted, exact), field=field, exact=exact)


@lru_cache(maxsize=1 << 12)
def _forms(text: str, quoted: bool, exact: bool) -> tuple[Form, ...]:
    written = _END_MARK.sub(" ", text) if quoted else text
    form = _read_form(prepare(written), exact)
    if not form.atoms:
        raise BadLeaf(f"There is no word in {text or 'this empty phrase'!r} to look for.")
    if all(isinstance(atom, Wildcard) and atom.is_anything for atom in form.atoms):
        raise BadLeaf("A lone * would match every article.")
    for atom in form.atoms:
        if isinstance(atom, Wildcard) and not atom.is_anything:
            literal = atom.folded.replace("*", "").replace("?", "")
            if len(literal) < LITERAL_LEAST:
                raise BadLeaf(f"{atom.folded} is too short: a word with a wildcard needs {LITERAL_LEAST} letters.")
    return (form, *_other_forms(form, prepare(written).strip(), exact))


def _read_form(prepared: str, exact: bool) -> Form:
    atoms: list[Atom] = []
    glue: list[str] = []
    past = -1
    for found in _TOKEN.finditer(prepared):  # neighbours without a sign between are in a script without spaces
        raw, start, end = found[0], found.start(), found.end()
        if "*" in raw or "?" in raw:
            touches_unspaced = (start == past and bool(atoms) and is_unspaced(atoms[-1].folded)) or (
                end < len(prepared) and re.match(f"[{UNSPACED}]", prepared[end]) is not None
            )
            if not raw.strip("*?") and (touches_unspaced or start == past):
                continue  # without spaces every word may go on anyway
            atom: Atom = Wildcard(re.sub(r"\*+", "*", "".join(map(_fold_piece, re.split(r"([*?])", raw)))))
        else:
            folded = fold_word(raw)
            if not folded:
                continue
            atom = _word(prepared, raw, folded, start, end, exact)
        if atoms:
            between = prepared[past:start]
            glue.append(between if between in _GLUE else ANYTHING if between else CLOSED)
        atoms.append(atom)
        past = end
    return Form(tuple(atoms), tuple(glue))


def _fold_piece(piece: str) -> str:
    return piece if piece in ("*", "?") else fold_word(piece)


def _word(prepared: str, raw: str, folded: str, start: int, end: int, exact: bool) -> Word:
    tail = _TAIL.match(prepared, end)
    head = "." if prepared[start - 1 : start] == "." and not prepared[: start - 1].rstrip()[-1:].isalnum() else ""
    upper = raw.isupper() and folded in ORDINARY
    acronym = raw.isupper() and len(folded) <= ACRONYM_MOST
    return Word(
        folded=folded,
        lower=lower_word(raw),
        inflects=not exact and not acronym and tail is None and may_inflect(folded) and not is_unspaced(folded),
        upper=upper,
        head=head if start else "",
        tail=tail[0] if tail else "",
    )


def _other_forms(form: Form, prepared: str, exact: bool) -> tuple[Form, ...]:
    """5G is also 5-G, and 5-G also 5G: only where a number meets letters."""
    if exact:
        return ()
    if whole := _HYPHENED.fullmatch(prepared):
        closed = "".join(part for part in whole.groups() if part)
        return (Form((Word(folded=fold_word(closed), lower=lower_word(closed), inflects=False),), ()),)
    others: list[Form] = []
    for index, atom in enumerate(form.atoms):
        halves = _HALVES.fullmatch(atom.folded) if isinstance(atom, Word) and atom.is_plain else None
        if halves is None or len(others) == SPLITS_MOST:
            continue
        first, second = (
            Word(folded=half, lower=half, inflects=False, written=half.upper()) for half in halves.groups() if half
        )
        atoms = (*form.atoms[:index], first, second, *form.atoms[index + 1 :])
        others.append(Form(atoms, (*form.glue[:index], "-", *form.glue[index:])))
    return tuple(others)


@lru_cache(maxsize=4096)
def compiled(pattern: str) -> Any:
    """The expression, case-insensitive, in linear time. Raises BadLeaf."""
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    options.max_mem = 1 << 22
    try:
        expression = re2.compile(pattern, options)
    except re2.error as error:
        reason = error.args[0].decode() if error.args and isinstance(error.args[0], bytes) else str(error)
        raise BadLeaf(f"The expression /{pattern}/ cannot be read: {reason}.") from error
    if expression.search("") is not None:
        raise BadLeaf(f"The expression /{pattern}/ matches nothing at all, so it would match every article.")
    return expression


@lru_cache(maxsize=4096)
def wildcard(folded: str) -> Any:
    """What matches a whole folded token."""
    options = re2.Options()
    options.log_errors = False
    parts = (".*" if part == "*" else "." if part == "?" else re2.escape(part) for part in re.split(r"([*?])", folded))
    return re2.compile("(?s)" + "".join(parts), options)


_NAMES: Final = {name: code for code, name in LANGUAGES.items()} | {
    "norwegian": "no",
    "chinese": "zh",
    "japanese": "ja",
    "korean": "ko",
    "ukrainian": "uk",
    "hebrew": "he",
    "thai": "th",
    "vietnamese": "vi",
    "bulgarian": "bg",
}


def read_language(value: str) -> str:
    """The ISO 639-1 code of `en`, `English` or `zh-Hant`. Raises BadLeaf."""
    folded = value.casefold()
    code = _NAMES.get(folded, re.split("[-_]", folded)[0])
    if not re.fullmatch("[a-z]{2}|und", code):
        raise BadLeaf(f'"{value}" is no language code. Two letters are, such as lang:en.')
    return code


def read_site(value: str) -> str:
    """A host without "www." and "*.". Raises BadLeaf."""
    try:
        host = urlsplit(value if "//" in value else f"//{value}").hostname or ""
    except ValueError:  # a bracket that is no IPv6 address
        host = ""
    host = host.removeprefix("*.").removeprefix("www.").strip(".")
    if not host:
        raise BadLeaf(f'"{value}" is no site. A host name is, such as site:example.com.')
    return host


def words_of(forms: Sequence[Form]) -> tuple[str, ...]:
    """The folded words of the first form, to compare leaves by."""
    return tuple(atom.folded for atom in forms[0].atoms)
