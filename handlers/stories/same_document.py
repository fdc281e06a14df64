"""Whether two documents are one article in two forms: as HTML, as PDF and as text.

Their words are the same. What differs comes from the form: line breaks, hyphens at the ends of lines, page numbers, a
line about the author.
"""

import unicodedata
from hashlib import blake2b
from typing import Final

from handlers.rules.identity import alphanumeric
from handlers.rules.urls import url_key
from handlers.stories.edits import ArticleContent, word_overlap
from handlers.stories.same_headline import is_same_headline
from handlers.stories.sentences import sentences

_MARKS: Final = 4
_MARKED: Final = 40
"""Letters of a sentence from which it marks a document."""
_BOILERPLATE: Final = 30
"""Letters up to which a line may belong to one form of a document only, such as a page number or a byline."""
_MOST_BOILERPLATE: Final = 0.15
"""Share of the letters of a document that may be of its form only."""
_SAME_SENTENCE: Final = 0.5
"""Share of common words from which a sentence is an edit of another one."""
_SENTENCE_ENDS: Final = tuple('.!?…。！？｡؟۔।॥։።។”"»')


def document_marks(text: str) -> tuple[str, ...]:
    """Return hashes of up to four long sentences of the text. The same sentences are chosen in each of its forms."""
    long = (letters for span in sentences(text) if len(letters := alphanumeric(span.text)) >= _MARKED)
    hashes = {blake2b(letters.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest() for letters in long}
    return tuple(sorted(hashes)[:_MARKS])


def is_same_document(stored: ArticleContent, arrived: ArticleContent) -> bool:
    """Return whether two documents without a common name are one article."""
    here, there = (url_key(content.url) if content.url else None for content in (stored, arrived))
    if here is not None and there is not None and here != there:
        return False
    return _have_same_title(stored.title, arrived.title) and has_same_words(stored, arrived)


def is_reworded(stored: ArticleContent, arrived: ArticleContent, *, in_other_form: bool) -> bool:
    """Return whether the headline or the text has other words. Spaces and punctuation do not count, case does.

    What the arrived article lacks does not count, nor does a counter in its headline. `in_other_form`: it may have come
    in another form, so that a line about its author or a page number does not count either.
    """
    has_title, has_text = bool(arrived.title.strip()), bool(arrived.text.strip())
    if in_other_form:
        is_other_title = has_title and not _have_same_title(stored.title, arrived.title)
        return is_other_title or (has_text and not has_same_words(stored, arrived))
    if has_title and not is_same_headline(stored.title, arrived.title):
        return True
    return has_text and stored.text != arrived.text and _letters(stored.text) != _letters(arrived.text)


def has_same_words(stored: ArticleContent, arrived: ArticleContent) -> bool:
    """Return whether two documents have the same sentences, apart from what belongs to the form of either."""
    ours, theirs = _letters(stored.text), _letters(arrived.text)
    if ours == theirs:
        return True
    if not ours or not theirs:
        return False
    only_stored = _leftover(stored.text, _letters(f"{arrived.title} {arrived.text}"))
    only_arrived = _leftover(arrived.text, _letters(f"{stored.title} {stored.text}"))
    for leftover, letters in ((only_stored, ours), (only_arrived, theirs)):
        if any(len(alphanumeric(line)) > _BOILERPLATE and line.endswith(_SENTENCE_ENDS) for line in leftover):
            return False
        if sum(len(alphanumeric(line)) for line in leftover) > _MOST_BOILERPLATE * len(letters):
            return False
    return not any((word_overlap(one, other) or 0.0) >= _SAME_SENTENCE for one in only_stored for other in only_arrived)


def _leftover(text: str, letters: str) -> list[str]:
    """Return the sentences of a text that the letters of another one do not contain."""
    return [span.text for span in sentences(text) if _letters(span.text) not in letters]


def _have_same_title(one: str, other: str) -> bool:
    """Return whether one headline contains the other: one of them may add the name of the site."""
    ours, theirs = alphanumeric(one), alphanumeric(other)
    return bool(ours) and bool(theirs) and (ours in theirs or theirs in ours)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text)))
