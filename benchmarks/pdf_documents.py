"""The texts that the PDF benchmark prints, and the words that each document has to give back."""

import tomllib
from pathlib import Path
from typing import Any, Final

import jinja2

SOURCES: Final = Path(__file__).resolve().parents[1] / "tests" / "pdf_makers"
FEATURES: Final = "features"
"""The document with notes, columns, a drop cap and lists, which is in English."""


def texts() -> dict[str, dict[str, Any]]:
    """Return the texts that are printed, by language."""
    loaded = tomllib.loads((SOURCES / "texts.toml").read_text(encoding="utf-8"))
    return {name: {"direction": "ltr"} | text | {"language": name} for name, text in loaded.items()}


def expected(language: str) -> str:
    """Return what a document says, in the order in which a person reads it. Notes come last."""
    if language == FEATURES:
        return (SOURCES / "features.txt").read_text(encoding="utf-8")
    text = texts()[language]
    return "\n".join([text["title"], *text["paragraphs"], *text["names"], text["last"]])


def filled(template: str, text: dict[str, Any]) -> str:
    """Return a source of a maker with the text in it."""
    return str(jinja2.Template((SOURCES / template).read_text(encoding="utf-8")).render(text))
