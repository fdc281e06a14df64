"""Feeds on many hosts of the loopback network (127.0.0.0/8), some of which never answer, in a process of its own."""

import asyncio
import contextlib
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from benchmarks.machine import ROOT

ETAG: Final = '"v1"'
ENTRIES: Final = 25


def address_of(number: int) -> str:
    """Return the IP address of a host: 127.1.0.1, 127.1.0.2 and so on."""
    return f"127.{1 + number // 62_500}.{number // 250 % 250}.{1 + number % 250}"


def url_of(feed: int, *, hosts: int, port: int) -> str:
    """Return the URL of a feed. Feeds are spread over the hosts."""
    return f"http://{address_of(feed % hosts)}:{port}/feed/{feed}"


def is_silent(host: int, share: float) -> bool:
    """Return whether this host, of which the given share is silent, never answers."""
    return int((host + 1) * share) > int(host * share)


def body_of(path: str) -> bytes:
    """Return the feed at this path."""
    items = "".join(
        f"<item><title>Entry {n} of {path}: the harbour reopens after the storm</title>"
        f"<link>https://news.example{path}/{n}</link><guid isPermaLink='false'>{path}/{n}</guid>"
        f"<pubDate>Mon, 30 Nov 2026 {n % 24:02}:00:00 GMT</pubDate>"
        f"<description>{'The port authority said that ships may enter again. ' * 8}</description></item>"
        for n in range(ENTRIES)
    )
    head = f"<title>Feed {path}</title><link>https://news.example{path}</link><language>en</language>"
    return f"<?xml version='1.0'?><rss version='2.0'><channel>{head}{items}</channel></rss>".encode()


class _Host(asyncio.Protocol):
    """Answers 304 to a request with the ETag, and else with the feed."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._received = b""

    def data_received(self, data: bytes) -> None:
        self._received += data
        while b"\r\n\r\n" in self._received:
            request, _, self._received = self._received.partition(b"\r\n\r\n")
            if b"if-none-match" in request.lower():
                answer = f"HTTP/1.1 304 Not Modified\r\nETag: {ETAG}\r\n\r\n".encode()
            else:
                body = body_of(request.split(b" ", 2)[1].decode())
                head = f"HTTP/1.1 200 OK\r\nETag: {ETAG}\r\nContent-Type: application/rss+xml\r\n"
                answer = f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body
            assert isinstance(self._transport, asyncio.Transport)
            self._transport.write(answer)


class _Silent(asyncio.Protocol):
    """Accepts a connection and never answers."""


def _listen(address: str, port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((address, port))
    listener.setblocking(False)
    return listener


async def _serve(hosts: int, silent: float) -> None:
    loop = asyncio.get_running_loop()
    port = 0
    for host in range(hosts):
        listener = _listen(address_of(host), port)
        port = listener.getsockname()[1]
        protocol = _Silent if is_silent(host, silent) else _Host
        await loop.create_server(protocol, sock=listener, backlog=64)
    print(port, flush=True)
    await asyncio.Event().wait()


@contextmanager
def feed_hosts(hosts: int, *, silent: float) -> Iterator[int]:
    """Run the hosts, of which this share is silent, and yield their port."""
    command = [sys.executable, "-m", "benchmarks.feed_hosts", str(hosts), str(silent)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield int(process.stdout.readline())
    finally:
        process.terminate()
        process.wait()


def main(arguments: Sequence[str]) -> None:
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(int(arguments[0]), float(arguments[1])))


if __name__ == "__main__":
    main(sys.argv[1:])
