"""Response headers: when to retry, how long a response stays fresh, and compressed bodies."""

import gzip
import zlib
from datetime import UTC, datetime, timedelta

import pytest

from handlers.sources.fetch.headers import decompress, max_age, retry_after


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        ("0", 0),
        ("Sun, 22 Nov 2026 12:05:00 GMT", 300),
        ("Sun, 22 Nov 2026 11:00:00 GMT", 0),
        ("soon", None),
        ("", None),
        (None, None),
        ("-5", None),
        ("99999999999999", None),
        ("9999999999", 30 * 86400),
    ],
)
def test_retry_after_may_be_seconds_or_a_date(value: str | None, seconds: int | None) -> None:
    wait = retry_after(value, now=datetime(2026, 11, 22, 12, 0, tzinfo=UTC))

    assert wait == (None if seconds is None else timedelta(seconds=seconds))


@pytest.mark.parametrize(
    ("cache", "age", "seconds"),
    [
        ("max-age=600", None, 600),
        ("public, max-age=600", "100", 500),
        ("max-age=60", "600", 0),
        ("no-cache, max-age=600", None, None),
        ("s-maxage=600", None, None),
        (None, None, None),
    ],
)
def test_the_age_of_a_response_counts_towards_its_max_age(
    cache: str | None, age: str | None, seconds: int | None
) -> None:
    assert max_age(cache, age) == (None if seconds is None else timedelta(seconds=seconds))


def test_gzip_and_both_forms_of_deflate_are_decompressed() -> None:
    raw = zlib.compressobj(wbits=-15)
    bodies = {
        "gzip": gzip.compress(b"one") + gzip.compress(b" two") + b"\0\0",
        "deflate": zlib.compress(b"one two"),
        "Deflate": raw.compress(b"one two") + raw.flush(),
        "x-gzip": b"one two",
        "": b"one two",
    }

    for encoding, body in bodies.items():
        assert decompress(body, encoding, 100) == b"one two", encoding


@pytest.mark.parametrize(
    ("body", "encoding", "reason"),
    [
        (b"x", "br", "not requested"),
        (gzip.compress(b"one two")[:-4], "gzip", "incomplete"),
        (b"\x1f\x8b\x08" + b"\xff" * 40, "gzip", "damaged"),
        (b"x", "gzip, gzip, gzip, gzip", "too many times"),
    ],
    ids=["unknown encoding", "incomplete", "damaged", "too many encodings"],
)
def test_a_body_that_cannot_be_decompressed_gives_the_reason(body: bytes, encoding: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        decompress(body, encoding, 100)
