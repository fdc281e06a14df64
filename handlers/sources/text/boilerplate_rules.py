"""The phrases of boilerplate.txt as expressions. Compiled when first asked for: hundreds take a tenth of a second."""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Final

PHOTO: Final = r"(?:photo|photograph|image|picture|illustration|graphic|video|foto|bild|grafik|фото|иллюстрация)s?"
CREDIT_SIGNS: Final = (
    *("/", "|", "(", "[", "（", "©", "via", "getty", "shutterstock", "istock", "alamy", "epa-efe"),
    *("photo", "image", "picture", "illustration", "graphic", "video", "foto", "bild", "grafik", "фото", "иллюстрация"),
    *("新华社", "中新社", "资料图", "图片"),
)
"""In lower case: one of them stands in every credit at the end of a paragraph, unless that is an agency's bare name."""


@cache
def _rules() -> dict[str, list[str]]:
    """The lines of each section of boilerplate.txt."""
    rules: dict[str, list[str]] = {}
    section: list[str] = []
    for line in Path(__file__).with_name("boilerplate.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("[") and line.endswith("]") and line[1:-1].replace(" ", "").isalpha():
            section = rules.setdefault(line[1:-1], [])
        elif line and not line.startswith("# "):
            section.append(line)
    networks = _alternation(rules["networks"])
    return {name: [line.replace("{networks}", networks) for line in lines] for name, lines in rules.items()}


def _alternation(lines: Iterable[str]) -> str:
    return "(?:" + "|".join(lines) + ")"


@cache
def _any_of(section: str) -> str:
    return _alternation(_rules()[section])


@cache
def phrases() -> re.Pattern[str]:
    """All of a paragraph in lower case: there a phrase is passed over at its first letter, else by a whole attempt."""
    return re.compile(_alternation(_any_of(section) for section in ("notice", "fixed", "whole")))


@cache
def unmistakable() -> re.Pattern[str]:
    """Those of `phrases` that leave no room for anything else."""
    return re.compile(_alternation(_any_of(section) for section in ("notice", "fixed")))


@cache
def notice() -> re.Pattern[str]:
    return re.compile(_any_of("notice"))


@cache
def network_names() -> re.Pattern[str]:
    """Nothing but names of social networks, which may be a share bar and may be what a text is about."""
    return re.compile(rf"(?:{_any_of('networks')}[\s|/·•,+:–—-]*)+", re.IGNORECASE)


@cache
def phrases_by_sign() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The words that a paragraph in lower case must hold, and what it then must be."""
    rules = (line.partition(" => ") for line in _rules()["whole by a sign"])
    return tuple((sign, re.compile(rule)) for sign, _, rule in rules)


@cache
def section_name() -> re.Pattern[str]:
    return re.compile(_any_of("section name"), re.IGNORECASE)


@cache
def share_button() -> re.Pattern[str]:
    return re.compile(rf"(?:{_any_of('networks')}|{_any_of('share')})(?:\s+|$)", re.IGNORECASE)


@cache
def share_anchor() -> re.Pattern[str]:
    networks = _any_of("networks").replace("|x|", "|")
    return re.compile(
        rf"\b(?:{networks}|share|tweet|teilen|поделиться|partager|compartir)\b|分享|مشاركة", re.IGNORECASE
    )


@cache
def end_heading() -> re.Pattern[str]:
    return re.compile(rf"{_any_of('end')}\s*[:：]?", re.IGNORECASE)


@cache
def label_alone() -> re.Pattern[str]:
    return re.compile(rf"{_any_of('link label')}\s*[:：>»→…]*", re.IGNORECASE)


@cache
def label_first() -> re.Pattern[str]:
    return re.compile(rf"{_any_of('link label')}\s*[:：|>»→]+\s*(?P<headline>\S.*)", re.IGNORECASE)


@cache
def credit_at_end() -> re.Pattern[str]:
    agency = _any_of("photo agency")
    return re.compile(
        rf"(?:(?:\bvia|/|\||©)\s?{agency}(?:\s?/\s?{agency})*"
        r"|[–—-]\s?(?:Pool/)?(?:Getty|Shutterstock|iStock|Alamy|EPA-EFE)(?: Images)?"
        r"|\b(?:REUTERS|AP Photo|EPA)\s?/\s?\w[\w.’'-]+(?: \w[\w.’'-]+){0,3}"
        r"(?:\s?/\s?(?:file photo|files?|pool|handout))?"
        r"|[(（](?:رويترز|الفرنسية|أسوشيتد ?برس|الأناضول|غيتي(?: إيميجز)?|أ ?ف ?ب|وكالات|أرشيف)"
        rf"|[(（\[]{PHOTO}[^()]{{0,12}}(?:by|:|：|von|/)[^()]{{2,90}}"
        rf"|(?<=[.!?|)”\"。] ){PHOTO}(?: credit| source)?(?: by|:|：|/)\s?[^.]{{2,90}}"
        r"|\[(?:EPA|EPA-EFE|AFP|AP|REUTERS|EFE|ANP|Belga)\b[^\]]{0,40}"
        r"|[(（\[](?:Getty Images|Shutterstock|iStock|Alamy|Unsplash|视觉中国)"
        r"|(?:新华社|中新社|资料图|图片)(?:记者)?.{0,8}[发摄]"
        rf"|(?<=[.!?”\"] )(?-i:{agency}|REUTERS|EFE))[\s.)\]）]*",
        re.IGNORECASE,
    )


@cache
def bare_credit_at_end() -> re.Pattern[str]:
    """An agency's bare name as the last sentence: the one credit that no sign among `CREDIT_SIGNS` shows."""
    return re.compile(rf"[.!?”\"] (?:{_any_of('photo agency')}|REUTERS|EFE)[\s.)\]）]*\Z")
