"""Messages and views whose exact payloads are stored beside the tests, one block in each line.

`python -m tests.bot.slack.golden_cases` writes the files again. Review the difference before committing it.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from bot.slack import views
from bot.slack.blocks import ImageOptions
from bot.slack.render import NO_IMAGES, render, split
from bot.slack.view_state import Conversation, ViewState
from handlers.answers.answer import Answer, Listing, Notice
from handlers.answers.parts import Button, Form, Handled, Quote, Row, Tone
from handlers.commands.home import Home
from handlers.commands.my_day import MyDay
from tests.support.answers import (
    AT,
    BUTTONS,
    CHART,
    HOSTILE,
    LEAD,
    added_note,
    alert,
    brief,
    digest,
    digest_also,
    every_answer,
)

DATA: Final = Path(__file__).parent / "data"
_INTEL: Final = Conversation(id="C1", name="intel", is_member=True)
_MENU: Final = (
    Button(label="Mute source", action="mute:source:1"),
    Button(label="Edit topic", action="topic:edit:1"),
)
_LONG: Final = (
    "The agreement, signed in Moscow on Wednesday between MTS and Huawei in the presence of both presidents, covers "
    "pilot 5G networks in 2019 and 2020, the training of engineers, and a laboratory for which no date was named."
)
_RTL: Final = "هواوي توقع اتفاقا لبناء شبكات الجيل الخامس 5G في روسيا"
_CJK: Final = "华为与俄罗斯最大运营商签署5G协议,双方将在两年内建设试验网络"
_EMOJI: Final = "🚨 Huawei 🇨🇳🤝🇷🇺 builds 5G 👩🏽‍🔬 <3 & more"
_LISTING: Final = Listing(
    title="Topics",
    summary="3 topics, 1 of your own.",
    rows=(
        Row(title="Huawei", detail="4 articles in 7 days", buttons=(BUTTONS[0],)),
        Row(title="MTS agrees", url="https://example.com/1", detail="Example Wire", buttons=BUTTONS[:2]),
        Row(title="Query", detail="huawei AND mts", quote=Quote(text="MTS and Huawei", bold=((0, 3),))),
    ),
    more=7,
    buttons=(Button(label="More", action="show:topics"),),
)


def _rows(count: int, buttons: int) -> Listing:
    rows = tuple(Row(title=f"Topic {n}", detail="instant", buttons=BUTTONS[:buttons]) for n in range(count))
    return Listing(title="What #intel gets", summary=f"{count} subscriptions", rows=rows)


_DAY: Final = Listing(
    title="Your day",
    summary="3 stories in 24 hours · 1 new to you · 1 you follow.",
    rows=(
        Row(
            title="MTS and Huawei agree to build 5G in Russia",
            url="https://example.com/mts",
            detail="new · you follow it · Huawei · 7 sources · #intel",
            buttons=(Button(label="Brief", action="brief:1:7d"),),
        ),
    ),
    more=2,
)
_BLOCKED: Final = replace(
    _rows(1, 4),
    summary="Blocked since today 12:00: it is archived. Somebody has to unarchive it. What is due is kept. I try again "
    "today 14:30, every hour, and whenever somebody runs a command there. 1 subscription · no digest.",
    buttons=(Button(label="Check again", action="recheck:7", primary=True),),
)
_ERROR: Final = Notice(
    text="Line 1, column 14: the quote is never closed.",
    tone=Tone.REFUSED,
    code='huawei AND "entity list\n           ^',
    buttons=(Button(label="Help", action="show:help"),),
)

MESSAGES: Final[Mapping[str, tuple[Answer, ImageOptions]]] = {
    "alert_short": (alert(sentence="Huawei builds 5G."), ImageOptions()),
    "alert_long": (
        replace(alert(sentence=_LONG), sentences=alert(sentence=_LONG).sentences * 3, menu=_MENU),
        ImageOptions(),
    ),
    "alert_headline_of_400": (alert(headline=("Huawei and MTS agree " * 20)[:400]), ImageOptions()),
    "alert_right_to_left": (alert(headline=_RTL, sentence=_RTL), ImageOptions()),
    "alert_cjk": (alert(headline=_CJK, sentence=_CJK), ImageOptions()),
    "alert_emoji": (alert(headline=_EMOJI, sentence=_EMOJI), ImageOptions()),
    "alert_hostile": (alert(headline=HOSTILE, sentence=HOSTILE, more=2), ImageOptions()),
    "alert_grown": (replace(alert(more=6), menu=_MENU), ImageOptions()),
    "alert_image": (replace(alert(), image_url="https://example.com/mts.jpg"), ImageOptions()),
    "alert_image_refused": (replace(alert(), image_url="https://example.com/mts.jpg"), NO_IMAGES),
    "alert_handled": (
        replace(
            alert(more=1),
            handled=(
                Handled(label="Claimed by", name="ada", at=AT),
                Handled(label="Reviewed by", name="عمر", at=AT + timedelta(hours=2)),
            ),
        ),
        ImageOptions(),
    ),
    "alert_of_right_to_left_publishers": (
        replace(alert(), lead=replace(LEAD, publisher="الجزيرة"), more=(replace(LEAD, publisher="הארץ"),)),
        ImageOptions(),
    ),
    "alert_that_mentions": (replace(alert(), mentions=("S0614TZR7", "U1")), ImageOptions()),
    "note": (every_answer("said")["note"], ImageOptions()),
    "note_added": (added_note("Union <!channel> calls on *minister* Roe"), ImageOptions()),
    "note_new_with_headline": (
        replace(
            added_note("Union calls on minister Roe"),
            label="New",
            quote=Quote(text="Washington said more.", bold=((0, 10),)),
        ),
        ImageOptions(),
    ),
    "brief": (brief(3), ImageOptions()),
    "brief_chart": (brief(2), ImageOptions(chart_file="F000000001")),
    "brief_empty": (
        Notice(
            text='Nothing on "huawei" in the last 7 days. 12 sources watched, last article 4 minutes ago.',
            buttons=(Button(label="30 days", action="brief:1:30d"),),
        ),
        ImageOptions(),
    ),
    "digest_0": (digest(0), ImageOptions()),
    "digest_1": (digest(1), ImageOptions(chart_file="F000000001")),
    "digest_also": (digest_also(), ImageOptions()),
    "list": (_LISTING, ImageOptions()),
    "list_long": (_rows(30, 4), ImageOptions()),
    "list_of_40_single_buttons": (_rows(40, 1), ImageOptions()),
    "list_of_blocked_channel": (_BLOCKED, ImageOptions()),
    "error": (_ERROR, ImageOptions()),
    "preview": (every_answer("Huawei")["preview"], ImageOptions()),
    "trend": (every_answer("Huawei is up 40 %.")["trend"], ImageOptions()),
    "topic_test": (every_answer("huawei")["topic_test"], ImageOptions()),
    "explanation": (every_answer("It matched.")["explanation"], ImageOptions()),
}
VIEWS: Final[Mapping[str, Callable[[], views.View]]] = {
    "home": lambda: views.home(
        Home(
            listings=(_rows(2, 1), _LISTING, replace(_LISTING, title="Sources", rows=())),
            my_day=MyDay(stories=_DAY, chart=CHART),
        ),
        ImageOptions(chart_file="F000000001"),
    ),
    "home_chart_as_text": lambda: views.home(
        Home(listings=(), my_day=MyDay(stories=replace(_DAY, rows=()), chart=CHART))
    ),
    "home_of_a_guest": lambda: views.home(
        Home(listings=(Listing(title="Wirewatch", summary="You are a guest of wire.", rows=()),))
    ),
    "home_empty": lambda: views.home(Home(listings=())),
    "modal_answer": lambda: views.answer_view(brief(3), ViewState(conversation=_INTEL)),
    "modal_subscriptions": lambda: views.subscriptions_view(_rows(2, 4), _INTEL),
    "modal_form": lambda: views.form_view(
        Form(command="topics edit", values=(("name", "chips"), ("query", "semiconductor"))),
        _INTEL,
        views.query_result(_ERROR),
    ),
}


def message_lines(answer: Answer, images: ImageOptions) -> str:
    message = render(answer, images)
    return _lines({"text": message.text}, message.blocks)


def digest_of_80() -> str:
    """All parts of the digest, separated by empty lines."""
    return "\n".join(message_lines(part, ImageOptions()) for part in split(digest(80)))


def view_lines(view: views.View) -> str:
    return _lines({name: value for name, value in view.items() if name != "blocks"}, view["blocks"])


def every_golden() -> dict[str, str]:
    return {
        **{name: message_lines(*case) for name, case in MESSAGES.items()},
        "digest_80": digest_of_80(),
        **{name: view_lines(make()) for name, make in VIEWS.items()},
    }


def _lines(head: Mapping[str, Any], blocks: list[dict[str, Any]]) -> str:
    return "".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in (head, *blocks))


if __name__ == "__main__":
    for name, text in every_golden().items():
        (DATA / f"{name}.jsonl").write_text(text, encoding="utf-8")
