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
    ("headers", "seconds"),
    [
        ({"Cache-Control": "max-age=600"}, 600),
        ({"Cache-Control": "public, max-age=600", "Age": "100"}, 500),
        ({"Cache-Control": "max-age=60", "Age": "600"}, 0),
        ({"Cache-Control": "no-cache, max-age=600"}, None),
        ({"Cache-Control": "s-maxage=600"}, None),
        ({}, None),
        ({"Date": "Sun, 22 Nov 2026 12:00:00 GMT", "Expires": "Sun, 22 Nov 2026 14:00:00 GMT"}, 7200),
        ({"Date": "Sun, 22 Nov 2026 12:00:00 GMT", "Expires": "Sun, 22 Nov 2026 14:00:00 GMT", "Age": "200"}, 7000),
        ({"Date": "Sun, 22 Nov 2026 12:00:00 GMT", "Expires": "Thu, 01 Jan 1970 00:00:00 GMT"}, 0),
        ({"Date": "Sun, 22 Nov 2026 12:00:00 GMT", "Expires": "0"}, None),
        ({"Expires": "Sun, 22 Nov 2026 14:00:00 GMT"}, None),
        ({"Cache-Control": "max-age=60", "Date": "Sun, 22 Nov 2026 12:00:00 GMT",
          "Expires": "Sun, 22 Nov 2026 14:00:00 GMT"}, 60),
    ],
)  # fmt: skip
def test_a_response_stays_fresh_as_long_as_its_headers_say(headers: dict[str, str], seconds: int | None) -> None:
    assert max_age(headers) == (None if seconds is None else timedelta(seconds=seconds))


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


@pytest.mark.parametrize("encoding", ["", "identity", "gzip"])
def test_a_gzip_file_is_decompressed_whatever_the_header_says(encoding: str) -> None:
    file = gzip.compress(b"one two")

    assert decompress(gzip.compress(file) if encoding == "gzip" else file, encoding, 100) == b"one two"
    with pytest.raises(OverflowError):
        decompress(gzip.compress(b"x" * 1000), "", 100)


@pytest.mark.parametrize(
    ("body", "encoding", "reason"),
    [
        (b"x", "br", "not requested"),
        (gzip.compress(b"one two")[:-4], "gzip", "incomplete"),
        (gzip.compress(b"one two")[:-4], "", "incomplete"),
        (b"\x1f\x8b\x08" + b"\xff" * 40, "gzip", "damaged"),
        (b"x", "gzip, gzip, gzip, gzip", "too many times"),
    ],
    ids=["unknown encoding", "incomplete", "incomplete file", "damaged", "too many encodings"],
)
def test_a_body_that_cannot_be_decompressed_gives_the_reason(body: bytes, encoding: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        decompress(body, encoding, 100)
