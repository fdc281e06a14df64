"""Measures how well `StoryIndex` groups articles into stories, on labelled sets in date order, and how fast it is.

Usage: python -m benchmarks.stories_quality [--data FOLDER] [--out FILE] [--pairs FILE]
"""

import argparse
import json
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any
from zlib import crc32

from benchmarks.labelled_data import DATA, require
from benchmarks.stories_negative import report_false_joins
from benchmarks.story_sets import START, group, published_at, read_rows
from handlers.stories.features import encode_features
from handlers.stories.similarity import StoryIndex

_FEW_STORIES = 10


def halves(rows: Sequence[Mapping[str, Any]]) -> tuple[list[Mapping[str, Any]], list[Mapping[str, Any]]]:
    """Split a set in two, to tune on one half and report both: by time if the articles have dates, else by story.

    Pairs of similar events, as ECB+ has them, stay in one half. A set of fewer than ten stories is split by article.
    """
    if any(row.get("date") for row in rows):
        ordered = sorted(rows, key=published_at)
        return ordered[: len(rows) // 2], ordered[len(rows) // 2 :]
    few = len({row["story"] for row in rows}) < _FEW_STORIES
    parts: tuple[list[Mapping[str, Any]], list[Mapping[str, Any]]] = ([], [])
    for row in rows:
        parts[crc32((row["id"] if few else row["story"].removesuffix("plus")).encode()) % 2].append(row)
    return parts


def bcubed(gold: Mapping[str, str], found: Mapping[str, int]) -> tuple[float, float, float]:
    """Return B-cubed precision, recall and F1, averaged over articles (A. Bagga and B. Baldwin, 1998)."""
    golds, founds = Counter(gold.values()), Counter(found[key] for key in gold)
    both = Counter((gold[key], found[key]) for key in gold)
    precision = sum(count * count / founds[story] for (_, story), count in both.items()) / len(gold)
    recall = sum(count * count / golds[story] for (story, _), count in both.items()) / len(gold)
    return precision, recall, 2 * precision * recall / (precision + recall)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--out", type=Path, help="write the clusters as JSON lines, for score_stories.py")
    parser.add_argument("--pairs", type=Path, help="write the pairs as JSON lines, for score_stories.py --pairs")
    options = parser.parse_args()
    require(options.data / "stories")
    clusters = _report_sets(options.data)
    pairs = _report_pairs(options.data)
    stream = sorted(read_rows(options.data / "stream" / "news_stream.dev.jsonl.gz"), key=published_at)
    _report_stream(stream)
    _report_full_window(stream)
    report_false_joins(options.data)
    for path, lines in ((options.out, clusters), (options.pairs, pairs)):
        if path:
            path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")


def _report_sets(data: Path) -> list[dict[str, Any]]:
    """Print B-cubed figures and times of each labelled set, whole and in halves. Return the cluster of each article."""
    sets: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in read_rows(data / "stories" / "stories.dev.jsonl.gz"):
        sets[row["dataset"]].append(row)
    clusters = []
    print(f"{'set':16} articles  gold found |  B3 P  B3 R  B3 F1 | ms per article, median and p99")
    for name, rows in sorted(sets.items()):
        found, seconds = group(rows)
        gold = {row["id"]: row["story"] for row in rows}
        precision, recall, f1 = bcubed(gold, found)
        slow = sorted(seconds)[int(0.99 * len(seconds))]
        print(
            f"{name:16} {len(rows):8} {len(set(gold.values())):5} {len(set(found.values())):5} | "
            f"{precision:.3f} {recall:.3f} {f1:.3f} | {statistics.median(seconds) * 1e3:.2f} {slow * 1e3:.2f}"
        )
        for part in halves(rows):
            gold = {row["id"]: row["story"] for row in part}
            precision, recall, f1 = bcubed(gold, group(part)[0])
            print(f"  half of it {len(part):10} {'':11} | {precision:.3f} {recall:.3f} {f1:.3f}")
        clusters += [{"id": key, "cluster": f"{name}/{story}"} for key, story in found.items()]
    return clusters


def _report_pairs(data: Path) -> list[dict[str, Any]]:
    """Print precision, recall and F1 of labelled pairs of articles. Return for each pair whether it is one story."""
    pairs = []
    tally: Counter[tuple[str, bool, bool]] = Counter()
    rows = list(read_rows(data / "stories" / "pairs.dev.jsonl.gz"))
    found, _ = group({side["id"]: side for row in rows for side in (row["a"], row["b"])}.values())
    for row in rows:
        same = found[row["a"]["id"]] == found[row["b"]["id"]]
        tally[row["lang"], bool(row["same"]), same] += 1
        pairs.append({"id": row["id"], "same": same})
    for language in ("en", "ru"):
        right, missed, wrong = (tally[language, *key] for key in ((True, True), (True, False), (False, True)))
        print(
            f"pairs {language}: P {right / max(1, right + wrong):.3f} R {right / max(1, right + missed):.3f} "
            f"F1 {2 * right / max(1, 2 * right + wrong + missed):.3f}"
        )
    return pairs


def _report_stream(stream: list[dict[str, Any]]) -> None:
    """Print the number and the sizes of stories in a stream of unlabelled news, and the mean time per article."""
    found, seconds = group(stream)
    sizes = Counter(Counter(found.values()).values())
    print(
        f"stream: {len(stream)} articles, {len(set(found.values()))} stories, largest {max(sizes)}, "
        f"{statistics.mean(seconds) * 1e3:.2f} ms per article"
    )


def _report_full_window(stream: list[dict[str, Any]], articles: int = 20_000) -> None:
    """Measure the cost of an article while the window holds 20,000."""
    index = StoryIndex()
    seconds = []
    for number in range(1, articles + 501):
        row = stream[number % len(stream)]
        # When the stream repeats, half of the words are changed, so that the article counts as another one.
        title, text = row["title"], row["text"]
        if number >= len(stream):
            title = " ".join(f"{word}x" if place % 2 else word for place, word in enumerate(title.split()))
            text = " ".join(f"{word}y" if place % 2 else word for place, word in enumerate(text.split()))
        at = START + timedelta(seconds=10 * number)
        started = time.process_time()
        data = encode_features(title, text, "en")
        similar = index.similar(data, at=at, workspace_ids=None)
        story_id = similar[0].story_id if similar else number
        index.add(article_id=number, story_id=story_id, workspace_id=0, at=at, features=data)
        seconds.append(time.process_time() - started)
    last = sorted(seconds[-500:])
    print(f"window of {len(index)}: {statistics.mean(last) * 1e3:.2f} ms per article, p99 {last[495] * 1e3:.2f} ms")


if __name__ == "__main__":
    main()
