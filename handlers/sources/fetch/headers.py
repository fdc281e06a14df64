"""Reads response headers: when to retry, how long a response stays fresh, and how its body is compressed."""

import re
import zlib
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

_LONGEST: Final = timedelta(days=30)
"""Longer times are shortened to this."""
_PIECE: Final = 256 * 1024
"""Bytes that are decompressed at a time."""
_MOST_MEMBERS: Final = 500
"""Members of one gzip file. After each one the rest of the file is copied."""
_MOST_ENCODINGS: Final = 3


def retry_after(value: str | None, *, now: datetime) -> timedelta | None:
    """Return the time to wait according to Retry-After, in seconds or as an HTTP date; None if it cannot be read."""
    value = (value or "").strip()
    if re.fullmatch(r"\d{1,10}(?:\.\d*)?", value):
        return min(timedelta(seconds=float(value)), _LONGEST)
    if not value:
        return None
    try:
        at = parsedate_to_datetime(value)
    except ValueError:
        return None
    if at.tzinfo is None:
        at = at.replace(tzinfo=now.tzinfo)
    return min(max(at - now, timedelta(0)), _LONGEST)


def max_age(cache_control: str | None, age: str | None) -> timedelta | None:
    """Return what is left of max-age in Cache-Control. None if there is none, or if caching is forbidden.

    `age`: the Age header, the seconds that a cache has already stored the response.
    """
    value = (cache_control or "").lower()
    seconds = re.search(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,10})", value)
    if seconds is None or re.search(r"\bno-(?:cache|store)\b", value):
        return None
    stored_for = int(age) if age and re.fullmatch(r"\d{1,9}", age.strip()) else 0
    return min(timedelta(seconds=max(int(seconds[1]) - stored_for, 0)), _LONGEST)


def decompress(body: bytes, encoding: str | None, max_bytes: int) -> bytes:
    """Return the body without its Content-Encoding, which may be gzip, deflate, or none.

    Raises: OverflowError, if the result exceeds `max_bytes`; ValueError, with the reason, if it cannot be decompressed.
    """
    names = [name.strip().lower() for name in (encoding or "").split(",") if name.strip()]
    if len(names) > _MOST_ENCODINGS:
        raise ValueError("it is compressed too many times")
    for name in reversed(names):
        if name in ("gzip", "x-gzip"):
            body = _gunzip(body, max_bytes)
        elif name == "deflate":
            body = _inflate(body, max_bytes)
        elif name not in ("identity", "none", "utf-8"):
            raise ValueError(f"it is compressed as {name[:20]!r}, which was not requested")
    return body


def _gunzip(body: bytes, max_bytes: int) -> bytes:
    if not body.startswith(b"\x1f\x8b"):
        return body  # some servers announce gzip but do not compress
    output = bytearray()
    members = 0
    while body.startswith(b"\x1f\x8b"):  # a file may have several members, and padding after the last one
        members += 1
        if members > _MOST_MEMBERS:
            raise ValueError("it has too many parts")
        member = zlib.decompressobj(wbits=31)
        _decompress_into(output, member, body, max_bytes)
        body = member.unused_data
    return bytes(output)


def _inflate(body: bytes, max_bytes: int) -> bytes:
    """Decompress data with a zlib header, as the standard requires, or without, as some servers send it."""
    for wbits in (15, -15):
        output = bytearray()
        try:
            _decompress_into(output, zlib.decompressobj(wbits=wbits), body, max_bytes)
        except ValueError:
            if wbits < 0:
                raise
        else:
            return bytes(output)
    return body


def _decompress_into(output: bytearray, stream: "zlib._Decompress", body: bytes, max_bytes: int) -> None:
    pending = body
    try:
        while pending and not stream.eof:
            piece = stream.decompress(pending, _PIECE)
            output += piece
            if len(output) > max_bytes:
                raise OverflowError
            pending = stream.unconsumed_tail
            if not piece and not pending:
                break
    except zlib.error as error:
        raise ValueError("the compressed data is damaged") from error
    if not stream.eof:
        raise ValueError("the compressed data is incomplete")
