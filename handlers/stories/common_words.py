"""The words that two articles have in common, to explain why they are in one story."""

import re
from typing import Final

from handlers.stories.words import significant_tokens

_WORD: Final = re.compile(r"[^\W_]+(?:[-'’.,][^\W_]+)*")
_POSSESSIVE: Final = re.compile("['’]s$")
_COMPARED_CHARS: Final = 4_000


def common_words(one: tuple[str, str], other: tuple[str, str], *, limit: int = 5) -> tuple[str, ...]:
    """Return up to `limit` words of one article that the other has too, as the first one spells them, best first.

    Each article is given as its headline and text. Words of both headlines come first, then words of the first
    headline, then names and numbers; among equals, long words. Stop words are left out, and so are inflected forms of
    a word that was found already.
    """
    title, text = one
    other_title, other_text = (_stems(part) for part in other)
    others = other_title | other_text
    found: dict[str, tuple[tuple[bool, bool, bool, int], str]] = {}
    for part, in_title in ((title, True), (text[:_COMPARED_CHARS], False)):
        for word in _WORD.findall(part):
            stems = [token.text for token in significant_tokens(word)]
            # A run of a script without spaces gives several tokens, each of which is compared.
            spelled = [_POSSESSIVE.sub("", word)] if len(stems) == 1 else stems
            for stem, spelling in zip(stems, spelled, strict=True):
                if stem in others and stem not in found:
                    is_name = spelling[0].isupper() or spelling[0].isdigit()
                    found[stem] = ((in_title and stem in other_title, in_title, is_name, len(spelling)), spelling)
    best = sorted(found.values(), key=lambda entry: entry[0], reverse=True)
    return tuple(spelling for _, spelling in best[:limit])


def _stems(text: str) -> frozenset[str]:
    return frozenset(token.text for token in significant_tokens(text[:_COMPARED_CHARS]))
