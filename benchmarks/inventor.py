"""Invented names, numbers and phrases to fill templates with, the same each time."""

import random
import re
from typing import Final

_SYLLABLES: Final = "ba ker lin mo ta ves ru dan sio pel gor ny ash el tro vik sand hol mar fen".split()
_CHINESE: Final = "海山林江川云石东西南北金木光明华安宁平和"
MONTHS: Final = "January February March April May June July August September October November December".split()
WEEKDAYS: Final = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_PHRASES: Final = (
    "a letter arrives, keep your temper, someone from the past is in touch, rest tonight, a debt is paid, "
    "a door opens, say yes to a journey, check the small print, an old friend calls, banks and miners, "
    "retailers and shippers, count your coins, the tide turns, mind the stairs, a stranger smiles, "
    "bakers and brewers, paper and steel, wait a day"
).split(", ")


class Inventor:
    """Makes up names and numbers for one article or event; the same seed gives the same."""

    def __init__(self, seed: str, *, cjk: bool = False) -> None:
        self._chance = random.Random(seed)
        self._cjk = cjk
        self._values: dict[str, str] = {}

    def name(self) -> str:
        if self._cjk:
            return "".join(self._chance.sample(_CHINESE, 3))
        return "".join(self._chance.sample(_SYLLABLES, self._chance.randint(2, 3))).capitalize()

    def fill(self, template: str, **given: str) -> str:
        """Replace the place-holders. Those of one name get the same value each time, phrases and events another."""
        self._values |= given
        return re.sub(r"\{(\w+)\}", lambda found: self._value(found[1]), template)

    def _value(self, name: str) -> str:
        if name == "phrase":
            return self._chance.choice(_PHRASES)
        if name == "event":
            return f"{self.name()} {self._chance.choice(_PHRASES)} in {self.name()}"
        if name not in self._values:
            self._values[name] = self._new(name.rstrip("23"))
        return self._values[name]

    def _new(self, kind: str) -> str:
        chance = self._chance
        match kind:
            case "person":
                return self.name() if self._cjk else f"{self.name()} {self.name()}"
            case "n":
                return str(chance.randint(1_200, 9_900))
            case "p":
                return str(chance.randint(11, 480))
            case "k":
                return str(chance.randint(2, 9))
            case "m":
                return str(chance.randint(0, 9))
            case "q":
                return "3"
            case "day":
                return f"{chance.randint(1, 28)} {chance.choice(MONTHS)} 2026"
            case "date":
                return f"{chance.randint(10, 28)}.{chance.randint(10, 12)}.2026"
            case "weekday":
                return chance.choice(WEEKDAYS)
            case _:
                return self.name()
