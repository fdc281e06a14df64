"""JSON Feed: missing titles, other types, relative links and damage."""

import json
from datetime import UTC, datetime

import pytest

from handlers.answers.errors import UnreadableDocument
from tests.support.feeds import articles, read


def test_json_feed_is_read_leniently() -> None:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Wire",
        "home_page_url": "/",
        "items": [
            {
                "id": 7,
                "url": "/7",
                "content_text": "5 < 6 & more.\n\nSecond.",
                "date_published": "2026-11-22T14:00:00+02:00",
            },
            {
                "id": "8",
                "external_url": "https://other.example/8",
                "content_html": "<p>Hi <b>there</b></p>",
                "title": "8",
            },
            "nonsense",
        ],
    }

    seven, eight = articles(json.dumps(feed))

    assert (seven.guid, seven.url, seven.text) == ("7", "https://example.com/7", "5 < 6 & more.\n\nSecond.")
    assert seven.published_at == datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
    assert (eight.url, eight.text) == ("https://other.example/8", "Hi there")


@pytest.mark.parametrize(
    ("body", "says"),
    [(b'{"items": [{"id"', "damaged or incomplete"), (b'{"a": 1}', "not a JSON Feed"), (b"[" * 100_000, "damaged")],
    ids=["incomplete", "other json", "nested"],
)
def test_json_that_is_not_a_feed_is_refused_with_the_reason(body: bytes, says: str) -> None:
    with pytest.raises(UnreadableDocument, match=says):
        read(body)
