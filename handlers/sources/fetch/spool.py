"""Writes the body of a response to a file, piece by piece, so that a large document never stands in memory."""

import zlib
from typing import IO, Final

import aiohttp

from handlers.sources.fetch import errors as fetch_errors

SLOW: Final = aiohttp.ClientTimeout(total=300, sock_connect=10, sock_read=150)
"""Limits in seconds. The EU builds its list on demand, which takes more than a minute."""
_PIECE: Final = 256 * 1024
"""Bytes that are decompressed at a time."""
_COMPRESSED: Final = ("gzip", "x-gzip", "deflate")


async def save(
    response: aiohttp.ClientResponse, file: IO[bytes], *, shown: str, max_bytes: int, enough: int | None = None
) -> None:
    """Write the decompressed body to the file, and go back to its beginning. Stop after `enough` bytes, if given.

    Raises: FetchError, if the body is larger than `max_bytes` or cannot be decompressed; what aiohttp raises.
    """
    if (response.content_length or 0) > max_bytes:
        raise fetch_errors.too_large(shown, max_bytes)
    encoding = response.headers.get("Content-Encoding", "").strip().lower()
    if encoding not in (*_COMPRESSED, "identity", ""):
        raise fetch_errors.undecodable(shown, f"it is compressed as {encoding[:20]!r}, which was not requested")
    stream = zlib.decompressobj(wbits=47) if encoding in _COMPRESSED else None  # a zlib or gzip header
    written = 0
    async for piece in response.content.iter_chunked(_PIECE):
        pending = piece
        while pending:
            try:
                output = pending if stream is None else stream.decompress(pending, _PIECE)
            except zlib.error as error:
                raise fetch_errors.undecodable(shown, "the compressed data is damaged") from error
            pending = b"" if stream is None else stream.unconsumed_tail
            written += len(output)
            if written > max_bytes:
                raise fetch_errors.too_large(shown, max_bytes)
            file.write(output)
        if enough is not None and written >= enough:
            break
    if (enough is None or written < enough) and stream is not None and not stream.eof:
        raise fetch_errors.undecodable(shown, "the compressed data is incomplete")
    file.flush()
    file.seek(0)
