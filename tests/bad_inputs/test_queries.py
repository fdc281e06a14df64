"""A query with an unclosed quotation mark: a caret points at it wherever it is entered, and nothing is saved."""

from pathlib import Path

import pytest

from handlers.answers.answer import Notice
from handlers.answers.parts import Tone
from storage.store import Store
from tests.support.command_line import command_line
from tests.support.newsroom import Newsroom

QUERY = 'huawei OR "entity list'
WITH_CARET = f"{QUERY}\n{' ' * QUERY.index(chr(34))}^"


@pytest.mark.parametrize(
    "line",
    ["/brief {}", "/find {}", "/trend {}", "/subscribe {}", "/topics test {}", "/topics add mine = {}"],
)
async def test_in_chat_a_caret_points_at_the_unclosed_quotation_mark(line: str, sqlite_store: Store) -> None:
    newsroom = await Newsroom(sqlite_store).open()
    async with sqlite_store.read() as tx:
        before = await tx.topics.all()

    answer = await newsroom.ask(line.format(QUERY))

    assert isinstance(answer, Notice)
    assert answer.tone is Tone.REFUSED
    assert "never closed" in answer.text
    assert (answer.code or "").startswith(WITH_CARET)
    async with sqlite_store.read() as tx:
        assert await tx.topics.all() == before


@pytest.mark.parametrize(
    "words",
    [
        ("brief", QUERY),
        ("brief", QUERY, "--json"),
        ("topics", "test", QUERY),
        ("topics", "add", "mine", "=", QUERY),
        ("topics", "check", QUERY, "any.txt"),
    ],
    ids=" ".join,
)
def test_in_the_terminal_a_caret_points_at_the_unclosed_quotation_mark(
    words: tuple[str, ...], tmp_path: Path, started_template: Path
) -> None:
    ran = command_line(tmp_path, started_template)(*words)

    assert (ran.code, ran.out) == (1, "")
    assert WITH_CARET in ran.err
    assert "Traceback" not in ran.err
