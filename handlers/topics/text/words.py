"""Prepare texts for matching, and split them into words in one pass, each with its hash.

A hash is a polynomial over the characters of a word (Karp and Rabin 1987, https://doi.org/10.1147/rd.312.0249), modulo
2**64. Like Python's own hashes, it differs from process to process, so nobody can construct words that collide.

Plain Python, compiled with the types in words.pxd if a C compiler is available during installation.
"""

from array import array

from handlers.topics.text.hashing import BASE, KIND_BITS, LOWER_VALUES, VALUES
from handlers.topics.text.letters import ACRONYM_DOT, CODE_LIMIT, CONTINUATION, KINDS, LETTER, UNSPACED_LETTER

_TYPOGRAPHY = (
    ("’", "'"),
    ("‘", "'"),
    ("“", '"'),
    ("”", '"'),
    ("–", "-"),
    ("—", "-"),
    ("…", "."),
    ("•", " "),
    ("\u00a0", " "),
    ("‑", "-"),
    ("‐", "-"),
    ("−", "-"),
    ("«", '"'),
    ("»", '"'),
    ("„", '"'),
    ("ʼ", "'"),
    ("＇", "'"),
    ("＆", "&"),
    ("＋", "+"),
    ("．", "."),
    ("，", ","),
    ("＃", "#"),
    ("－", "-"),
    ("€", " "),
    ("£", " "),
)
"""Each replacement is one character, so that positions do not change. Any separator of words may become a space."""

_RESERVED = str.maketrans({"_": " ", ACRONYM_DOT: " "})
_MASK = 0xFFFFFFFFFFFFFFFF
_KIND_MASK = (1 << KIND_BITS) - 1
_UNDERLINE = ord("_")
_DOT = ord(ACRONYM_DOT)
_NO_CODES = memoryview(array("I"))
# Decomposed Hangul: the letters that start a syllable.
_CHOSEONG_FIRST, _CHOSEONG_LAST = 0x1100, 0x115F
_OLD_CHOSEONG_FIRST, _OLD_CHOSEONG_LAST = 0xA960, 0xA97C
_INITIAL_ROOM = 1024


def prepare(text: str) -> str:
    """Return the text, at the same length, with its punctuation normalized for splitting it into words.

    Typographic signs become ASCII. The separator inside a number becomes "_", the dot inside an acronym ACRONYM_DOT,
    and a possessive 's becomes spaces.
    """
    if not text.isascii():
        for fancy, plain in _TYPOGRAPHY:
            text = text.replace(fancy, plain)
    if "_" in text or ACRONYM_DOT in text:
        text = text.translate(_RESERVED)
    for sign in "'.,":
        if sign in text:
            text = _replace_inside_words(text, sign)
    return text


def _replace_inside_words(text: str, sign: str) -> str:
    """Replace the occurrences of the sign, and what follows them, that have a meaning inside a word."""
    parts: list[str] = []
    done = 0
    last = len(text) - 2
    at = text.find(sign, 1)
    while 0 < at <= last:
        replacement = _apostrophe_replacement(text, at) if sign == "'" else _separator_replacement(text, at)
        if replacement:
            parts.append(text[done:at])
            parts.append(replacement)
            done = at + len(replacement)
        at = text.find(sign, at + 1)
    if not parts:
        return text
    parts.append(text[done:])
    return "".join(parts)


def _apostrophe_replacement(text: str, at: int) -> str:
    """Return two spaces for a possessive 's at the end of a word, else an empty string."""
    if text[at + 1] not in ("s", "S") or _kind(ord(text[at - 1])) != LETTER:
        return ""
    after = _kind(ord(text[at + 2])) if at + 2 < len(text) else 0
    return "" if after in (LETTER, CONTINUATION) else "  "


def _separator_replacement(text: str, at: int) -> str:
    """Return the replacement of a dot or comma: "_" between digits, ACRONYM_DOT between single letters, else ""."""
    after = text[at + 1]
    if after == " ":  # the most frequent case
        return ""
    before = text[at - 1]
    if before.isdecimal() and after.isdecimal():
        return "_"
    if text[at] != "." or not before.isalnum() or not after.isalnum() or before.isdecimal() or after.isdecimal():
        return ""
    if (at > 1 and text[at - 2].isalnum()) or (at + 2 < len(text) and text[at + 2].isalnum()):
        return ""
    return ACRONYM_DOT


def _kind(code: int) -> int:
    """Return the kind of a character, as in `letters.KINDS`."""
    if code < CODE_LIMIT:
        return KINDS[code]
    return CONTINUATION if 0xE0000 <= code < 0xE01F0 else 0  # tags and variation selectors


class Words:
    """The words of one text in order, with the form of each (see `forms.Forms`). Words are numbered from 0."""

    def __init__(self, count: int) -> None:
        self.count = count
        numbers = int_array(6 * count)
        self.starts = numbers[:count]
        """By word: where it starts in the prepared text."""
        self.ends = numbers[count : 2 * count]
        """By word: where it ends (exclusive)."""
        self.forms = numbers[2 * count : 3 * count]
        """By word: its form; 0 if it matches no query word."""
        self.next_words = numbers[3 * count : 4 * count]
        """By word with a form: the next word of the same form, or -1."""
        self.present_forms = numbers[4 * count : 5 * count]
        """The forms that occur in the text, each once."""
        self.first_words = numbers[5 * count :]
        """By position in `present_forms`: the first word of that form."""
        self.present_count = 0


class Splitter:
    """Splits texts into words. It is used for one text after another, and keeps its arrays.

    It reads character by character, and therefore refuses letters beyond U+1FFFF and decomposed Hangul.
    """

    def __init__(self) -> None:
        self.count = 0
        self.starts = int_array(_INITIAL_ROOM)
        self.ends = int_array(_INITIAL_ROOM)
        self.hashes = array("Q", bytes(8 * _INITIAL_ROOM))

    def split(self, text: str) -> bool:
        """Find the words of a prepared text. Returns False if the text contains letters that are refused."""
        plain = text.isascii()
        values = LOWER_VALUES if plain else VALUES
        data = text.encode("ascii") if plain else b""
        wide = _NO_CODES if plain else memoryview(text.encode("utf-32-le", "surrogatepass")).cast("I")
        if not _are_below_limit(wide):
            return False
        size, room = len(text), len(self.starts)
        count = at = 0
        while at < size:
            value = values[data[at] if plain else wide[at]]
            kind = value & _KIND_MASK
            if kind != LETTER and kind != UNSPACED_LETTER:
                at += 1
                continue
            start = at
            hash_value = value * BASE & _MASK
            at += 1
            if kind == LETTER:
                while at < size:
                    value = values[data[at] if plain else wide[at]]
                    kind = value & _KIND_MASK
                    if kind != LETTER and kind != CONTINUATION:
                        break
                    hash_value = (hash_value + value) * BASE & _MASK
                    at += 1
            else:
                code = wide[start]
                if _CHOSEONG_FIRST <= code <= _CHOSEONG_LAST or _OLD_CHOSEONG_FIRST <= code <= _OLD_CHOSEONG_LAST:
                    return False
                while at < size:
                    code = wide[at]
                    value = values[code]
                    kind = value & _KIND_MASK
                    if kind != CONTINUATION or code in (_UNDERLINE, _DOT):
                        break
                    hash_value = (hash_value + value) * BASE & _MASK
                    at += 1
            if count == room:
                self._enlarge()
                room *= 2
            self.starts[count] = start
            self.ends[count] = at
            self.hashes[count] = hash_value
            count += 1
        self.count = count
        return True

    def _enlarge(self) -> None:
        room = 2 * len(self.starts)
        self.starts = enlarged(self.starts, room)
        self.ends = enlarged(self.ends, room)
        self.hashes = array("Q", bytes(self.hashes) + bytes(4 * room))

    def words(self) -> Words:
        """Return the words that were found. Their forms are not set yet."""
        words = Words(self.count)
        for word in range(self.count):
            words.starts[word] = self.starts[word]
            words.ends[word] = self.ends[word]
        return words


def _are_below_limit(codes: memoryview) -> bool:
    """Return whether `KINDS` covers all code points."""
    for at in range(len(codes)):  # noqa: SIM110  # an explicit loop compiles to C
        if codes[at] >= CODE_LIMIT:
            return False
    return True


def hash_of(word: str) -> int:
    """Return the hash that the word has in a text, or 0 for a word that `Splitter` never finds."""
    hash_value = 0
    for char in word:
        if ord(char) >= CODE_LIMIT:
            return 0
        hash_value = (hash_value + VALUES[ord(char)]) * BASE & _MASK
    return hash_value


def int_array(size: int) -> "array[int]":
    """Return an array of `size` 32-bit integers, all 0."""
    return array("i", bytes(4 * size))


def enlarged(numbers: "array[int]", size: int) -> "array[int]":
    """Return a copy with room for `size` integers."""
    copy = int_array(size)
    for at in range(len(numbers)):
        copy[at] = numbers[at]
    return copy
