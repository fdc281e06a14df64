"""Invented news for benchmarks: about as long as real news, in many stories, with word frequencies as in real texts."""

import random
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

_SYLLABLES: Final = "ba ker lin mo ta ves ru dan sio pel gor ny ash el tro".split()
_FUNCTION_WORDS: Final = (
    "the of to in and a for on that by with as at from said was is will it its has were be an this".split()
)
_TOPIC_SENTENCES: Final = (
    "Huawei won the contract.",
    "The 5G launch was moved to next year.",
    "New sanctions were announced on Monday.",
    "ZTE declined to comment.",
    "Washington raised tariffs again.",
    "It was put on the Entity List last week.",
    "The export controls on chips stay.",
)
_VOCABULARY: Final = 4000
_NAME_SHARE: Final = 5
"""Percentage of words that occur in one event only: its people and places."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InventedArticle:
    title: str
    paragraphs: tuple[str, ...]

    @property
    def text(self) -> str:
        return "\n\n".join((self.title, *self.paragraphs))


class NewsGenerator:
    """Generates articles. The same seed gives the same articles."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._words = [self._word() for _ in range(_VOCABULARY)]
        # Zipf's law: the n-th most common word occurs 1/n times as often as the first.
        self._cumulative_weights = list(accumulate(1 / (rank + 3) for rank in range(_VOCABULARY)))

    def article(self, *, words: int = 400, topic_sentences: int = 2, mark: str = "") -> InventedArticle:
        """Return an article of about `words` words about a new event.

        `topic_sentences` of its sentences name a topic. A last sentence contains the `mark`, if there is one.
        """
        names = [self._word().capitalize() for _ in range(12)]
        title = " ".join((*self._random.sample(names, 3), *self._content_words(4)))
        sentences = [self._sentence(names) for _ in range(max(1, words // 20))]
        for _ in range(topic_sentences):
            sentences.insert(self._random.randrange(len(sentences) + 1), self._random.choice(_TOPIC_SENTENCES))
        if mark:
            sentences.append(f"It concerns {mark}.")
        paragraphs = (" ".join(sentences[first : first + 3]) for first in range(0, len(sentences), 3))
        return InventedArticle(title=title.capitalize(), paragraphs=tuple(paragraphs))

    def _sentence(self, names: list[str]) -> str:
        words = self._content_words(11)
        for position in range(0, len(words) * 2, 2):
            words.insert(position, self._random.choice(_FUNCTION_WORDS))
        if self._random.randrange(100) < _NAME_SHARE * len(words):
            words.insert(self._random.randrange(1, len(words)), self._random.choice(names))
        return f"{' '.join(words).capitalize()}."

    def _content_words(self, count: int) -> list[str]:
        return self._random.choices(self._words, cum_weights=self._cumulative_weights, k=count)

    def _word(self) -> str:
        return "".join(self._random.choice(_SYLLABLES) for _ in range(self._random.randint(2, 4)))
