"""Prints the matches of texts in many scripts as JSON: `python -m tests.support.matching`.

With --plain, the Python sources of the compiled modules are used instead.
"""

import importlib.machinery
import importlib.util
import json
import sys
import tomllib
from collections.abc import Sequence
from types import ModuleType

from tests.support.paths import ROOT

COMPILED = tuple(
    sorted(".".join(types.relative_to(ROOT).with_suffix("").parts) for types in (ROOT / "handlers").rglob("*.pxd"))
)


class Plain:
    """Imports compiled modules from their Python sources."""

    @staticmethod
    def find_spec(
        name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        del path, target
        if name not in COMPILED:
            return None
        return importlib.util.spec_from_file_location(name, ROOT / f"{name.replace('.', '/')}.py")


def matches() -> list[object]:
    """Return what the queries of all evidence tests and of the catalogue find in each of the tests' texts."""
    from handlers.topics.matcher import Matcher, Readable
    from tests.support.topics import a_topic

    cases = tomllib.loads((ROOT / "tests/handlers/topics/index/data/evidence.toml").read_text(encoding="utf-8"))["case"]
    catalogue = tomllib.loads((ROOT / "seeds/topics.toml").read_text(encoding="utf-8"))["topic"]
    queries = dict.fromkeys([*(case["query"] for case in cases), *(topic["query"] for topic in catalogue)])
    matcher = Matcher(a_topic(number, query) for number, query in enumerate(queries))
    texts = [case["text"] for case in cases]
    texts += [path.read_text(encoding="utf-8") for path in sorted((ROOT / "seeds/articles").glob("*.txt"))]
    found: list[object] = []
    for language in ("en", "und", "ru", "tr"):
        for text in texts:
            for match in matcher.match(Readable(title=text[:40], body=text, language=language)):
                places = [(words.field, words.start, words.end, words.text) for words in match.evidence]
                found.append((language, match.topic_id, match.score, places))
    return found


if __name__ == "__main__":
    if "--plain" in sys.argv:
        sys.meta_path.insert(0, Plain())
    json.dump({"file": importlib.import_module(COMPILED[0]).__file__, "found": matches()}, sys.stdout)
