"""The answers whose Discord messages are golden files in tests/bot/discord/golden, by the name of the file."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from handlers.answers.answer import Answer, Listing, Note, Notice
from handlers.answers.parts import Button, Link, Quote, Report, Row, Tone
from tests.support.answers import AT, HOSTILE, LEAD, added_note, alert, brief, digest, digest_also, every_answer

ARABIC: Final = "هواوي توقع اتفاقا لبناء شبكة الجيل الخامس (5G) في روسيا"
CHINESE: Final = "华为与俄罗斯电信运营商MTS签署协议，共同建设5G网络"
EMOJI: Final = "🚨 Huawei 👩🏽‍💻 signs 🇷🇺 deal :smile: 5G ™️"
LONG: Final = " ".join(
    f"The agreement between MTS and Huawei has part {n}, which covers pilot networks." for n in range(9)
)
HEADLINE: Final = ("Huawei and MTS agree (again) to build 5G: " * 10)[:400]


def named_alert(headline: str) -> Answer:
    return alert(headline=headline, sentence=headline)


def rows(count: int) -> tuple[Row, ...]:
    verbs = ("Daily", "Weekly", "Brief", "Unsubscribe")
    return tuple(
        Row(
            title=f"Topic {n}",
            detail="instant · about 3 stories a week",
            buttons=tuple(Button(label=verb, action=f"{verb.lower()}:{n}") for verb in verbs),
        )
        for n in range(count)
    )


def cases() -> dict[str, Answer]:
    return alerts() | notes_and_digests() | answers_to_a_person()


def alerts() -> dict[str, Answer]:
    short = alert()
    return {
        "alert-short": short,
        "alert-long": replace(alert(sentence=LONG, more=14), sentences=(Quote(text=LONG),) * 3),
        "alert-400-character-headline": named_alert(HEADLINE),
        "alert-right-to-left": named_alert(ARABIC),
        "alert-chinese": named_alert(CHINESE),
        "alert-emoji": named_alert(EMOJI),
        "alert-hostile": replace(
            alert(headline=HOSTILE, sentence=HOSTILE, more=2), lead=replace(LEAD, publisher=HOSTILE, url="javascript:1")
        ),
        "alert-grown": replace(alert(more=6), image_url="https://example.com/mts.jpg"),
        "alert-revised": replace(short, updated_at=AT + timedelta(hours=1), revised=True),
        "alert-with-a-menu": replace(short, menu=(Button(label="Mute source", action="mute:source:3"),)),
        "alert-of-a-headline-alone": replace(short, topics=(), sentences=(), headline=Link(text="MTS and Huawei")),
        "alert-that-mentions": replace(short, mentions=("&500",)),
        "report-without-an-address": replace(short, more=(Report(publisher="A (B)", url=None, at=AT),)),
    }


def notes_and_digests() -> dict[str, Answer]:
    return {
        "note-new": Note(label="New", quote=Quote(text="Washington said more.", bold=((0, 10),)), source=LEAD),
        "note-changed": Note(
            label="Headline changed", quote=Quote(text="MTS and Huawei will build 5G"), before="may build", source=LEAD
        ),
        "note-added": added_note("Union (of Nord) calls on *minister* Roe"),
        "note-new-with-headline": replace(
            added_note("Union calls on minister Roe"),
            label="New",
            quote=Quote(text="Washington said more.", bold=((0, 10),)),
        ),
        "digest-0": digest(0),
        "digest-1": digest(1),
        "digest-also": digest_also(),
        "digest-80": digest(80),
        "digest-late": replace(digest(2), late=True),
        "brief": brief(),
        "brief-empty": replace(
            brief(0), articles=0, total_stories=0, usual=None, fresh=None, also=(), said=None, references=()
        ),
    }


def answers_to_a_person() -> dict[str, Answer]:
    plain = every_answer("MTS and Huawei agree")
    return {
        "list-subscriptions": Listing(title="What #intel gets", summary="2 subscriptions.", rows=rows(2)),
        "list-of-25": Listing(title="What #intel gets", summary="26 subscriptions.", rows=rows(25), more=1),
        "list-empty": Listing(title="What #intel gets", summary="Nothing yet. /subscribe huawei starts.", rows=()),
        "list-found": plain["listing"],
        "error-missing-right": Notice(
            text='I can\'t post in #intel: I lack "Embed Links" there. A server admin can grant it.', tone=Tone.REFUSED
        ),
        "error-query": Notice(
            text="Line 1, column 14: the quote is never closed.",
            tone=Tone.REFUSED,
            code='huawei AND "entity list\n           ^\n\nDid you mean\nhuawei AND "entity list"',
        ),
        "notice-done": Notice(
            text="#intel no longer gets Huawei.", tone=Tone.DONE, buttons=(Button(label="Undo", action="subscribe:1"),)
        ),
        "notice-file": Notice(text="3 feeds.", code="<opml/>", file=("feeds.opml", "<opml/>")),
        "preview": plain["preview"],
        "trend": plain["trend"],
        "topic-test": plain["topic_test"],
        "explanation": plain["explanation"],
    }
