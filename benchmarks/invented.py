"""Invented news for benchmarks: as long as news are, many stories, words as rare and as common as in real texts."""

import random
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

_SYLLABLES: Final = "ba ker lin mo ta ves ru dan sio pel gor ny ash el tro".split()
_SMALL: Final = "the of to in and a for on that by with as at from said was is will it its has were be an this".split()
_HITS: Final = (
    "Huawei won the contract.",
    "The 5G launch was moved to next year.",
    "New sanctions were announced on Monday.",
    "ZTE declined to comment.",
    "Washington raised tariffs again.",
    "It was put on the Entity List last week.",
    "The export controls on chips stay.",
)
_LEXICON: Final = 4000
_OWN: Final = 5
"""Words in a hundred that belong to the event alone: its people and places."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    title: str
    paragraphs: tuple[str, ...]

    @property
    def text(self) -> str:
        return "\n\n".join((self.title, *self.paragraphs))


class Newsroom:
    """Tells events; the same seed tells the same."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self._words = [self._word() for _ in range(_LEXICON)]
        # Zipf: the n-th most common word comes 1/n times as often as the first.
        self._worth = list(accumulate(1 / (place + 3) for place in range(_LEXICON)))

    def event(self, *, words: int = 400, hits: int = 2, mark: str = "") -> Told:
        """One event told in about so many words; `hits` sentences name a topic, and the last one the `mark`."""
        names = [self._word().capitalize() for _ in range(12)]
        title = " ".join((*self._chance.sample(names, 3), *self._plain(4)))
        sentences = [self._sentence(names) for _ in range(max(1, words // 20))]
        for _ in range(hits):
            sentences.insert(self._chance.randrange(len(sentences) + 1), self._chance.choice(_HITS))
        if mark:
            sentences.append(f"It concerns {mark}.")
        paragraphs = (" ".join(sentences[place : place + 3]) for place in range(0, len(sentences), 3))
        return Told(title=title.capitalize(), paragraphs=tuple(paragraphs))

    def _sentence(self, names: list[str]) -> str:
        words = self._plain(11)
        for place in range(0, len(words) * 2, 2):
            words.insert(place, self._chance.choice(_SMALL))
        if self._chance.randrange(100) < _OWN * len(words):
            words.insert(self._chance.randrange(1, len(words)), self._chance.choice(names))
        return f"{' '.join(words).capitalize()}."

    def _plain(self, many: int) -> list[str]:
        return self._chance.choices(self._words, cum_weights=self._worth, k=many)

    def _word(self) -> str:
        return "".join(self._chance.choice(_SYLLABLES) for _ in range(self._chance.randint(2, 4)))
