"""A text made ready to be read, at its own length, and its words, found in one pass over it, each with its hash.

A hash is a polynomial over the characters (Karp and Rabin 1987, https://doi.org/10.1147/rd.312.0249), modulo 2**64.
Base and values differ from process to process, as Python's own hashes do: nobody can make up a word that would be taken
for another.

Plain Python; compiled where it was installed with a compiler, by the types in words.pxd.
"""

from array import array

from handlers.topics.text.hashing import BASE, KIND_BITS, LOWER_VALUES, VALUES
from handlers.topics.text.letters import CODES, FOLLOWER, JOINED, KINDS, LETTER, UNSPACED_LETTER

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
"""One character for one, so that places stay what they were. Anything that parts words may become a space."""

_HIDDEN = str.maketrans({"_": " ", JOINED: " "})
_MASK = 0xFFFFFFFFFFFFFFFF
_KINDS = (1 << KIND_BITS) - 1
_UNDERLINE = ord("_")
_DOT = ord(JOINED)
_NOTHING = memoryview(array("I"))
# Hangul taken apart: what begins a syllable.
_CHOSEONG_FIRST, _CHOSEONG_LAST = 0x1100, 0x115F
_OLD_CHOSEONG_FIRST, _OLD_CHOSEONG_LAST = 0xA960, 0xA97C
_ROOM = 1024


def prepare(text: str) -> str:
    """Typography as ASCII; "_" for the signs inside decimals, JOINED for the dots inside acronyms; no possessive s."""
    if not text.isascii():
        for fancy, plain in _TYPOGRAPHY:
            text = text.replace(fancy, plain)
    if "_" in text or JOINED in text:
        text = text.translate(_HIDDEN)
    for sign in "'.,":
        if sign in text:
            text = _rewritten(text, sign)
    return text


def _rewritten(text: str, sign: str) -> str:
    """The text with other signs, as many, where a sign and perhaps what follows it mean something to a word."""
    parts: list[str] = []
    done = 0
    past = len(text) - 2
    at = text.find(sign, 1)
    while 0 < at <= past:
        instead = _for_apostrophe(text, at) if sign == "'" else _for_dot_or_comma(text, at)
        if instead:
            parts.append(text[done:at])
            parts.append(instead)
            done = at + len(instead)
        at = text.find(sign, at + 1)
    if not parts:
        return text
    parts.append(text[done:])
    return "".join(parts)


def _for_apostrophe(text: str, at: int) -> str:
    """Spaces for the 's at the end of a word."""
    if text[at + 1] not in ("s", "S") or _kind(ord(text[at - 1])) != LETTER:
        return ""
    after = _kind(ord(text[at + 2])) if at + 2 < len(text) else 0
    return "" if after in (LETTER, FOLLOWER) else "  "


def _for_dot_or_comma(text: str, at: int) -> str:
    """Between digits "_"; for a dot between single letters JOINED."""
    after = text[at + 1]
    if after == " ":  # as it mostly is
        return ""
    before = text[at - 1]
    if before.isdecimal() and after.isdecimal():
        return "_"
    if text[at] != "." or not before.isalnum() or not after.isalnum() or before.isdecimal() or after.isdecimal():
        return ""
    if (at > 1 and text[at - 2].isalnum()) or (at + 2 < len(text) and text[at + 2].isalnum()):
        return ""
    return JOINED


def _kind(code: int) -> int:
    """What a character is to a word."""
    if code < CODES:
        return KINDS[code]
    return FOLLOWER if 0xE0000 <= code < 0xE01F0 else 0  # tags and variation selectors


class Words:
    """The words of one text, in order, and the forms among them that stand for something."""

    def __init__(self, count: int, has_unspaced: bool) -> None:
        self.has_unspaced = has_unspaced
        """Whether any of it is in a script without spaces."""
        self.count = count
        every = numbers_for(6 * count)
        self.begins = every[:count]
        """Where each word begins in the prepared text."""
        self.ends = every[count : 2 * count]
        self.forms = every[2 * count : 3 * count]
        """Of each word; 0: it stands for nothing."""
        self.nexts = every[3 * count : 4 * count]
        """Of each word that stands for something, the next that has its form, or -1."""
        self.present = every[4 * count : 5 * count]
        """The forms that are there, each once."""
        self.firsts = every[5 * count :]
        """Of each of those, its first word."""
        self.present_count = 0


class Splitter:
    """Finds the words of one text after the other."""

    def __init__(self) -> None:
        self.count = 0
        self.begins = numbers_for(_ROOM)
        self.ends = numbers_for(_ROOM)
        self.hashes = array("Q", bytes(8 * _ROOM))
        self.has_unspaced = False
        """Whether any of it is in a script without spaces."""

    def split(self, text: str) -> bool:
        """Find the words of a prepared text. False where they cannot be told character by character: with letters
        beyond U+1FFFF or Hangul taken apart."""
        plain = text.isascii()
        values = LOWER_VALUES if plain else VALUES
        data = text.encode("ascii") if plain else b""
        wide = _NOTHING if plain else memoryview(text.encode("utf-32-le", "surrogatepass")).cast("I")
        size = len(text)
        if not plain:
            for at in range(size):
                if wide[at] >= CODES:
                    return False
        self.has_unspaced = False
        room = len(self.begins)
        count = at = 0
        while at < size:
            value = values[data[at] if plain else wide[at]]
            kind = value & _KINDS
            if kind != LETTER and kind != UNSPACED_LETTER:
                at += 1
                continue
            begin = at
            mixed = value * BASE & _MASK
            at += 1
            if kind == LETTER:
                while at < size:
                    value = values[data[at] if plain else wide[at]]
                    kind = value & _KINDS
                    if kind != LETTER and kind != FOLLOWER:
                        break
                    mixed = (mixed + value) * BASE & _MASK
                    at += 1
            else:
                code = wide[begin]
                if _CHOSEONG_FIRST <= code <= _CHOSEONG_LAST or _OLD_CHOSEONG_FIRST <= code <= _OLD_CHOSEONG_LAST:
                    return False
                self.has_unspaced = True
                while at < size:
                    code = wide[at]
                    value = values[code]
                    kind = value & _KINDS
                    if kind != FOLLOWER or code in (_UNDERLINE, _DOT):
                        break
                    mixed = (mixed + value) * BASE & _MASK
                    at += 1
            if count == room:
                room *= 2
                self.begins = grown(self.begins, room)
                self.ends = grown(self.ends, room)
                self.hashes = array("Q", bytes(self.hashes) + bytes(4 * room))
            self.begins[count] = begin
            self.ends[count] = at
            self.hashes[count] = mixed
            count += 1
        self.count = count
        return True

    def words(self) -> Words:
        """The words that were found; what they stand for is yet to be noted."""
        words = Words(self.count, self.has_unspaced)
        for word in range(self.count):
            words.begins[word] = self.begins[word]
            words.ends[word] = self.ends[word]
        return words


def hash_of(word: str) -> int:
    """The hash of one word as it is found in a text; 0 for one that never is."""
    mixed = 0
    for char in word:
        if ord(char) >= CODES:
            return 0
        mixed = (mixed + VALUES[ord(char)]) * BASE & _MASK
    return mixed


def numbers_for(size: int) -> "array[int]":
    """Room for so many numbers of 32 bits, all 0."""
    return array("i", bytes(4 * size))


def grown(numbers: "array[int]", size: int) -> "array[int]":
    """The same numbers with room for more."""
    more = numbers_for(size)
    for at in range(len(numbers)):
        more[at] = numbers[at]
    return more
