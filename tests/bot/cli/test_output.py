"""Answers on the terminal: every type is printed, as text for people and as JSON for programs."""

import io
import json
from dataclasses import replace

import pytest
from rich.console import Console

from bot.cli.output import as_rows, show
from handlers.answers.answer import Answer
from handlers.answers.parts import Link
from handlers.answers.phrases import brief_figures, digest_head, held_line
from tests.support.posts import alert, brief, digest, every_answer, report


def printed(answer: Answer) -> str:
    page = io.StringIO()
    show(answer, Console(file=page, width=200, highlight=False))
    return page.getvalue()


def type_of(answer: Answer) -> str:
    return answer.type


@pytest.mark.parametrize("answer", every_answer(), ids=type_of)
def test_every_answer_is_printed_for_people_and_for_programs(answer: Answer) -> None:
    assert printed(answer).strip()
    assert all(json.dumps(row, default=str) for row in as_rows(answer))


def test_a_brief_has_its_figures_and_a_digest_its_heading_and_what_was_held_back() -> None:
    assert brief_figures(brief()) in printed(brief())
    assert " · ".join(digest_head(digest())) in printed(digest())
    assert held_line(digest()) in printed(digest())


@pytest.mark.parametrize(("count", "text"), [(1, "+1 source,"), (3, "+3 sources,")])
def test_an_alert_counts_its_other_sources(count: int, text: str) -> None:
    more = tuple(report(f"Outlet {number}") for number in range(count))

    assert text in printed(replace(alert(), more=more))


def test_a_headline_cannot_control_the_terminal() -> None:
    hostile = Link(text="Huawei\x1b]8;;https://evil.example\x07\x1b[2J", url="https://wire.example/\x1b[2J")

    assert "\x1b" not in printed(replace(alert(), headline=hostile))
