"""Measures the cost of matching as the number of topics grows, beside other libraries on the same articles and terms.

    python -m benchmarks.matching_speed [N ...]        1,000, 10,000 and 100,000 topics by default
    python -m benchmarks.matching_speed --generated [N ...]                            and 1,000,000

Times are processor time, medians per article. The matchers take turns on the same articles, so that other load on the
machine affects all of them. Topics are real names and headlines (matching_terms.py) or, for more topics than there are
real ones, generated (matching_texts.py); memory is measured with the latter, in a new process. The libraries are in
matching_peers.py.
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
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from benchmarks import matching_peers as peers
from benchmarks.labelled_data import DATA, require
from benchmarks.matching_terms import TopicSet, catalogue, english, make_topic, make_topics, operators, other_languages
from benchmarks.matching_texts import Texts, generate_texts, name_topics
from handlers.topics.matcher import IS_COMPILED, Matcher, Readable

TURN = 20
"""Articles that a matcher reads before the next one gets its turn."""
ROUNDS = 3
DEFAULT = (1_000, 10_000, 100_000)
DEFAULT_GENERATED = (*DEFAULT, 1_000_000)
OPERATOR_TOPICS = 1_000
"""Topics with NEAR, and as many with a regular expression."""
MOST_OTHER = 10_000
"""Topics in other languages than English."""
OURS = "Wirewatch: topics, evidence and score"
PEERS_MOST = 100_000
"""With more topics than this, building the other matchers would take most of the time."""
HYPERSCAN_MOST = 50_000
"""Terms."""
RE_MOST = 1_000

Match = Callable[[Readable], object]


def match_with_evidence(matcher: Matcher, article: Readable) -> list[object]:
    """Return all results but the trace: the topics, each with its evidence and score."""
    return [(found.topic_id, found.evidence, found.score) for found in matcher.match(article)]


def take_turns(matchers: dict[str, Match], articles: Sequence[Readable], rounds: int) -> dict[str, float]:
    """Return the median of each matcher in microseconds per article. A first round is not counted."""
    times: dict[str, list[float]] = {name: [] for name in matchers}
    for number in range(rounds + 1):
        for start in range(0, len(articles), TURN):
            for name, run in matchers.items():
                for article in articles[start : start + TURN]:
                    began = time.thread_time()
                    run(article)
                    if number:
                        times[name].append(time.thread_time() - began)
    return {name: statistics.median(each) * 1e6 for name, each in times.items()}


def print_row(name: str, micros: float, ours: float | None, built: float | None, note: str = "") -> None:
    factor = "" if ours is None else f"{micros / ours:6.2f} x as long"
    building = "" if built is None else f"built in {built:6.1f} s"
    print(f"  {name:45}{micros:11,.0f} us {1e6 / micros:10,.0f}/s  {factor:16} {building:18} {note}", flush=True)


@dataclass(slots=True)
class Peers:
    """The other matchers for the same terms, and the processor time in seconds that building each took."""

    texts: dict[int, str]
    """The text of each article, by the identity of its `Readable`."""
    terms: list[str]
    built: dict[str, float] = field(default_factory=dict)

    def build(self, name: str, make: Callable[[Sequence[str]], peers.Search | None]) -> dict[str, Match]:
        """Return the matcher under its name; an empty dict if its library is not installed."""
        start = time.process_time()
        search = make(self.terms)
        self.built[name] = time.process_time() - start
        if search is None:
            print(f"  {name:45} not installed: see benchmarks/matching_peers.py")
            return {}
        return {name: lambda article: search(self.texts[id(article)])}

    def fast(self, topics: int, *, with_all: bool) -> dict[str, Match]:
        """Return those that are fast enough for all articles."""
        found = self.build("bare ahocorasick-rs (substrings, raw text)", peers.bare)
        found |= self.build("bare ahocorasick-rs (' term ', overlapping)", peers.bare_spaced)
        if topics <= PEERS_MOST:
            found |= self.build("pyahocorasick, boundaries checked", peers.pyahocorasick)
        if with_all and len(self.terms) <= HYPERSCAN_MOST:
            found |= self.build("Hyperscan (literals, any case)", peers.hyperscan)
        return found

    def slow(self, topics: int) -> dict[str, Match]:
        """Return those that are measured on a few articles only."""
        found: dict[str, Match] = {}
        if topics <= PEERS_MOST:
            found |= self.build("flashtext", peers.flashtext)
            found |= self.build("spaCy PhraseMatcher", peers.spacy)
        if topics <= RE_MOST:
            found |= self.build("a loop of compiled re", peers.compiled)
        return found


def measure(topic_set: TopicSet, *, with_all: bool) -> float:
    """Print the cost of matching some topics, and that of the other libraries, most of them only `with_all`.

    Returns the cost in microseconds.
    """
    articles, topics, terms = topic_set.articles, topic_set.topics, list(topic_set.terms)
    raw = {id(article): f"{article.title}\n{article.body}".lower() for article in articles}
    size = sum(map(len, raw.values())) // len(raw)
    print(f"\n{len(topics):,} topics of {topic_set.label}: {len(raw)} articles of {size:,} characters", flush=True)
    others = Peers(raw, terms)
    start = time.process_time()
    matcher = Matcher(topics)
    others.built[OURS] = time.process_time() - start
    fast = others.fast(len(topics), with_all=with_all) if terms else {}
    slow = others.slow(len(topics)) if terms and with_all else {}
    gc.collect()
    gc.freeze()
    own: dict[str, Match] = {
        "Wirewatch: which topics": matcher.topic_ids,
        OURS: lambda article: match_with_evidence(matcher, article),
    }
    costs = take_turns(own | fast, articles, ROUNDS)
    costs |= take_turns(slow, articles[:TURN], 1)
    found = sum(len(matcher.topic_ids(article)) for article in articles) / len(articles)
    for name, micros in costs.items():
        if name in own:
            print_row(name, micros, None, others.built.get(name), f"{found:.1f} topics per article")
        else:
            print_row(name, micros, costs[OURS], others.built.get(name))
    gc.unfreeze()
    return costs[OURS]


def measure_real(counts: Sequence[int]) -> None:
    """Print the cost for real topics, and by how much it grows with their number."""
    growth: dict[str, list[float]] = {}
    random = Random(7)
    for topic_set in english(random, counts):
        growth.setdefault(topic_set.label, []).append(measure(topic_set, with_all=True))
    for label, costs in growth.items():
        print(f"\n{counts[-1]:,} topics of {label} cost {costs[-1] / costs[0]:.2f} x as much as {counts[0]:,}")
    for topic_set in other_languages(random, min(counts[-1], MOST_OTHER)):
        measure(topic_set, with_all=False)
    for topic_set in (*operators(random, OPERATOR_TOPICS), catalogue(random)):
        measure(topic_set, with_all=False)


def measure_generated(counts: Sequence[int]) -> None:
    """Print the cost for generated topics, the cost of adding one, and the memory."""
    for count in counts:
        random = Random(7)
        texts = generate_texts(random, 2 * count)
        queries, terms = name_topics(random, texts, count)
        topics = make_topics(queries)
        measure(TopicSet("names, generated articles", texts.articles, topics, terms), with_all=True)
        measure_adding(Matcher(topics), texts)
        subprocess.run([sys.executable, "-m", "benchmarks.matching_speed", "--memory", str(count)], check=True)


def measure_adding(matcher: Matcher, texts: Texts) -> None:
    """Print how long it takes to add a topic, and to add it and match an article."""
    added, matched = [], []
    for number in range(100):
        word = texts.words[number]
        topic = make_topic(100_000_000 + number, f'"{word}" AND (other OR words OR "{word}") NOT added{number}')
        article = Readable(title=word, body=texts.articles[number % len(texts.articles)].body, language="en")
        start = time.thread_time()
        matcher.put(topic)
        added.append(time.thread_time() - start)
        assert topic.id in matcher.topic_ids(article)
        matched.append(time.thread_time() - start)
    print(
        f"  adding a topic: {statistics.median(added) * 1e3:.2f} ms, at most {max(added) * 1e3:.2f}; adding it and "
        f"matching an article: {statistics.median(matched) * 1e3:.2f} ms, at most {max(matched) * 1e3:.2f}",
        flush=True,
    )


def resident_mb() -> float:
    """Return the resident memory of this process in megabytes."""
    with Path("/proc/self/statm").open() as sizes:
        return int(sizes.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def measure_memory(count: int) -> None:
    """Print the memory of the topics' records and of the matcher. Run it in a process of its own."""
    random = Random(7)
    texts = generate_texts(random, 2 * count)
    queries, terms = name_topics(random, texts, count)
    del terms
    texts = Texts(texts.articles, (), ())
    gc.collect()
    before = resident_mb()
    topics = make_topics(queries)
    del queries
    gc.collect()
    with_records = resident_mb()
    start = time.process_time()
    matcher = Matcher(topics)
    built = time.process_time() - start
    gc.collect()
    with_matcher = resident_mb()
    for article in texts.articles:
        match_with_evidence(matcher, article)
    print(
        f"  memory of a new process: {resident_mb():,.0f} MB in all; {before:,.0f} before the topics, their records"
        f" {with_records - before:,.0f}, the matcher {with_matcher - with_records:,.0f}, after {len(texts.articles)}"
        f" articles {resident_mb() - with_matcher:,.0f} more; built in {built:.0f} s",
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


def number(text: str) -> int:
    """Return a number, which may be written as "10,000"."""
    return int(text.replace(",", ""))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("counts", nargs="*", metavar="N", type=number)
    parser.add_argument("--generated", action="store_true", help="measure generated topics and articles")
    parser.add_argument("--memory", metavar="N", type=int, help="measure only the memory of N topics in this process")
    options = parser.parse_args()
    if options.memory:
        measure_memory(options.memory)
        return
    print(machine())
    if not IS_COMPILED:
        print("The matcher is not compiled. To compile it, run .ci/compile.py.")
    if options.generated:
        measure_generated(options.counts or DEFAULT_GENERATED)
    else:
        require(DATA / "matching")
        measure_real(options.counts or DEFAULT)


if __name__ == "__main__":
    main()
