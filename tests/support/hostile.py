"""Answers in which every text is hostile, for tests of renderers."""

from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import Any

from handlers.answers.answer import Answer
from handlers.answers.parts import Button

_OWN_FIELDS = frozenset({"time_zone", "color", "type", "action", "mentions"})
"""Fields that never contain text from outside."""
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


def with_text(value: Any, text: str) -> Any:
    """Return the value with every text in it replaced. The ranges of bold text stay, and may exceed the new text."""
    if isinstance(value, Button):
        return replace(value, label=text)
    if is_dataclass(value) and not isinstance(value, type):
        changes = {
            field.name: with_text(getattr(value, field.name), text)
            for field in fields(value)
            if field.name not in _OWN_FIELDS
        }
        return replace(value, **changes)
    if isinstance(value, str) and not isinstance(value, Enum):
        return text
    if isinstance(value, tuple):
        return tuple(with_text(item, text) for item in value)
    return value


def hostile_answers(answers: dict[str, Answer], text: str) -> dict[str, Answer]:
    """Return the answers with every text replaced by `text`."""
    return {name: with_text(answer, text) for name, answer in answers.items()}
