"""Headlines whose numbers run: counters in them are no part of the headline, and other numbers are noted sparingly."""

import re
import unicodedata
from difflib import SequenceMatcher
from typing import Final

_COUNTED: Final = (
    r"(?:comments?|votes?|views?|likes?|shares?|reads?|replies|replys?|answers?|points?|updates?|reactions?|viewers?"
    r"|kommentare?|stimmen?|aufrufe|antworten|beiträge|commentaires?|votes|vues|réponses?|avis|comentarios?|votos?"
    r"|visitas|respuestas?|commenti|voti|visualizzazioni|комментари\w*|голос\w*|просмотр\w*|ответ\w*"
    r"|تعليق\w*|评论|條評論|条评论|浏览|点赞|コメント|댓글)"
)
_NUMBER: Final = r"\d(?:[\d.,' \u00a0\u202f]*\d)?\s?[kKmM]?"
_TIME: Final = (
    r"(?:\d{1,2}[:h]\d{2}(?::\d{2})?(?:\s?(?:[ap]\.?m\.?|uhr|h|[A-Z]{2,4})(?!\w))?|\d{1,2}\.\d{2}\s?uhr)(?!\w)"
)
_FEW_WORDS: Final = r"(?:[^\W\d]+[\s:.,]*){0,2}"
_MARK: Final = r"\s*[:|·•,–—-]\s*"
_COUNTER: Final = re.compile(
    rf"[\[({{【（]\s*{_FEW_WORDS}(?:{_TIME}|{_NUMBER})\s*{_FEW_WORDS}[\])}}】）]"
    rf"|\+{{2,}}\s*{_FEW_WORDS}(?:{_TIME}|{_NUMBER})\s*{_FEW_WORDS}\+{{2,}}"
    rf"|^(?:{_TIME}|{_NUMBER}\s*{_COUNTED})(?:{_MARK}|\s+(?=\w))|(?:{_MARK}{_NUMBER}\s*{_COUNTED}|(?:{_MARK}|\s){_TIME})$",
    re.IGNORECASE,
)
"""A bracket or a "+++" with a number and at most a few words; at either end, a number of comments or a time of day."""
_DIGITS: Final = re.compile(r"\d+")
_CLOSE: Final = 0.9
"""Share of equal letters from which two headlines differ by a correction only."""


def without_counters(title: str) -> str:
    """Return the headline without counters and times of day; unchanged if nothing else would be left."""
    rest = " ".join(_COUNTER.sub(" ", title).split()).strip(" |·-–—:,")
    return rest if any(map(str.isalpha, rest)) else " ".join(title.split())


def is_same_headline(one: str, other: str) -> bool:
    """Return whether two headlines have the same words. Counters, punctuation and spaces do not count, case does."""
    return one == other or _letters(without_counters(one)) == _letters(without_counters(other))


def is_close_headline(one: str, other: str) -> bool:
    """Return whether two headlines are the same apart from case, counters and a correction of a few letters."""
    ours, theirs = (_letters(without_counters(title)).casefold() for title in (one, other))
    if ours == theirs:
        return True
    if not ours or not theirs or _DIGITS.findall(ours) != _DIGITS.findall(theirs):
        return False
    return SequenceMatcher(None, ours, theirs, autojunk=False).ratio() >= _CLOSE


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text)))
