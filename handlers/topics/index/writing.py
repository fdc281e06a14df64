"""How a word of a query must be written in a text: in capitals, or next to signs, as in US, .NET and C++."""

from handlers.topics.query.tree import Word
from handlers.topics.text.letters import fold_word


def has_capitals(word: Word, written: str) -> bool:
    """Return whether a token is written with the capitals that the query word requires."""
    if word.capitals_only and not ("." in written or _is_capital(written) or _is_plural(word, written)):
        return False
    if not word.written:
        return True
    folded = fold_word(written)
    if not word.written.isalpha():
        return folded in (word.folded, f"{word.folded}s")
    return folded == word.folded and _is_capital(written)


def has_signs(word: Word, prepared: str, start: int, end: int) -> bool:
    """Return whether the signs that the query word requires are next to a token of a prepared text."""
    if word.sign_before and not (
        prepared[start - 1 : start] == word.sign_before and not prepared[start - 2 : start - 1].isalnum()
    ):
        return False
    signs_end = end + len(word.signs_after)
    return not word.signs_after or (
        prepared[end:signs_end] == word.signs_after and prepared[signs_end : signs_end + 1] not in ("+", "#")
    )


def _is_plural(word: Word, written: str) -> bool:
    """Return whether a token is the acronym in capitals with an s, as in GPUs."""
    return written[-1:] == "s" and _is_capital(written[:-1]) and fold_word(written) == f"{word.folded}s"


def _is_capital(written: str) -> bool:
    return written.upper() == written and written.lower() != written
