"""Read the leaves of a query: phrases with their variants, wildcards, regular expressions, languages and sites."""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, Final
from urllib.parse import urlsplit

import re2

from handlers.topics.query.regex_classes import InvalidLeaf, with_unicode_classes
from handlers.topics.query.tree import ANY_SEPARATOR, NO_SEPARATOR, Atom, Phrase, Variant, Wildcard, Word
from handlers.topics.text.inflection import LANGUAGES, may_inflect
from handlers.topics.text.letters import ACRONYM_DOT, MARK, UNSPACED, WORD, fold_word, is_unspaced, lower_word
from handlers.topics.text.query_words import Inflection
from handlers.topics.text.tokens import SYLLABLE
from handlers.topics.text.words import prepare

_ORDINARY_WORDS: Final = """
    us it who is in on so no or as at he me am be do go an by if all and any are but can did for get had has her him
    his how its let may new not now off old one our out own put she the too two was way we you your
    un la le les de des du et en ne ni on ou par pas sur ses son ma mes eu os ao das dos um uma na no nos se si su
    sus el los las es con del al ya yo der die das dem den ein er es ich im ist mit sie und von wir zu het een van op
    te ja ei om og att av det som ai ha ho il lo io mi ti che per non"""
ORDINARY_WORDS: Final = frozenset(_ORDINARY_WORDS.split())
"""Frequent words of the languages that most articles are in. In capitals, a query means the name: US, WHO."""
MAX_ACRONYM: Final = 5
"""Letters of an acronym. A word in capitals up to this length matches capitals only, and gets no ending but an s."""
MIN_LITERAL: Final = 2
"""Letters that a word with a wildcard must have."""
MAX_VARIANTS: Final = 4
"""Words of a phrase that are split into number and letters, as 5G into 5-G."""

_TOKEN: Final = re.compile(rf"{SYLLABLE}|[{UNSPACED}][{MARK}]*|[{WORD}*?][{WORD}{MARK}_{ACRONYM_DOT}*?]*")
_SIGNS_AFTER: Final = re.compile(r"[+#]+(?![\w+#])")
_HALVES: Final = re.compile(r"(\d+)([^\W\d_]+)|([^\W\d_]+)(\d+)")
_HYPHENATED: Final = re.compile(r"(\d+)-([^\W\d_]+)|([^\W\d_]+)-(\d+)")
_REQUIRED_SEPARATORS: Final = frozenset("&+@")
_QUESTION_MARK: Final = re.compile(r"\?(?=\s|$)")


def read_phrase(text: str, column: int, *, quoted: bool, exact: bool, field: str) -> Phrase:
    """Return the leaf for a word or a quoted phrase. Raises: InvalidLeaf."""
    return Phrase(text=text, column=column, variants=_variants(text, quoted, exact), field=field, exact=exact)


@lru_cache(maxsize=1 << 12)
def _variants(text: str, quoted: bool, exact: bool) -> tuple[Variant, ...]:
    # In a phrase, a question mark at the end of a word is punctuation.
    prepared = prepare(_QUESTION_MARK.sub(" ", text) if quoted else text)
    variant = _read_variant(prepared, exact)
    if not variant.atoms:
        raise InvalidLeaf(f"There is no word to look for in {text or 'this empty phrase'!r}.")
    if all(isinstance(atom, Wildcard) and atom.is_any_word for atom in variant.atoms):
        raise InvalidLeaf("A lone * would match every article.")
    for atom in variant.atoms:
        if isinstance(atom, Wildcard) and not atom.is_any_word:
            literal = atom.folded.replace("*", "").replace("?", "")
            if len(literal) < MIN_LITERAL:
                raise InvalidLeaf(
                    f"{atom.folded} is too short: a word with a wildcard needs at least {MIN_LITERAL} letters."
                )
    if not exact and _HYPHENATED.fullmatch(prepared.strip()):
        variant = Variant(variant.atoms, ("-",))
    return (variant, *_other_variants(variant, prepared.strip(), exact))


def _read_variant(prepared: str, exact: bool) -> Variant:
    atoms: list[Atom] = []
    separators: list[str] = []
    previous_end = -1
    for found in _TOKEN.finditer(prepared):  # adjacent tokens without a separator are in a script without spaces
        raw, start, end = found[0], found.start(), found.end()
        if "*" in raw or "?" in raw:
            touches_unspaced = (start == previous_end and bool(atoms) and is_unspaced(atoms[-1].folded)) or (
                end < len(prepared) and re.match(f"[{UNSPACED}]", prepared[end]) is not None
            )
            if not raw.strip("*?") and (touches_unspaced or start == previous_end):
                continue  # in a script without spaces, any word may continue anyway
            atom: Atom = Wildcard(re.sub(r"\*+", "*", "".join(map(_fold_piece, re.split(r"([*?])", raw)))))
        else:
            folded = fold_word(raw)
            if not folded:
                continue
            atom = _read_word(prepared, found, folded, exact)
        if atoms:
            between = prepared[previous_end:start]
            any_or_none = ANY_SEPARATOR if between else NO_SEPARATOR
            separators.append(between if between in _REQUIRED_SEPARATORS else any_or_none)
        atoms.append(atom)
        previous_end = end
    return Variant(tuple(atoms), tuple(separators))


def _fold_piece(piece: str) -> str:
    return piece if piece in ("*", "?") else fold_word(piece)


def _read_word(prepared: str, found: re.Match[str], folded: str, exact: bool) -> Word:
    """Return the word that `_TOKEN` found in the prepared text."""
    raw, start = found[0], found.start()
    signs_after = _SIGNS_AFTER.match(prepared, found.end())
    has_dot = prepared[start - 1 : start] == "." and not prepared[: start - 1].rstrip()[-1:].isalnum()
    before, after = prepared[max(start - 1, 0) : start], prepared[found.end() : found.end() + 1]
    is_alone = not before.strip() and not after.strip()
    return Word(
        folded=folded,
        lower=lower_word(raw),
        inflection=Inflection.NONE if exact or signs_after else _inflection_of(raw, folded),
        capitals_only=raw.isupper() and (folded in ORDINARY_WORDS or (is_alone and _is_acronym(raw, folded))),
        sign_before="." if start and has_dot else "",
        signs_after=signs_after[0] if signs_after else "",
    )


def _is_acronym(raw: str, folded: str) -> bool:
    """Return whether a word in capitals is so short that it means capitals only."""
    return raw.isupper() and folded.isalpha() and 1 < len(folded) <= MAX_ACRONYM


def _inflection_of(raw: str, folded: str) -> Inflection:
    if folded[-1].isdecimal() or _is_acronym(raw, folded):
        return Inflection.SUFFIX
    if is_unspaced(folded) or not may_inflect(folded):
        return Inflection.NONE
    return Inflection.NAME if raw[0].isupper() else Inflection.WORD


def _other_variants(variant: Variant, prepared: str, exact: bool) -> tuple[Variant, ...]:
    """Return other ways to write a phrase: 5-G for 5G, 5G and 5 G for 5-G, and "and" for a single &."""
    if exact:
        return ()
    if " & " in prepared:
        return (_read_variant(prepared.replace(" & ", " and "), exact),)
    if hyphenated := _HYPHENATED.fullmatch(prepared):
        closed = "".join(part for part in hyphenated.groups() if part)
        folded = fold_word(closed)
        word = Word(folded=folded, lower=lower_word(closed), inflection=_inflection_of(closed, folded))
        spaced = tuple(
            replace(atom, written=atom.folded.upper()) if isinstance(atom, Word) else atom for atom in variant.atoms
        )
        return Variant((word,), ()), Variant(spaced, (NO_SEPARATOR,))
    others: list[Variant] = []
    for index, atom in enumerate(variant.atoms):
        halves = _HALVES.fullmatch(atom.folded) if isinstance(atom, Word) and atom.is_plain else None
        if halves is None or len(others) == MAX_VARIANTS:
            continue
        first, second = (half for half in halves.groups() if half)
        words = (
            Word(folded=first, lower=first, inflection=Inflection.NONE, written=first.upper()),
            Word(
                folded=second,
                lower=second,
                inflection=Inflection.SUFFIX if second.isdecimal() else Inflection.NONE,
                written=second.upper(),
            ),
        )
        atoms = (*variant.atoms[:index], *words, *variant.atoms[index + 1 :])
        separators = (*variant.separators[:index], "-", *variant.separators[index:])
        others.append(Variant(atoms, separators))
    return tuple(others)


@lru_cache(maxsize=4096)
def compile_regex(pattern: str, *, for_ascii: bool = False) -> Any:
    """Return an RE2 object that ignores case and runs in linear time. Raises: InvalidLeaf.

    The one for ASCII texts alone is smaller: its \\w knows no other letters.
    """
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    options.max_mem = 1 << 22
    try:
        regex = re2.compile(pattern if for_ascii else with_unicode_classes(pattern), options)
    except re2.error as error:
        reason = error.args[0].decode() if error.args and isinstance(error.args[0], bytes) else str(error)
        raise InvalidLeaf(f"The regular expression /{pattern}/ is not valid: {reason}.") from error
    if regex.search("") is not None:
        raise InvalidLeaf(f"The regular expression /{pattern}/ matches empty text, so it would match every article.")
    return regex


@lru_cache(maxsize=4096)
def compile_wildcard(folded: str) -> Any:
    """Return an RE2 object for a word with wildcards. Use its `fullmatch` on folded tokens."""
    options = re2.Options()
    options.log_errors = False
    parts = (".*" if part == "*" else "." if part == "?" else re2.escape(part) for part in re.split(r"([*?])", folded))
    return re2.compile("(?s)" + "".join(parts), options)


_LANGUAGE_CODES: Final = {name: code for code, name in LANGUAGES.items()} | {
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
    """Return the ISO 639-1 code for `en`, `English` or `zh-Hant`. Raises: InvalidLeaf."""
    folded = value.casefold()
    code = _LANGUAGE_CODES.get(folded, re.split("[-_]", folded)[0])
    if not re.fullmatch("[a-z]{2}|und", code):
        raise InvalidLeaf(f'"{value}" is not a language code. Use two letters, such as lang:en.')
    return code


def read_site(value: str) -> str:
    """Return the host without "www." and "*.". Raises: InvalidLeaf."""
    try:
        host = urlsplit(value if "//" in value else f"//{value}").hostname or ""
    except ValueError:  # a bracket that does not belong to an IPv6 address
        host = ""
    host = host.removeprefix("*.").removeprefix("www.").strip(".")
    if not host:
        raise InvalidLeaf(f'"{value}" is not a site. Use a host name, such as site:example.com.')
    return host


def words_of(variants: Sequence[Variant]) -> tuple[str, ...]:
    """Return the folded words of the first variant, by which leaves are compared."""
    return tuple(atom.folded for atom in variants[0].atoms)
