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
    """Words that must not come back, as a regular expression whose matches begin and end at the border of a word."""

    words: str
    instead: str
    reason: str
    unless: str = r"(?!)"
    """Exceptions: a regular expression that is searched in "path: line". Each has its reason as a comment."""


RETIRED: Final = (
    Retired(
        "ow(e|es|ed|ing)",
        "enqueue, pending",
        "a delivery is a row that waits, not a debt",
        r"\"owed(_at)?\"|`owed` in the database",  # a stored state and a column, which keep their names
    ),
    Retired(
        "thaw(s|ed)?|freez(e|es|ing)",
        "serialize, deserialize",
        "these are the usual terms",
        r"gc\.freeze|assets?\b",  # a function of Python; sanctions freeze assets
    ),
    Retired(
        "fold(s|ed|ing)?",
        "roll-up (of a burst), case-fold (of letters)",
        "the word meant two things",
        r"case[- ]?fold|handlers/topics/"  # letters, which is all that topics fold
        r"|\bfold=[01]\b"  # an argument of datetime (PEP 495)
        r"|\"fold:?\"",  # the stored prefix of a roll-up
    ),
    Retired("standing", "channel state", "it did not say what stands where", r"(long|free)-standing"),
    Retired(
        "press(es|ed|ing)?",
        "click, button target",
        "a person clicks a button; the press writes newspapers",
        r"France-Presse|(associated|Europa) press|"  # names of agencies
        r"press (release|office|agency|conference|statement|service)|the press\b"
        r"|[\"(^|/]press\b",  # names of media in patterns; the first word of action ids in posted messages
    ),
    Retired("moments?", "time, instant, time expression", "it named parsed times", r"\b(at the|a) moment\b"),
    Retired("word_lists?", "stop words, document frequencies", "these are the terms of information retrieval"),
    Retired("sketch(es)?", "features, MinHash signature", "these are the terms of the method", "bottom-k sketch"),
    Retired("furniture", "boilerplate", "it is the usual term for what surrounds the text of a page"),
    Retired(
        "told",
        "reported, shown, counted, quoted",
        "it did not say what happens",
        r"told\W+(\w+\W+)?reporters"  # what articles say
        r"|= \"told\"",  # a stored name
    ),
    Retired(
        "stands?",
        "is, lies, means",
        "it did not say what happens",
        r"\bstands? (for|alone|out|still)\b|stands?[- ]in"
        r"|\|stand\|",  # German for "as of"
    ),
    Retired("under[ _]way", "running, in progress", "the metaphor hid whether a task or a request was meant"),
    Retired("shel(f|ves|ve|ved)", "section, group", "a digest has sections", "off-the-shelf"),
    Retired("is to be|that which|such as are|the like", "a plain sentence", "nobody speaks like this"),
    Retired(
        "class _?(arrive|kept|known|turns|joined|told|line|kin|moments?|notes)",
        "duplicate, cache, fair queue, assignment, batch, related article",
        "the name did not say what the record is",
    ),
    Retired(
        r"(?<=/)(arrive|background|bodies|desk|direct|foot|furniture|kept|known|line|moments|notes|once|presses"
        r"|pressed|seeding|social|tame|top|touched|traces|trouble|turns|under_way|word_lists)\.py",
        "the name that docs/architecture.md gives",
        "the name did not say what the module holds",
    ),
)
_PATTERNS: Final = tuple(
    (
        re.compile(rf"(?<![a-z])(?:{retired.words})(?![a-z])", re.IGNORECASE),
        re.compile(retired.unless, re.IGNORECASE),
        retired,
    )
    for retired in RETIRED
)
LOOKED_AT: Final = (".py", ".pxd", ".md", ".html", ".js", ".css", ".toml", "Makefile", "Procfile", ".env.example")
NOT_LOOKED_AT: Final = (".ci/words.py", "storage/migrations/versions/")
_HOLDS_INPUTS: Final = (
    "seeds/",
    "tests/",
    "handlers/stories/stop_words.py",
    "handlers/stories/document_frequencies.py",
    "handlers/stories/ordinary_cjk.py",
    "handlers/stories/ordinary_english.py",
    "handlers/stories/ordinary_words.py",
    "handlers/stories/quotation.py",
    "handlers/sources/text/boilerplate.py",
    "handlers/sources/fetch/bot_walls.py",
)
"""Of these only names, comments and docstrings are looked at. The other lines hold texts and their words."""
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
            if word and not unless.search(f"{name}: {line}"):
                yield f"{name}:{number}: “{word[0]}” is retired ({retired.reason}); write {retired.instead}"


def _is_ours(name: str, line: str) -> bool:
    """Return whether a line is prose or code of ours rather than an input."""
    if name.startswith(_HOLDS_INPUTS):
        return _EXPLAINS.search(line) is not None
    return not (name == _TABLE_OF_INPUTS and line.startswith("| "))


if __name__ == "__main__":
    sys.exit(main())
