"""Libraries that find many words in a text, each as a function of the text. They are not dependencies; to install them:

    python -m pip install ahocorasick-rs pyahocorasick flashtext spacy hyperscan

They find literals only, without AND, OR, NOT, inflection, accents and evidence.
"""

import re
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

Search = Callable[[str], object]


def module(name: str) -> Any:
    """Return the module; None if it is not installed."""
    try:
        return import_module(name)
    except ImportError:
        return None


def bare(terms: Sequence[str]) -> Search | None:
    """Find the terms anywhere in the raw text, even inside words."""
    library = module("ahocorasick_rs")
    if library is None:
        return None
    automaton = library.AhoCorasick(terms)
    return lambda text: automaton.find_matches_as_indexes(text)


def bare_spaced(terms: Sequence[str]) -> Search | None:
    """Find the terms between spaces, including overlapping ones."""
    library = module("ahocorasick_rs")
    if library is None:
        return None
    automaton = library.AhoCorasick([f" {term} " for term in terms])
    return lambda text: automaton.find_matches_as_indexes(text, overlapping=True)


def pyahocorasick(terms: Sequence[str]) -> Search | None:
    library = module("ahocorasick")
    if library is None:
        return None
    automaton = library.Automaton()
    for term in terms:
        automaton.add_word(term, term)
    automaton.make_automaton()

    def search(text: str) -> list[str]:
        text = text.lower()
        return [
            term
            for end, term in automaton.iter(text)
            if not text[end + 1 : end + 2].isalnum() and not text[end - len(term) : end - len(term) + 1].isalnum()
        ]

    return search


def flashtext(terms: Sequence[str]) -> Search | None:
    library = module("flashtext")
    if library is None:
        return None
    keywords = library.KeywordProcessor()
    for term in terms:
        keywords.add_keyword(term)
    return lambda text: keywords.extract_keywords(text)


def spacy(terms: Sequence[str]) -> Search | None:
    library = module("spacy")
    if library is None:
        return None
    language = library.blank("en")
    phrases = import_module("spacy.matcher").PhraseMatcher(language.vocab, attr="LOWER")
    phrases.add("terms", list(language.pipe(terms)))
    return lambda text: phrases(language(text))


def hyperscan(terms: Sequence[str]) -> Search | None:
    library = module("hyperscan")
    if library is None:
        return None
    database = library.Database(mode=library.HS_MODE_BLOCK)
    flags = [library.HS_FLAG_CASELESS] * len(terms)
    database.compile(
        expressions=[term.encode() for term in terms],
        ids=list(range(len(terms))),
        elements=len(terms),
        flags=flags,
        literal=True,
    )
    scratch = library.Scratch(database)

    def scan(text: str) -> list[int]:
        found: list[int] = []
        database.scan(text.encode(), match_event_handler=lambda id, *_: found.append(id), scratch=scratch)
        return found

    return scan


def compiled(terms: Sequence[str]) -> Search:
    patterns = [re.compile(rf"(?<!\w){re.escape(term)}(?!\w)", re.IGNORECASE) for term in terms]
    return lambda text: [pattern for pattern in patterns if pattern.search(text)]
