"""Reads response headers: when to retry, how long a response stays fresh, and how its body is compressed.

Writes the headers of requests that contain credentials and cookies.
"""

import base64
import re
import zlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

from yarl import URL

_LONGEST: Final = timedelta(days=30)
"""Longer times are shortened to this."""
_PIECE: Final = 256 * 1024
"""Bytes that are decompressed at a time."""
_MOST_MEMBERS: Final = 500
"""Members of one gzip file. After each one the rest of the file is copied."""
_MOST_ENCODINGS: Final = 3
_MAX_COOKIE: Final = 4096


def retry_after(value: str | None, *, now: datetime) -> timedelta | None:
    """Return the time to wait according to Retry-After, in seconds or as an HTTP date; None if it cannot be read."""
    value = (value or "").strip()
    if re.fullmatch(r"\d{1,10}(?:\.\d*)?", value):
        return min(timedelta(seconds=float(value)), _LONGEST)
    at = _http_date(value)
    return None if at is None else min(max(at - now, timedelta(0)), _LONGEST)


def max_age(headers: Mapping[str, str]) -> timedelta | None:
    """Return how long a response stays fresh: what is left of max-age in Cache-Control, else the time until Expires.

    None if neither is given, or if caching is forbidden. The Age header holds the seconds that a cache has already
    stored the response; Expires counts from the server's own Date.
    """
    cache_control = headers.get("Cache-Control", "").lower()
    if re.search(r"\bno-(?:cache|store)\b", cache_control):
        return None
    age = headers.get("Age", "").strip()
    stored_for = timedelta(seconds=int(age) if re.fullmatch(r"\d{1,9}", age) else 0)
    seconds = re.search(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,10})", cache_control)
    if seconds is not None:
        lifetime = timedelta(seconds=int(seconds[1]))
    else:
        sent, expires = _http_date(headers.get("Date")), _http_date(headers.get("Expires"))
        if sent is None or expires is None:
            return None
        lifetime = expires - sent
    return min(max(lifetime - stored_for, timedelta(0)), _LONGEST)


def _http_date(value: str | None) -> datetime | None:
    """Return an HTTP date in UTC; None if it is missing or cannot be read, such as "0" or "-1" in Expires."""
    try:
        at = parsedate_to_datetime((value or "").strip())
    except ValueError:
        return None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def cookie_header(cookies: dict[str, str]) -> dict[str, str]:
    """Return the header that sends these cookies, at most 4 kB of them; empty if there is none."""
    header = "; ".join(f"{name}={value}" for name, value in cookies.items())
    return {"Cookie": header} if 0 < len(header) <= _MAX_COOKIE else {}


def basic_auth(url: URL) -> dict[str, str]:
    """Return the header with the credentials of a URL; empty if it has none."""
    if not url.user:
        return {}
    credentials = f"{url.user}:{url.password or ''}".encode()
    return {"Authorization": f"Basic {base64.b64encode(credentials).decode()}"}


def decompress(body: bytes, encoding: str | None, max_bytes: int) -> bytes:
    """Return the body without its Content-Encoding, which may be gzip, deflate, or none.

    A body that is a gzip file, such as feed.xml.gz, is decompressed whatever the header says.

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
    return _gunzip(body, max_bytes) if is_gzip(body) else body


def is_gzip(body: bytes) -> bool:
    """Return whether this is gzip data, compressed by its only method."""
    return body.startswith(b"\x1f\x8b\x08")


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
