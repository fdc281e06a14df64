"""Headlines without the marks of an update ("UPDATE 1-", "(updated)"), so that versions of a report are recognized."""

import re
from typing import Final, NamedTuple

from handlers.stories.words import tokenize, word_hash

_MARK: Final = (
    r"(?:live )?updated?|updates|refile|refiled|rpt|recast|recasts|corrected|correction|corrects|wrapup|"
    r"breaking(?: news)?|just in|flash|snap|urgent|exclusive|live|latest|the latest|developing|"
    r"eilmeldung|eil|aktualisiert|aktualisierung|korrektur|korrigiert|berichtigt|berichtigung|neufassung|"
    r"mise [àa] jour|mis [àa] jour|actualis[ée]e?|actualisation|alerte(?: info)?|rectificatif|corrig[ée]|"
    r"en direct|direct|"
    r"actualizaci[óo]n|actualiza|actualizado|actualizada|[úu]ltima hora|urgente|corregido|correcci[óo]n|"
    r"en vivo|en directo|"
    r"обновлени[ея]|обновлено|дополнено|срочно|молния|исправлени[ея]|исправлено|"
    r"تحديث|محدث|عاجل|تصحيح|"
    r"更新版?|快讯|快訊|突发|突發|更正|最新|滚动|速报|速報|即时|即時"
)
_NUMBER: Final = r"(?:\s*\d{1,2})?(?:\s*\(official\))?"
_BEFORE: Final = re.compile(
    rf"\s*(?:[\[(（【+*]+\s*(?:{_MARK}){_NUMBER}\s*[\])）】+*]+\s*[-–—:：|]?|(?:{_MARK}){_NUMBER}\s*[-–—:：|!])\s*",
    re.IGNORECASE,
)
_AFTER: Final = re.compile(
    rf"\s*(?:[\[(（【]\s*(?:{_MARK}){_NUMBER}\s*[\])）】]|[-–—|]\s*(?:{_MARK}){_NUMBER})\s*$", re.IGNORECASE
)
_MAX_MARKS: Final = 3


class Headline(NamedTuple):
    """A headline as it is compared with others."""

    text: str
    """Without the marks of an update."""
    mark: int
    """The hash of those marks, which is another for "UPDATE 2" than for "UPDATE 1"; 0 if it has none."""

    @property
    def key(self) -> int:
        """The 32-bit hash of its words in order; 0 if it has none. Case and punctuation do not count."""
        return _hash(self.text)


def read_headline(title: str) -> Headline:
    """Remove the marks of an update from the beginning and the end of a headline. One that is only a mark stays."""
    title = text = title.strip()
    for _ in range(_MAX_MARKS):
        found = _BEFORE.match(text)
        rest = text[found.end() :] if found else text
        rest = _AFTER.sub("", rest).strip()
        if rest == text or not rest:
            break
        text = rest
    return Headline(text, 0 if text == title else _hash(title.replace(text, " ", 1)))


def _hash(text: str) -> int:
    words = [token.text for token in tokenize(text)]
    return word_hash(" ".join(words)) or 1 if words else 0
