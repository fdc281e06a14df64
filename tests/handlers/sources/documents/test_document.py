"""Documents of every format: the article of each, and the reasons for refusing others."""

import io
import json
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from handlers.answers.errors import UnreadableDocument
from handlers.drafts import ArticleDraft
from handlers.sources.documents.document import MAX_DOCUMENT_BYTES, read_document
from tests.support.paths import SHARED

DOCUMENTS = Path(__file__).parent / "data" / "documents"


def read_one(
    body: bytes, *, name: str = "a.txt", content_type: str | None = None, base_url: str | None = None
) -> ArticleDraft:
    (draft,) = read_document(body, content_type=content_type, name=name, base_url=base_url)
    assert isinstance(draft, ArticleDraft)
    return draft


@pytest.mark.parametrize("expected_file", sorted(DOCUMENTS.glob("*.json")), ids=lambda path: path.stem)
def test_a_document_becomes_the_article_that_a_person_would_read(expected_file: Path) -> None:
    expected: dict[str, Any] = json.loads(expected_file.read_text(encoding="utf-8"))
    (document,) = (path for path in DOCUMENTS.glob(f"{expected_file.stem}.*") if path.suffix != ".json")

    draft = read_one(document.read_bytes(), name=document.name, base_url=expected.get("base_url"))

    for field in ("title", "language", "publisher", "author", "url", "guid", "image_url"):
        if field in expected:
            assert getattr(draft, field) == expected[field], field
    if "published_at" in expected:
        assert draft.published_at == datetime.fromisoformat(expected["published_at"])
    if "highlights" in expected:
        assert draft.highlights == tuple(expected["highlights"])
    paragraphs = draft.text.split("\n\n")
    if "first" in expected:
        assert paragraphs[0] == expected["first"]
    if "paragraphs" in expected:
        assert len(paragraphs) == expected["paragraphs"], paragraphs
    for text in expected["keeps"]:
        assert text in draft.text
    for text in expected["drops"]:
        assert text not in draft.text
        assert text not in draft.title


def test_highlights_are_the_first_paragraphs() -> None:
    draft = read_one((DOCUMENTS / "copied_page.txt").read_bytes())

    assert draft.text.split("\n\n")[: len(draft.highlights)] == list(draft.highlights)


def test_the_shared_sample_document_is_read_without_its_boilerplate() -> None:
    samples = sorted((SHARED / "seeds").glob("*.txt"))
    if not samples:
        pytest.skip("the sample document (../shared/seeds) is not here")

    draft = read_one(samples[0].read_bytes())

    assert draft.title.startswith("The tech cold war")
    assert draft.title.endswith("with Huawei")
    assert len(draft.highlights) == 3
    for boilerplate in ("homepage", "Read more", "listening", "Getty", "Emails & Alerts", "inbox", "Instagram"):
        assert boilerplate not in draft.text
    assert "‘my best and bosom friend’" in draft.text
    assert draft.text.endswith("in an April report.")
    assert draft.language == "en"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty"),
        (b" \n\t\r\n ", "empty"),
        (b"\xef\xbb\xbf \n", "empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old Office document"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "PNG"),
        (b"\x7fELF" + bytes(range(256)), "a program"),
        (b"\x1f\x8b\x08" + bytes(200), "gzip"),
        (bytes(range(256)) * 40, "not text"),
        (b"<html><head><title>Only a title here</title></head></html>", "no readable text"),
        (b"<html><head></head><body><script>var a = 1;</script></body></html>", "no readable text"),
        (b'<?xml version="1.0"?><invoice><total>1</total></invoice>', "neither a web page nor a feed"),
        (b'{"a": 1}', "not a JSON Feed"),
        (b"Subject: x\nFrom: a@example.com\nMIME-Version: 1.0\n\n", "no readable text"),
        (b"Advertisement\n\nFollow us on Facebook\n", "no readable text"),
        (b"x" * (MAX_DOCUMENT_BYTES + 1), "too large"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_unreadable_document_is_refused_with_the_reason(body: bytes, reason: str) -> None:
    with pytest.raises(UnreadableDocument, match=reason):
        read_document(body, content_type=None, name="document")


@pytest.mark.parametrize(
    ("member", "format_name"),
    [
        ("xl/workbook.xml", "Excel"),
        ("ppt/a.xml", "PowerPoint"),
        ("content.xml", "OpenDocument"),
        ("a", "ZIP"),
    ],
)
def test_an_office_document_is_refused_by_the_name_of_its_format(member: str, format_name: str) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr(member, "x")

    with pytest.raises(UnreadableDocument, match=format_name):
        read_document(archive.getvalue(), content_type="text/plain", name="report.txt")


@pytest.mark.parametrize(
    ("body", "content_type", "title"),
    [
        ("Un café à Paris\n\nIl est ouvert.".encode("latin-1"), "text/plain; charset=iso-8859-1", "Un café à Paris"),
        (
            "<html><head><meta charset='gb2312'><title>华为签署协议</title>".encode("gbk") + b"<body><p>5G</p>",
            None,
            "华为签署协议",
        ),
    ],
    ids=["of the server", "of the page"],
)
def test_a_declared_encoding_is_used(body: bytes, content_type: str | None, title: str) -> None:
    assert read_one(body, content_type=content_type).title == title


def test_a_text_of_one_line_in_a_guessed_encoding_says_so() -> None:
    line = "Хуавэй подписала соглашение с оператором связи в Москве"

    (guessed,) = read_document(line.encode("cp1251"), content_type=None, name="line.txt")
    (declared,) = read_document(line.encode("cp1251"), content_type="text/plain; charset=cp1251", name="line.txt")
    (longer,) = read_document(f"{line}\n\n{line}.".encode("cp1251"), content_type=None, name="text.txt")

    assert isinstance(guessed, ArticleDraft) and isinstance(declared, ArticleDraft) and isinstance(longer, ArticleDraft)
    assert guessed.note is not None and guessed.note.startswith("Its encoding is a guess (cp1251).")
    assert declared.note is None and longer.note is None


def test_control_and_direction_characters_and_lone_surrogates_are_removed() -> None:
    body = "Huawei\u202e signs\x07 a de\u00adal\u200b\n\nCafe\u0301 owners \ud800 were\u2066 not asked.".encode(
        "utf-8", "surrogatepass"
    )

    draft = read_one(body)

    assert draft.title == "Huawei signs a deal"
    assert draft.text.startswith("Café owners")
    draft.text.encode("utf-8")


@pytest.mark.parametrize(
    ("name", "content_type", "body", "title"),
    [
        (
            "page.txt",
            None,
            b"<!doctype html><html><body><h1>A headline of a page</h1><p>Words of it.</p></body></html>",
            "A headline of a page",
        ),
        (
            "letter.txt",
            None,
            b"From: a@example.com\nSubject: A letter\nDate: Mon, 1 Jan 2018 00:00:00 +0000\n\nWords of it.",
            "A letter",
        ),
        ("note.html", None, b"A headline in plain text\n\n5 < 6 and words.", "A headline in plain text"),
        ("note.eml", None, b"A headline in plain text\n\nWords.", "A headline in plain text"),
        ("note", "text/markdown", b"*A* headline\n============\n\nWords.", "A headline"),
        ("note.txt", None, b"# A headline\n\nSome **words**.", "A headline"),
    ],
)
def test_the_content_decides_the_format(name: str, content_type: str | None, body: bytes, title: str) -> None:
    assert read_one(body, name=name, content_type=content_type).title == title


def test_a_feed_gives_an_article_for_each_entry() -> None:
    feed = (
        b"<?xml version='1.0'?><rss version='2.0'><channel><title>T</title>"
        b"<item><title>First headline</title><link>https://example.com/1</link></item>"
        b"<item><title>Second headline</title><link>https://example.com/2</link></item></channel></rss>"
    )

    drafts = read_document(feed, content_type=None, name="news.txt")

    assert [draft.title for draft in drafts if isinstance(draft, ArticleDraft)] == ["First headline", "Second headline"]


@pytest.mark.parametrize("headline", ["<!channel> @everyone look", "Huawei " * 200, "=cmd|' /C calc'!A0"])
def test_a_hostile_headline_is_only_text(headline: str) -> None:
    draft = read_one(f"{headline}\n\nThe text goes on here for a while.".encode())

    assert draft.title
    assert len(draft.title) <= 300
