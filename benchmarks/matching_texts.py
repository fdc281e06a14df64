"""Generated articles and topics for measuring the matcher with more topics than there are real names."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, product
from random import Random

from handlers.topics.matcher import Readable

ARTICLES = 200
VOCABULARY = 60_000
NAMES_AN_ARTICLE = 5
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


def quoted(term: str) -> str:
    return f'"{term}"' if " " in term else term
