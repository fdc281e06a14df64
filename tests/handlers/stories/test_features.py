"""The features of an article: their encoding, their size, and how names are recognized."""

import hashlib
import struct
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.stories.features import decode_features, encode_features
from handlers.stories.near_duplicates import is_near_duplicate
from handlers.stories.words import word_hash


def test_the_words_of_a_multiword_name_get_the_same_number() -> None:
    named = encode_features("Premier Lena Harvik visits the weir", "The rain went on, Lena Harvik said.", "en")
    title_case = encode_features("Lena Harvik Visits Weir After Week Of Rain", "", "en")

    assert sorted(Counter(term.name for term in decode_features(named).terms if term.name).values()) == [3]
    assert not any(term.name for term in decode_features(title_case).terms)


def test_features_of_version_2_can_still_be_decoded() -> None:
    """An article that was stored before an update still finds its story."""
    words = [word_hash("ferry"), word_hash("morvance")]
    terms = b"".join(struct.pack("<IBB", word, 32, 1) for word in words)
    data = struct.pack("<BBHHH", 2, 0, 2, 1, 1) + terms + struct.pack("<I", 7)

    decoded = decode_features(data)

    assert [(term.hash, term.in_title, term.is_name) for term in decoded.terms] == [(w, True, False) for w in words]
    assert (decoded.signature, decoded.headline, decoded.outlet) == ((7,), 0, 0)


@pytest.mark.parametrize("data", [b"", b"\x02", b"\xff\x00nonsense"], ids=["empty", "truncated", "unknown version"])
def test_other_bytes_give_empty_features(data: bytes) -> None:
    decoded = decode_features(data)

    assert not decoded.terms
    assert not decoded.signature


def test_a_huge_hostile_text_gives_small_features() -> None:
    assert len(encode_features("word " * 100_000, "a" * 5_000_000 + "!?" * 500_000, "en")) < 1_024


def test_the_bytes_of_an_article_never_change() -> None:
    """Stored features are compared with new ones, so a change of the encoding needs a new version."""
    data = encode_features("Ferry with 240 aboard runs aground", "The ferry ran aground off Morvance on 3 June.", "en")

    assert hashlib.sha256(data).hexdigest() == "80f723bb67a33f56d7c30382fb0fc6dfa8687282fdeba362d795f610880ab6df"


@given(st.text(max_size=200), st.text(max_size=2000))
@settings(max_examples=120, deadline=None)
def test_features_of_any_article_can_be_decoded(title: str, text: str) -> None:
    data = encode_features(title, text, "en")

    decoded = decode_features(data)

    assert data == encode_features(title, text, "en")
    assert decoded.signature == tuple(sorted(set(decoded.signature)))
    assert len({term.hash for term in decoded.terms}) == len(decoded.terms)
    assert not decoded.signature or is_near_duplicate(decoded, decoded)
