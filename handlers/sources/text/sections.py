"""Reads tables of phrases: text files with a line for each "[section]" and each phrase, and comments after "# "."""

from functools import cache
from pathlib import Path


@cache
def read_sections(path: Path) -> dict[str, tuple[str, ...]]:
    """Return the phrases of each section of the file, in their order."""
    sections: dict[str, list[str]] = {}
    section: list[str] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("[") and line.endswith("]") and line[1:-1].replace(" ", "").isalpha():
            section = sections.setdefault(line[1:-1], [])
        elif line and not line.startswith("# "):
            section.append(line)
    return {name: tuple(lines) for name, lines in sections.items()}
