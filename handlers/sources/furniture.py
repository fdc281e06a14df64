"""Furniture: what a page puts around its article (adverts, share bars, links to other stories, captions).

The phrases are in furniture.txt, by language. Every rule is about a whole, short paragraph; in doubt a paragraph stays.
"""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from handlers.sources.bylines import is_date

_MENU_WORDS: Final = 4
_MOST_LINKS: Final = 12
_LONGEST: Final = 400
"""Characters: nothing longer is furniture, whatever it says."""


def _read_rules() -> dict[str, str]:
    """Each section of furniture.txt as one alternation."""
    rules: dict[str, list[str]] = {}
    section: list[str] = []
    for line in Path(__file__).with_name("furniture.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("[") and line.endswith("]") and line[1:-1].replace(" ", "").isalpha():
            section = rules.setdefault(line[1:-1], [])
        elif line and not line.startswith("# "):
            section.append(line)
    joined = {name: "(?:" + "|".join(lines) + ")" for name, lines in rules.items()}
    return {name: rule.replace("{networks}", joined["networks"]) for name, rule in joined.items()}


_RULES: Final = _read_rules()
_NETWORKS: Final = _RULES["networks"]
_AGENCY: Final = _RULES["photo agency"]
_WHOLE: Final = re.compile(_RULES["whole"], re.IGNORECASE)
_SECTION: Final = re.compile(_RULES["section name"], re.IGNORECASE)
_SHARE: Final = re.compile(rf"(?:{_NETWORKS}|{_RULES['share']})(?:\s+|$)", re.IGNORECASE)
_SHARE_ANCHOR: Final = re.compile(
    rf"\b(?:{_NETWORKS.replace('|x|', '|')}|share|tweet|teilen|поделиться|partager|compartir)\b|分享|مشاركة",
    re.IGNORECASE,
)
_END: Final = re.compile(rf"{_RULES['end']}\s*[:：]?", re.IGNORECASE)
_LABEL_ALONE: Final = re.compile(rf"{_RULES['link label']}\s*[:：>»→…]*", re.IGNORECASE)
_LABEL_FIRST: Final = re.compile(rf"{_RULES['link label']}\s*[:：|>»→]+\s*(?P<headline>\S.*)", re.IGNORECASE)
_SINGLE_LABEL: Final = re.compile(
    r"(?:read (?:more|also|next|on)|also read|see also|watch.*|lesen sie.*|weiterlesen|читайте.*|смотрите также|"
    r"подробнее|"
    r"اقرأ.*|إقرأ.*|(?:à )?lire .*|(?:lea|lee|leer|ver) .*|leggi anche|lees ook)\W*",
    re.IGNORECASE,
)
_PHOTO: Final = r"(?:photo|photograph|image|picture|illustration|graphic|video|foto|bild|grafik|фото|иллюстрация)s?"
_CREDIT_AT_END: Final = re.compile(
    rf"(?:(?:\bvia|/|\||©)\s?{_AGENCY}(?:\s?/\s?{_AGENCY})*"
    r"|[–—-]\s?(?:Pool/)?(?:Getty|Shutterstock|iStock|Alamy|EPA-EFE)(?: Images)?"
    r"|\b(?:REUTERS|AP Photo|EPA)\s?/\s?\w[\w.’'-]+(?: \w[\w.’'-]+){0,3}(?:\s?/\s?(?:file photo|files?|pool|handout))?"
    r"|[(（](?:رويترز|الفرنسية|أسوشيتد ?برس|الأناضول|غيتي(?: إيميجز)?|أ ?ف ?ب|وكالات|أرشيف)"
    rf"|[(（\[]{_PHOTO}[^()]{{0,12}}(?:by|:|：|von|/)[^()]{{2,90}}"
    rf"|(?<=[.!?|)”\"。] ){_PHOTO}(?: credit| source)?(?: by|:|：|/)\s?[^.]{{2,90}}"
    r"|\[(?:EPA|EPA-EFE|AFP|AP|REUTERS|EFE|ANP|Belga)\b[^\]]{0,40}"
    r"|[(（\[](?:Getty Images|Shutterstock|iStock|Alamy|Unsplash|视觉中国)"
    r"|(?:新华社|中新社|资料图|图片)(?:记者)?.{0,8}[发摄]"
    rf"|(?<=[.!?”\"] )(?-i:{_AGENCY}|REUTERS|EFE))[\s.)\]）]*",
    re.IGNORECASE,
)
_CREDIT_FIRST: Final = re.compile(
    rf"(?:(?:file )?{_PHOTO}(?: credits?| source| caption)?s?\s?[:：/]|(?:image|media|video) (?:source|caption),|"
    rf"{_PHOTO}(?: credit)? (?:by|von) [^.]{{3,90}}$|"
    r"(?:caption|credit)[:：]|"
    r"(?:bildquelle|fotoquelle|bildunterschrift|источник фото|снимок)[:：]|фото ©|"
    r"(?:图片来源|图源|圖片來源|图片|图说|图|資料圖|资料图)[:：]|图为|"
    r"(?:الصورة|صورة|مصدر الصورة|تصوير)\s?[:：]|crédit photo)\s?.{0,300}",
    re.IGNORECASE,
)
_GLUED: Final = re.compile(
    r"[/–—-]\s?(?:Getty Images|Getty|AFP|Reuters|REUTERS|Shutterstock|Bloomberg)(?=[A-Z][a-z])"
    r"|[a-z](?=[A-Z][a-z]+(?: [A-Z][\w.]+){1,3} ?(?:[/–—-]|via) ?(?:Getty|AFP|AP\b|Reuters|EPA|Pool))"
)
_VIEWER: Final = re.compile(
    r"^\[\d+/\d+\]\s?|(?:\s*(?:purchase licensing rights|opens new tab|enlarge (?:this )?image|read more)[,.]?)+$",
    re.IGNORECASE,
)
"""What a picture's frame adds to its caption."""
_NO_WORDS: Final = re.compile(r"[\W\d_]{1,12}")
_HOME: Final = frozenset(
    {"home", "homepage", "start", "startseite", "главная", "首页", "الرئيسية", "accueil", "inicio"}
)
_NEWS: Final = re.compile(
    r"\b(?:said|says|told|announced|according to|reported|added|warned|sagte|teilte mit|laut|"
    r"заявил\w*|сообщил\w*|по словам|говор(?:ит|ят))\b|表示|据报道|报道称|قال|أعلن",
    re.IGNORECASE,
)
_ENDS: Final = re.compile(r"""[.!?。！？؟][”"'’»)]*(?=\s+[^\W\d_a-zа-я]|$)|[。！？]""")
_CAPTION_SENTENCES: Final = 2
_SENTENCE_END: Final = re.compile(r"""[.!?。！？؟…][”"'’»)\]」』]*$""")
_PROSE_END: Final = re.compile(r"""[.!。！؟…۔।][”"'’»)\]」』]*$""")
_WIDE: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_HEADLINE_END: Final = re.compile(r"""[.。؟…][”"'’»)\]」』]*$""")


def is_caption(paragraph: str) -> bool:
    """A photo's caption with its credit, the two possibly glued together as copying does."""
    if len(paragraph) > _LONGEST:
        return False
    if _CREDIT_FIRST.fullmatch(paragraph) and not _several_sentences(paragraph):
        return True
    if _GLUED.search(paragraph):
        return True
    if len(_ENDS.findall(paragraph)) > _CAPTION_SENTENCES:
        return False
    return _credit_start(paragraph) is not None and not paragraph.startswith(("“", '"', "«", "„"))


def _credit_start(paragraph: str) -> int | None:
    """Where the credit of a photo begins that ends the paragraph."""
    return next((one.start() for one in _CREDIT_AT_END.finditer(paragraph) if one.end() == len(paragraph)), None)


def without_credit(paragraph: str) -> str:
    """A paragraph of the article without the credit that was set behind its last sentence."""
    start = _credit_start(paragraph)
    kept = paragraph[:start].rstrip()
    return kept if start and is_prose(kept) else paragraph


def is_credit(paragraph: str) -> bool:
    """The name behind a photo, and nothing of what it shows."""
    return len(paragraph) <= 80 and bool(_CREDIT_FIRST.fullmatch(paragraph)) and is_caption(paragraph)


def is_prose(paragraph: str) -> bool:
    """Whole sentences, as no label, headline or button has them."""
    size = len(paragraph) + 2 * len(_WIDE.findall(paragraph))
    return size >= 220 or (size >= 60 and bool(_PROSE_END.search(paragraph)))


def is_sentence(paragraph: str) -> bool:
    """Enough words, and a stop at their end."""
    wide = len(_WIDE.findall(paragraph))
    return bool(_PROSE_END.search(paragraph)) and (wide >= 6 or len(paragraph.split()) >= 4 or is_prose(paragraph))


def is_link_label(paragraph: str) -> bool:
    """Stands above the headlines of other stories, or above the article's tags."""
    return bool(_LABEL_ALONE.fullmatch(paragraph.strip()))


def is_end(paragraph: str) -> bool:
    """The heading of the readers' comments, or of the author's life: nothing below it is the article's."""
    return bool(_END.fullmatch(paragraph.strip()))


def is_label(paragraph: str) -> bool:
    """A few words that are no sentence: a tag, a name, a button, a part of the site."""
    if _PROSE_END.search(paragraph) or paragraph.endswith((",", "，", "、", "؛", "،")):
        return False
    wide = len(_WIDE.findall(paragraph))
    return wide <= 10 if wide else len(paragraph) <= 40 and len(re.findall(r"[^\W_][\w.’'-]*", paragraph)) <= 4


def is_share_bar(paragraph: str) -> bool:
    """A row of names of social networks and buttons, and nothing else."""
    if len(paragraph) > 160 or not _SHARE_ANCHOR.search(paragraph):
        return False
    position = 0
    while position < len(paragraph):
        found = _SHARE.match(paragraph, position)
        if not found:
            return False
        position = found.end()
    return True


def is_furniture(paragraph: str) -> bool:
    """True when this one paragraph, seen alone, is no part of the article."""
    text = _VIEWER.sub("", paragraph.strip(" \u00a0|>»→·•/"))
    if _NO_WORDS.fullmatch(text) or not text:
        return True
    if len(text) > _LONGEST:
        return False
    bare = text.rstrip(" .!:：…。")
    if _WHOLE.fullmatch(text) or _WHOLE.fullmatch(bare):
        return not _tells_news(text)
    return is_share_bar(text) or is_caption(text) or _links_elsewhere(text)


def is_section_name(paragraph: str) -> bool:
    """The name of a part of a newspaper, or a path of them ("Home > News > Asia"), as stands above a headline."""
    if len(paragraph) > 120:
        return False
    parts = [part.strip(" :：") for part in re.split(r"\s*[>»›|/]\s*|\s[-–—]\s", paragraph.strip())]
    if len(words := paragraph.split()) <= _MENU_WORDS and len(words) > 1 and words[0].lower() in _HOME:
        return True
    if len(parts) > 2 and re.search(r"\s[>›»]\s", paragraph):
        return True
    if len(parts) > 1:
        return bool(_SECTION.fullmatch(parts[0]) or _WHOLE.fullmatch(parts[0]) or parts[0].lower() in _HOME)
    return bool(_SECTION.fullmatch(parts[0]))


def is_headline_like(paragraph: str) -> bool:
    """Short and without a full stop at its end: may be the headline of another story."""
    return 2 <= len(paragraph) <= 220 and not _HEADLINE_END.search(paragraph) and not _several_sentences(paragraph)


def without_furniture(paragraphs: Iterable[str]) -> tuple[str, ...]:
    """The article's own paragraphs, in order."""
    everything = [paragraph for paragraph in paragraphs if paragraph.strip()]
    kept: list[str] = []
    position = 0
    while position < len(everything):
        paragraph = everything[position]
        if is_link_label(paragraph):
            links = _links_after(everything, position + 1, single=bool(_SINGLE_LABEL.fullmatch(paragraph.strip())))
            if links or paragraph.rstrip().endswith((":", "：", ">", "»", "→")):
                position += 1 + links
                continue
        if not is_furniture(paragraph):
            kept.append(without_credit(paragraph))
        position += 1
    return tuple(kept)


def _links_after(paragraphs: Sequence[str], start: int, *, single: bool) -> int:
    """How many paragraphs from `start` are headlines under such a label. The last may be an in-text subhead: kept."""
    count = 0
    headlines = 0
    while headlines < (1 if single else _MOST_LINKS) and start + count < len(paragraphs):
        text = paragraphs[start + count]
        aside = is_furniture(text) or is_date(text)  # what each link tells of itself: its place, its day, its picture
        if not (aside or is_headline_like(text)):
            break
        headlines += not aside
        count += 1
    last = paragraphs[start + count - 1]
    if not single and headlines > 1 and start + count < len(paragraphs) and is_label(last) and not is_furniture(last):
        count -= 1
    return count if headlines else 0


def _links_elsewhere(text: str) -> bool:
    found = _LABEL_FIRST.fullmatch(text)
    return found is not None and len(text) <= 260 and not _several_sentences(found["headline"])


def _several_sentences(text: str) -> bool:
    return bool(
        re.search(r"""[.!?][”"'’»)]*\s+[“"«(]?[A-ZÀ-ÞА-ЯЁ].{25,}|[。！？].{8,}[。！？]|[؟.]\s+\S.{25,}[.؟]""", text)
    )


def _tells_news(text: str) -> bool:
    """A reporting verb shows a sentence of the article. "The company said ..." is never a button."""
    return bool(_NEWS.search(text)) and len(text.split()) > 5 and bool(_SENTENCE_END.search(text))
