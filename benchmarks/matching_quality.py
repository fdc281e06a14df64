"""Measures precision, recall and F1 of the matcher on labelled articles, beside reference figures."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.labelled_data import DATA, require
from handlers.topics.catalogue import read_catalogue
from handlers.topics.index.evaluate import holds
from handlers.topics.index.reading import Reading
from handlers.topics.matcher import Matcher, Readable
from handlers.topics.query.query import parse
from handlers.topics.query.tree import Tree
from storage.records import Topic

ROOT = Path(__file__).resolve().parents[1]

Prediction = dict[str, Any]


def rows(name: str) -> Iterator[dict[str, Any]]:
    sys.path.insert(0, str(DATA / "score"))
    from packio import pack  # type: ignore[import-not-found]  # the scorers' own reader

    yield from pack(f"matching/{name}", "dev")


def typed(alias: str) -> str:
    """Return an alias of the labelled set as a query: a phrase if it contains a space or hyphen."""
    return f'"{alias}"' if " " in alias or "-" in alias else alias


def predict_english(*, inflect: bool) -> list[Prediction]:
    topics = json.loads((DATA / "matching" / "topics_en.json").read_text(encoding="utf-8"))["topics"]
    trees = {topic["id"]: parse(topic["human"]) for topic in topics}
    ids: dict[str, list[str]] = {name: [] for name in trees}
    for row in rows("docs_en"):
        language = "en" if inflect else "und"
        reading = Reading(Readable(title=row["title"], body=row["text"], language=language))
        for name, tree in trees.items():
            if holds(tree, reading):
                ids[name].append(row["id"])
    return [{"pack": "en", "topic": name, "ids": found} for name, found in ids.items()]


def predict_multilingual(*, inflect: bool) -> list[Prediction]:
    topics = json.loads((DATA / "matching" / "topics_multi.json").read_text(encoding="utf-8"))["topics"]

    def query(name: str, language: str) -> str | None:
        topic = topics[name]
        if "all_of" in topic:
            parts = [query(part, language) for part in topic["all_of"]]
            return " AND ".join(f"({part})" for part in parts) if all(parts) else None
        aliases = topic["aliases"].get(language) or topic["aliases"].get("*") or []
        return " OR ".join(map(typed, aliases)) or None

    trees: dict[tuple[str, str], Tree | None] = {}

    def names(language: str, title: str, text: str) -> list[str]:
        plain = "zh" if language == "zh-Hant" else language
        assumed = plain if inflect or plain == "ar" else "und"
        reading = Reading(Readable(title=title, body=text, language=assumed))
        return [name for name in topics if (tree := tree_of(name, plain)) is not None and holds(tree, reading)]

    def tree_of(name: str, plain: str) -> Tree | None:
        if (name, plain) not in trees:
            text = query(name, plain)
            trees[name, plain] = parse(text) if text else None
        return trees[name, plain]

    ids: dict[tuple[str, str], list[str]] = {(pack, name): [] for pack in ("multi", "parallel") for name in topics}
    for row in rows("docs_multi"):
        for name in names(row["lang"], row["title"], row["text"]):
            ids["multi", name].append(row["id"])
    for row in rows("parallel"):
        for language, text in row["texts"].items():
            for name in names(language, "", text):
                ids["parallel", name].append(f"{row['id']}|{language}")
    return [{"pack": pack, "topic": name, "ids": found} for (pack, name), found in ids.items()]


SHARED_TOPICS = ("huawei", "5g", "sanctions", "trade-war", "tariffs")


def predict_catalogue() -> list[Prediction]:
    """Match the topics of the catalogue that the multilingual set has too.

    The set labels every occurrence of the word. The catalogue leaves out sanctions of courts, schools and sport, so its
    recall of "sanctions" is lower on purpose.
    """
    catalogue = read_catalogue((ROOT / "seeds" / "topics.toml").read_text(encoding="utf-8"))
    created_at = datetime(2026, 1, 1, tzinfo=UTC)
    topics = [
        Topic(
            id=number,
            workspace_id=0,
            name=entry.name,
            title=entry.title,
            query=entry.query,
            aliases=entry.aliases,
            created_at=created_at,
        )
        for number, entry in enumerate(catalogue)
    ]
    matcher = Matcher(topics)
    ids: dict[str, list[str]] = {name: [] for name in SHARED_TOPICS}
    for row in rows("docs_multi"):
        for found in matcher.match(Readable(title=row["title"], body=row["text"], language=row["lang"])):
            if topics[found.topic_id].name in ids:
                ids[topics[found.topic_id].name].append(row["id"])
    return [{"pack": "multi", "topic": name, "ids": found} for name, found in ids.items()]


def score(title: str, predictions: list[Prediction], keep: str, *options: str, only: tuple[str, ...] = ()) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "predictions.jsonl"
        file.write_text("".join(json.dumps(prediction) + "\n" for prediction in predictions), encoding="utf-8")
        command = [sys.executable, str(DATA / "score" / "score_matching.py"), "--split", "dev", str(file), *options]
        report = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    print(f"\n{title}")
    lines = [line for line in report.splitlines() if line.lstrip().startswith(tuple(keep.split("|")))]
    if only:  # the sums in the report count all other topics as missed
        lines = [line for line in lines if line.split(" tp ")[0].split()[-1] in only]
    print("\n".join(lines))


def main() -> None:
    require(DATA / "matching")
    options = ["--per-topic"] if "--per-topic" in sys.argv else []
    score("English, inflection on (as a channel gets it)", predict_english(inflect=True), "EN", *options)
    score("English, inflection off (language unknown)", predict_english(inflect=False), "EN", *options)
    score("Alias lists, inflection on", predict_multilingual(inflect=True), "MULTI|PARALLEL|HK", *options)
    score("Alias lists, inflection off", predict_multilingual(inflect=False), "MULTI|PARALLEL|HK", *options)
    score(
        "The catalogue that ships, its topics that the set knows",
        predict_catalogue(),
        "MULTI",
        "--per-topic",
        only=SHARED_TOPICS,
    )


if __name__ == "__main__":
    main()
