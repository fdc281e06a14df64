"""Encodings are recognized, and control and invisible characters are removed."""

import pytest

from handlers.answers.errors import UnreadableDocument
from handlers.sources.text.encoding import charset_of, clean, decode, decode_text, one_line, tidy

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


@pytest.mark.parametrize(
    ("label", "codec", "text"),
    [
        ("Shift_JIS", "cp932", "制裁①へ、㈱と髙島屋"),
        ("x-sjis", "cp932", "制裁①へ"),
        ("EUC-JP", "euc_jis_2004", "制裁①へ"),
        ("EUC-KR", "cp949", "뷁 제재"),
        ("ks_c_5601-1987", "cp949", "뷁 제재"),
        ("Big5", "big5hkscs", "制裁喆"),
        ("Big5", "cp950", "恒生€"),
        ("GB2312", "gbk", "朱镕基"),
        ("gb_2312-80", "gb18030", "朱镕基㐂"),
        ("ISO-8859-1", "cp1252", "“Zölle” – 5 €"),
        ("us-ascii", "cp1252", "“Zölle”"),
        ("iso-8859-2", "cp1250", "Čeští šťastní žáci"),
        ("iso-8859-9", "cp1254", "“Şimdi”"),
        ("TIS-620", "cp874", "“ไทย”"),
        ("hz-gb-2312", "hz", "制裁"),
        ("iso-2022-kr", "iso2022_kr", "제재"),
    ],
)
def test_a_declared_charset_is_read_as_its_superset(label: str, codec: str, text: str) -> None:
    assert decode(f"{text} and more".encode(codec), declared=label) == f"{text} and more"


def test_the_windows_characters_of_euc_jp_are_read() -> None:
    assert decode(b"\xc0\xa9\xba\xdb \xad\xea \xfc\xe2 \xc0\xa9\xba\xdb", declared="euc-jp") == "制裁 ㈱ 髙 制裁"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("制裁へ".encode("iso2022_jp"), "制裁へ"),
        (b"\x1b$B@):[-!$X-j\x1b(B ok", "制裁①へ㈱ ok"),
        (b"\x1b(I\x4a\x5d\x36\x38\x1b(B", "ﾊﾝｶｸ"),
        (b"\x1b$B@):[\n@):[\x1b(B", "制裁\n制裁"),
    ],
    ids=["plain", "windows", "half-width", "two lines"],
)
def test_iso_2022_jp_is_recognized_before_utf_8(body: bytes, text: str) -> None:
    assert decode(body) == text


def test_one_odd_byte_changes_nothing_else() -> None:
    german, korean, japanese = "Die Zölle für größere Länder ", "새로운 제재를 발표했다 ", "政府は新たな制裁を発表した "

    assert decode(german.encode() * 3 + b"\xff.", declared="iso-8859-1") == german * 3 + "\ufffd."
    assert decode((german + "it").encode() + b"\x92s") == german + "it’s"
    assert decode(korean.encode("cp949") * 3 + b"\xff.", declared="euc-kr") == korean * 3 + "\ufffd."
    assert decode(japanese.encode("cp932") * 3 + b"\xff.", declared="shift_jis").startswith(japanese * 3)


def test_the_declaration_of_the_document_outweighs_the_default_of_the_server() -> None:
    body = b"<?xml version='1.0' encoding='windows-1251'?>" + TEXT.encode("cp1251")

    assert decode(body, declared="iso-8859-1", markup=True).endswith(TEXT)
    assert decode(
        b"<?xml version='1.0' encoding='utf-8'?>" + TEXT.encode("koi8-r"), declared="koi8-r", markup=True
    ).endswith(TEXT)


def test_a_western_charset_is_not_believed_for_a_text_in_another_script() -> None:
    assert decode(TEXT.encode("cp1251"), declared="iso-8859-1") == TEXT


@pytest.mark.parametrize("label", ["idna", "punycode", "hex", "nonsense", "unicode_escape"])
def test_what_is_no_charset_is_not_used(label: str) -> None:
    assert decode(TEXT.encode("cp1251"), declared=label) == TEXT


def test_a_guessed_encoding_is_named() -> None:
    assert decode_text(TEXT.encode("cp1251")).guess == "cp1251"
    assert decode_text(TEXT.encode("cp1251"), declared="windows-1251").guess is None
    assert decode_text(TEXT.encode()).guess is None


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
