"""Messages and views whose exact payload is kept beside the tests, and how they are written down: a block a line.

`python -m tests.bot.slack.golden_cases` writes them anew; what changed is for the reader of the difference to judge.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from bot.slack import views
from bot.slack.blocks import Look
from bot.slack.render import PLAIN, render, split
from bot.slack.views import Place
from handlers.answers.answer import Answer, Listing, Notice
from handlers.answers.parts import Button, Form, Quote, Row, Tone
from tests.support.answers import BUTTONS, HOSTILE, alert, brief, digest, every_answer

DATA: Final = Path(__file__).parent / "data"
_PLACE: Final = Place(channel="C1", name="intel", own=True)
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


_ERROR: Final = Notice(
    text="Line 1, column 14: the quote is never closed.",
    tone=Tone.REFUSED,
    code='huawei AND "entity list\n           ^',
    buttons=(Button(label="Help", action="show:help"),),
)

MESSAGES: Final[Mapping[str, tuple[Answer, Look]]] = {
    "alert_short": (alert(sentence="Huawei builds 5G."), Look()),
    "alert_long": (replace(alert(sentence=_LONG), sentences=alert(sentence=_LONG).sentences * 3, menu=_MENU), Look()),
    "alert_headline_of_400": (alert(headline=("Huawei and MTS agree " * 20)[:400]), Look()),
    "alert_right_to_left": (alert(headline=_RTL, sentence=_RTL), Look()),
    "alert_cjk": (alert(headline=_CJK, sentence=_CJK), Look()),
    "alert_emoji": (alert(headline=_EMOJI, sentence=_EMOJI), Look()),
    "alert_hostile": (alert(headline=HOSTILE, sentence=HOSTILE, more=2), Look()),
    "alert_grown": (replace(alert(more=6), menu=_MENU), Look()),
    "alert_image": (replace(alert(), image_url="https://example.com/mts.jpg"), Look()),
    "alert_image_refused": (replace(alert(), image_url="https://example.com/mts.jpg"), PLAIN),
    "alert_that_mentions": (replace(alert(), mentions=("S0614TZR7", "U1")), Look()),
    "note": (every_answer("said")["note"], Look()),
    "brief": (brief(3), Look()),
    "brief_chart": (brief(2), Look(chart_file="F000000001")),
    "brief_empty": (
        Notice(
            text='Nothing on "huawei" in the last 7 days. 12 sources watched, last article 4 minutes ago.',
            buttons=(Button(label="30 days", action="brief:1:30d"),),
        ),
        Look(),
    ),
    "digest_0": (digest(0), Look()),
    "digest_1": (digest(1), Look(chart_file="F000000001")),
    "list": (_LISTING, Look()),
    "list_long": (_rows(30, 4), Look()),
    "list_of_40_single_buttons": (_rows(40, 1), Look()),
    "error": (_ERROR, Look()),
    "preview": (every_answer("Huawei")["preview"], Look()),
    "trend": (every_answer("Huawei is up 40 %.")["trend"], Look()),
    "topic_test": (every_answer("huawei")["topic_test"], Look()),
    "explanation": (every_answer("It matched.")["explanation"], Look()),
}
VIEWS: Final[Mapping[str, Callable[[], views.View]]] = {
    "home": lambda: views.home((_rows(2, 1), _LISTING, replace(_LISTING, title="Sources", rows=()))),
    "home_empty": lambda: views.home(()),
    "modal_answer": lambda: views.answer_view(brief(3), _PLACE),
    "modal_subscriptions": lambda: views.subscriptions_view(_rows(2, 4), _PLACE),
    "modal_form": lambda: views.form_view(
        Form(command="topics edit", values=(("name", "chips"), ("query", "semiconductor"))),
        _PLACE,
        views.verdict(_ERROR),
    ),
}


def message_lines(answer: Answer, look: Look) -> str:
    message = render(answer, look)
    return _lines({"text": message.text}, message.blocks)


def digest_of_80() -> str:
    """All parts of it, an empty line between two."""
    return "\n".join(message_lines(part, Look()) for part in split(digest(80)))


def view_lines(view: views.View) -> str:
    return _lines({name: value for name, value in view.items() if name != "blocks"}, view["blocks"])


def every_golden() -> dict[str, str]:
    return {
        **{name: message_lines(*case) for name, case in MESSAGES.items()},
        "digest_80": digest_of_80(),
        **{name: view_lines(make()) for name, make in VIEWS.items()},
    }


def _lines(head: Mapping[str, Any], blocks: list[dict[str, Any]]) -> str:
    return "".join(f"{json.dumps(one, ensure_ascii=False)}\n" for one in (head, *blocks))


if __name__ == "__main__":
    for name, text in every_golden().items():
        (DATA / f"{name}.jsonl").write_text(text, encoding="utf-8")
