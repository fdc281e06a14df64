"""How likely each language is for a text: the model of py3langid, walked by numpy ten times as fast as by its loop."""

import unicodedata
from collections.abc import Collection
from functools import cache
from math import sqrt
from typing import Any, Final

import numpy as np
from py3langid import langid

_STEPS: Final = 6
"""Bytes of the model's longest feature: what stands further back does not change where its automaton is."""
_FOREIGN: Final = b"\xff" * (_STEPS - 1)
"""No feature holds it, as no UTF-8 does: it leaves the automaton at its beginning."""


class Model:
    """The features of a text, weighed by language: naive Bayes over the bytes that tell languages apart.

    Lui and Baldwin, "langid.py: an off-the-shelf language identification tool", 2012.
    """

    def __init__(self, languages: Collection[str]) -> None:
        """`languages`: the codes that are told apart; those that the model does not know are passed over."""
        model = langid.LanguageIdentifier.from_model_file(langid.MODEL_FILE)
        columns = [column for column, code in enumerate(model.nb_classes) if code in languages]
        self._codes = [str(model.nb_classes[column]) for column in columns]
        self._weights: Any = np.ascontiguousarray(model.nb_ptc[:, columns], dtype=np.float32)
        self._priors: Any = model.nb_pc[columns]
        self._next: Any = np.frombuffer(model.tk_nextmove, dtype=np.uint32)
        self._rows: Any = np.array(model.tk_row, dtype=np.int64) << 8
        self._features: Any = np.array(model.tk_output, dtype=np.int64)

    def rank(self, text: str) -> list[tuple[str, float]]:
        """All languages, the likeliest first, with their probability."""
        said = unicodedata.normalize("NFC", text.lower() if text.isupper() else text).encode("utf-8", "surrogatepass")
        scores = self._scores(said) * np.float32(1.0 / sqrt(len(said) or 1))
        likely = np.exp(scores - scores.max())
        shares: dict[str, float] = {}
        for code, share in zip(self._codes, (likely / likely.sum()).tolist(), strict=True):
            shares[code] = shares.get(code, 0.0) + share  # a language in two scripts has two columns
        return sorted(shares.items(), key=lambda entry: -entry[1])

    def _scores(self, said: bytes) -> Any:
        """By column. The automaton is walked from its beginning to every byte of the text at once."""
        data: Any = np.frombuffer(_FOREIGN + said, dtype=np.uint8).astype(np.int64)
        size = len(said)
        state = self._next.take(data[:size])
        for step in range(1, _STEPS):
            state = self._next.take(self._rows.take(state) + data[step : step + size])
        found = self._features[state]
        features, counts = np.unique(found[found >= 0], return_counts=True)
        if not len(features):
            return np.zeros(len(self._codes), dtype=np.float32)
        return np.log1p(counts.astype(np.float32)) @ self._weights[features] + self._priors


@cache
def model(languages: Collection[str]) -> Model:
    """Read once: it takes some tenths of a second, and 60 MB."""
    return Model(languages)
