"""Identifies the language of a text as an ISO 639-1 code, or "und" if it is uncertain."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final, NamedTuple

from handlers.sources.text.language_model import model

UNDETERMINED: Final = "und"
_LANGUAGES: Final = (
    *("en", "de", "fr", "es", "it", "pt", "nl", "sv", "da", "no", "fi", "is", "pl", "cs", "sk", "sl", "hr", "hu", "ro"),
    *("sq", "et", "lv", "lt", "tr", "az", "vi", "id", "ms", "sw", "ca", "ga", "af", "tl"),
    *("ru", "uk", "be", "bg", "sr", "mk", "kk", "ky", "mn"),
    *("ar", "fa", "ur", "ps", "he", "hi", "mr", "ne", "zh", "ja"),
)
"""Languages of news. The model knows more, but finds its rarest languages mostly in short English texts."""
_SURE: Final = 0.55
"""The probability from which on a language is accepted."""
_SURE_LENGTH: Final = 200
"""Characters from which on an identified language outweighs a declared one."""
_SHARED_LENGTH: Final = 100
"""Characters of all entries of a feed from which on their common language outweighs the declared one."""
_MAJORITY: Final = 0.7
"""The share of the entries with an identified language that must agree."""
_OWN_SCRIPT: Final = frozenset({"zh", "ja", "ko", "el", "he", "th", "ka", "hy", "bn", "ta", "te", "am", "km", "my"})
"""Languages that are recognized by their script alone."""
_SHORTEST: Final = 24
"""Letters. In a shorter text only the script decides."""
_SHORTEST_GUESS: Final = 8
"""Letters from which on the language of inflection is guessed."""
_SAMPLE: Final = 1000
"""Characters that are examined. Of 2,067 news texts, 600 and 4,000 characters gave the same language for each."""

_SCRIPTS: Final = (
    ("kana", re.compile(r"[\u3040-\u30ff]")),
    ("han", re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")),
    ("ko", re.compile(r"[\uac00-\ud7af\u1100-\u11ff]")),
    ("arabic", re.compile(r"[\u0620-\u06ff\u0750-\u077f]")),
    ("cyrillic", re.compile(r"[\u0400-\u04ff]")),
    ("latin", re.compile(r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")),
    ("el", re.compile(r"[\u0370-\u03ff]")),
    ("he", re.compile(r"[\u0590-\u05ff]")),
    ("devanagari", re.compile(r"[\u0900-\u097f]")),
    ("th", re.compile(r"[\u0e00-\u0e7f]")),
    ("ka", re.compile(r"[\u10a0-\u10ff]")),
    ("hy", re.compile(r"[\u0530-\u058f]")),
    ("bn", re.compile(r"[\u0980-\u09ff]")),
    ("ta", re.compile(r"[\u0b80-\u0bff]")),
    ("te", re.compile(r"[\u0c00-\u0c7f]")),
    ("am", re.compile(r"[\u1200-\u137f]")),
    ("km", re.compile(r"[\u1780-\u17ff]")),
    ("my", re.compile(r"[\u1000-\u109f]")),
)
_OF_SCRIPT: Final = {
    "cyrillic": frozenset({"ru", "uk", "be", "bg", "sr", "mk", "kk", "ky", "mn", "az"}),
    "arabic": frozenset({"ar", "fa", "ur", "ps"}),
    "devanagari": frozenset({"hi", "mr", "ne"}),
}
_DISTINCTIVE_LETTERS: Final = (
    ("cyrillic", "uk", re.compile("[іїєґ]", re.IGNORECASE), re.compile("[ыэъё]", re.IGNORECASE)),
    ("cyrillic", "ru", re.compile("[ыэ]", re.IGNORECASE), re.compile("[іїєґўәғқңөұүһ]", re.IGNORECASE)),
    ("arabic", "ar", re.compile("[ةىأإ]"), re.compile("[پچژگکی]")),
)
"""For short texts: script, language, letters of which the text must contain one, and letters that it must lack."""
_ASCII: Final = re.compile(r"[\x00-\x7f]+")
_LONGEST_HEADLINE: Final = 200
_LONG_WORD: Final = re.compile(r"[^\W\d_]{4,}")
"""Words that title case capitalizes: shorter ones may be articles and prepositions, or acronyms."""
_TITLE_CASE_WORDS: Final = 3
_LINKS: Final = re.compile(r"https?://\S+|\S+@\S+|[#@]\w+")
_LINK_LITERALS: Final = ("://", "@", "#")


def language_of(*texts: str) -> str:
    """Return the language of these texts together, or "und". The same texts always give the same result.

    A script that belongs to one language decides alone, so even a short Chinese headline is "zh".
    """
    return _identified(texts, min_letters=_SHORTEST, min_share=_SURE)


def inflection_language(language: str, *texts: str) -> str:
    """Return the language in which the words of the texts are inflected: the given one, or the best guess for "und".

    A wrong guess costs little, because the forms of most words do not exist in other languages.
    """
    if language.casefold() != UNDETERMINED:
        return language
    return _identified(texts, min_letters=_SHORTEST_GUESS, min_share=0.0)


def _identified(texts: tuple[str, ...], *, min_letters: int, min_share: float) -> str:
    """Return the language of the texts, or "und" for fewer letters or a smaller probability (0 to 1) than required."""
    sample = "\n".join(_without_title_case(text[:_SAMPLE]) for text in texts)[:_SAMPLE]
    if any(literal in sample for literal in _LINK_LITERALS):
        sample = _LINKS.sub(" ", sample)
    not_ascii = _ASCII.sub("", sample)  # short for most texts; contains every letter of all scripts but Latin
    counts = Counter(
        {name: len(letters.findall(sample if name == "latin" else not_ascii)) for name, letters in _SCRIPTS}
    )
    script, count = counts.most_common(1)[0]
    for wide in ("han", "kana", "ko"):  # one such character says as much as three or four letters
        if counts[wide] * 3 >= count and counts[wide] >= 2:
            script, count = ("ko", counts["ko"]) if counts["ko"] > counts["han"] else ("han", counts["han"])
            break
    if count == 0:
        return UNDETERMINED
    if script == "kana" or (script == "han" and counts["kana"] * 8 > counts["han"]):
        return "ja"
    if script == "han":
        return "zh"
    if script not in _OF_SCRIPT and script != "latin":
        return script
    if count < _SHORTEST * 4 and (code := _by_letters(sample, script)):
        return code
    return _by_words(sample, script, min_share) if count >= min_letters else UNDETERMINED


def _without_title_case(text: str) -> str:
    """Return a headline whose words begin with capitals in lower case, any other text as it is.

    The model takes English headlines in title case for other languages (findings/language_of_title_case.sh).
    """
    if len(text) > _LONGEST_HEADLINE:
        return text
    words = _LONG_WORD.findall(text)
    capitalized = sum(word[0].isupper() and word[1:].islower() for word in words)
    return text.lower() if len(words) >= _TITLE_CASE_WORDS and capitalized == len(words) else text


def _by_letters(sample: str, script: str) -> str | None:
    """Return the language that a few distinctive letters of a short text give away."""
    for of_script, code, present, absent in _DISTINCTIVE_LETTERS:
        if script == of_script and present.search(sample) and not absent.search(sample):
            return code
    return None


def _by_words(sample: str, script: str, min_share: float) -> str:
    allowed = _OF_SCRIPT.get(script)
    ranked = [(code, score) for code, score in model(_LANGUAGES).rank(sample) if allowed is None or code in allowed]
    total = sum(score for _, score in ranked)
    code, score = ranked[0]
    if allowed is None and any(code in others for others in _OF_SCRIPT.values()):
        return UNDETERMINED
    return code if total > 0 and score / total >= min_share else UNDETERMINED


_DAY_FIRST_ENGLISH: Final = re.compile(r"[-_](?:gb|uk|au|nz|ie|in|za)\b", re.IGNORECASE)
_TAG: Final = re.compile(r"([A-Za-z]{2,3})(?:[-_].*)?")
_OTHER_CODES: Final = {
    "eng": "en",
    "deu": "de",
    "ger": "de",
    "fra": "fr",
    "fre": "fr",
    "rus": "ru",
    "zho": "zh",
    "chi": "zh",
} | {
    "ara": "ar",
    "spa": "es",
    "ukr": "uk",
    "jpn": "ja",
    "cmn": "zh",
    "iw": "he",
    "in": "id",
}
"""ISO 639-2 codes, and former ISO 639-1 codes."""


def language_code(tag: str | None) -> str | None:
    """Return the ISO 639-1 code of a language tag of a document ("en-US", "zh_Hans", "rus"); None if it has none."""
    match = _TAG.fullmatch((tag or "").strip())
    if not match:
        return None
    code = match[1].lower()
    code = _OTHER_CODES.get(code, code)
    return {"nb": "no", "nn": "no"}.get(code, code) if len(code) == 2 else None


def writes_day_first(tag: str | None) -> bool:
    """Whether people who write in this language write 5/6/2019 for the fifth of June. False if it is not known."""
    code = language_code(tag)
    return code is not None and (code != "en" or _DAY_FIRST_ENGLISH.search(tag or "") is not None)


def agreed_language(declared: str | None, *texts: str) -> str | None:
    """Return the language of a document as an ISO 639-1 code: the declared one, unless the text surely is in another.

    None if the language is neither declared nor identified. Declarations are often wrong, because many templates state
    "en" for articles in other languages.
    """
    identified = language_of(*texts)
    stated = language_code(declared)
    if identified == UNDETERMINED:
        return stated
    if stated is None or stated == identified:
        return identified
    is_sure = sum(len(text) for text in texts) >= _SURE_LENGTH or identified in _OWN_SCRIPT
    return identified if is_sure else stated


class FeedText(NamedTuple):
    """The words of a feed's entry, and the language that it declares for itself."""

    title: str
    text: str
    declared: str | None


def languages_of_feed(entries: Sequence[FeedText], *, declared: str | None) -> list[str | None]:
    """Return the language of each entry as an ISO 639-1 code, or None if it is unknown.

    All entries together decide the language of the short ones if most agree, whatever the feed declares: many templates
    declare "en" for every feed. An entry that is surely in another language, or declares one, keeps it.
    """
    own = [language_of(entry.title, entry.text) for entry in entries]
    shared = _shared_language(entries, own) or language_code(declared)
    return [
        identified
        if identified != UNDETERMINED and (identified == shared or _is_sure(identified, entry))
        else language_code(entry.declared) or shared or (None if identified == UNDETERMINED else identified)
        for entry, identified in zip(entries, own, strict=True)
    ]


def _shared_language(entries: Sequence[FeedText], own: Sequence[str]) -> str | None:
    """Return the language of all entries together; None if they are too short or in several languages."""
    size = max(_SAMPLE // max(len(entries), 1), _SHORTEST * 2)
    together = [f"{entry.title}\n{entry.text}"[:size] for entry in entries]
    shared = language_of("\n".join(together))
    if shared == UNDETERMINED or sum(map(len, together)) < _SHARED_LENGTH:
        return None
    agreeing = sum(code == shared for code in own)
    return shared if agreeing >= _MAJORITY * sum(code != UNDETERMINED for code in own) else None


def _is_sure(identified: str, entry: FeedText) -> bool:
    return len(entry.title) + len(entry.text) >= _SURE_LENGTH or identified in _OWN_SCRIPT
