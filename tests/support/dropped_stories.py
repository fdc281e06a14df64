"""Random stories for the inbox of a bot. Each channel has a topic and gets some stories about it.

Some stories get a second report, and some are corrected. Two stories share no word except the topic of their channel,
so it is known which articles belong together.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

PER_CHANNEL: Final = 5
"""One more would be a burst, and held back."""
_SYLLABLES: Final = ("ba", "ce", "di", "fo", "gu", "ha", "ki", "lo", "mu", "ne")
_LENGTH: Final = 6
"""Syllables of a word, enough for hundreds of stories that share none."""
CORRECTED: Final = "as corrected"
"""Added to the headline of a corrected story."""


def topic_word(channel: int) -> str:
    """Return the word that the channel subscribes to. No word looks like a misspelling of another."""
    return "z" + "".join(random.Random(channel).choices("abcdefghijklmnopqrstuvwxy", k=9))


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedStory:
    channel: int
    title: str
    has_second_report: bool = False
    """Whether a second article reports something new."""
    is_corrected: bool = False
    """Whether the publisher changed the headline and a number. The headline then contains CORRECTED."""


class Stories:
    """The expected stories, and their files in the order in which they are dropped."""

    def __init__(self, chance: random.Random, folder: Path, *, channels: int) -> None:
        self._chance = chance
        self._folder = folder
        self.expected: list[ExpectedStory] = []
        self.empty = self.copied = 0
        self._used: set[str] = set()
        files: list[tuple[float, str, str]] = []
        for channel in range(channels):
            for number in range(PER_CHANNEL):
                at = chance.random()
                for later, name, text in self._files_of(channel, f"{channel}-{number}"):
                    files.append((at + later, name, text))
        self.files = [(name, text) for _, name, text in sorted(files)]
        self.count = len(self.files)

    def drop(self, count: int) -> None:
        """Write the next files under hidden names and rename them, so that the inbox sees them complete."""
        for name, text in self.files[:count]:
            hidden = self._folder / f".{name}"
            hidden.write_text(text, encoding="utf-8")
            hidden.rename(self._folder / name)
        del self.files[:count]

    def _files_of(self, channel: int, name: str) -> Iterator[tuple[float, str, str]]:
        """Yield (how long after the start of the story, file name, text)."""
        names = [self._word() for _ in range(4)]
        title = f"{' '.join(names).capitalize()} and {topic_word(channel)}"
        body = [f"{self._sentence()} It concerns {topic_word(channel)}.", *(self._sentence() for _ in range(5))]
        body.append(f"There were {self._chance.randint(100, 500)} {names[0]} {self._word()} in {self._word()}.")
        kind = self._chance.random()
        story = ExpectedStory(
            channel=channel, title=title, has_second_report=kind < 0.25, is_corrected=0.25 <= kind < 0.45
        )
        self.expected.append(story)
        if story.is_corrected:
            yield 0.0, f"{name}.html", _page(name, title, body)
            number = self._chance.randint(600, 900)
            body[-1] = " ".join(str(number) if word.isdigit() else word for word in body[-1].split(" "))
            yield 0.3, f"{name}-corrected.html", _page(name, f"{title}, {CORRECTED}", body)
            return
        text = "\n\n".join((title, *body))
        yield 0.0, f"{name}.txt", text
        if story.has_second_report:
            news = f"The {names[0]} {names[1]} cost {self._chance.randint(1000, 9000)} {self._words(3)} more."
            yield 0.3, f"{name}-again.txt", f"{title}, says {self._word()}\n\n{' '.join(body)}\n\n{news}"
        elif kind < 0.55:
            self.copied += 1
            yield 0.2, f"{name}-copy.txt", text
        elif kind < 0.65:
            self.empty += 1
            yield 0.2, f"{name}-empty.txt", ""

    def _sentence(self) -> str:
        return f"{self._words(11).capitalize()}."

    def _words(self, count: int) -> str:
        return " ".join(self._word() for _ in range(count))

    def _word(self) -> str:
        """Return a word that no other story has."""
        while True:
            word = "".join(self._chance.choice(_SYLLABLES) for _ in range(_LENGTH))
            if word not in self._used:
                self._used.add(word)
                return word


def _page(name: str, title: str, body: list[str]) -> str:
    paragraphs = "".join(f"<p>{paragraph}</p>" for paragraph in body)
    return (
        f'<html lang="en"><head><title>{title}</title><link rel="canonical" href="https://news.example/{name}">'
        f'<meta property="og:site_name" content="Daily Sample"></head>'
        f"<body><article><h1>{title}</h1>{paragraphs}</article></body></html>"
    )
