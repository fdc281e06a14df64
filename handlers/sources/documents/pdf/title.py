"""Chooses the title and the author of a PDF: those that the file states if a person wrote them, else the headline."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from handlers.sources.documents.comparison import letters_of
from handlers.sources.documents.header import LONGEST_TITLE
from handlers.sources.documents.pdf.page import About
from handlers.sources.documents.pdf.paragraphs import Paragraph
from handlers.sources.text.encoding import one_line

_FEWEST_LETTERS: Final = 8
_FEWEST_WIDE: Final = 4
_LARGER: Final = 1.12
"""Size of a headline by that of the text."""
_TOP: Final = 40
"""Paragraphs of the first page among which the headline is."""
_JUNK: Final = re.compile(
    r"microsoft (?:word|powerpoint|excel)\b|^(?:untitled|document|dokument|title|titel|presentation|slide|präsentation|"
    r"layout|template|vorlage|draft|entwurf|print|scan|page|seite|book|doc|pdf|new|neu|unnamed|no title|powerpoint)"
    r"[\s_-]*\d*$|\.(?:docx?|pdf|indd|qxd|rtf|odt|pptx?|xlsx?|html?|tex|dvi|ps|pmd|fm|eps|cdr|ai|p65|txt|jsp|aspx?|php)\b|"
    r"^(?:https?|file|about):|^[\w-]+(?:_[\w-]+){1,}$|^\W*[\d\W]+$|^\S*\d\S*$|(?:template|vorlage)$",
    re.IGNORECASE,
)
"""Titles that programs set: the name of the program or file, or a number."""
_ADDRESS: Final = re.compile(
    r"@|\bwww\.|https?://|\b(?:tel|fax|phone|telefon|tél)\b[.:\s]|\b[A-Z]{1,2}\d{1,2}[A-Z]? ?\d[A-Z]{2}\b|"
    r"\b(?:[A-Z]{1,2}-)?\d{5}(?:-\d{4})?\s+[A-ZÀ-Þ]|,\s*[A-Z]{2}\s+\d{5}\b|"
    r"\b(?:p\.? ?o\.? box|postfach|street|straße|strasse|avenue|road)\b",
    re.IGNORECASE,
)
_ADVERT: Final = re.compile(
    r"\b(?:advert(?:isement|ising|orial)?|anzeige|publicité|реклама|sponsored|subscribe|\d+ ?% off|free trial|"
    r"buy now|call now|special offer|save (?:up to )?\$?\d)\b|广告",
    re.IGNORECASE,
)
_ACCOUNT: Final = re.compile(
    r"\b(?:user|admin(?:istrator)?|owner|office|computer|laptop|desktop|default|unknown|anonymous|author|autor|"
    r"workstation|root|guest|test|scanner|copier|printer|windows|microsoft|apple|adobe|acrobat|preinstalled|"
    r"benutzer|utilisateur|usuario|пользователь|customer|employee|staff|pc)\b|[\\@/_]|\d{2,}",
    re.IGNORECASE,
)
"""Authors that are the account or the machine on which the file was made."""
_WIDE: Final = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def title_of(about: About, paragraphs: Sequence[Paragraph]) -> str | None:
    """Return the title of the document; None if neither the file nor the size of letters says it."""
    own = one_line(about.title)
    headline = _headline(paragraphs)
    if not is_title(own):
        return headline
    top = letters_of(" ".join(paragraph.block.text for paragraph in paragraphs[:_TOP]))
    if letters_of(own) in top or headline is None:
        return own
    if letters_of(headline) in letters_of(own):
        return headline
    return own if len(own.split()) >= 3 or _WIDE.search(own) else headline


def is_title(text: str) -> bool:
    """Whether the title in a file is one that a person wrote, and not the name of a program or file."""
    letters = sum(map(str.isalpha, text))
    enough = letters >= _FEWEST_LETTERS or len(_WIDE.findall(text)) >= _FEWEST_WIDE
    return enough and len(text) <= LONGEST_TITLE and not _JUNK.search(text)


def author_of(about: About) -> str | None:
    """Return the author in the file; None if it is an account, a machine or a program."""
    author = one_line(about.author)
    is_name = 3 < len(author) <= 80 and (" " in author or bool(_WIDE.search(author)))
    return author if is_name and not _ACCOUNT.search(author) else None


def _headline(paragraphs: Sequence[Paragraph]) -> str | None:
    """Return the largest text of the first page that is no address, advertisement or head of a table."""
    first = [paragraph for paragraph in paragraphs if paragraph.page == paragraphs[0].page] if paragraphs else []
    sizes: Counter[float] = Counter()
    for paragraph in paragraphs:
        sizes[round(paragraph.size, 1)] += len(paragraph.block.text)
    usual = sizes.most_common(1)[0][0] if sizes else 0.0
    best: str | None = None
    best_size = usual * _LARGER
    position = 0
    while position < min(len(first), _TOP):
        size, end = first[position].size, position + 1
        while end < len(first) and abs(first[end].size - size) < 0.04 * size and not first[end].is_row:
            end += 1
        text = one_line(" ".join(paragraph.block.text for paragraph in first[position:end]))
        if size > best_size and not first[position].is_row and _may_be_headline(text):
            best, best_size = text, size * 1.02
        position = end
    return best


def _may_be_headline(text: str) -> bool:
    wide = len(_WIDE.findall(text))
    enough = sum(map(str.isalpha, text)) >= 12 or wide >= _FEWEST_WIDE + 2
    return enough and len(text) <= LONGEST_TITLE and not _ADDRESS.search(text) and not _ADVERT.search(text)
