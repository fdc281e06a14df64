"""Letters that a person forwards: the forwarded letter is the article, in every mail program and language."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from tests.support.letters import (
    LANGUAGES,
    READER,
    SENDER,
    Words,
    an_email,
    kept_apart,
    read_article,
    wrapped,
)

WHEN = "27 Nov 2026 17:44"
DATE = "Fri, 27 Nov 2026 17:44:12 +0100"


def body(words: Words) -> str:
    return f"{words['first']}\n\n{words['last']}"


def gmail(words: Words) -> str:
    header = f"{words['from']}: {SENDER}\nDate: {DATE}\nSubject: {words['title']}\nTo: <{READER}>"
    return f"{words['note']}\n\n---------- {words['gmail']} ---------\n{header}\n\n\n{body(words)}\n"


def outlook(words: Words) -> str:
    header = f"{words['from']}: {SENDER}\n{words['sent']}: {WHEN}\n{words['to']}: Ada Finch <{READER}>"
    header += f"\n{words['subject']}: {words['title']}"
    return f"{words['note']}\n\n________________________________\n{header}\n\n{wrapped(body(words))}\n"


def new_outlook(words: Words) -> str:
    header = f"{words['from']}: {SENDER}\n{words['date']}: {WHEN}\n{words['to']}: {READER}\n{words['cc']}: x@y.example"
    return f"{words['note']}\n\n{header}\n{words['subject']}: {words['title']}\n{body(words)}\n"


def old_outlook(words: Words) -> str:
    header = f"{words['from']}: Bob Marsh [mailto:bob.marsh@harbour.example]\n{words['sent']}: {WHEN}"
    header += f"\n{words['to']}: Ada Finch\n{words['subject']}: {words['title']}"
    return f"{words['note']}\n\n-----{words['original']}-----\n{header}\n\n{wrapped(body(words))}\n"


def apple_mail(words: Words) -> str:
    header = f"{words['from']}: {SENDER}\n{words['subject']}: {words['title']}\n{words['date']}: {WHEN} CET"
    quoted = f"{words['apple']}\n\n{header}\n{words['to']}: {READER}\n\n{body(words)}"
    return f"{words['note']}\n\n{wrapped(quoted, '> ') if 'zh' in words else _quote(quoted)}\n"


def apple_mail_with_the_mark_above(words: Words) -> str:
    header = f"{words['from']}: {SENDER}\n{words['date']}: {WHEN} CET\n{words['to']}: {READER}"
    quoted = f"{header}\n{words['subject']}: {words['title']}\n\n{body(words)}"
    return f"{words['note']}\n\n{words['apple']}\n\n{_quote(quoted)}\n"


def thunderbird(words: Words) -> str:
    header = f"{words['subject']}: \t{words['title']}\n{words['date']}: \t{DATE}\n{words['from']}: \t{SENDER}"
    mark = f"-------- {words['thunderbird']} --------"
    return f"{words['note']}\n\n{mark}\n{header}\n{words['to']}: \t{READER}\n\n\n\n{body(words)}\n"


def yahoo(words: Words) -> str:
    header = f'{words["from"]}: {SENDER}{words["to"]}: "{READER}" <{READER}>{words["sent"]}: {WHEN} CET'
    mark = f"   ----- {words['yahoo']} ----- "
    return f"{words['note']}\n\n{mark}{header}{words['subject']}: {words['title']}\n {body(words)}\n"


def header_lines_alone(words: Words) -> str:
    header = f"{words['from']}: {SENDER}\n{words['date']}: {DATE}\n{words['subject']}: {words['title']}"
    return f"{words['note']}\n\n{header}\n{words['to']}: {READER}\n\n{body(words)}\n"


def bold_header_lines(words: Words) -> str:
    header = f"*{words['from']}:* {SENDER}\n*{words['sent']}:* {WHEN}\n*{words['to']}:* {READER}"
    return f"{words['note']}\n\n{header}\n*{words['subject']}:* {words['title']}\n\n{body(words)}\n"


def _quote(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


PLAIN: list[Callable[[Words], str]] = [
    *(gmail, outlook, new_outlook, old_outlook, apple_mail, apple_mail_with_the_mark_above, thunderbird, yahoo),
    *(header_lines_alone, bold_header_lines),
]


def html_paragraphs(words: Words) -> str:
    return f"<p>{words['first']}</p><p>{words['last']}</p>"


def gmail_html(words: Words) -> str:
    header = (
        f"{words['from']}: <strong>Bob Marsh</strong> <span dir='auto'>&lt;bob.marsh@harbour.example&gt;</span><br>"
    )
    header += f"Date: {DATE}<br>Subject: {words['title']}<br>To: &lt;{READER}&gt;<br>"
    mark = f"<div dir='ltr' class='gmail_attr'>---------- {words['gmail']} ---------<br>{header}</div>"
    return f"<div>{words['note']}<br><br><div class='gmail_quote'>{mark}<br><br>{html_paragraphs(words)}</div></div>"


def outlook_html(words: Words) -> str:
    header = (
        f"<b>{words['from']}:</b> {_escaped(SENDER)}<br><b>{words['sent']}:</b> {WHEN}<br><b>{words['to']}:</b> Ada"
    )
    border = "border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"
    header = (
        f"<div style='{border}'><p class=MsoNormal>{header}<br><b>{words['subject']}:</b> {words['title']}</p></div>"
    )
    return f"<div class=WordSection1><p class=MsoNormal>{words['note']}</p>{header}{html_paragraphs(words)}</div>"


def outlook_web_html(words: Words) -> str:
    header = (
        f"<b>{words['from']}:</b> {_escaped(SENDER)}<br><b>{words['sent']}:</b> {WHEN}<br><b>{words['to']}:</b> Ada<br>"
    )
    header = f"<div id='divRplyFwdMsg'><font>{header}<b>{words['subject']}:</b> {words['title']}</font></div>"
    return f"<div>{words['note']}</div><div id='appendonsend'></div><hr>{header}<div>{html_paragraphs(words)}</div>"


def apple_mail_html(words: Words) -> str:
    fields = {"from": _escaped(SENDER), "subject": words["title"], "date": f"{WHEN} CET", "to": READER}
    header = "".join(
        f"<div><span><b>{words[name]}: </b></span><span>{value}<br></span></div>" for name, value in fields.items()
    )
    quoted = f"<div>{words['apple']}</div><br>{header}<br><div>{html_paragraphs(words)}</div>"
    return f"<body>{words['note']}<div><br><blockquote type='cite'>{quoted}</blockquote></div></body>"


def thunderbird_html(words: Words) -> str:
    fields = {"subject": words["title"], "date": DATE, "from": _escaped(SENDER), "to": READER}
    rows = "".join(f"<tr><th>{words[name]}: </th><td>{value}</td></tr>" for name, value in fields.items())
    mark = f"-------- {words['thunderbird']} --------<table>{rows}</table>"
    return f"<p>{words['note']}</p><div class='moz-forward-container'><br>{mark}<br>{html_paragraphs(words)}</div>"


def yahoo_html(words: Words) -> str:
    fields = {"from": _escaped(SENDER), "to": READER, "sent": f"{WHEN} CET", "subject": words["title"]}
    header = "".join(f"<div><b>{words[name]}:</b> {value}</div>" for name, value in fields.items())
    mark = f"<div>----- {words['yahoo']} -----</div>{header}<div><br></div>"
    return f"<div>{words['note']}</div><div class='yahoo_quoted'><div>{mark}{html_paragraphs(words)}</div></div>"


def paragraphs_html(words: Words) -> str:
    fields = {"from": _escaped(SENDER), "sent": WHEN, "to": READER, "subject": words["title"]}
    header = "".join(f"<p>{words[name]}: {value}</p>" for name, value in fields.items())
    return f"<p>{words['note']}</p>{header}{html_paragraphs(words)}"


def _escaped(text: str) -> str:
    return text.replace("<", "&lt;").replace(">", "&gt;")


HTML: list[Callable[[Words], str]] = [
    *(gmail_html, outlook_html, outlook_web_html, apple_mail_html, thunderbird_html, yahoo_html, paragraphs_html)
]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("program", [*PLAIN, *HTML], ids=lambda program: program.__name__)
def test_the_forwarded_letter_is_the_article(program: Callable[[Words], str], language: str) -> None:
    words = LANGUAGES[language]
    text = program(words)
    subject = f"{words['outlook_forward'] if 'outlook' in program.__name__ else words['forward']} {words['title']}"

    draft = read_article(an_email(subject, html=text) if program in HTML else an_email(subject, plain=text))

    assert (draft.title, draft.publisher, draft.author) == (words["title"], "Bob Marsh", "Bob Marsh")
    assert draft.text.split("\n\n") == [words["first"], words["last"]]
    assert words["note"] in kept_apart(draft)


@pytest.mark.parametrize("program", [gmail, thunderbird, header_lines_alone, gmail_html, thunderbird_html])
@pytest.mark.parametrize("subject", ["Look at this", "Fwd: Fwd: Look at this", "Fw: Look at this"])
def test_a_forwarded_letter_has_its_own_subject_and_date(program: Callable[[Words], str], subject: str) -> None:
    text = program(LANGUAGES["en"])

    draft = read_article(an_email(subject, html=text) if program in HTML else an_email(subject, plain=text))

    assert draft.title == LANGUAGES["en"]["title"]
    assert draft.published_at == datetime(2026, 11, 27, 16, 44, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("date", "when"),
    [
        ("27 November 2026 17:44", datetime(2026, 11, 27, 16, 44, tzinfo=UTC)),
        ("27 November 2026 17:44 EST", datetime(2026, 11, 27, 22, 44, tzinfo=UTC)),
        ("2026-11-27 17:44:12", datetime(2026, 11, 27, 16, 44, 12, tzinfo=UTC)),
        ("Fri, 27 Nov 2026 17:44:12 -0500", datetime(2026, 11, 27, 22, 44, 12, tzinfo=UTC)),
        ("the day before yesterday", datetime(2026, 11, 30, 9, 0, tzinfo=UTC)),
    ],
)
def test_a_time_without_a_zone_is_that_of_the_person_who_forwards(date: str, when: datetime) -> None:
    text = (
        f"---------- Forwarded message ---------\nFrom: {SENDER}\nDate: {date}\nSubject: Steel\n\nWords of the letter."
    )

    assert read_article(an_email("Fwd: Steel", plain=text)).published_at == when


def test_the_last_letter_with_words_of_its_own_is_the_article_of_a_chain() -> None:
    first = (
        "From: Cy Roe <cy@dale.example>\nSent: 26 November 2026 09:00\nTo: Bob Marsh\nSubject: Steel\n\nCan we ship it?"
    )
    answer = (
        "No. The ministry put Norvane Steel on the list, so that nobody may ship anything to them before the spring."
    )
    second = f"From: {SENDER}\nSent: 27 November 2026 17:44\nTo: Ada\nSubject: RE: Steel\n\n{answer}\n\n{first}"

    draft = read_article(an_email("FW: Steel", plain=f"FYI\n\n{second}"))

    assert (draft.title, draft.publisher, draft.text) == ("Steel", "Bob Marsh", answer)
    assert "Can we ship it?" in kept_apart(draft)


def test_a_letter_that_was_forwarded_twice_without_comment_is_the_first_one() -> None:
    mark = "---------- Forwarded message ---------"
    inner = f"{mark}\nFrom: Cy Roe <cy@dale.example>\nDate: {DATE}\nSubject: Steel\n\nListed."
    outer = f"{mark}\nFrom: {SENDER}\nDate: {DATE}\nSubject: Fwd: Steel\n\n{inner}"

    draft = read_article(an_email("Fwd: Fwd: Steel", plain=outer))

    assert (draft.title, draft.publisher, draft.text) == ("Steel", "Cy Roe", "Listed.")


def test_a_forward_without_a_subject_has_the_subject_of_the_e_mail() -> None:
    line = 'On 28/10/2021 12:46, "Bob Marsh" <bob.marsh@harbour.example> wrote:'
    text = f"{line}\n\n    The ministry listed Norvane Steel.\n"

    draft = read_article(an_email("FW: Steel", plain=text))

    assert (draft.title, draft.publisher, draft.text) == ("Steel", "Bob Marsh", "The ministry listed Norvane Steel.")


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        (
            "转发：Steel",
            "请看。\n\n------------------ 原始邮件 ------------------\n"
            '发件人: "Bob Marsh"<bob.marsh@harbour.example>;\n'
            '发送时间: 2026年11月27日 17:44\n收件人: "Ada"<ada@orchard.example>;\n\n主题: Steel\n\n{letter}',
        ),
        (
            "Fw:Steel",
            '-------- 转发邮件信息 --------\n发件人："Bob Marsh" <bob.marsh@harbour.example>\n'
            "发送日期：2026-11-27 17:44:12\n收件人：ada@orchard.example\n主题：Steel\n{letter}",
        ),
        (
            "Fwd: Steel",
            "-------- Пересылаемое сообщение --------\nОт кого: Bob Marsh <bob.marsh@harbour.example>\n"
            "Кому: ada@orchard.example\nДата: Пятница, 27 ноября 2026, 17:44 +03:00\nТема: Steel\n\n{letter}",
        ),
        (
            "Fwd: Steel",
            '-------- Пересылаемое сообщение --------\n27.11.2026, 17:44, "Bob Marsh" <bob.marsh@harbour.example>:\n\n'
            "{letter}\n-------- Конец пересылаемого сообщения --------\n",
        ),
        (
            "Fw: Steel",
            'Gesendet: Freitag, 27. November 2026 um 17:44 Uhr\nVon: "Bob Marsh" <bob.marsh@harbour.example>\n'
            "An: ada@orchard.example\nBetreff: Steel\n\n{letter}",
        ),
        (
            "Fw: Steel",
            "------- Forwarded Message -------\nFrom: Bob Marsh <bob.marsh@harbour.example>\n"
            "Date: On Friday, November 27th, 2026 at 17:44\nSubject: Steel\nTo: Ada\n\n> {letter}",
        ),
        (
            "Fw: Steel",
            "----- Forwarded by Ada Finch/Orchard on 28/11/2026 09:00 -----\n\n"
            "From: Bob Marsh <bob.marsh@harbour.example>\n"
            "To: Ada Finch/Orchard\nDate: 27/11/2026 17:44\nSubject: Steel\n\n{letter}",
        ),
        (
            "Fw: Steel",
            "---------- Edasi saadetud kiri ----------\nFrom: Bob Marsh <bob.marsh@harbour.example>\nTo: Ada\n"
            "Subject: Steel\n\n{letter}",
        ),
    ],
)
def test_other_programs_mark_forwarded_letters_in_their_own_way(subject: str, text: str) -> None:
    letter = "The ministry listed Norvane Steel."

    draft = read_article(an_email(subject, plain=text.format(letter=letter)))

    assert (draft.title, draft.publisher, draft.text) == ("Steel", "Bob Marsh", letter)
