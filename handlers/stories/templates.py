"""What the entries of one source have in common: sentences, beginnings, endings and words that tell no event.

A feed ends every entry with the same sentence, an official journal begins every title with the same formula, and a blog
about one firm names the firm every time. A `SourceProfile` remembers the last entries of a source; its `Template` holds
what most of them share.
"""

import re
import struct
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Final, NamedTuple

from handlers.stories.credits import without_credits
from handlers.stories.template_tokens import (
    NAME,
    NUMBER,
    TOKEN,
    Piece,
    beginnings,
    endings,
    pattern_keys,
    read_forms,
    read_pieces,
    to_form,
)
from handlers.stories.words import significant_tokens, word_hash

MAX_ENTRIES: Final = 24
"""How many of the last entries of a source count."""
_MIN_ENTRIES: Final = 3
"""Entries that share a sentence, beginning or ending before it counts."""
_MIN_ENTRIES_OF_WORD: Final = 8
"""Entries that share a word before it counts: a few entries may all report one event."""
_SHARE: Final = 0.5
_SHARE_OF_WORD: Final = 0.6
_TEXT_CHARS: Final = 4_000
_EDGE_TOKENS: Final = 40
"""Tokens of the longest ending and beginning of a text that are recognized."""
_TITLE_EDGE_TOKENS: Final = 16
_EDGE_CHARS: Final = 480
"""Characters in which these tokens are looked for. Tokens have less than 12 characters on average."""
_FIRST_SENTENCES, _LAST_SENTENCES = 4, 8
_WORD_CHARS: Final = 1_000
_MAX_WORDS: Final = 40
_VERSION: Final = 1
_HEADER: Final = struct.Struct("<B")
_ENTRY: Final = struct.Struct("<qHH")  # story, number of words, number of patterns

_SENTENCE: Final = re.compile(r"[^\n。！？]*?(?:[.!?…]+[\"'”’»)\]]*(?=\s|$)|[。！？]+[”」』）]*|\n|$)")
_SENTENCE_KIND: Final = "sentence"


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """What most of the last entries of a source share. It hashes and compares quickly, so it can be a cache key."""

    patterns: frozenset[int] = frozenset()
    """Hashes of sentences, beginnings and endings."""
    words: frozenset[int] = frozenset()
    """Hashes of stemmed words (`words.word_hash`)."""

    def without_shared(self, title: str, text: str) -> tuple[str, str]:
        """Return the title and the text of an entry without the sentences, beginnings and endings that entries share.

        Where entries share a sentence apart from names and numbers, these stay: they tell the entry from others. The
        title stays as it is if nothing else would be left of it.
        """
        if not self.patterns:
            return title, text
        kept = "".join(self._distinctive(part, read_pieces(part, title), _SENTENCE_KIND) for part in _sentences(text))
        kept = self._without_edges(kept.strip(), title, "text", _EDGE_TOKENS)
        return self._without_edges(title, "", "title", _TITLE_EDGE_TOKENS) or title, kept

    def without_shared_sentences(self, title: str, text: str) -> str:
        """Return the text with line breaks in place of the sentences that most entries have, word for word.

        It is as long as before, so positions in it stay the same.
        """
        if not self.patterns:
            return text
        return "".join(
            "\n" * len(part)
            if self.patterns.intersection(pattern_keys(_SENTENCE_KIND, read_forms(part, title))[:1])
            else part
            for part in _sentences(text)
        )

    def _distinctive(self, text: str, pieces: Sequence[Piece], kind: str) -> str:
        """Return the text, or only its names and numbers if the rest is shared; a space if it is shared as a whole."""
        keys = pattern_keys(kind, [to_form(piece) for piece in pieces])
        level = next((level for level, key in enumerate(keys) if key in self.patterns), None)
        if level is None:
            return text
        masks = ((), (NUMBER,), (NUMBER, NAME))[level]
        return f" {' '.join(text[piece.start : piece.end] for piece in pieces if piece.mask in masks)} "

    def _without_edges(self, text: str, title: str, place: str, limit: int) -> str:
        pieces = read_pieces(text, title)
        forms = [to_form(piece) for piece in pieces]
        first = max((n for n, keys in beginnings(forms, place, limit) if self.patterns.intersection(keys)), default=0)
        rest = pieces[first:]
        last = min(
            (n for n, keys in endings(forms[first:], place, limit) if self.patterns.intersection(keys)),
            default=len(rest),
        )
        begin = self._distinctive(text, pieces[:first], f"{place} begins") if first else ""
        end = self._distinctive(text, rest[last:], f"{place} ends") if last < len(rest) else ""
        middle = rest[:last]
        return f"{begin}{text[middle[0].start : middle[-1].end] if middle else ''}{end}".strip() if pieces else text


NO_TEMPLATE: Final = Template()


def _sentences(text: str) -> Iterator[str]:
    """Yield the text in parts, each with its closing mark. Parts need not be sentences, only always the same."""
    return (found.group() for found in _SENTENCE.finditer(text) if found.group())


def _word_keys(title: str, text: str) -> tuple[int, ...]:
    words = dict.fromkeys(token.text for token in significant_tokens(f"{title}\n{text[:_WORD_CHARS]}"))
    return tuple(word_hash(word) for word in islice(words, _MAX_WORDS))


def _pattern_keys(title: str, text: str) -> tuple[int, ...]:
    text = text[:_TEXT_CHARS]
    sentences = [part for part in _sentences(text) if TOKEN.search(part)]
    if len(sentences) > _FIRST_SENTENCES + _LAST_SENTENCES:
        sentences = sentences[:_FIRST_SENTENCES] + sentences[-_LAST_SENTENCES:]
    keys = [key for part in sentences for key in pattern_keys(_SENTENCE_KIND, read_forms(part, title))]
    for content, own_title, place, limit in (
        (text, title, "text", _EDGE_TOKENS),
        (title, "", "title", _TITLE_EDGE_TOKENS),
    ):
        last = max(0, len(content) - _EDGE_CHARS)
        last = max(last, content.find(" ", last)) if last else 0
        first_forms = read_forms(content, own_title, end=_EDGE_CHARS)
        last_forms = read_forms(content, own_title, begin=last) if len(content) > _EDGE_CHARS else first_forms
        for edges in (beginnings(first_forms, place, limit), endings(last_forms, place, limit)):
            keys += [key for _, found in edges for key in found]
    return tuple(dict.fromkeys(keys))


class Entry(NamedTuple):
    """An entry of a source as hashes."""

    story_id: int
    """Entries of one story count once; 0 if the story is not known yet."""
    words: tuple[int, ...]
    patterns: tuple[int, ...]

    @classmethod
    def read(cls, title: str, text: str) -> "Entry":
        """Return the entry with this title and text, whose story is not known yet."""
        text = without_credits(text)
        return cls(0, _word_keys(title, text), _pattern_keys(title, text))

    def of_story(self, story_id: int) -> "Entry":
        return self._replace(story_id=story_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceProfile:
    """The last entries of a source, as hashes, from which its template follows."""

    entries: tuple[Entry, ...] = ()
    """Oldest first."""

    def with_entries(self, entries: Iterable[Entry]) -> "SourceProfile":
        """Return the profile with further entries. Only the last 24 are kept."""
        return SourceProfile(entries=(*self.entries, *entries)[-MAX_ENTRIES:])

    def template(self) -> Template:
        """Return what most of the entries share."""
        by_story: dict[int, list[Entry]] = {}
        for place, entry in enumerate(self.entries, start=1):
            by_story.setdefault(entry.story_id or -place, []).append(entry)
        stories = len(by_story)
        patterns = Counter(key for entries in by_story.values() for key in {k for e in entries for k in e.patterns})
        words = Counter(key for entries in by_story.values() for key in {k for e in entries for k in e.words})
        enough = max(_MIN_ENTRIES, _SHARE * stories)
        enough_words = max(_MIN_ENTRIES_OF_WORD, _SHARE_OF_WORD * stories)
        return Template(
            patterns=frozenset(key for key, count in patterns.items() if count >= enough),
            words=frozenset(key for key, count in words.items() if count >= enough_words),
        )

    def encode(self) -> bytes:
        """Return the profile as bytes, at most some kilobytes."""
        parts = [_HEADER.pack(_VERSION)]
        for entry in self.entries:
            parts.append(_ENTRY.pack(entry.story_id, len(entry.words), len(entry.patterns)))
            parts.append(struct.pack(f"<{len(entry.words) + len(entry.patterns)}I", *entry.words, *entry.patterns))
        return b"".join(parts)


@lru_cache(maxsize=8)
def decode_profile(data: bytes) -> SourceProfile:
    """Decode what `SourceProfile.encode` returned. Bytes of an unknown version and truncated bytes give no entries."""
    entries: list[Entry] = []
    try:
        (version,) = _HEADER.unpack_from(data)
        at = _HEADER.size
        while version == _VERSION and at < len(data):
            story_id, words, patterns = _ENTRY.unpack_from(data, at)
            keys = struct.unpack_from(f"<{words + patterns}I", data, at + _ENTRY.size)
            entries.append(Entry(story_id, keys[:words], keys[words:]))
            at += _ENTRY.size + 4 * len(keys)
    except struct.error:
        return SourceProfile()
    return SourceProfile(entries=tuple(entries))


@lru_cache(maxsize=256)
def decode_template(profile: bytes) -> Template:
    """Return the template of an encoded profile. Cached: the articles of one source are often read together."""
    return decode_profile(profile).template()
