"""Measures summaries by ROUGE-1 and ROUGE-2 against those of people, compared with the first sentences of the text.

Usage: python -m benchmarks.summaries_quality [--data FOLDER] [--out FILE]
"""

import argparse
import gzip
import json
import re
import statistics
import time
from collections import Counter, defaultdict
from pathlib import Path

from benchmarks.labelled_data import DATA, require
from handlers.stories.sentences import sentences
from handlers.stories.summary import summarize

_WORD = re.compile(r"\w+")


def _f1(both: int, first: int, second: int) -> float:
    return 2 * both / (first + second) if first + second else 0.0


def _grams(words: list[str], size: int) -> Counter[tuple[str, ...]]:
    return Counter(tuple(words[place : place + size]) for place in range(len(words) - size + 1))


def rouge(summary: str, reference: str, size: int) -> float:
    """Return the F1 of the runs of `size` words that both texts have, ignoring case, without stemming."""
    ours = _grams(_WORD.findall(summary.lower()), size)
    theirs = _grams(_WORD.findall(reference.lower()), size)
    return _f1((ours & theirs).total(), ours.total(), theirs.total())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--out", type=Path, help="write the summaries as JSON lines, for score_summaries.py")
    options = parser.parse_args()
    require(options.data / "summaries")
    scores: defaultdict[tuple[str, str], list[tuple[float, float, int, int]]] = defaultdict(list)
    seconds = []
    written = []
    with gzip.open(options.data / "summaries" / "summaries.dev.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            started = time.perf_counter()
            chosen = summarize(title=row["title"], text=row["text"], language=row["lang"])
            seconds.append(time.perf_counter() - started)
            assert all(row["text"][span.start : span.end] == span.text for span in chosen)
            lead = sentences(row["text"], row["lang"])[:3]
            for name, spans in (("ours", chosen), ("lead-3", lead), ("lead-1", lead[:1])):
                text = " ".join(span.text for span in spans)
                scores[row["dataset"], name].append(
                    (rouge(text, row["reference"], 1), rouge(text, row["reference"], 2), len(spans), len(text))
                )
            written.append({"id": row["id"], "sentences": [span.text for span in chosen]})
    for (dataset, name), values in sorted(scores.items()):
        first, second, count, length = (statistics.mean(column) for column in zip(*values, strict=True))
        empty = sum(value[2] == 0 for value in values)
        print(
            f"{dataset:20} {name:7} ROUGE-1 {first:.3f} ROUGE-2 {second:.3f} sentences {count:.2f} "
            f"characters {length:.0f} empty {empty}"
        )
    print(f"{statistics.median(seconds) * 1e3:.2f} ms per summary")
    if options.out:
        options.out.write_text(
            "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in written), encoding="utf-8"
        )


if __name__ == "__main__":
    main()
