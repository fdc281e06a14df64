"""The features of an article: their encoding, their size, and how names are recognized."""

import hashlib
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.stories.features import decode_features, encode_features
from handlers.stories.near_duplicates import is_near_duplicate


def test_the_words_of_a_multiword_name_get_the_same_number() -> None:
    named = encode_features("Premier Lena Harvik visits the weir", "The rain went on, Lena Harvik said.", "en")
    title_case = encode_features("Lena Harvik Visits Weir After Week Of Rain", "", "en")

    assert sorted(Counter(term.name for term in decode_features(named).terms if term.name).values()) == [3]
    assert not any(term.name for term in decode_features(title_case).terms)


def test_features_of_version_1_can_still_be_decoded() -> None:
    data = encode_features("Ferry runs aground off Morvance", "", "en")

    assert decode_features(b"\x01" + data[1:]) == decode_features(data)


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

    assert hashlib.sha256(data).hexdigest() == "acb801997659fae601ba88a92b3398414cd4ab396c19b32101be56a8154cfb79"


@given(st.text(max_size=200), st.text(max_size=2000))
@settings(max_examples=120, deadline=None)
def test_features_of_any_article_can_be_decoded(title: str, text: str) -> None:
    data = encode_features(title, text, "en")

    decoded = decode_features(data)

    assert data == encode_features(title, text, "en")
    assert decoded.signature == tuple(sorted(set(decoded.signature)))
    assert len({term.hash for term in decoded.terms}) == len(decoded.terms)
    assert not decoded.signature or is_near_duplicate(decoded, decoded)
