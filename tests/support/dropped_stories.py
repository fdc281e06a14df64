"""Stories for the inbox of a bot: each channel watches a word of its own and gets some, told, retold and corrected.

Two stories have no word in common but their channel's, so what belongs to which is known beforehand.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

PER_CHANNEL: Final = 5
"""One more would be a burst, and held."""
_SYLLABLES: Final = ("ba", "ce", "di", "fo", "gu", "ha", "ki", "lo", "mu", "ne")
CORRECTED: Final = "as corrected"


def watched(channel: int) -> str:
    """The word that the channel subscribes to: none is near another, so none is taken for a slip of the pen."""
    return "z" + "".join(random.Random(channel).choices("abcdefghijklmnopqrstuvwxy", k=9))


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    channel: int
    title: str
    retold: bool = False
    """A second report came, which says something new."""
    corrected: bool = False
    """Its publisher changed the headline and a number; the headline then also says CORRECTED."""


class Stories:
    """What will be told, and the files that tell it, in the order in which they are dropped."""

    def __init__(self, chance: random.Random, folder: Path, *, channels: int) -> None:
        self._chance = chance
        self._folder = folder
        self.told: list[Told] = []
        self.empty = self.copied = 0
        files: list[tuple[float, str, str]] = []
        for channel in range(channels):
            for number in range(PER_CHANNEL):
                at = chance.random()
                for later, name, text in self._tell(channel, f"{channel}-{number}"):
                    files.append((at + later, name, text))
        self.files = [(name, text) for _, name, text in sorted(files)]
        self.count = len(self.files)

    def drop(self, many: int) -> None:
        """Put the next into the inbox as a careful program does: written aside, then moved in."""
        for name, text in self.files[:many]:
            aside = self._folder / f".{name}"
            aside.write_text(text, encoding="utf-8")
            aside.rename(self._folder / name)
        del self.files[:many]

    def _tell(self, channel: int, name: str) -> Iterator[tuple[float, str, str]]:
        """(how long after the story begins, file, text)."""
        names = [self._word() for _ in range(4)]
        title = f"{' '.join(names).capitalize()} and {watched(channel)}"
        body = [f"{self._sentence()} It concerns {watched(channel)}.", *(self._sentence() for _ in range(5))]
        body.append(f"There were {self._chance.randint(100, 500)} {names[0]} {self._word()} in {self._word()}.")
        fate = self._chance.random()
        self.told.append(Told(channel=channel, title=title, retold=fate < 0.25, corrected=0.25 <= fate < 0.45))
        if self.told[-1].corrected:
            yield 0.0, f"{name}.html", _page(name, title, body)
            number = self._chance.randint(600, 900)
            body[-1] = " ".join(str(number) if word.isdigit() else word for word in body[-1].split(" "))
            yield 0.3, f"{name}-corrected.html", _page(name, f"{title}, {CORRECTED}", body)
            return
        text = "\n\n".join((title, *body))
        yield 0.0, f"{name}.txt", text
        if self.told[-1].retold:
            news = f"The {names[0]} {names[1]} cost {self._chance.randint(1000, 9000)} {self._words(3)} more."
            yield 0.3, f"{name}-again.txt", f"{title}, says {self._word()}\n\n{' '.join(body)}\n\n{news}"
        elif fate < 0.55:
            self.copied += 1
            yield 0.2, f"{name}-copy.txt", text
        elif fate < 0.65:
            self.empty += 1
            yield 0.2, f"{name}-empty.txt", ""

    def _sentence(self) -> str:
        return f"{self._words(11).capitalize()}."

    def _words(self, many: int) -> str:
        return " ".join(self._word() for _ in range(many))

    def _word(self) -> str:
        return "".join(self._chance.choice(_SYLLABLES) for _ in range(5))


def _page(name: str, title: str, body: list[str]) -> str:
    paragraphs = "".join(f"<p>{paragraph}</p>" for paragraph in body)
    return (
        f'<html lang="en"><head><title>{title}</title><link rel="canonical" href="https://news.example/{name}">'
        f'<meta property="og:site_name" content="Daily Sample"></head>'
        f"<body><article><h1>{title}</h1>{paragraphs}</article></body></html>"
    )
