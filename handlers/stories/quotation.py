"""Who said what: a direct quotation together with the name of its speaker, as one slice of the text."""

import re
from typing import Final

from handlers.stories.quotable import is_balanced, is_furniture, width
from handlers.stories.sentences import Span, sentences

_MOST: Final = 360
_LEAST_WORDS: Final = 6
_LEAST_WIDE: Final = 16
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
_ELSEWHERE: Final = re.compile(
    r"\b(?:in|to|on|at|by|from|of|for|with|that|dans|à|en|pour|avec|bei|zu|mit|para|con|в|на|для)\b|…"
)
_CJK_NAME: Final = re.compile(r"[\u4e00-\u9fff]{2,}")
_ARABIC: Final = re.compile(r"[\u0621-\u064a]{3,}\s+[\u0621-\u064a]{3,}")


def said(text: str, language: str = "und") -> Span | None:
    """The first sentence that holds a quotation of some length, a verb of saying and the speaker's name; else None."""
    for span in sentences(text, language):
        if width(span.text) > _MOST or not is_balanced(span.text) or is_furniture(span.text):
            continue
        quotes = list(_QUOTE.finditer(span.text))
        if not any(_tells(next(part for part in quote.groups() if part)) for quote in quotes):
            continue
        rest = _QUOTE.sub(" … ", span.text)
        if any(_speaks(rest, verb) for verb in _VERB.finditer(rest)):
            return span
    return None


def _speaks(rest: str, verb: re.Match[str]) -> bool:
    """Whether a person's name stands beside the verb; one further off is whom, where or to whom it was said."""
    after, before = rest[verb.end() : verb.end() + _NEAR], rest[max(0, verb.start() - _NEAR) : verb.start()]
    before = before.rsplit("…", 1)[-1] if before.rsplit("…", 1)[-1].strip(" ,") else before
    if _wide(rest):
        return bool(_CJK_NAME.search(before))
    if _ARABIC.match(after.lstrip()):
        return True
    name = _NAME.search(after)
    if name is not None and not _ELSEWHERE.search(after[: name.start()]):
        return True
    return any(not _ELSEWHERE.search(before[: name.start()][-6:]) for name in _NAME.finditer(before))


def _tells(quote: str) -> bool:
    return len(quote.split()) >= _LEAST_WORDS or (_wide(quote) and len(quote) >= _LEAST_WIDE)


def _wide(text: str) -> bool:
    return width(text) > 1.5 * len(text)
