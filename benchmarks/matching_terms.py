"""Real articles, and topics made of the words in them: names, headlines, NEAR, regular expressions and the catalogue.

All of it is taken from the labelled data, and nothing from there is kept in this repository.
"""

import gzip
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.labelled_data import DATA
from handlers.topics.catalogue import read_catalogue
from handlers.topics.matcher import Readable
from storage.records import SHARED, Topic

ARTICLES = 100
LONG_ARTICLES = 10
LONG_WORDS = 5_000
"""Words of a long article. No article of the data is so long, so articles are joined."""
MIN_WORDS, MAX_WORDS = 250, 900
"""Words of the other articles."""
TOPICS_A_WORKSPACE = 20
MIN_LETTERS = 6
"""Letters of the words in NEAR and in regular expressions, so that most are names and terms."""
OTHER_LANGUAGES = {"zh": "Chinese", "ar": "Arabic", "ru": "Russian"}
CREATED_AT = datetime(2026, 1, 1, tzinfo=UTC)
ROOT = Path(__file__).resolve().parents[1]

_NAME = re.compile(r"(?<=[a-z,] )[A-Z][\w&]+(?: [A-Z][\w&]+){0,2}")
"""Capitalized words that do not start a sentence."""
_WORD = re.compile(r"[^\W_]+")
_CHINESE = re.compile("[\u4e00-\u9fff]+")


@dataclass(frozen=True, slots=True)
class TopicSet:
    """Topics, what the other libraries search for in their place, and the articles that all of them read."""

    label: str
    articles: Sequence[Readable]
    topics: Sequence[Topic]
    terms: Sequence[str] = ()
    """In lower case. Empty if no library can do the same."""


def make_topics(queries: Sequence[str]) -> list[Topic]:
    return [make_topic(number, query) for number, query in enumerate(queries)]


def make_topic(number: int, query: str) -> Topic:
    owner = 1 + number // TOPICS_A_WORKSPACE
    return Topic(id=number, workspace_id=owner, name=f"topic {number}", title="", query=query, created_at=CREATED_AT)


def _rows(name: str) -> Iterator[dict[str, Any]]:
    with gzip.open(DATA / name, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _articles(rows: Sequence[dict[str, Any]], random: Random, language: str) -> list[Readable]:
    """Return real articles of one language, in Chinese those of as many characters as the others have words or more."""
    sizes = {id(row): len(row["text"] if language == "zh" else row["text"].split()) for row in rows}
    fitting = [row for row in rows if MIN_WORDS <= sizes[id(row)] <= (2 if language == "zh" else 1) * MAX_WORDS]
    chosen = random.sample(fitting, min(ARTICLES, len(fitting)))
    return [Readable(title=row["title"], body=row["text"], language=language) for row in chosen]


def _joined(articles: Sequence[Readable], random: Random) -> list[Readable]:
    """Return long articles, each of which joins several others."""
    found = []
    for _ in range(LONG_ARTICLES):
        bodies: list[str] = []
        while sum(len(body.split()) for body in bodies) < LONG_WORDS:
            bodies.append(random.choice(articles).body)
        found.append(Readable(title=articles[0].title, body="\n\n".join(bodies), language=articles[0].language))
    return found


def _names_and_bigrams(rows: Sequence[dict[str, Any]], random: Random) -> list[str]:
    """Return the names in the texts, and every two adjacent words of the headlines, mixed."""
    names: dict[str, None] = {}
    bigrams: dict[str, None] = {}
    for row in rows:
        names.update(dict.fromkeys(_NAME.findall(f"{row['title']}. {row['text']}")))
        bigrams.update(dict.fromkeys(map(" ".join, pairwise(_WORD.findall(row["title"])))))
    found = [*names, *bigrams]
    random.shuffle(found)
    return list({term.lower(): term for term in found}.values())


def _pieces(rows: Sequence[dict[str, Any]], random: Random) -> list[str]:
    """Return pieces of two to four characters of Chinese texts, most of them of two."""
    found: dict[str, None] = {}
    for row in rows:
        for run in _CHINESE.findall(f"{row['title']} {row['text'][:400]}"):
            for start in range(len(run) - 1):
                found[run[start : start + random.choice((2, 2, 3, 4))]] = None
    pieces = [piece for piece in found if len(piece) > 1]
    random.shuffle(pieces)
    return pieces


def _quoted(term: str) -> str:
    return f'"{term}"'


def english(random: Random, counts: Sequence[int]) -> Iterator[TopicSet]:
    """Yield names and bigrams of headlines, and articles that are news of the same kind, once of each length."""
    news = list(_rows("matching/docs_en.dev.jsonl.gz"))
    articles = _articles(news, random, "en")
    terms = _names_and_bigrams(list(_rows("stream/news_stream.dev.jsonl.gz")), random)
    known = {term.lower() for term in terms}
    terms += [term for term in _names_and_bigrams(news, random) if term.lower() not in known]
    for count in counts:
        chosen = terms[:count]
        topics, lower = make_topics(list(map(_quoted, chosen))), [term.lower() for term in chosen]
        yield TopicSet("real names and bigrams of headlines, English", articles, topics, lower)
        yield TopicSet(f"the same, {LONG_WORDS:,} words an article", _joined(articles, random), topics, lower)


def other_languages(random: Random, count: int) -> Iterator[TopicSet]:
    rows = list(_rows("matching/docs_multi.dev.jsonl.gz"))
    for code, name in OTHER_LANGUAGES.items():
        own = [row for row in rows if row["lang"] == code]
        if code == "zh":
            terms = _pieces(own, random)
        else:
            texts = (f"{row['title']} {row['text'][:1000]}" for row in own)
            bigrams = (" ".join(pair) for text in texts for pair in pairwise(_WORD.findall(text)))
            terms = list({term.lower(): term for term in bigrams}.values())
            random.shuffle(terms)
        chosen = terms[:count]
        topics, lower = make_topics(list(map(_quoted, chosen))), [term.lower() for term in chosen]
        yield TopicSet(f"pieces of texts, {name}", _articles(own, random, code), topics, lower)


def operators(random: Random, count: int) -> Iterator[TopicSet]:
    """Yield NEAR and regular expressions on words of headlines, which the other libraries cannot search for."""
    articles = _articles(list(_rows("matching/docs_en.dev.jsonl.gz")), random, "en")
    headlines = [
        [word for word in _WORD.findall(row["title"]) if len(word) >= MIN_LETTERS and word.isascii() and word.isalpha()]
        for row in _rows("stream/news_stream.dev.jsonl.gz")
    ]
    long_enough = [words for words in headlines if len(words) > 1]
    chosen = [random.sample(words, 2) for words in random.sample(long_enough, count)]
    yield TopicSet("NEAR", articles, make_topics([f"{left} NEAR/10 {right}" for left, right in chosen]))
    shapes = (
        r"/\b{0}\w* {1}/",
        r"/\b(?:{0}|{1})s?\b/",
        r"/{0}.{{0,30}}{1}/",
        r"/\b{0}(?:ed|ing)? (?:the |a )?{1}\b/",
        r"/\d+ {0}/",
    )
    patterns = [random.choice(shapes).format(left.lower(), right.lower()) for left, right in chosen]
    patterns[::200] = [rf"/\b[a-z]{{2}}-\d{{{2 + number}}}\b/" for number in range(len(patterns[::200]))]
    yield TopicSet("regular expressions", articles, make_topics(patterns))


def catalogue(random: Random) -> TopicSet:
    """Return the topics of the catalogue, and business news."""
    rows = _rows("matching/docs_en.dev.jsonl.gz")
    news = [row for row in rows if row["dataset"] == "bbc" and row["labels"]["cls"] == ["business"]]
    topics = read_catalogue((ROOT / "seeds" / "topics.toml").read_text(encoding="utf-8"))
    made = [
        Topic(
            id=number,
            workspace_id=SHARED,
            name=topic.name,
            title=topic.title,
            query=topic.query,
            aliases=topic.aliases,
            created_at=CREATED_AT,
        )
        for number, topic in enumerate(topics)
    ]
    return TopicSet("the catalogue, business news", _articles(news, random, "en"), made)
