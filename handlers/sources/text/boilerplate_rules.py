"""The phrases of boilerplate.txt as regular expressions.

They are compiled on first use, because compiling all of them takes about a tenth of a second.
"""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Final

from handlers.sources.text.sections import read_sections

PHOTO: Final = r"(?:photo|photograph|image|picture|illustration|graphic|video|foto|bild|grafik|фото|иллюстрация)s?"
CREDIT_LITERALS: Final = (
    *("/", "|", "(", "[", "（", "©", "via", "getty", "shutterstock", "istock", "alamy", "epa-efe"),
    *("photo", "image", "picture", "illustration", "graphic", "video", "foto", "bild", "grafik", "фото", "иллюстрация"),
    *("新华社", "中新社", "资料图", "图片"),
)
"""Every match of `credit_at_end` contains one of these in lower case, unless `bare_credit_at_end` matches too."""
_CAPITAL: Final = r"[A-ZÀ-ÞА-ЯЁ\u4e00-\u9fff]"
_ODD_LETTERS: Final = tuple(zip("İıſ", "iis", strict=True))
"""Letters that `re.IGNORECASE` compares as ASCII letters, and that `str.lower` does not turn into them."""


def lower_for_rules(text: str) -> str:
    """Return the text in lower case, as `re.IGNORECASE` compares it. The number of characters stays the same."""
    if not text.isascii():
        for odd, plain in _ODD_LETTERS:
            text = text.replace(odd, plain)
    return text.lower()


@cache
def _rules() -> dict[str, list[str]]:
    """Return the rules of each section of boilerplate.txt."""
    rules = read_sections(Path(__file__).with_name("boilerplate.txt"))
    networks = _alternation(rules["network"])
    return {name: [line.replace("{networks}", networks) for line in lines] for name, lines in rules.items()}


def _alternation(patterns: Iterable[str]) -> str:
    return "(?:" + "|".join(patterns) + ")"


@cache
def _any_of(section: str) -> str:
    return _alternation(_rules()[section])


@cache
def phrases() -> re.Pattern[str]:
    """Match a whole paragraph in lower case that is boilerplate for certain or probably.

    Matching without `re.IGNORECASE` lets the engine reject a rule by its first letter instead of trying it.
    """
    return re.compile(_alternation(_any_of(section) for section in ("notice", "certain", "likely")))


@cache
def certain_phrases() -> re.Pattern[str]:
    """Match a whole paragraph in lower case that is boilerplate for certain."""
    return re.compile(_alternation(_any_of(section) for section in ("notice", "certain")))


@cache
def notices() -> re.Pattern[str]:
    """Match a whole paragraph in lower case in which a site or an agency speaks about itself."""
    return re.compile(_any_of("notice"))


@cache
def network_names() -> re.Pattern[str]:
    """Match one or more names of social networks and nothing else: a share bar, or what a text is about."""
    return re.compile(rf"(?:{_any_of('network')}[\s|/·•,+:–—-]*)+", re.IGNORECASE)


@cache
def phrases_by_literal() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return pairs of a literal and an expression that matches only paragraphs in lower case with that literal."""
    rules = (line.partition(" => ") for line in _rules()["likely with a required word"])
    return tuple((literal, re.compile(rule)) for literal, _, rule in rules)


@cache
def section_name() -> re.Pattern[str]:
    """Match the name of a section of a newspaper."""
    return re.compile(_any_of("section name"), re.IGNORECASE)


@cache
def share_button() -> re.Pattern[str]:
    """Match one button of a share bar and the space after it."""
    return re.compile(rf"(?:{_any_of('network')}|{_any_of('share button')})(?:\s+|$)", re.IGNORECASE)


@cache
def share_bar_proof() -> re.Pattern[str]:
    """Find a word that shows that a row of buttons is a share bar. "X" alone does not."""
    networks = _any_of("network").replace("|x|", "|")
    return re.compile(
        rf"\b(?:{networks}|share|tweet|teilen|поделиться|partager|compartir)\b|分享|مشاركة", re.IGNORECASE
    )


@cache
def end_heading() -> re.Pattern[str]:
    """Match a heading below which nothing belongs to the article."""
    return re.compile(rf"{_any_of('end heading')}\s*[:：]?", re.IGNORECASE)


@cache
def link_label() -> re.Pattern[str]:
    """Match a label above links to other articles, such as "Read more:"."""
    return re.compile(rf"{_any_of('link label')}\s*[:：>»→…]*", re.IGNORECASE)


@cache
def labelled_link() -> re.Pattern[str]:
    """Match such a label with the headline of another article, group "headline", in the same line."""
    return re.compile(rf"{_any_of('link label')}\s*[:：|>»→]+\s*(?P<headline>\S.*)", re.IGNORECASE)


@cache
def credit_at_end() -> re.Pattern[str]:
    """Find the credits of a photo in a paragraph. A credit counts only if the match reaches the end."""
    agency = _any_of("photo agency")
    return re.compile(
        rf"(?:(?:\bvia|/|\||©)\s?{agency}(?:\s?/\s?{agency})*"
        r"|[–—-]\s?(?:Pool/)?(?:Getty|Shutterstock|iStock|Alamy|EPA-EFE)(?: Images)?"
        r"|\b(?:REUTERS|AP Photo|EPA)\s?/\s?\w[\w.’'-]+(?: \w[\w.’'-]+){0,3}"
        r"(?:\s?/\s?(?:file photo|files?|pool|handout))?"
        r"|[(（](?:رويترز|الفرنسية|أسوشيتد ?برس|الأناضول|غيتي(?: إيميجز)?|أ ?ف ?ب|وكالات|أرشيف)"
        rf"|[(（\[]{PHOTO}[^()]{{0,12}}(?:by|:|：|von|/)[^()]{{2,90}}"
        rf"|(?<=[.!?|)”\"。] ){PHOTO}(?: credit| source)?(?: by|:|：|/)\s?[^.]{{2,90}}"
        rf"|(?<=[.!?。！？])\s?[(（\[](?-i:{_CAPITAL}[^()（）\[\]/／]{{1,30}}[/／] ?{_CAPITAL})[^()（）\[\]/／]{{1,40}}"
        r"|\[(?:EPA|EPA-EFE|AFP|AP|REUTERS|EFE|ANP|Belga)\b[^\]]{0,40}"
        r"|[(（\[](?:Getty Images|Shutterstock|iStock|Alamy|Unsplash|视觉中国)"
        r"|(?:新华社|中新社|资料图|图片)(?:记者)?.{0,8}[发摄]"
        rf"|(?<=[.!?”\"] )(?-i:{agency}|REUTERS|EFE))[\s.)\]）]*",
        re.IGNORECASE,
    )


@cache
def bare_credit_at_end() -> re.Pattern[str]:
    """Find the bare name of an agency after the last sentence, the only credit without one of `CREDIT_LITERALS`."""
    return re.compile(rf"[.!?”\"] (?:{_any_of('photo agency')}|REUTERS|EFE)[\s.)\]）]*\Z")
