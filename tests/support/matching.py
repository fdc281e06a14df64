"""What the matcher says of some texts in many scripts, as JSON on standard output: `python -m tests.support.matching`.

With --plain its compiled modules are read as the plain Python that they are made of.
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
    """Finds the sources of what is compiled."""

    @staticmethod
    def find_spec(
        name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        del path, target
        if name not in COMPILED:
            return None
        return importlib.util.spec_from_file_location(name, ROOT / f"{name.replace('.', '/')}.py")


def matches() -> list[object]:
    """Of each case of the evidence tests, what all their queries and the catalogue's find in its text."""
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
                places = [(one.field, one.start, one.end, one.text) for one in match.evidence]
                found.append((language, match.topic_id, match.score, places))
    return found


if __name__ == "__main__":
    if "--plain" in sys.argv:
        sys.meta_path.insert(0, Plain())
    json.dump({"file": importlib.import_module(COMPILED[0]).__file__, "found": matches()}, sys.stdout)
