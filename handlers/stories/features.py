"""The compact features of an article by which stories are found, and their encoding as bytes.

They are its main terms, a MinHash signature of the text, a hash of the headline and the senses of its verbs.
`terms.py` computes the terms. The signature keeps the smallest hashes of the text's shingles (bottom-k): A. Broder, "On
the resemblance and containment of documents", 1997.
"""

import re
import struct
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final
from zlib import crc32

from handlers.stories.credits import without_credits
from handlers.stories.headlines import read_headline
from handlers.stories.outlets import outlet_name
from handlers.stories.quotable import is_boilerplate
from handlers.stories.senses import Senses, senses_of
from handlers.stories.templates import NO_TEMPLATE, Template
from handlers.stories.terms import TERM_WORDS, Term, Wording, weigh
from handlers.stories.words import significant, tokenize, word_hash

VERSION: Final = 3
SIGNATURE_SIZE: Final = 64
TITLE_CHARS: Final = 600
SIGNATURE_CHARS: Final = 8_000
LEAD_TOKENS: Final = 30
"""Words of the text whose senses are kept."""
_HEADER: Final = struct.Struct("<BBHHHIIIII")
"""Version, flags, terms, shingles, size of the signature, headline, mark of an update, senses of title and of lead,
outlet."""
_HEADER_2: Final = struct.Struct("<BBHHH")
_TERM: Final = struct.Struct("<IBH")  # hash, weight in sixteenths, flags
_TERM_2: Final = struct.Struct("<IBB")
_LAYOUTS: Final = {1: (_HEADER_2, _TERM_2), 2: (_HEADER_2, _TERM_2), VERSION: (_HEADER, _TERM)}
"""Version 2 has no headline, marks, senses and single names; version 1 has no name numbers either."""
_IN_TITLE, _IS_NUMBER, _IS_GENERIC, _IS_DATE, _IS_NAME, _IN_LEAD, _IS_IDENTIFIER = 1, 2, 4, 8, 256, 512, 1024
_MAY_BE_NAME, _IS_UNUSUAL = 2048, 4096
_HAS_TEXT, _MARKS_NAMES = 1, 2
_NAME_BITS: Final = 4
_ADDRESS: Final = re.compile(
    r"(?:https?://|www\.)\S+|\S+@\S+|[@#]\w+|\b[\w.-]+\.(?:com|org|net|co|tv|fr|de|uk)\b(?:/\S*)?"
)
_MARKS_ADDRESS: Final = re.compile(r"[@#]|://|www\.|\.(?:com|org|net|co|tv|fr|de|uk)\b")
"""Quick check: each address contains this."""
_LONGEST_BOILERPLATE: Final = 240
"""Characters."""
_MAX_SHINGLES: Final = 0xFFFF
_DECODED: Final = 512
"""The features of this many articles stay decoded."""


class Features:
    """The features of an article. Terms and signature are decoded when they are asked for."""

    __slots__ = (
        "_data",
        "_signature",
        "_signature_at",
        "_signature_set",
        "_term_layout",
        "_terms",
        "_terms_at",
        "has_text",
        "headline",
        "marks_names",
        "outlet",
        "senses",
        "shingles",
        "update_mark",
    )

    def __init__(self, data: bytes, header: tuple[int, ...], term_layout: struct.Struct, terms_at: int) -> None:
        _, flags, term_count, self.shingles, _, *more = header
        self._data = data
        self._term_layout = term_layout
        self._terms_at = terms_at
        self._signature_at = terms_at + term_count * term_layout.size
        self._terms: tuple[Term, ...] | None = None
        self._signature: tuple[int, ...] | None = None
        self._signature_set: frozenset[int] | None = None
        self.has_text = bool(flags & _HAS_TEXT)
        self.marks_names = bool(flags & _MARKS_NAMES)
        """Capital letters distinguish names from other words in the headline."""
        headline, update_mark, title_senses, lead_senses, outlet = more or (0, 0, 0, 0, 0)
        self.headline: int = headline
        """Hash of the headline without the marks of an update; 0 if there is none, and in features of old versions."""
        self.update_mark: int = update_mark
        """Hash of those marks; 0 if there are none."""
        self.senses = Senses(title_senses, lead_senses)
        self.outlet: int = outlet
        """Hash of the name of the publisher; 0 if it is not known."""

    @property
    def terms(self) -> tuple[Term, ...]:
        """Heaviest first."""
        if self._terms is None:
            self._terms = tuple(_term(*term) for term in self._unpack_terms())
        return self._terms

    @property
    def term_hashes(self) -> list[int]:
        """The hash of each term, in the order of `terms`."""
        return [term[0] for term in self._unpack_terms()]

    def _unpack_terms(self) -> Iterator[tuple[int, ...]]:
        return self._term_layout.iter_unpack(memoryview(self._data)[self._terms_at : self._signature_at])

    @property
    def signature(self) -> tuple[int, ...]:
        """The smallest hashes of the text's runs of three words, ascending; of the title for an article without text.

        `shingles` is the number of distinct runs.
        """
        if self._signature is None:
            size = (len(self._data) - self._signature_at) // 4
            self._signature = struct.unpack_from(f"<{size}I", self._data, self._signature_at)
        return self._signature

    @property
    def signature_set(self) -> frozenset[int]:
        if self._signature_set is None:
            self._signature_set = frozenset(self.signature)
        return self._signature_set


_EMPTY: Final = Features(b"", (0, 0, 0, 0, 0), _TERM, 0)


def _without_boilerplate(text: str) -> str:
    """Return the text without web addresses and without the lines that a site adds to everything it publishes."""
    if _MARKS_ADDRESS.search(text):
        text = _ADDRESS.sub(" ", text)
    return "\n".join(line for line in text.splitlines() if len(line) > _LONGEST_BOILERPLATE or not is_boilerplate(line))


def _signature(words: Sequence[str]) -> tuple[int, tuple[int, ...]]:
    """Return the number of distinct shingles of three words, and the smallest of their hashes, ascending."""
    if not words:
        return 0, ()
    encoded = " ".join(words).encode("utf-8", "surrogatepass").split(b" ")
    runs = zip(encoded, encoded[1:], encoded[2:], strict=False) if len(encoded) > 2 else (encoded,)
    shingles = set(map(crc32, map(b" ".join, runs)))
    return min(len(shingles), _MAX_SHINGLES), tuple(sorted(shingles)[:SIGNATURE_SIZE])


def outlet_hash(publisher: str) -> int:
    """Return the 32-bit hash of a publisher's name, as `outlets.outlet_name` compares it; 0 for an empty name."""
    name = outlet_name(publisher)
    return word_hash(name) or 1 if name else 0


def encode_features(
    title: str, text: str, language: str, *, template: Template = NO_TEMPLATE, outlet: str = ""
) -> bytes:
    """Return the features of an article as `StoryIndex` needs them, encoded in less than 1 kB.

    The same arguments always give the same bytes. What the `template` of the article's source holds counts as if it
    were not there. `outlet` is the name of the publisher, empty if it is not known. `language` is an ISO 639-1 code or
    "und"; few features depend on it, so a wrongly detected language does not split a story.
    """
    headline = read_headline(title[:TITLE_CHARS])
    title, text = template.without_shared(headline.text, without_credits(text[:SIGNATURE_CHARS]))
    text = _without_boilerplate(text)
    title_tokens, tokens = tokenize(title), tokenize(text)
    wording = Wording(
        title=title,
        text=text,
        title_words=significant(title_tokens),
        text_words=significant(tokens[:TERM_WORDS]),
        language=language,
    )
    terms = weigh(wording, ignored=template.words)
    shingles, signature = _signature([token.text for token in tokens or title_tokens])
    parts = [
        _HEADER.pack(
            VERSION,
            _HAS_TEXT * bool(text.strip()) | _MARKS_NAMES * wording.marks_names,
            len(terms),
            shingles,
            len(signature),
            headline.key,
            headline.mark,
            senses_of(title_tokens),
            senses_of(tokens[:LEAD_TOKENS]),
            outlet_hash(outlet),
        )
    ]
    for term in terms:
        parts.append(_TERM.pack(term.hash, round(term.weight * 16), _flags(term)))
    parts.append(struct.pack(f"<{len(signature)}I", *signature))
    return b"".join(parts)


def _flags(term: Term) -> int:
    return (
        _IN_TITLE * term.in_title
        | _IS_NUMBER * term.is_number
        | _IS_GENERIC * term.is_generic
        | _IS_DATE * term.is_date
        | term.name << _NAME_BITS
        | _IS_NAME * term.is_name
        | _IN_LEAD * term.in_lead
        | _IS_IDENTIFIER * term.is_identifier
        | _MAY_BE_NAME * term.may_be_name
        | _IS_UNUSUAL * term.is_unusual
    )


@lru_cache(maxsize=_DECODED)
def decode_features(data: bytes) -> Features:
    """Decode what `encode_features` returned. Bytes of an unknown version and truncated bytes give empty features."""
    layout = _LAYOUTS.get(data[0]) if data else None
    if layout is None or len(data) < layout[0].size:
        return _EMPTY
    header_layout, term_layout = layout
    header = header_layout.unpack_from(data)
    if len(data) != header_layout.size + header[2] * term_layout.size + header[4] * 4:
        return _EMPTY
    return Features(data, header, term_layout, header_layout.size)


def _term(word: int, weight: int, flags: int) -> Term:
    return Term(
        hash=word,
        weight=weight / 16,
        in_title=bool(flags & _IN_TITLE),
        is_number=bool(flags & _IS_NUMBER),
        is_generic=bool(flags & _IS_GENERIC),
        is_date=bool(flags & _IS_DATE),
        is_name=bool(flags & _IS_NAME),
        in_lead=bool(flags & _IN_LEAD),
        is_identifier=bool(flags & _IS_IDENTIFIER),
        may_be_name=bool(flags & _MAY_BE_NAME),
        is_unusual=bool(flags & _IS_UNUSUAL),
        name=flags >> _NAME_BITS & 0xF,
    )
