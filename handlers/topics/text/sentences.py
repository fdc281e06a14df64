"""Find the end of a sentence or paragraph between the words of a phrase.

Plain Python, compiled with the types in sentences.pxd if a C compiler is available during installation.
"""

from handlers.topics.text.letters import is_unspaced

_ABBREVIATIONS = frozenset(
    """mr mrs ms dr st prof gen sen rep gov lt col sgt capt maj adm cmdr rev hon jr sr inc corp ltd co bros dept no nos
    vs jan feb mar apr jun jul aug sep sept oct nov dec mt ft ave hr nr abs art bzw ca evtl ggf inkl str usw mm mme mlle
    sra srta dra ud uds sig dott geb bd tel al etc""".split()
)
"""Words after which a dot does not end a sentence, in lower case. A single letter is an abbreviation anyway."""
_MAX_ORDINAL = 2
"""Digits before a dot that may make an ordinal number, as in "5. Oktober"."""
_MAX_ABBREVIATION = 4
_MIN_SENTENCE_END = 2
"""Letters of a word before a dot that ends a sentence. A single letter is an initial."""


def sentence_ends_between(text: str, start: int, end: int) -> bool:
    """Return whether a sentence or a paragraph of a prepared text ends between two words, given by the gap's bounds."""
    for at in range(start, end - 1):
        char = text[at]
        if char in ".!?":
            if _ends_sentence(text, at):
                return True
        elif char == "\n" and text[at + 1] == "\n":
            # In scripts without spaces, some programs write a blank line wherever a line ends.
            return not (is_unspaced(text[start - 1]) and is_unspaced(text[end]))
    return False


def _ends_sentence(text: str, at: int) -> bool:
    """Return whether the sign at `at` ends a sentence: no small letter follows, and no abbreviation precedes."""
    size = len(text)
    after = at + 1
    char = text[after]
    while char in "\"')]}" and after + 1 < size:
        after += 1
        char = text[after]
    if not char.isspace():
        return False
    while after + 1 < size and (char.isspace() or char in "\"'([{-"):
        after += 1
        char = text[after]
    if char.islower():
        return False
    if text[at] != ".":
        return True
    start = at
    while start > 0 and at - start <= _MAX_ABBREVIATION:
        char = text[start - 1]
        if not char.isalnum():
            break
        start -= 1
    length = at - start
    if length > _MAX_ABBREVIATION:
        return True
    if length <= _MAX_ORDINAL and char.isdecimal():
        return False
    if length < _MIN_SENTENCE_END:
        return False
    return text[start:at].lower() not in _ABBREVIATIONS
