"""Large documents are written to a file piece by piece, within the same limits as documents in memory."""

import tempfile

import pytest

from handlers.answers.errors import FetchError
from handlers.sources.fetch.client import Fetcher
from tests.support.http_server import Answer, LocalServer

BODY = b"<list>" + b"entry " * 20_000 + b"</list>"


@pytest.mark.parametrize("gzipped", [False, True])
async def test_the_body_is_in_the_file(fetcher: Fetcher, server: LocalServer, gzipped: bool) -> None:
    url = server.answer("/list", Answer(body=BODY, gzipped=gzipped, headers={"ETag": '"7"'}))

    with tempfile.TemporaryFile() as file:
        fetched = await fetcher.fetch(url, max_bytes=len(BODY), into=file)

        assert (fetched.body, fetched.etag) == (b"", '"7"')
        assert file.read() == BODY


@pytest.mark.parametrize("gzipped", [False, True])
async def test_a_body_that_is_too_large_is_refused(fetcher: Fetcher, server: LocalServer, gzipped: bool) -> None:
    url = server.answer("/list", Answer(body=BODY, gzipped=gzipped))

    with tempfile.TemporaryFile() as file, pytest.raises(FetchError, match="larger than"):
        await fetcher.fetch(url, max_bytes=len(BODY) - 1, into=file)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Answer(body=b"\x1f\x8b\x08 no gzip", headers={"Content-Encoding": "gzip"}), "damaged"),
        (Answer(body=BODY, headers={"Content-Encoding": "zstd"}), "not requested"),
        (Answer(status=403), "403"),
    ],
)
async def test_an_answer_that_is_refused(fetcher: Fetcher, server: LocalServer, answer: Answer, reason: str) -> None:
    with tempfile.TemporaryFile() as file, pytest.raises(FetchError, match=reason):
        await fetcher.fetch(server.answer("/list", answer), max_bytes=len(BODY), into=file)


async def test_no_more_is_read_than_is_enough(fetcher: Fetcher, server: LocalServer) -> None:
    url = server.answer("/list", BODY * 100)

    with tempfile.TemporaryFile() as file:
        await fetcher.fetch(url, max_bytes=len(BODY) * 100, into=file, enough=100)

        head = file.read()
    assert 100 <= len(head) < len(BODY) * 100
    assert BODY.startswith(head[:100])
