"""Words of a headline that may be names, where capital letters do not tell: what is no ordinary word of the news.

Titles in title case and in capitals, German, and scripts without capitals mark no names. A word that is missing from
the lists of ordinary words counts as a name, so this is a guess, on which only a comparison of two headlines may rely.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from handlers.stories.document_frequencies import DOCUMENT_FREQUENCIES, NAMES
from handlers.stories.ordinary_cjk import CHINESE, JAPANESE, KOREAN, PARTICLES, SUFFIXES, TRADITIONAL
from handlers.stories.ordinary_english import STEMS
from handlers.stories.ordinary_words import ARABIC, GERMAN, GERMAN_ENDINGS, HEBREW, HINDI, WORDS
from handlers.stories.senses import senses_of
from handlers.stories.stop_words import GENERIC_WORDS, STOP_WORDS
from handlers.stories.words import NOUNS_CAPITALIZED, Token, cut, marks_names, normalize_letters, stem, tokenize

_LATIN: Final = frozenset(map(normalize_letters, WORDS | GENERIC_WORDS | STOP_WORDS))
_STEMS: Final = (
    STEMS | frozenset(map(stem, _LATIN)) | frozenset(map(cut, DOCUMENT_FREQUENCIES.keys() - set(NAMES.split())))
)
_COMMON_NAMES: Final = frozenset(NAMES.split())
_NAMES_LIKE_WORDS: Final = frozenset("britain china griechenland graz russia russland turkei wien".split())
"""Names that the lists have as frequent words, or that begin like one."""
_GERMAN: Final = frozenset(map(normalize_letters, GERMAN))
_ENGLISH_ENDINGS: Final = re.compile(r"\w{3}(?:ings?|tions?|ments?|ness|ally|ers?|ors?|ists?|(?<![me])ed)$")
_NAMES_IN_ING: Final = frozenset("boeing beijing nanjing chongqing wyoming reading stirling sterling darling".split())
_GERMAN_INFLECTION: Final = re.compile("(?:e[snmr]?|[sn])$")
_ARABIC: Final = frozenset(map(normalize_letters, ARABIC))
_ARABIC_PREFIX: Final = re.compile(r"^[وف]?[بلك]?(?:ال|ل(?=ل))?(?=.{2})")
_ARABIC_SUFFIX: Final = re.compile(r"(?<=.{2})(?:ها|هم|هن|ات|ان|ون|ين|يه|يي|ي|ه|ا)$")
_ARABIC_VERB: Final = re.compile(
    r"ا.ت.ا.|ان..ا.|است.\w.ا.|[يت].ت..(?:ون|ان)?|[يت]ست\w{3}(?:ون|ان)?|[يم]\w{3,}(?:ون|ين)"
)
"""The shapes of derived verbs, their nouns and plural participles, without the article."""
_ARABIC_BARE: Final = frozenset(_ARABIC_SUFFIX.sub("", word) for word in _ARABIC)
_ARABIC_WITH_PREFIX: Final = re.compile("[وفبك]ال|لل")
"""In the other headline, the same name may lack the prefix."""
_HEBREW: Final = frozenset(map(normalize_letters, HEBREW))
_HINDI: Final = frozenset(map(normalize_letters, HINDI))
_CJK: Final = frozenset(
    map(normalize_letters, CHINESE | JAPANESE | KOREAN | {word.translate(TRADITIONAL) for word in CHINESE})
)
_LONGEST_CJK: Final = max(map(len, _CJK))
_RUN: Final = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff]{2,}")
_HIRAGANA: Final = re.compile("[\u3040-\u309f]")
_SCRIPTS: Final = re.compile(
    "(?P<arabic>[\u0620-\u06d3]+)|(?P<hebrew>[\u05d0-\u05ea]+)|(?P<hindi>[\u0900-\u0963]+)|(?P<cased>[^\\W\\d_]+)"
)
_HEBREW_PREFIX: Final = re.compile("^[\u05d5\u05e9]?[\u05d1\u05db\u05dc\u05de]?\u05d4?(?=.{3})")
_FIRST: Final = re.compile(r"(?:^|[:.!?–—|]\s+|(?<=[\"«„“‘]))[\"'«„“‘]*([^\W\d_]\w+)")
"""The first word of a headline, of a part of it, and of a quotation."""


class TitleWords(NamedTuple):
    """Stems of words of a headline, as `words.significant` gives them."""

    unusual: frozenset[str]
    """Words that are no ordinary words of the news; in scripts without spaces, pairs of characters that are not all in
    such words."""
    probable_names: frozenset[str]
    """Words that may be names: unusual ones, except in lower case and where capitals would mark a name. In scripts
    without spaces, pairs of characters that are both in no ordinary word."""


def read_title(title: str, language: str) -> TitleWords:
    """Return the unusual words of a headline. `language` is an ISO 639-1 code or "und"."""
    runs = [_read_run(run) for run in _RUN.findall(normalize_letters(title))]
    unusual = {pair for run in runs for pair in run.unusual}
    names = {pair for run in runs for pair in run.probable_names}
    spaced = _RUN.sub(" ", title)
    words = [word.lstrip("\"'«„“‘([") for word in spaced.split()]
    is_cased = any(map(str.islower, title))
    capitalized = [word for word in words if not (is_cased and word[:1].islower())]
    if marks_names(title, language):
        capitalized = [word for word in _FIRST.findall(spaced) if word[0].isupper()]
    elif language in NOUNS_CAPITALIZED:
        words = capitalized
    capitalized = [word for word in capitalized if not _ARABIC_WITH_PREFIX.match(word)]
    unusual |= _unusual(words, language)
    return TitleWords(
        unusual=frozenset(unusual) - _COMMON_NAMES, probable_names=frozenset(names | _unusual(capitalized, language))
    )


def _unusual(words: Sequence[str], language: str) -> set[str]:
    return {
        stem(token.text)
        for token in tokenize(" ".join(words))
        if not token.is_number and len(token.text) > 1 and not _is_ordinary(token.text, language)
    }


def _read_run(run: str) -> TitleWords:
    """Read characters without a space between them."""
    ordinary = [bool(_HIRAGANA.match(character)) or character in PARTICLES for character in run]
    for start in range(len(run)):
        for end in range(start + 1, min(start + _LONGEST_CJK, len(run)) + 1):
            if run[start:end] in _CJK:
                ordinary[start:end] = [True] * (end - start)
    for at in range(len(run) - 1, 1, -1):
        is_last = at + 1 == len(run) or ordinary[at + 1]
        if is_last and run[at] in SUFFIXES and not any(ordinary[at - 2 : at]):
            ordinary[at] = True
    pairs = range(len(run) - 1)
    return TitleWords(
        unusual=frozenset(run[at : at + 2] for at in pairs if not (ordinary[at] and ordinary[at + 1])),
        probable_names=frozenset(run[at : at + 2] for at in pairs if not (ordinary[at] or ordinary[at + 1])),
    )


@lru_cache(maxsize=4096)
def _is_ordinary(word: str, language: str) -> bool:
    if word in _NAMES_LIKE_WORDS:
        return False
    script = _SCRIPTS.match(word)
    kind = script.lastgroup if script else None
    if word in _LATIN or stem(word) in _STEMS or senses_of([Token(word, False)]):
        return True
    if kind == "arabic":
        return _is_ordinary_arabic(word)
    if kind == "hebrew":
        return word in _HEBREW or _HEBREW_PREFIX.sub("", word) in _HEBREW
    if kind == "hindi":
        return word in _HINDI
    if language in NOUNS_CAPITALIZED:
        return _is_ordinary_german(word)
    return language == "en" and bool(_ENGLISH_ENDINGS.match(word)) and word not in _NAMES_IN_ING


def _is_ordinary_german(word: str) -> bool:
    return any(form in _GERMAN or form.endswith(GERMAN_ENDINGS) for form in (word, _GERMAN_INFLECTION.sub("", word)))


def _is_ordinary_arabic(word: str) -> bool:
    bare = _ARABIC_PREFIX.sub("", word)
    forms = {word, bare, _ARABIC_SUFFIX.sub("", bare), _ARABIC_SUFFIX.sub("", word)}
    if _ARABIC_VERB.fullmatch(bare):
        return True
    return bool(forms & _ARABIC) or any(_ARABIC_SUFFIX.sub("", form) in _ARABIC_BARE for form in forms)
