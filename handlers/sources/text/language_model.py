"""Rates how likely each language is for a text. Uses the model of py3langid, but is ten times as fast through numpy."""

import unicodedata
from collections.abc import Collection
from functools import cache
from math import sqrt
from typing import Any, Final

import numpy as np
from py3langid import langid

_STEPS: Final = 6
"""Bytes of the model's longest feature. The state of the automaton depends on this many preceding bytes."""
_PADDING: Final = b"\xff" * (_STEPS - 1)
"""A byte that UTF-8 and therefore every feature lacks. It keeps the automaton in its initial state."""


class Model:
    """A naive Bayes classifier over the byte sequences that distinguish languages best.

    Source: Lui and Baldwin, "langid.py: an off-the-shelf language identification tool", 2012.
    """

    def __init__(self, languages: Collection[str]) -> None:
        """`languages`: ISO 639-1 codes to choose from. Codes that the model does not know are ignored."""
        model = langid.LanguageIdentifier.from_model_file(langid.MODEL_FILE)
        columns = [column for column, code in enumerate(model.nb_classes) if code in languages]
        self._codes = [str(model.nb_classes[column]) for column in columns]
        self._weights: Any = np.ascontiguousarray(model.nb_ptc[:, columns], dtype=np.float32)
        self._priors: Any = model.nb_pc[columns]
        self._next: Any = np.frombuffer(model.tk_nextmove, dtype=np.uint32)
        self._rows: Any = np.array(model.tk_row, dtype=np.int64) << 8
        self._features: Any = np.array(model.tk_output, dtype=np.int64)

    def rank(self, text: str) -> list[tuple[str, float]]:
        """Return all languages with their probabilities, the likeliest first."""
        data = unicodedata.normalize("NFC", text.lower() if text.isupper() else text).encode("utf-8", "surrogatepass")
        scores = self._scores(data) * np.float32(1.0 / sqrt(len(data) or 1))
        likely = np.exp(scores - scores.max())
        shares: dict[str, float] = {}
        for code, share in zip(self._codes, (likely / likely.sum()).tolist(), strict=True):
            shares[code] = shares.get(code, 0.0) + share  # a language with two scripts has two columns
        return sorted(shares.items(), key=lambda entry: -entry[1])

    def _scores(self, data: bytes) -> Any:
        """Return the score of each column.

        Each step advances the automaton by one byte at all positions of the text at once. The last `_STEPS` bytes
        before a position determine the state there.
        """
        padded: Any = np.frombuffer(_PADDING + data, dtype=np.uint8).astype(np.int64)
        size = len(data)
        state = self._next.take(padded[:size])
        for step in range(1, _STEPS):
            state = self._next.take(self._rows.take(state) + padded[step : step + size])
        matched = self._features[state]
        features, counts = np.unique(matched[matched >= 0], return_counts=True)
        if not len(features):
            return np.zeros(len(self._codes), dtype=np.float32)
        return np.log1p(counts.astype(np.float32)) @ self._weights[features] + self._priors


@cache
def model(languages: Collection[str]) -> Model:
    """Return the model for these languages. Loading it takes some tenths of a second and 60 MB; it is cached."""
    return Model(languages)
