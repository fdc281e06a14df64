"""Articles and topics for measuring the matcher: generated ones, and real news if the labelled data is available."""

import gzip
import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, product
from random import Random

from benchmarks.labelled_data import DATA
from handlers.topics.matcher import Readable

ARTICLES = 200
VOCABULARY = 60_000
NAMES_AN_ARTICLE = 5
REAL = DATA / "matching" / "docs_en.dev.jsonl.gz"
SYLLABLES = tuple(map("".join, product("bcdfghjklmnprstvwxz", "aeiou")))


@dataclass(frozen=True)
class Texts:
    """Articles of 300 to 800 words, their vocabulary, and names that a few of them mention."""

    articles: Sequence[Readable]
    words: Sequence[str]
    names: Sequence[str]


def generate_texts(random: Random, count: int) -> Texts:
    """Return generated articles and at least `count` names.

    Word frequencies are as in news: half of the words of an article are distinct, and 14,000 in 200 articles.
    """
    words = list(
        dict.fromkeys("".join(random.choices(SYLLABLES, k=random.choice((1, 2, 2, 3, 3, 4)))) for _ in range(90_000))
    )
    words = words[:VOCABULARY]
    names = new_names(random, count)
    weights = list(accumulate((rank + 4) ** -1.2 for rank in range(len(words))))
    articles = []
    for _ in range(ARTICLES):
        chosen = random.choices(words, cum_weights=weights, k=random.randint(300, 800))
        for name in random.sample(names, NAMES_AN_ARTICLE):
            chosen[random.randrange(len(chosen))] = name.title()
        text = " ".join(
            word.capitalize() + "," if random.random() < 0.06 else word + "." if random.random() < 0.05 else word
            for word in chosen
        )
        articles.append(Readable(title=" ".join(chosen[:9]), body=text, language="en"))
    return Texts(articles, words, names)


def read_news(random: Random, count: int) -> Texts | None:
    """Return real English news and at least `count` names; None if the data is not available.

    Names are words that are always capitalized. Generated names are added if there are too few.
    """
    if not REAL.exists():
        return None
    with gzip.open(REAL, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    news = [Readable(title=row["title"], body=row["text"], language="en") for row in rows]
    articles = [article for article in news if 300 <= len(article.body.split()) <= 800]
    counts = Counter(word for article in articles for word in re.findall(r"[A-Za-z]{3,}", article.body))
    words = [word for word in counts if word.islower()]
    lower = set(words)
    names = [word.lower() for word in counts if word[0].isupper() and word.lower() not in lower]
    names = [*dict.fromkeys(names), *new_names(random, count)][: max(count, 500)]
    return Texts(random.sample(articles, min(ARTICLES, len(articles))), words, names)


def new_names(random: Random, count: int) -> list[str]:
    return [
        " ".join(
            "".join(random.choices(SYLLABLES, k=random.choice((3, 4)))) for _ in range(random.choice((1, 1, 1, 2)))
        )
        for _ in range(max(count, 500))
    ]


def name_topics(random: Random, texts: Texts, count: int) -> tuple[list[str], list[str]]:
    """Return queries and their terms. A query looks for a name with its aliases, often narrowed by an ordinary word."""
    queries, terms = [], []
    for _ in range(count):
        size = random.choice((1, 1, 2, 3, 4, 5))
        names = random.choices(texts.names, k=max(1, size - 1))
        word = random.choice(texts.words)
        aliases = " OR ".join(map(quoted, names))
        match random.randrange(3) if size > 1 else 0:
            case 0:
                names = random.choices(texts.names, k=size)
                queries.append(" OR ".join(map(quoted, names)))
            case 1:
                queries.append(f"({aliases}) AND {word}" if len(names) > 1 else f"{aliases} AND {word}")
                names.append(word)
            case _:
                queries.append(f"({aliases}) NOT {word}" if len(names) > 1 else f"{aliases} NOT {word}")
                names.append(word)
        terms.extend(names)
    return queries, sorted(set(terms))


def word_topics(random: Random, texts: Texts, count: int) -> tuple[list[str], list[str]]:
    """Return queries of the same form in which a fifth of the terms are common words, so that many topics match."""
    queries, terms = [], []
    for _ in range(count):
        chosen = [
            " ".join(random.choices(texts.words, k=random.choice((1, 1, 1, 2))))
            if random.random() < 0.2
            else random.choice(texts.names)
            for _ in range(random.choice((1, 1, 2, 3, 4, 5)))
        ]
        terms.extend(chosen)
        operands = list(map(quoted, chosen))
        match random.randrange(3) if len(operands) > 1 else 0:
            case 0:
                queries.append(" OR ".join(operands))
            case 1:
                queries.append(" AND ".join(operands[:2]) + "".join(f" OR {operand}" for operand in operands[2:]))
            case _:
                queries.append(f"({' OR '.join(operands[:-1])}) NOT {operands[-1]}")
    return queries, sorted(set(terms))


def quoted(term: str) -> str:
    return f'"{term}"' if " " in term else term
