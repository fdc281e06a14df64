"""The headers of e-mails: subjects and senders in any charset, prefixes, lists and dates."""

import base64

import pytest

from handlers.drafts import ArticleDraft
from handlers.sources.documents.document import read_document
from handlers.sources.documents.mail_headers import (
    Sender,
    SubjectKind,
    decode_declared,
    decode_header,
    read_sender,
    read_subject,
)


def encoded(text: str, charset: str, codec: str) -> str:
    return f"=?{charset}?B?{base64.b64encode(text.encode(codec)).decode()}?="


JIS_WITH_EXTENSIONS = b"\x1b$B-!-j\x1b(B"
"""The characters 13-1 and 13-74 of NEC in ISO-2022-JP, as Outlook writes them."""


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (encoded("制裁のお知らせ", "ISO-2022-JP", "iso2022_jp"), "制裁のお知らせ"),
        (f"=?iso-2022-jp?B?{base64.b64encode(JIS_WITH_EXTENSIONS).decode()}?=", "①㈱"),
        (encoded("①㈱髙島屋", "windows-31j", "cp932"), "①㈱髙島屋"),
        (encoded("①㈱髙島屋", "Shift_JIS", "cp932"), "①㈱髙島屋"),
        (encoded("镕基：制裁清单", "gb2312", "gb18030"), "镕基：制裁清单"),
        (encoded("联通", "gb2312", "gb18030"), "联通"),
        (encoded("똠방각하 제재", "ks_c_5601-1987", "cp949"), "똠방각하 제재"),
        (encoded("Zölle – „neu“", "iso-8859-1", "cp1252"), "Zölle – „neu“"),
        (encoded("санкции", "koi8-r", "koi8_r"), "санкции"),
        ("=?utf-8?Q?Z=C3=B6lle_auf?= =?utf-8?Q?_Stahl?=", "Zölle auf Stahl"),
        ("=?utf-8?B?5Y2O5Li6?=\r\n =?utf-8?B?6KKr5Yi26KOB?=", "华为被制裁"),
        # a character that is split between two words, and base64 that is cut off
        ("=?utf-8?B?5Y2O5Lg=?= =?utf-8?B?uuiiqw==?=", "华为被"),
        ("=?utf-8?B?WsO2bGxlIGF1ZiBzdGE?=", "Zölle auf sta"),
        ("Plain =?utf-8?Q?Z=C3=B6lle?= and more", "Plain Zölle and more"),
        ("=?broken", "=?broken"),
        ("=?nope?Q?abc?=", "abc"),
        ("=?punycode?Q?abc?=", "abc"),
    ],
)
def test_encoded_words_are_read_in_their_charset_or_its_superset(value: str, text: str) -> None:
    assert decode_header(value) == text


@pytest.mark.parametrize(
    ("subject", "charset", "text"),
    [
        ("Zölle auf Stahl".encode(), "utf-8", "Zölle auf Stahl"),
        ("Zölle auf Stahl".encode("cp1252"), "iso-8859-1", "Zölle auf Stahl"),
        ("Санкции против стали".encode("cp1251"), "windows-1251", "Санкции против стали"),
        ("Санкции против стали".encode("koi8_r"), "koi8-r", "Санкции против стали"),
        ("制裁清单".encode("gb18030"), "gb2312", "制裁清单"),
        ("制裁のお知らせ".encode("iso2022_jp"), "iso-2022-jp", "制裁のお知らせ"),
    ],
)
def test_raw_bytes_in_a_subject_are_read_in_the_charset_of_the_body(subject: bytes, charset: str, text: str) -> None:
    body = b"From: a@b.example\nSubject: %s\nMIME-Version: 1.0\nContent-Type: text/plain; charset=%s\n\nWords of it.\n"

    (draft,) = read_document(body % (subject, charset.encode()), content_type=None, name="a.eml")

    assert isinstance(draft, ArticleDraft)
    assert draft.title == text


@pytest.mark.parametrize(
    ("charset", "subject", "text"),
    [
        (
            "cp1252",
            "Frösche",
            "Die Hasen klagten über ihre mißliche Lage, und nun erschreckten sie die Frösche am Ufer.",
        ),
        ("cp1251", "Санкции", "Правительство объявило во вторник новые санкции против двадцати пяти компаний страны."),
        ("gb18030", "制裁清单", "政府周二公布了新的制裁清单，涉及二十五家公司。该措施下个月生效，部长对记者表示。"),
    ],
)
def test_raw_bytes_in_a_subject_are_read_as_the_body_was_if_it_declares_no_charset(
    charset: str, subject: str, text: str
) -> None:
    body = f"From: a@b.example\nSubject: {subject}\nDate: Mon, 30 Nov 2026 10:00:00 +0100\nX-A: b\n\n{text}\n"

    (draft,) = read_document(body.encode(charset), content_type=None, name="a.eml")

    assert isinstance(draft, ArticleDraft)
    assert (draft.title, draft.text) == (subject, text)


@pytest.mark.parametrize(
    ("charset", "codec", "text"),
    [
        ("iso-2022-jp", "iso2022_jp", "政府は火曜日、制裁を発表した。"),
        ("gb2312", "gb18030", "镕基说，制裁清单公布了。"),
        ("ks_c_5601-1987", "cp949", "정부는 제재를 발표했다. 똠"),
        ("shift_jis", "cp932", "①㈱髙島屋は発表した。"),
        ("us-ascii", "cp1252", "Die Zölle steigen – sagt das „Ministerium“ heute."),
        ("big5", "big5hkscs", "政府公布制裁名單，嘅。"),
    ],
)
def test_a_body_is_read_in_its_charset_or_its_superset(charset: str, codec: str, text: str) -> None:
    head = f"From: a@b.example\nSubject: Steel\nMIME-Version: 1.0\nContent-Type: text/plain; charset={charset}\n\n"

    (draft,) = read_document(head.encode() + text.encode(codec), content_type=None, name="a.eml")

    assert isinstance(draft, ArticleDraft)
    assert draft.text == text


@pytest.mark.parametrize("charset", ["hex", "zlib", "punycode", "idna", "nope", "unicode_escape", ""])
def test_what_is_no_charset_decodes_nothing(charset: str) -> None:
    assert decode_declared(b"abc", charset) is None


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        ("Re: Steel", SubjectKind.REPLY, "Steel"),
        ("RE: FW: Steel", SubjectKind.REPLY, "Steel"),
        ("Fwd: Re: Steel", SubjectKind.FORWARD, "Steel"),
        ("WG: AW: Stahl", SubjectKind.FORWARD, "Stahl"),
        ("TR : acier", SubjectKind.FORWARD, "acier"),
        ("RV: acero", SubjectKind.FORWARD, "acero"),
        ("RE[2]: Steel", SubjectKind.REPLY, "Steel"),
        ("转发：钢铁", SubjectKind.FORWARD, "钢铁"),
        ("回复: 钢铁", SubjectKind.REPLY, "钢铁"),
        ("إعادة توجيه: الصلب", SubjectKind.FORWARD, "الصلب"),
        ("رد: الصلب", SubjectKind.REPLY, "الصلب"),
        ("[News] Re: Steel", SubjectKind.REPLY, "Steel"),
        ("Reuters: steel", SubjectKind.NONE, "Reuters: steel"),
        ("Treaty: steel", SubjectKind.NONE, "Treaty: steel"),
        ("Re:", SubjectKind.REPLY, ""),
    ],
)
def test_prefixes_say_whether_a_letter_answers_or_passes_on(value: str, kind: SubjectKind, text: str) -> None:
    subject = read_subject(value)

    assert (subject.kind, subject.text) == (kind, text)


@pytest.mark.parametrize(
    ("value", "name", "address"),
    [
        ("Jane Doe <jane@example.com>", "Jane Doe", "jane@example.com"),
        ('"Doe, Jane" <jane@example.com>', "Doe, Jane", "jane@example.com"),
        ("Doe, Jane <jane@example.com>", "Doe, Jane", "jane@example.com"),
        ("jane@example.com", "", "jane@example.com"),
        ("Jane Doe [mailto:jane@example.com]", "Jane Doe", "jane@example.com"),
        ("Jane Doe<mailto:jane@example.com> <jane@example.com>", "Jane Doe", "jane@example.com"),
        ("Jane Doe <jane@example.com> on behalf of Desk <desk@example.com>", "Jane Doe", "jane@example.com"),
        ("Jane Doe via News <news@lists.example.com>", "Jane Doe", "news@lists.example.com"),
        ("Jane Doe", "Jane Doe", ""),
        ("", "", ""),
    ],
)
def test_senders_are_read_as_mail_programs_write_them(value: str, name: str, address: str) -> None:
    assert read_sender(value) == Sender(name=name, address=address)


@pytest.mark.parametrize(
    ("name", "address", "author"),
    [
        ("Jane Doe", "jane.doe@example.com", "Jane Doe"),
        ("Jane Doe", "jane@example.com", "Jane Doe"),
        ("Coast Letter", "letter@coast.example", None),
        ("Example News", "news@example.com", None),
        ("Jane", "jane@example.com", None),
    ],
)
def test_a_person_is_the_author_and_a_newsletter_is_not(name: str, address: str, author: str | None) -> None:
    assert Sender(name=name, address=address).author == author
