"""Any answer with every text of it replaced: what a renderer must survive."""

from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import Any

from handlers.answers.answer import Answer
from handlers.answers.parts import Button

_KEPT = frozenset({"time_zone", "color", "type", "action", "mentions"})
"""Fields that hold our own words, never text from outside."""
PAYLOADS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "javascript:alert(1)",
    'https://a.example/" onclick="alert(1)',
    "https://a.example/|bank> <!channel>",
    "https://a.example/ b\nc",
    "https://user:pass@a.example/)](https://evil.example)",
    "data:text/html,<script>alert(1)</script>",
    "<!channel> <!here> <@U123> <#C1> <!subteam^S1> @everyone @here <@&1> <@1>",
    "```\n**bold** [bank](https://evil.example)\n```",
    "````[bank](https://evil.example)",
    "` `` ``` ```` ````` ||x|| ~~x~~ # head\n> quote\n- list",
    "</form><form action=https://evil.example>",
    "{{ 7 * 7 }} {% raw %} ${x} {x}",
    "&lt;script&gt; &amp; &#60;b&#62;",
    "\x00\x1b[31m\u202e\u2066x\ud800",
    "#" * 300,
    "x" * 20_000,
    "https://a.example/" + "x" * 5_000,
    "",
    " ",
)


def filled(value: Any, text: str) -> Any:
    """The same value, every text in it replaced by this one; bold parts reach far outside."""
    if isinstance(value, Button):
        return replace(value, label=text)
    if is_dataclass(value) and not isinstance(value, type):
        changes = {
            field.name: filled(getattr(value, field.name), text) for field in fields(value) if field.name not in _KEPT
        }
        return replace(value, **changes)
    if isinstance(value, str) and not isinstance(value, Enum):
        return text
    if isinstance(value, tuple):
        return tuple(filled(one, text) for one in value)
    return value


def hostile_answers(answers: dict[str, Answer], text: str) -> dict[str, Answer]:
    return {name: filled(answer, text) for name, answer in answers.items()}
