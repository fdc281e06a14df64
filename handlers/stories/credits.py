"""Removes credits ("Reporting by A; Editing by B") from a text: they name people who have no part in the event."""

import re
from typing import Final

_OPENINGS: Final = (
    r"(?:with )?(?:additional |further )?(?:reporting|writing|editing|production|research|translation)"
    r"(?: and (?:writing|editing|additional reporting))? (?:by|from|in)\b",
    r"(?:reported|written|edited|compiled|translated) by\b",
    r"with (?:files|inputs?) from\b",
    r"(?:zusätzliche )?(?:berichte?|reporter(?:in)?|redigiert|geschrieben|bearbeitet|mitarbeit|redaktion)(?: von|:)",
    r"mit material (?:von|der)\b|mit (?:dpa|afp|apa|reuters)\b",
    r"reportage\b|version française\b|avec la contribution\b|(?:rédigé|édité|traduit|édition|rédaction)(?: par| de|:)",
    r"avec (?:afp|reuters|ap|agences?|belga|ats)\b",
    r"(?:reporte|información|reportaje|redacción|escrito|editado|edición|traducido|traducción)(?: adicional)?"
    r"(?: en español)? (?:de|por)\b|con información de\b",
    r"(?:репортаж|текст|авторы?|подготовил[аи]?|перев[её]л[аи]?|перевод|редакторы?|редактировал[аи]?|при участии)\b",
    r"(?:إعداد|اعداد|تحرير|تغطية|شارك في التغطية|ترجمة)\b",
    r"(?:本报|本网|本網|新华社|新華社|央视|央視)?"
    r"(?:记者|記者|编辑|編輯|责编|責編|责任编辑|責任編輯|编译|編譯|审校|審校|撰稿|撰文|翻译|翻譯)",
)
_OPENING: Final = "|".join(_OPENINGS)
_BRACKETED: Final = re.compile(
    rf"\s?(?:\((?=\s*(?:{_OPENING}))[^()\n]{{0,400}}\)|（(?=\s*(?:{_OPENING}))[^（）\n]{{0,400}}）|"
    rf"\[(?=\s*(?:{_OPENING}))[^\[\]\n]{{0,400}}\]|【(?=\s*(?:{_OPENING}))[^【】\n]{{0,400}}】)",
    re.IGNORECASE,
)
_TRAILING: Final = re.compile(
    r"(?:^|\s(?:[—–-]\s?)?)"
    r"(?:(?:Additional |Further )?(?:[Rr]eporting|[Ww]riting|[Ee]diting|[Tt]ranslation|[Rr]esearch)|"
    r"Reported|Compiled|Translated|Edited|Written)(?: and (?:writing|editing|additional reporting))?(?<=[a-z]) "
    r"by [A-ZÀ-Þ][^\n]{1,300}$",
    re.MULTILINE,
)
"""A credit without brackets, at the end of a paragraph. It begins with a capital letter, and so does the name."""
_WORK_BY: Final = re.compile(r"(?:ing|ed|ation|esearch|ten) by [A-ZÀ-Þ]")
"""Quick check: each credit without brackets contains this."""
_BRACKET: Final = re.compile(r"[(（\[【]")


def without_credits(text: str) -> str:
    """Return the text without credits in brackets, wherever they are, and without credits that end a paragraph."""
    if _BRACKET.search(text) is not None:
        text = _BRACKETED.sub("", text)
    return _TRAILING.sub("", text) if _WORK_BY.search(text) else text
