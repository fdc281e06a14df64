"""The parts of the documentation that are made from the code. `python -m tests.support.generated` writes them anew.

Each part stands in its page between two HTML comments, `<!-- made from the code: NAME -->` and `<!-- end: NAME -->`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import typer.main

from bot.cli.app import app
from bot.config import setting_rows
from handlers.commands.table import COMMANDS
from tests.support.paths import ROOT
from tests.support.rooms import mermaid, room_rows

COMMAND: Final = "python -m tests.support.generated"


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a Markdown table; a vertical bar within a cell is escaped."""
    heads = list(heads)
    lines = [heads, ["---"] * len(heads), *([cell.replace("|", r"\|") for cell in row] for row in rows)]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines).replace("|  |", "| |")


def commands() -> str:
    rows = ((f"`/{entry.name} {entry.usage}`", entry.summary) for entry in COMMANDS)
    return table(("command", "does"), rows)


def settings() -> str:
    rows = ((f"`{name}`", f"`{default}`" if default else "", what) for name, default, what in setting_rows())
    return table(("setting", "default", "what it is"), rows)


def command_line() -> str:
    return table(("command", "does"), _terminal_commands(typer.main.get_command(app), ()))


def _terminal_commands(command: Any, words: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Return the usage and the summary of a command of the terminal, or of each of its subcommands."""
    if hasattr(command, "commands"):
        for name, subcommand in command.commands.items():
            yield from _terminal_commands(subcommand, (*words, name))
        return
    in_chat = {(entry.name, sub.name): sub for entry in COMMANDS for sub in entry.subcommands}.get(words[:2])  # type: ignore[arg-type]
    takes = [_usage(parameter) for parameter in command.params]
    summary = command.help
    if in_chat is not None and "[WORDS...]" in takes:
        takes[takes.index("[WORDS...]")] = in_chat.usage
        summary = in_chat.summary
    yield f"`{' '.join(filter(None, (*words, *takes)))}`", summary.rstrip(".")


def _usage(parameter: Any) -> str:
    name = parameter.opts[0]
    if not name.startswith("-"):
        name = name.upper() + ("..." if parameter.nargs == -1 else "")
    return name if parameter.required else f"[{name}]"


def rooms() -> str:
    rows = ((f"`{name}`", what) for name, what in room_rows())
    return f"{mermaid()}\n{table(('room', 'what it holds'), rows)}"


PARTS: Final[Mapping[str, tuple[Path, Callable[[], str]]]] = {
    "rooms": (ROOT / "docs" / "architecture.md", rooms),
    "commands": (ROOT / "docs" / "reference.md", commands),
    "command line": (ROOT / "docs" / "reference.md", command_line),
    "settings": (ROOT / "docs" / "reference.md", settings),
}


def updated(name: str) -> tuple[str, str]:
    """Return a part's page as it is stored, and as it is with that part made from today's code."""
    path, make = PARTS[name]
    page = path.read_text(encoding="utf-8")
    begin, end = f"<!-- made from the code: {name} -->\n", f"<!-- end: {name} -->\n"
    before, found, rest = page.partition(begin)
    _, ended, after = rest.partition(end)
    assert found and ended, f"{path.name} lacks the marks of {name!r}"
    return page, f"{before}{begin}{make()}{end}{after}"


def main() -> None:
    for name, (path, _) in PARTS.items():
        path.write_text(updated(name)[1], encoding="utf-8")


if __name__ == "__main__":
    main()
