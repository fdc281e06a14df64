"""What matching costs as topics grow, beside the bare scan and the usual ways, on the same articles and terms.

    python -m benchmarks.matching_speed [N ...]        10, 1,000, 10,000, 100,000 and 1,000,000 unless others are given

Times are processor time, medians of an article; all take turns on the same articles, so a busy machine is busy for all.
Memory is that of a fresh process. Peers are in matching_peers.py, texts in matching_texts.py.
"""

import argparse
import gc
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from benchmarks import matching_peers as peers
from benchmarks.matching_texts import REAL, Texts, made, name_topics, real, word_topics
from handlers.topics.matcher import IS_COMPILED, Matcher, Readable
from storage.records import Topic

MADE = datetime(2026, 1, 1, tzinfo=UTC)
TURN = 20
"""Articles that one contender reads before the next has its turn."""
ROUNDS = 3
DEFAULT = (10, 1_000, 10_000, 100_000, 1_000_000)
PEERS_MOST = 100_000
"""Topics beyond which building the peers would take most of the time."""
HYPERSCAN_MOST = 50_000
"""Terms."""
RE_MOST = 1_000

Contender = Callable[[Readable], object]


def make_topics(queries: Sequence[str]) -> list[Topic]:
    return [a_topic(number, query) for number, query in enumerate(queries)]


def a_topic(number: int, query: str) -> Topic:
    return Topic(id=number, workspace_id=1, name=f"topic {number}", title="", query=query, created_at=MADE)


def told(matcher: Matcher, article: Readable) -> list[object]:
    """Everything but the trace: which topics, the words that show each, and the score."""
    return [(found.topic_id, found.evidence, found.score) for found in matcher.match(article)]


def take_turns(contenders: dict[str, Contender], articles: Sequence[Readable], rounds: int) -> dict[str, float]:
    """Median microseconds an article. The first round warms up and is not counted."""
    times: dict[str, list[float]] = {name: [] for name in contenders}
    for number in range(rounds + 1):
        for start in range(0, len(articles), TURN):
            for name, run in contenders.items():
                for article in articles[start : start + TURN]:
                    began = time.thread_time()
                    run(article)
                    if number:
                        times[name].append(time.thread_time() - began)
    return {name: statistics.median(each) * 1e6 for name, each in times.items()}


def row(name: str, micros: float, ours: float | None, built: float | None, note: str = "") -> None:
    beside = "" if ours is None else f"ours is {micros / ours:8.2f} x"
    building = "" if built is None else f"built in {built:6.1f} s"
    print(f"  {name:45}{micros:11,.0f} us {1e6 / micros:10,.0f}/s  {beside:19} {building:18} {note}", flush=True)


def measure(label: str, texts: Texts, queries: list[str], terms: list[str], *, with_all: bool) -> None:
    count = len(queries)
    raw = {id(one): f"{one.title}\n{one.body}" for one in texts.articles}
    size = sum(map(len, raw.values())) // len(raw)
    print(
        f"\n{count:,} topics of {label}: {len(terms):,} terms, {len(raw)} articles of {size:,} characters", flush=True
    )
    built: dict[str, float] = {}

    def build(name: str, make: Callable[[Sequence[str]], peers.Search | None]) -> Contender | None:
        start = time.process_time()
        search = make(terms)
        built[name] = time.process_time() - start
        if search is None:
            print(f"  {name:45} not installed: see benchmarks/matching_peers.py")
            return None
        return lambda one: search(raw[id(one)])

    listed = make_topics(queries)
    start = time.process_time()
    matcher = Matcher(listed)
    ours = "Wirewatch: topics, evidence and score"
    built[ours] = time.process_time() - start
    fast: dict[str, Contender | None] = {
        "bare ahocorasick-rs (substrings, raw text)": None,
        "bare ahocorasick-rs (' term ', overlapping)": None,
    }
    for name, make in zip(fast, (peers.bare, peers.bare_spaced), strict=True):
        fast[name] = build(name, make)
    if count <= PEERS_MOST:
        fast["pyahocorasick, boundaries checked"] = build("pyahocorasick, boundaries checked", peers.pyahocorasick)
    if with_all and len(terms) <= HYPERSCAN_MOST:
        fast["Hyperscan (literals, any case)"] = build("Hyperscan (literals, any case)", peers.hyperscan)
    slow: dict[str, Contender | None] = {}
    if with_all and count <= PEERS_MOST:
        slow["flashtext"] = build("flashtext", peers.flashtext)
        slow["spaCy PhraseMatcher"] = build("spaCy PhraseMatcher", peers.spacy)
    if with_all and count <= RE_MOST:
        slow["a loop of compiled re"] = build("a loop of compiled re", peers.compiled)
    gc.collect()
    gc.freeze()
    contenders: dict[str, Contender] = {
        "Wirewatch: which topics": matcher.topic_ids,
        ours: lambda one: told(matcher, one),
    } | {name: run for name, run in fast.items() if run is not None}
    costs = take_turns(contenders, texts.articles, ROUNDS)
    few = texts.articles[:TURN]
    costs |= take_turns({name: run for name, run in slow.items() if run is not None}, few, 1)
    found = sum(len(matcher.topic_ids(one)) for one in texts.articles) / len(texts.articles)
    for name, micros in costs.items():
        if name.startswith("Wirewatch"):
            row(name, micros, None, built.get(name), f"{found:.1f} topics an article")
        else:
            row(name, micros, costs[ours], built.get(name))
    gc.unfreeze()
    measure_adding(matcher, texts)


def measure_adding(matcher: Matcher, texts: Texts) -> None:
    """From the topic to the next match that sees it."""
    added, seen = [], []
    for number in range(100):
        word = texts.words[number]
        topic = a_topic(100_000_000 + number, f'"{word}" AND (other OR words OR "{word}") NOT added{number}')
        article = Readable(title=word, body=texts.articles[number % len(texts.articles)].body, language="en")
        start = time.thread_time()
        matcher.put(topic)
        added.append(time.thread_time() - start)
        assert topic.id in matcher.topic_ids(article)
        seen.append(time.thread_time() - start)
    print(
        f"  one topic more: {statistics.median(added) * 1e3:.2f} ms, at most {max(added) * 1e3:.2f}; with the next"
        f" match, which sees it, {statistics.median(seen) * 1e3:.2f} ms, at most {max(seen) * 1e3:.2f}",
        flush=True,
    )


def resident() -> float:
    """Megabytes of this process that are in memory."""
    with Path("/proc/self/statm").open() as sizes:
        return int(sizes.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def measure_memory(count: int) -> None:
    """In a process of its own: what the records of the topics take, and what the matcher adds to them."""
    random = Random(7)
    texts = made(random, 2 * count)
    queries, terms = name_topics(random, texts, count)
    del terms
    texts = Texts(texts.articles, (), ())
    gc.collect()
    before = resident()
    listed = make_topics(queries)
    del queries
    gc.collect()
    with_records = resident()
    start = time.process_time()
    matcher = Matcher(listed)
    built = time.process_time() - start
    gc.collect()
    entered = resident()
    for article in texts.articles:
        told(matcher, article)
    print(
        f"  memory in a fresh process: {resident():,.0f} MB in all; before the topics {before:,.0f}, their records"
        f" {with_records - before:,.0f}, the matcher {entered - with_records:,.0f}, after {len(texts.articles)}"
        f" articles {resident() - entered:,.0f} more; built in {built:.0f} s",
        flush=True,
    )


def machine() -> str:
    model = ""
    if Path("/proc/cpuinfo").exists():
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
    load = f"load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return ", ".join(
        filter(None, (python, platform.machine(), platform.system(), model, f"{os.cpu_count()} cores", load))
    )


def number(word: str) -> int:
    """ "10,000" too."""
    return int(word.replace(",", ""))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("counts", nargs="*", metavar="N", type=number, default=DEFAULT)
    parser.add_argument("--memory", metavar="N", type=int, help="only what so many topics take of this process")
    options = parser.parse_args()
    if options.memory:
        measure_memory(options.memory)
        return
    print(machine())
    if not IS_COMPILED:
        print("The matcher is not compiled: .ci/compile.py does it.")
    for count in options.counts:
        random = Random(7)
        texts = made(random, 2 * count)
        measure("names, made articles", texts, *name_topics(random, texts, count), with_all=True)
        subprocess.run([sys.executable, "-m", "benchmarks.matching_speed", "--memory", str(count)], check=True)
        if count > PEERS_MOST:
            continue
        measure("names and common words, made articles", texts, *word_topics(random, texts, count), with_all=False)
        news = real(random, 2 * count)
        if news is None:
            print(f"\n{REAL.name} is not there: measured on made articles only.")
        else:
            measure("names, articles as published", news, *name_topics(random, news, count), with_all=False)


if __name__ == "__main__":
    main()
