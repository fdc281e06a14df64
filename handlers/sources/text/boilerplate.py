"""Furniture: what a page puts around its article (adverts, share bars, links to other stories, captions).

boilerplate.txt lists the phrases by language. Each rule judges one whole, short paragraph; in doubt it stays.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

from handlers.sources.text.boilerplate_rules import (
    CREDIT_SIGNS,
    PHOTO,
    bare_credit_at_end,
    credit_at_end,
    end_heading,
    label_alone,
    label_first,
    network_names,
    notice,
    phrases,
    phrases_by_sign,
    section_name,
    share_anchor,
    share_button,
    unmistakable,
)
from handlers.sources.text.bylines import is_date

_MENU_WORDS: Final = 4
_MOST_LINKS: Final = 12
_LONGEST: Final = 400
"""Characters: nothing longer is furniture, whatever it says."""
_EDGES: Final = " \u00a0|>»→·•/"
_STOPS_BEHIND: Final = " .!:：…。"

_SINGLE_LABEL: Final = re.compile(
    r"(?:read (?:more|also|next|on)|also read|see also|watch.*|lesen sie.*|weiterlesen|читайте.*|смотрите также|"
    r"подробнее|"
    r"اقرأ.*|إقرأ.*|(?:à )?lire .*|(?:lea|lee|leer|ver) .*|leggi anche|lees ook)\W*",
    re.IGNORECASE,
)
_CREDIT_FIRST: Final = re.compile(
    rf"(?:(?:file )?{PHOTO}(?: credits?| source| caption)?s?\s?[:：/]|(?:image|media|video) (?:source|caption),|"
    rf"{PHOTO}(?: credit)? (?:by|von) [^.]{{3,90}}$|"
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
_GLUED_SIGNS: Final = ("Getty", "AFP", "AP", "EPA", "Pool", "Reuters", "REUTERS", "Shutterstock", "Bloomberg")
_VIEWER: Final = re.compile(
    r"^\[\d+/\d+\]\s?|(?:\s*(?:purchase licensing rights|opens new tab|enlarge (?:this )?image|read more)[,.]?)+$",
    re.IGNORECASE,
)
"""What a picture's frame adds to its caption."""
_VIEWER_SIGNS: Final = ("purchase licensing rights", "opens new tab", "enlarge ", "read more")
_SOURCE: Final = re.compile(r"SOURCE [^.!?]{2,60}")
"""Who sent out a press release, below it."""
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
_CLOSERS: Final = "”\"'’»)]」』"
_SENTENCE_STOPS: Final = tuple(".!?。！？؟…")
_PROSE_STOPS: Final = tuple(".!。！؟…۔।")
_WIDE: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_HEADLINE_STOPS: Final = tuple(".。؟…")
_ODD_LETTERS: Final = tuple(zip("İıſK", "iisk", strict=True))


def _lower(text: str) -> str:
    """In lower case, letter for letter, as expressions see a text that ignore case."""
    if not text.isascii():
        for odd, plain in _ODD_LETTERS:
            text = text.replace(odd, plain)
    return text.lower()


def _ends_with(stops: tuple[str, ...], text: str) -> bool:
    """Whether one of these stops ends it, but for quotation marks and brackets that close behind it."""
    return text.removesuffix("\n").rstrip(_CLOSERS).endswith(stops)


def _count_wide(text: str) -> int:
    return 0 if text.isascii() else len(_WIDE.findall(text))


def is_caption(paragraph: str) -> bool:
    """A photo's caption with its credit, the two possibly glued together as copying does."""
    if len(paragraph) > _LONGEST:
        return False
    if _CREDIT_FIRST.fullmatch(paragraph) and not _several_sentences(paragraph):
        return True
    if any(sign in paragraph for sign in _GLUED_SIGNS) and _GLUED.search(paragraph):
        return True
    if paragraph.startswith(("“", '"', "«", "„")) or _credit_start(paragraph) is None:
        return False
    return len(_ENDS.findall(paragraph)) <= _CAPTION_SENTENCES


def _credit_start(paragraph: str) -> int | None:
    """Where the credit of a photo begins that ends the paragraph."""
    low = _lower(paragraph)
    if not any(sign in low for sign in CREDIT_SIGNS) and not bare_credit_at_end().search(paragraph):
        return None
    found = credit_at_end().finditer(paragraph)
    return next((one.start() for one in found if one.end() == len(paragraph)), None)


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
    size = len(paragraph) + 2 * _count_wide(paragraph)
    return size >= 220 or (size >= 60 and _ends_with(_PROSE_STOPS, paragraph))


def is_sentence(paragraph: str) -> bool:
    """Enough words, and a stop at their end."""
    if not _ends_with(_PROSE_STOPS, paragraph):
        return False
    return len(paragraph.split()) >= 4 or _count_wide(paragraph) >= 6 or is_prose(paragraph)


def is_link_label(paragraph: str) -> bool:
    """Stands above the headlines of other stories, or above the article's tags."""
    return bool(label_alone().fullmatch(paragraph.strip()))


def is_end(paragraph: str) -> bool:
    """The heading of the readers' comments, or of the author's life: nothing below it is the article's."""
    return bool(end_heading().fullmatch(paragraph.strip()))


def is_label(paragraph: str) -> bool:
    """A few words that are no sentence: a tag, a name, a button, a part of the site."""
    if _ends_with(_PROSE_STOPS, paragraph) or paragraph.endswith((",", "，", "、", "؛", "،")):
        return False
    wide = _count_wide(paragraph)
    return wide <= 10 if wide else len(paragraph) <= 40 and len(re.findall(r"[^\W_][\w.’'-]*", paragraph)) <= 4


def is_share_bar(paragraph: str) -> bool:
    """A row of names of social networks and buttons, and nothing else."""
    if len(paragraph) > 160:
        return False
    position = 0
    while position < len(paragraph):
        found = share_button().match(paragraph, position)
        if not found:
            return False
        position = found.end()
    return share_anchor().search(paragraph) is not None


def is_furniture(paragraph: str) -> bool:
    """True when this one paragraph, seen alone, is no part of the article."""
    text = paragraph.strip(_EDGES)
    # A paragraph is asked of again and again while what stands around it is read.
    return (_is_furniture if len(text) <= _LONGEST else _is_furniture.__wrapped__)(text)


def is_unmistakable(paragraph: str) -> bool:
    """Furniture that leaves no room for words of an article: "Advertisement", "Share Tweet Email", "Read more"."""
    is_share = is_share_bar(paragraph.strip(_EDGES)) and not is_network_name(paragraph)
    return is_share or _fits(unmistakable(), paragraph)


def is_notice(paragraph: str) -> bool:
    """What a site or an agency says of itself and nothing else: no part of a text even if it is the only such line."""
    return _fits(notice(), paragraph)


def is_network_name(paragraph: str) -> bool:
    """The name of a social network, or several of them, and nothing else."""
    return bool(network_names().fullmatch(paragraph.strip(_EDGES)))


def _fits(rule: re.Pattern[str], paragraph: str) -> bool:
    low = _lower(paragraph.strip(_EDGES))
    return len(low) <= _LONGEST and any(rule.fullmatch(form) for form in (low, low.rstrip(_STOPS_BEHIND)))


@lru_cache(maxsize=512)
def _is_furniture(text: str) -> bool:
    if text.startswith("[") or any(sign in _lower(text) for sign in _VIEWER_SIGNS):
        text = _VIEWER.sub("", text)
    if _NO_WORDS.fullmatch(text) or not text:
        return True
    if len(text) > _LONGEST:
        return False
    if _is_phrase(text) or ((bare := text.rstrip(_STOPS_BEHIND)) != text and _is_phrase(bare)):
        return not _tells_news(text)
    return is_share_bar(text) or is_caption(text) or _links_elsewhere(text)


def _is_phrase(text: str) -> bool:
    """Whether it is one of the phrases that are furniture."""
    low = _lower(text)
    return bool(
        phrases().fullmatch(low)
        or any(sign in low and rule.fullmatch(low) for sign, rule in phrases_by_sign())
        or _SOURCE.fullmatch(text)
    )


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
        return bool(section_name().fullmatch(parts[0]) or _is_phrase(parts[0]) or parts[0].lower() in _HOME)
    return bool(section_name().fullmatch(parts[0]))


def is_headline_like(paragraph: str) -> bool:
    """Short and without a full stop at its end: may be the headline of another story."""
    return (
        2 <= len(paragraph) <= 220 and not _ends_with(_HEADLINE_STOPS, paragraph) and not _several_sentences(paragraph)
    )


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
    found = label_first().fullmatch(text) if len(text) <= 260 else None
    return found is not None and not _several_sentences(found["headline"])


def _several_sentences(text: str) -> bool:
    return bool(
        re.search(r"""[.!?][”"'’»)]*\s+[“"«(]?[A-ZÀ-ÞА-ЯЁ].{25,}|[。！？].{8,}[。！？]|[؟.]\s+\S.{25,}[.؟]""", text)
    )


def _tells_news(text: str) -> bool:
    """A reporting verb shows a sentence of the article. "The company said ..." is never a button."""
    return bool(_NEWS.search(text)) and len(text.split()) > 5 and _ends_with(_SENTENCE_STOPS, text)
