"""What a server says around a body: when to come back, how long it stays fresh, how it is compressed."""

import re
import zlib
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

_LONGEST: Final = timedelta(days=30)
_PIECE: Final = 256 * 1024
_MOST_MEMBERS: Final = 500
"""Parts of one gzip file: each costs a copy of what follows it."""
_MOST_ENCODINGS: Final = 3


def retry_after(value: str | None, *, now: datetime) -> timedelta | None:
    """Retry-After as seconds or as an HTTP date; None where it says nothing usable."""
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
    """What is left of Cache-Control's max-age; None without one, or where the answer must not be kept."""
    value = (cache_control or "").lower()
    found = re.search(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,10})", value)
    if found is None or re.search(r"\bno-(?:cache|store)\b", value):
        return None
    old = int(age) if age and re.fullmatch(r"\d{1,9}", age.strip()) else 0
    return min(timedelta(seconds=max(int(found[1]) - old, 0)), _LONGEST)


def inflate(body: bytes, encoding: str | None, max_bytes: int) -> bytes:
    """The body without its Content-Encoding (gzip, deflate, or none).

    Raises: OverflowError when it grows over `max_bytes`; ValueError when it cannot be read.
    """
    names = [name.strip().lower() for name in (encoding or "").split(",") if name.strip()]
    if len(names) > _MOST_ENCODINGS:
        raise ValueError("it is compressed over and over")
    for name in reversed(names):
        if name in ("gzip", "x-gzip"):
            body = _gunzip(body, max_bytes)
        elif name == "deflate":
            body = _deflated(body, max_bytes)
        elif name not in ("identity", "none", "utf-8"):
            raise ValueError(f"it is compressed as {name[:20]!r}, which was not asked for")
    return body


def _gunzip(body: bytes, max_bytes: int) -> bytes:
    if not body.startswith(b"\x1f\x8b"):
        return body  # announced but not done, as some servers do
    whole = bytearray()
    members = 0
    while body.startswith(b"\x1f\x8b"):  # a file may have several members; what follows the last one is padding
        members += 1
        if members > _MOST_MEMBERS:
            raise ValueError("it has more parts than any real file")
        member = zlib.decompressobj(wbits=31)
        _feed(member, body, whole, max_bytes)
        body = member.unused_data
    return bytes(whole)


def _deflated(body: bytes, max_bytes: int) -> bytes:
    """Both readings of the name: with a zlib header, as the standard says, and without, as some servers do."""
    for wbits in (15, -15):
        whole = bytearray()
        try:
            _feed(zlib.decompressobj(wbits=wbits), body, whole, max_bytes)
        except ValueError:
            if wbits < 0:
                raise
        else:
            return bytes(whole)
    return body


def _feed(stream: "zlib._Decompress", body: bytes, whole: bytearray, max_bytes: int) -> None:
    pending = body
    try:
        while pending and not stream.eof:
            piece = stream.decompress(pending, _PIECE)
            whole += piece
            if len(whole) > max_bytes:
                raise OverflowError
            pending = stream.unconsumed_tail
            if not piece and not pending:
                break
    except zlib.error as error:
        raise ValueError("its compression is damaged") from error
    if not stream.eof:
        raise ValueError("it broke off before its end")
