"""What matching costs as topics grow, beside the bare scan and the usual ways, on the same articles and terms.

    python -m benchmarks.matching_speed [N ...]

Articles of 300 to 800 words are made from a fixed vocabulary whose words are as frequent as in news, so that everyone
can run it. Topics have 1 to 5 terms with AND, OR and NOT; one in five is a word or pair of that vocabulary, the others
are names, of which few occur. Times are processor time, medians of an article.
"""

import gc
import platform
import re
import statistics
import sys
import time
import tracemalloc
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from importlib import import_module
from itertools import accumulate, product
from random import Random
from typing import Any

import ahocorasick_rs

from handlers.topics.matcher import Matcher, Readable
from storage.records import Topic

ARTICLES = 200
VOCABULARY = 60_000
MADE = datetime(2026, 1, 1, tzinfo=UTC)
SYLLABLES = tuple(map("".join, product("bcdfghjklmnprstvwxz", "aeiou")))


def vocabulary(random: Random) -> list[str]:
    words: dict[str, None] = {}
    while len(words) < VOCABULARY:
        words["".join(random.choices(SYLLABLES, k=random.choice((1, 2, 2, 3, 3, 4))))] = None
    return list(words)


def articles(random: Random, words: list[str]) -> list[Readable]:
    weights = list(accumulate(1 / (rank + 3) for rank in range(len(words))))
    made = []
    for _ in range(ARTICLES):
        chosen = random.choices(words, cum_weights=weights, k=random.randint(300, 800))
        text = " ".join(
            word.capitalize() + "," if random.random() < 0.06 else word + "." if random.random() < 0.05 else word
            for word in chosen
        )
        made.append(Readable(title=" ".join(chosen[:9]), body=text, language="en"))
    return made


def topics(random: Random, words: list[str], count: int) -> tuple[list[str], list[str]]:
    """Queries and their terms."""
    queries, terms = [], []
    names = ["".join(random.choices(SYLLABLES, k=random.choice((3, 4, 5)))) for _ in range(max(1000, count // 2))]
    for _ in range(count):
        chosen = [
            " ".join(random.choices(words if random.random() < 0.2 else names, k=random.choice((1, 1, 1, 2))))
            for _ in range(random.choice((1, 1, 2, 3, 4, 5)))
        ]
        terms.extend(chosen)
        quoted = [f'"{term}"' if " " in term else term for term in chosen]
        match random.randrange(3) if len(quoted) > 1 else 0:
            case 0:
                queries.append(" OR ".join(quoted))
            case 1:
                queries.append(" AND ".join(quoted[:2]) + "".join(f" OR {one}" for one in quoted[2:]))
            case _:
                queries.append(f"({' OR '.join(quoted[:-1])}) NOT {quoted[-1]}")
    return queries, sorted(set(terms))


def time_each(run: Callable[[Readable], object], given: Sequence[Readable], repeat: int = 3) -> float:
    """The median microseconds of an article."""
    for article in given[:10]:
        run(article)
    best = []
    for _ in range(repeat):
        for article in given:
            start = time.thread_time()
            run(article)
            best.append(time.thread_time() - start)
    return statistics.median(best) * 1e6


def make_topics(queries: list[str]) -> list[Topic]:
    return [
        Topic(id=number, workspace_id=1, name=f"topic {number}", title="", query=query, created_at=MADE)
        for number, query in enumerate(queries)
    ]


def peer(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError:
        return None


def row(name: str, micros: float | None, build: float | None = None, note: str = "") -> None:
    cost = "not installed" if micros is None else f"{micros:10.0f} us  {1e6 / micros:9.0f}/s"
    print(f"  {name:44} {cost}" + (f"   built in {build:6.2f} s" if build is not None else "") + f"   {note}")


def measure(count: int) -> None:
    random = Random(7)
    words = vocabulary(random)
    given = articles(random, words)
    queries, terms = topics(random, words, count)
    raw = [f"{one.title}\n{one.body}" for one in given]
    texts = dict(zip(map(id, given), raw, strict=True))
    size = sum(map(len, raw)) // len(raw)
    print(f"\n{count:,} topics, {len(terms):,} terms, {len(given)} articles of {size:,} characters")

    start = time.perf_counter()
    bare = ahocorasick_rs.AhoCorasick(terms)
    row(
        "bare ahocorasick-rs, raw text (substrings)",
        time_each(lambda one: bare.find_matches_as_indexes(texts[id(one)]), given),
        time.perf_counter() - start,
    )
    spaced = ahocorasick_rs.AhoCorasick([f" {term} " for term in terms])
    row(
        "bare ahocorasick-rs, raw text (' term ')",
        time_each(lambda one: spaced.find_matches_as_indexes(texts[id(one)], overlapping=True), given),
    )

    listed = make_topics(queries)
    gc.collect()
    start = time.perf_counter()
    matcher = Matcher(listed)
    built = time.perf_counter() - start
    found = sum(len(matcher.match(one)) for one in given) / len(given)
    row("Wirewatch: which topics", time_each(matcher.which, given))
    ours = time_each(matcher.match, given)
    row("Wirewatch: topics, evidence and score", ours, built, f"{found:.1f} topics an article")

    added = []
    for number in range(200):
        topic = make_topics([f"added{number} AND (other OR words) NOT {words[number]}"])[0]
        start = time.perf_counter()
        matcher.put(
            Topic(
                id=10_000_000 + number, workspace_id=1, name=f"a{number}", title="", query=topic.query, created_at=MADE
            )
        )
        added.append(time.perf_counter() - start)
    typical, slowest = statistics.median(added) * 1e6, max(added) * 1e3
    print(f"  one topic more: median {typical:.0f} us, slowest {slowest:.2f} ms, seen by the next match")

    if count <= 1000:
        compiled = [re.compile(rf"(?<!\w){re.escape(term)}(?!\w)", re.IGNORECASE) for term in terms]
        few = given[:10]
        row("a loop of compiled re", time_each(lambda one: [p for p in compiled if p.search(texts[id(one)])], few, 1))
    measure_peers(terms, given, texts)
    del matcher
    gc.collect()
    tracemalloc.start()
    kept = Matcher(listed)
    size = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    print(f"  memory: {size / 1e6:.0f} MB of Python objects, {size / count:.0f} bytes a topic ({len(kept.topics):,})")


def measure_peers(terms: list[str], given: list[Readable], texts: dict[int, str]) -> None:
    pyahocorasick, flashtext, spacy = peer("ahocorasick"), peer("flashtext"), peer("spacy")
    if pyahocorasick is None:
        row("pyahocorasick with a boundary check", None)
    else:
        automaton = pyahocorasick.Automaton()
        for term in terms:
            automaton.add_word(term, term)
        automaton.make_automaton()

        def whole(one: Readable) -> list[str]:
            text = texts[id(one)].lower()
            return [
                term
                for end, term in automaton.iter(text)
                if not text[end + 1 : end + 2].isalnum() and not text[end - len(term) : end - len(term) + 1].isalnum()
            ]

        row("pyahocorasick with a boundary check", time_each(whole, given))
    if flashtext is None:
        row("flashtext", None)
    else:
        keywords = flashtext.KeywordProcessor()
        for term in terms:
            keywords.add_keyword(term)
        row("flashtext", time_each(lambda one: keywords.extract_keywords(texts[id(one)]), given[:50], 1))
    if spacy is None:
        row("spaCy PhraseMatcher", None)
    else:
        language = spacy.blank("en")
        phrases = import_module("spacy.matcher").PhraseMatcher(language.vocab, attr="LOWER")
        phrases.add("terms", list(language.pipe(terms)))
        row("spaCy PhraseMatcher", time_each(lambda one: phrases(language(texts[id(one)])), given[:50], 1))


def main() -> None:
    print(f"{platform.python_implementation()} {platform.python_version()}, {platform.machine()}, {platform.system()}")
    for count in [int(word) for word in sys.argv[1:]] or [10, 1_000, 100_000]:
        measure(count)


if __name__ == "__main__":
    main()
