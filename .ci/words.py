"""Finds words in code and documentation that only insiders understand: `python .ci/words.py` prints each place.

RETIRED lists the words, what to write instead, the reason, and where a word is right after all.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

ROOT: Final = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent.parent).resolve()


class Retired(NamedTuple):
    """Words that must not come back, as a regular expression of which a match begins and ends between letters."""

    words: str
    instead: str
    reason: str
    unless: str = r"(?!)"
    """A line that matches this may use the word."""


RETIRED: Final = (
    Retired(
        "ow(e|es|ed|ing)",
        "enqueue, pending",
        "a delivery is a row that waits, not a debt",
        r"\"owed\"|`owed` in the database",
    ),
    Retired("thaw(s|ed)?|freez(e|es|ing)", "serialize, deserialize", "the usual terms", r"gc\.freeze|asset"),
    Retired(
        "fold(s|ed|ing)?",
        "roll-up (of a burst), case-fold (of letters)",
        "the word meant two things",
        r"case[- ]?fold|fold(=| )[01]|folds? miss|\bfolded?_?\w*\(|import .*fold|fold\w* = ",
    ),
    Retired("standing", "channel state", "it did not say what stands where", r"(long|free)-standing"),
    Retired(
        "press(es|ed|ing)?",
        "click, button target",
        "a person clicks a button; the press writes newspapers",
        r"press (release|office|agency|conference|statement|service)|the press\b|[\"(^|/]press\b",
    ),
    Retired("moments?", "time, instant, time expression", "it named parsed times", r"\b(at the|a) moment\b"),
    Retired("word_lists?", "stop words, document frequencies", "the terms of information retrieval"),
    Retired("sketch(es)?", "features, MinHash signature", "the terms of the method", "bottom-k sketch"),
    Retired("furniture", "boilerplate", "the usual term for what surrounds the text of a page"),
    Retired(
        "told", "reported, shown, counted, quoted", "it did not say what happens", r"told\W+(\w+\W+)?reporters|said"
    ),
    Retired(
        "stands?",
        "is, lies, means",
        "it did not say what happens",
        r"\bstands? (for|alone|out|still)\b|stands?[- ]in",
    ),
    Retired("is to be|that which", "a plain sentence", "nobody speaks like this"),
    Retired(
        "class _?(kept|known|turns|joined|told|line|kin|moments?|notes)",
        "duplicate, cache, fair queue, assignment, batch, related article",
        "the name did not say what the record is",
    ),
    Retired(
        r"/(background|kept|known|line|moments|notes|presses|pressed|turns|top|foot|tame)\.py",
        "the name that docs/architecture.md gives",
        "the name did not say what the module holds",
    ),
)
_PATTERNS: Final = tuple(
    (re.compile(rf"(?<![a-z])(?:{one.words})(?![a-z])", re.IGNORECASE), re.compile(one.unless, re.IGNORECASE), one)
    for one in RETIRED
)
LOOKED_AT: Final = (".py", ".pxd", ".md", ".html", ".toml")
NOT_LOOKED_AT: Final = (".ci/words.py", "seeds/", "storage/migrations/versions/")
_HOLDS_INPUTS: Final = ("tests/", "handlers/stories/stop_words.py", "handlers/stories/document_frequencies.py")
"""Of these only names, comments and docstrings are looked at. The other lines hold texts, which may say anything."""
_EXPLAINS: Final = re.compile(r"^\s*(async def|def|class)\b|^\s*#|  # |^\s*\"\"\"")
_TABLE_OF_INPUTS: Final = "docs/topics.md"


def main() -> int:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    names = [name for name in listed.splitlines() if name.endswith(LOOKED_AT) and not name.startswith(NOT_LOOKED_AT)]
    found = [line for name in names if (ROOT / name).is_file() for line in places(name)]
    print("\n".join(found), end="\n" if found else "")
    return 1 if found else 0


def places(name: str) -> Iterator[str]:
    """Yield each retired word of a file, with its line and what to write instead; line 0 is the file's own name."""
    lines = enumerate((ROOT / name).read_text(encoding="utf-8").splitlines(), 1)
    for number, line in [(0, name), *((number, line) for number, line in lines if _is_ours(name, line))]:
        for pattern, unless, retired in _PATTERNS:
            word = pattern.search(line)
            if word and not unless.search(line):
                yield f"{name}:{number}: “{word[0]}” is retired ({retired.reason}); write {retired.instead}"


def _is_ours(name: str, line: str) -> bool:
    """Return whether a line is prose or code of ours rather than an input."""
    if name.startswith(_HOLDS_INPUTS):
        return _EXPLAINS.search(line) is not None
    return not (name == _TABLE_OF_INPUTS and line.startswith("| "))


if __name__ == "__main__":
    sys.exit(main())
