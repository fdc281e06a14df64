"""Encodings are recognized, and control and invisible characters are removed."""

import pytest

from handlers.answers.errors import UnreadableDocument
from handlers.sources.text.encoding import charset_of, clean, decode, one_line, tidy

TEXT = "Хуавэй подписала соглашение с оператором\n\nКомпания сообщила, что сети пятого поколения появятся в Москве.\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1251", "koi8-r"])
def test_a_text_in_another_encoding_is_read(encoding: str) -> None:
    assert decode(TEXT.encode(encoding)) == TEXT


@pytest.mark.parametrize(
    ("body", "declared"),
    [
        ("Le café à Paris".encode("latin-1"), "iso-8859-1"),
        (b"<meta charset='gb2312'>" + "华为签署协议".encode("gbk"), None),
        ("Le café à Paris".encode(), "iso-8859-1"),
    ],
    ids=["of the server", "of the page", "wrong"],
)
def test_a_declared_encoding_is_used_unless_the_text_is_utf_8(body: bytes, declared: str | None) -> None:
    text = decode(body, declared=declared, markup=True)

    assert text.endswith("华为签署协议" if body.startswith(b"<") else "Le café à Paris")


def test_the_charset_of_a_content_type_is_read() -> None:
    assert charset_of('text/html; Charset="utf-8"') == "utf-8"
    assert charset_of("text/html") is None
    assert charset_of(None) is None


@pytest.mark.parametrize("body", [bytes(range(256)) * 40, b"\x7fELF" + bytes(500), b"\x01\x02\x03\x04\x05\x06" * 50])
def test_bytes_that_are_not_text_are_refused(body: bytes) -> None:
    with pytest.raises(UnreadableDocument, match="not text"):
        decode(body)


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("a\x07b\u202ec\u00add\u200be\u2066f\ufeffg", "abcdefg"),
        ("one\r\ntwo\rthree\u2028four", "one\ntwo\nthree\nfour"),
        ("Cafe\u0301", "Café"),
        ("\ud800", "\ufffd"),
        ("می\u200cخواهم", "می\u200cخواهم"),
    ],
    ids=["invisible", "line breaks", "composed", "surrogate", "joiner"],
)
def test_only_characters_that_people_can_see_remain(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


def test_spaces_are_single_in_lines_and_paragraphs_remain() -> None:
    assert one_line(" one\n\n two\u00a0\tthree ") == "one two three"
    assert tidy(" one  two \n\n\u3000three ") == "one two\n\nthree"
