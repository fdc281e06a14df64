"""Numbers in digits and in words: up to twenty in English, and up to ten in the other languages of the catalogue."""

import re
import unicodedata
from typing import Final

from handlers.stories.words import NUMBER, normalize_letters, normalize_number

_ENGLISH: Final = tuple(
    """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
    eighteen nineteen twenty
    """.split()
)
"""In order, from zero."""
_OTHERS: Final = (
    "null zéro cero ноль صفر",
    "ein eine einen einem einer eins une un una uno один одна одно одного одной واحد واحدة",
    "zwei deux dos два две двух двое اثنان اثنين اثنتان اثنتين",
    "drei trois tres три трех трое ثلاثة ثلاث",
    "vier quatre cuatro четыре четырех четверо أربعة أربع",
    "fünf cinq cinco пять пяти пятеро خمسة خمس",
    "sechs six seis шесть шести шестеро ستة ست",
    "sieben sept siete семь семи семеро سبعة سبع",
    "acht huit ocho восемь восьми ثمانية ثماني ثمان",
    "neun neuf nueve девять девяти تسعة تسع",
    "zehn dix diez десять десяти عشرة عشر",
)
"""From zero to ten: German, French, Spanish, Russian and Arabic, in the forms that precede nouns."""
NUMBER_VALUES: Final = {word: str(value) for value, word in enumerate(_ENGLISH)} | {
    normalize_letters(word): str(value) for value, words in enumerate(_OTHERS) for word in words.split()
}
"""By word, as `normalize_letters` gives it: the number in digits."""
_CHINESE: Final = {character: str(value) for value, character in enumerate("〇一二三四五六七八九十")} | {
    "两": "2",
    "兩": "2",
}
_ANY: Final = re.compile(rf"{NUMBER.pattern}|[{''.join(_CHINESE)}百千万萬亿億]+|[^\W\d_\u3400-\u9fff]+")


def numbers_of(text: str) -> list[str]:
    """Return the numbers of a text in order, in digits without thousands separators; larger Chinese ones as written."""
    found = (_number(match[0]) for match in _ANY.finditer(unicodedata.normalize("NFKC", text)))
    return [number for number in found if number is not None]


def mask_numbers(text: str) -> str:
    """Return the text with 0 in place of every number."""
    plain = unicodedata.normalize("NFKC", text)
    return _ANY.sub(lambda match: match[0] if _number(match[0]) is None else " 0 ", plain)


def _number(text: str) -> str | None:
    if text[0].isdecimal():
        return normalize_number(text)
    if text[0] in _CHINESE or not text[0].isalpha() or "\u3400" <= text[0] <= "\u9fff":
        return _CHINESE.get(text, text)
    return NUMBER_VALUES.get(normalize_letters(text))
