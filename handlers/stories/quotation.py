"""Finds direct quotations: a sentence with the words somebody said and the name of the speaker."""

import re
from typing import Final

from handlers.stories.quotable import is_balanced, is_boilerplate, width
from handlers.stories.sentences import Span, sentences

_MAX_WIDTH: Final = 360
"""Of the sentence, as `quotable.width` measures it."""
_MIN_WORDS: Final = 6
"""Words of a quotation; a shorter one is a title or a quoted term."""
_MIN_WIDE_CHARS: Final = 16
"""The same for scripts without spaces, in characters."""
_QUOTE: Final = re.compile(r"“([^“”]+)”|\"([^\"]+)\"|«\s*([^«»]+?)\s*»|„([^„“”]+)[“”]|「([^「」]+)」|『([^『』]+)』")
_VERB: Final = re.compile(
    r"\b(?:said|says|told|added|adds|wrote|tweeted|announced|declared|stated|warned|insisted|argued|explained|replied|"
    r"a déclaré|a dit|a affirmé|a expliqué|a ajouté|a indiqué|a estimé|a assuré|a annoncé|a souligné|a réagi|a insisté|"
    r"explique|estime|affirme|déclare|assure|ajoute|selon|sagte|sagt|erklärte|betonte|warnte|kündigte|dijo|afirmó|"
    r"declaró|aseguró|señaló|explicó|añadió|disse|afirmou|declarou|explicou|ha detto|ha dichiarato|afferma|zei|zegt|"
    r"сказал|сказала|заявил|заявила|отметил|отметила|подчеркнул|подчеркнула|сообщил|сообщила)\b"
    r"|قال|قالت|صرح|أعلن|表示|称|稱|说|說|指出|强调|強調",
    re.IGNORECASE,
)
_NAME: Final = re.compile(
    r"(?:[A-ZÀ-ÞА-ЯЁ][\w’'.\-]+\s+(?:(?:de|du|von|van|der|bin|al|el|di|da|dos|la|le)\s+)*){1,3}[A-ZÀ-ÞА-ЯЁ][\w’'\-]+"
)
_NEAR: Final = 60
"""Characters before and after the verb in which the name is looked for."""
_PREPOSITION: Final = re.compile(
    r"\b(?:in|to|on|at|by|from|of|for|with|that|dans|à|en|pour|avec|bei|zu|mit|para|con|в|на|для)\b|…"
)
_CJK_NAME: Final = re.compile(r"[\u4e00-\u9fff]{2,}")
_ARABIC: Final = re.compile(r"[\u0621-\u064a]{3,}\s+[\u0621-\u064a]{3,}")


def find_quotation(text: str, language: str = "und") -> Span | None:
    """Return the first sentence with a quotation of some length, a verb of saying and the speaker's name; else None."""
    for span in sentences(text, language):
        if width(span.text) > _MAX_WIDTH or not is_balanced(span.text) or is_boilerplate(span.text):
            continue
        quotes = list(_QUOTE.finditer(span.text))
        if not any(_is_long_enough(next(part for part in quote.groups() if part)) for quote in quotes):
            continue
        rest = _QUOTE.sub(" … ", span.text)
        if any(_has_speaker(rest, verb) for verb in _VERB.finditer(rest)):
            return span
    return None


def _has_speaker(rest: str, verb: re.Match[str]) -> bool:
    """Return whether a person's name is next to the verb.

    A name after a preposition is the person or place spoken about or to. `rest` is the sentence with "…" for
    quotations.
    """
    after, before = rest[verb.end() : verb.end() + _NEAR], rest[max(0, verb.start() - _NEAR) : verb.start()]
    before = before.rsplit("…", 1)[-1] if before.rsplit("…", 1)[-1].strip(" ,") else before
    if _is_wide(rest):
        return bool(_CJK_NAME.search(before))
    if _ARABIC.match(after.lstrip()):
        return True
    name = _NAME.search(after)
    if name is not None and not _PREPOSITION.search(after[: name.start()]):
        return True
    return any(not _PREPOSITION.search(before[: name.start()][-6:]) for name in _NAME.finditer(before))


def _is_long_enough(quote: str) -> bool:
    return len(quote.split()) >= _MIN_WORDS or (_is_wide(quote) and len(quote) >= _MIN_WIDE_CHARS)


def _is_wide(text: str) -> bool:
    return width(text) > 1.5 * len(text)
