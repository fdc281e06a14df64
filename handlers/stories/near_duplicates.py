"""Near-duplicates: articles that carry the same text, perhaps shortened or with a few words changed."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Final

from handlers.stories.features import SIGNATURE_SIZE, Features, decode_features

_MIN_RESEMBLANCE: Final = 0.5
"""Jaccard resemblance from which two texts are near-duplicates. A changed word changes three shingles."""
_MIN_RESEMBLANCE_SHORT: Final = 0.8
"""The same for a headline or a line or two: short texts from one template already resemble each other by half."""
LONG_SHINGLES: Final = 30
"""Shingles from which a text is not short."""
_SAME_TEXT: Final = 0.9
"""Share of the larger signature from which two texts are the same."""
_MIN_CONTAINMENT: Final = 0.75
"""Share of a shorter text's shingles in the longer one from which it is an excerpt of it."""
_MIN_COMMON_HASHES: Final = 6
_COMMON_DIVISOR: Final = 8
"""Near-duplicates share at least 1/8 of the hashes of the larger signature."""


def is_near_duplicate(one: Features, other: Features) -> bool:
    """Return whether one article has the other's text, perhaps shortened or with a few words changed."""
    if not one.signature or not other.signature or one.has_text != other.has_text:
        return False
    if one.signature == other.signature and one.shingles == other.shingles:
        return True
    size = min(SIGNATURE_SIZE, len(one.signature) + len(other.signature))
    common = one.signature_set & other.signature_set
    if len(common) * _COMMON_DIVISOR < size:
        return False
    smallest = sorted(one.signature_set | other.signature_set)[:size]
    both = sum(value in common for value in smallest)
    resemblance = both / len(smallest)
    shorter = min(one.shingles, other.shingles)
    if resemblance >= (_MIN_RESEMBLANCE if shorter >= LONG_SHINGLES else _MIN_RESEMBLANCE_SHORT):
        return True
    shared = resemblance * (one.shingles + other.shingles) / (1 + resemblance)
    return both >= _MIN_COMMON_HASHES and shorter >= LONG_SHINGLES and shared / shorter >= _MIN_CONTAINMENT


def is_same_text(one: Features, other: Features) -> bool:
    """Return whether both articles have one and the same text of more than a line or two, but for a few words."""
    if not (one.has_text and other.has_text) or min(one.shingles, other.shingles) < LONG_SHINGLES:
        return False
    common = len(one.signature_set & other.signature_set)
    return common >= _SAME_TEXT * max(len(one.signature), len(other.signature))


def copied_from(encoded: Sequence[bytes]) -> list[int | None]:
    """Return for each of these articles the place of the earlier article that it copies; None for an original.

    `encoded` are results of `features.encode_features`. Near-duplicates share at least an eighth of a signature, so
    they share one of its rarest hashes, and only those are looked up: the prefix filter of Chaudhuri, Ganti and
    Kaushik ("A primitive operator for similarity joins in data cleaning", 2006). It misses no pair.
    """
    articles = [decode_features.__wrapped__(data) for data in encoded]
    frequencies = Counter(value for article in articles for value in article.signature)
    originals_with: defaultdict[int, list[int]] = defaultdict(list)
    found: list[int | None] = []
    for place, article in enumerate(articles):
        size = len(article.signature)
        by_rarity = sorted(article.signature, key=lambda value: (frequencies[value], value))
        rarest = by_rarity[: size - max(1, -(-size // _COMMON_DIVISOR)) + 1]
        candidates = dict.fromkeys(original for value in rarest for original in originals_with[value])
        copied = next((original for original in candidates if is_near_duplicate(article, articles[original])), None)
        found.append(copied)
        if copied is None:
            for value in rarest:
                originals_with[value].append(place)
    return found
