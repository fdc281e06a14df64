"""The JSON for programs has exactly the documented fields."""

from handlers.commands.json_output import brief_json, ingest_line
from handlers.ingest.results import IngestResult
from storage.records import SetAside
from tests.support.posts import HEADLINE, SENTENCE, brief


def test_a_failed_document_has_no_article() -> None:
    line = ingest_line(IngestResult(origin="empty.txt", article=None, state="failed", reason="It is empty."))

    assert line == {"article": None, "state": "failed", "topics": [], "story": None, "deliveries": 0}


def test_a_document_with_further_parts_names_them_with_their_rules() -> None:
    parts = (SetAside("quoted letter", "Is the plant closed?"), SetAside("signature", "Ann"))
    line = ingest_line(IngestResult(origin="letter.eml", article=None, state="known", set_aside=parts))

    assert line["set_aside"] == [
        {"rule": "quoted letter", "words": 4, "text": "Is the plant closed?"},
        {"rule": "signature", "words": 1, "text": "Ann"},
    ]


def test_a_brief_has_its_stories_and_mentions() -> None:
    shape = brief_json(brief())

    assert list(shape) == ["topic", "since", "until", "stories", "mentions"]
    assert (shape["topic"], shape["since"]) == ("Huawei", "2026-11-15T14:02:00+00:00")
    assert shape["stories"][0] == {
        "id": 1,
        "title": HEADLINE,
        "sources": 7,
        "articles": 9,
        "sentence": SENTENCE,
        "article": {"title": HEADLINE, "url": "https://wire.example/1", "source": "Example Wire"},
    }
    assert shape["mentions"][0] == {"day": "2026-11-16", "count": 2}
    assert len(shape["mentions"]) == 7
