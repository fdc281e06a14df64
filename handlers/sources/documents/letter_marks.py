"""Recognizes the lines above a quoted or forwarded letter: "Original Message", "On ... wrote:" and their like."""

import re
from collections.abc import Sequence
from enum import StrEnum
from typing import Final

from handlers.sources.documents.mail_lines import Line


class Mark(StrEnum):
    """What a line above another letter says."""

    FORWARD = "forward"
    ORIGINAL = "original"
    """The letter below is the one that was answered, or one that was forwarded."""


_FORWARD: Final = (
    r"(?:begin )?forwarded (?:message|mail|e-mail|email|letter)|forwarded by [^-\n]{2,60}|"
    r"(?:(?:anfang|beginn) der )?weitergeleiteten? (?:nachricht|e-mail|mail)|"
    r"(?:début du |début de l['’])?(?:message|e-mail|courriel) (?:transféré|réexpédié|transmis|suivi)|"
    r"(?:inicio del )?(?:mensaje|correo) reenviado|"
    r"(?:начало )?(?:пересылаем|перенаправленн|переадресованн|пересланн)(?:ое|ого) (?:сообщени[ея]|письм[оа])|"
    r"(?:بدء |بداية )?(?:ال)?رسالة (?:ال)?م[ُ]?عاد(?:ة)? (?:توجيهها|إرسالها|التوجيه)|"
    r"(?:بدء |بداية )?(?:ال)?رسالة (?:التي )?تم(?:ت)? (?:إعادة توجيهها|تمريرها)|(?:ال)?رسالة (?:ال)?محو[ّ]?لة|"
    r"(?:以下是|开始|下面是|被)?(?:转发|轉寄|轉發)(?:的)?(?:邮件|郵件|信件|信息|消息|訊息|郵件內容)(?:信息)?|"
    r"(?:inizio )?messaggio inoltrato|(?:início da )?mensagem (?:re)?encaminhada|(?:begin )?doorgestuurd bericht|"
    r"vidarebefordra[dt]t? (?:meddelande|mejl|brev)|(?:start på )?videresendt (?:meddelelse|melding|besked)|"
    r"(?:välitetty|edelleenlähetetty) viesti(?: alkaa)?|przekazan[aą] wiadomość|wiadomość przesłana dalej|"
    r"treść przekazanej wiadomości|początek przekazywanej wiadomości|przeposlaná zpráva|"
    r"(?:začátek )?přeposílané zprávy|"
    r"přeposlaná zpráva|preposlaná správa|začiatok preposlanej správy|továbbított (?:üzenet|levél)(?: kezdete)?|"
    r"proslijeđena poruka|započni proslijeđenu poruku|(?:începe )?mesaj(?:ul)? redirecționat|"
    r"iletil(?:en|miş) (?:ileti|mesaj|e-posta)|ileti başlangıcı|"
    r"(?:перенаправлене|переслане|переадресоване) (?:повідомлення|лист)|початок листа, що пересилається|"
    r"edastatud (?:kiri|sõnum)|προωθημένο μήνυμα|הודעה שהועברה|"
    r"転送(?:された)?メッセージ|メッセージを転送|전달된 메시지"
)
_ORIGINAL: Final = (
    r"original (?:message|mail|e-mail|email|appointment)|reply message|ursprüngliche (?:nachricht|e-mail|mail)|"
    r"original-?nachricht|(?:message|e-mail|courriel) (?:d['’]origine|original)|(?:mensaje|correo) original|"
    r"(?:исходное|оригинальное|первоначальное) (?:сообщение|письмо)|(?:ال)?رسالة (?:ال)?أصلية|"
    r"原始(?:邮件|郵件|訊息|信件|消息)|原(?:邮件|郵件|文|信)|messaggio originale|mensagem original|"
    r"oorspronkelijk bericht|"
    r"ursprungligt meddelande|original(?:t)? (?:meddelelse|meddelande)|(?:den )?opprinnelig(?:e)? melding|"
    r"alkuperäinen viesti|wiadomość oryginalna|oryginalna wiadomość|původní zpráva|pôvodná správa|eredeti üzenet|"
    r"izvorna poruka|mesaj(?:ul)? original|orijinal (?:ileti|mesaj)|元のメッセージ|원본 메시지|αρχικό μήνυμα|"
    r"הודעה מקורית"
)
_MARK: Final = re.compile(
    rf"[\s*>|]*+(?P<dashes>[-=–—_]{{2,}}+)?[\s*]*+(?:(?P<forward>{_FORWARD})|(?P<original>{_ORIGINAL}))"
    r"(?:\s?[/(][^-\n]{1,30})?[\s*]*+[:：]?[\s*]*+(?:(?P<closing>[-=–—_]{2,}+)(?P<rest>[^\n]*))?",
    re.IGNORECASE,
)
_UNKNOWN_MARK: Final = re.compile(r"[\s*>]*+-{3,20}\s*[^\W\d_][^\n:-]{2,40}?\s*-{3,20}\s*")
_WROTE: Final = re.compile(
    r"\b(?:wrote|writes|schrieb|schreibt|geschrieben|a écrit|écrit|escribió|escribi[oó]|ha scritto|scrive|escreveu|"
    r"schreef|"
    r"geschreven|skrev|kirjoitti|napisał(?:a|\(a\))?|pisze|napsal(?:a|\(a\))?|napísal(?:a|\(a\))?|írta|"
    r"je napisa[olа]+|a scris|yazdı|написал(?:а|\(а\))?|пишет|писал(?:а|\(а\))?|пише|написав|написала|έγραψε)\b|"
    r"写道|写到|寫道|写了|书写|كتب|كتبت|書きました|のメール|작성|님이|כתב",
    re.IGNORECASE,
)
_ATTRIBUTION_START: Final = re.compile(
    r"(?:on|am|le|el|il|em|op|den|d\.|dne|dňa|dnia|w dniu|в|at)\s|\d|在|في|"
    r"(?:mon|tue|wed|thu|fri|sat|sun|mo|di|mi|do|fr|sa|so|lun|mar|mer|jeu|ven|sam|dim|пн|вт|ср|чт|пт|сб|вс)[a-z]*[.,]",
    re.IGNORECASE,
)
"""How such a line begins if it is wrapped."""
_ADDRESS_LAST: Final = re.compile(r"[\w-]\s?[>)]\s?[:：]$")
"""Gmail's line in Russian ends with the sender's address, without a verb."""
_END_MARK: Final = re.compile(
    r"[\s*>]*+-{2,}\s*(?:end (?:of )?(?:the )?|ende (?:der )?|fin (?:du |de la |del )?|конец )(?:forwarded|original|"
    r"weitergeleiteten|message|mensaje|пересылаемого|пересылаемое)\b[^\n]{0,40}-{2,}\s*",
    re.IGNORECASE,
)
_LONGEST_ATTRIBUTION: Final = 400
_ATTRIBUTION_LINES: Final = 3
"""Lines over which a mail program may wrap the line above a quoted letter."""
_ADDRESS: Final = re.compile(r"[\w.+%'-]{1,64}@[\w-]{1,63}\.[\w.-]{1,100}")


def mark_of(text: str) -> tuple[Mark, str] | None:
    """Return what a mark says, and the text that follows it on the same line; None if the line is no mark."""
    mark = _MARK.match(text[:2_000])
    if mark is None:
        return None
    rest = text[mark.end() :] if mark["closing"] is None else mark["rest"]
    rest = rest.strip()
    if mark["closing"] is None and rest:
        return None
    if rest and (mark["dashes"] is None or ":" not in rest.replace("：", ":")) and not rest.endswith("-"):
        return None
    return Mark.FORWARD if mark["forward"] else Mark.ORIGINAL, rest.strip("- ") if ":" in rest else ""


def is_unknown_mark(text: str) -> bool:
    """Whether the line is a few words between dashes, as marks in other languages are."""
    return _UNKNOWN_MARK.fullmatch(text[:200]) is not None


def is_end_mark(text: str) -> bool:
    """Whether the line says that a forwarded letter ends here."""
    return _END_MARK.fullmatch(text[:200]) is not None


def attribution_at(lines: Sequence[Line], start: int) -> tuple[str, int] | None:
    """Return the line "On ... wrote:" that begins here, and the position behind it; None if there is none.

    Such a line has a date or an address, and a quoted letter follows it.
    """
    pieces: list[str] = []
    depth = lines[start].depth
    for position in range(start, min(start + _ATTRIBUTION_LINES, len(lines))):
        line = lines[position]
        if line.is_empty or line.depth != depth:
            return None
        pieces.append(line.text)
        text = " ".join(pieces).strip("* _")
        if len(text) > _LONGEST_ATTRIBUTION:
            return None
        if text.endswith((":", "：")) and (_WROTE.search(text) or _ADDRESS_LAST.search(text)):
            return (text, position + 1) if _is_attribution(text, lines, position + 1, depth) else None
        if text.endswith((".", "!", "?")) or not _ATTRIBUTION_START.match(text):
            return None
    return None


def _is_attribution(text: str, lines: Sequence[Line], behind: int, depth: int) -> bool:
    following = next((line for line in lines[behind : behind + 3] if line.text), None)
    has_date = re.search(r"\d", text) is not None
    has_address = _ADDRESS.search(text) is not None
    if following is not None and following.depth > depth:
        return has_date or has_address or len(text) < 80
    return (
        has_date and (has_address or re.search(r"\d{4}.*\d{1,2}[:.]\d{2}", text) is not None) and following is not None
    )


def attributed_sender(text: str) -> str:
    """Return the name and address in a line such as 'On Monday, "Jane Doe" <jane@example.com> wrote:'."""
    address = _ADDRESS.search(text)
    if address is None:
        return ""
    before = re.sub(r"<?mailto:$", "", text[: address.start()]).rstrip(" <([")
    words = (
        re.split(r"[\d,;:<>()\[\]]", before.rstrip("\"”“»›'’ "))[-1]
        .replace("«", '"')
        .replace("„", '"')
        .replace("“", '"')
    )
    name = words.rpartition('"')[2].strip().split(" ")
    while name and not name[0][:1].isupper() and name[0].isalpha() and name[0].lower() != name[0].upper():
        name = name[1:]
    return f"{' '.join(name).strip()} <{address[0]}>"


def attributed_date(text: str) -> str:
    """Return the date in such a line, as it stands there."""
    date = re.search(
        r"(?:[^\W\d_]{2,12}\.?,?\s){0,4}\d[^<>@\"“„«]{3,60}?\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:\s?[AaPp]\.?[Mm]\.?)?",
        text,
    )
    return re.sub(r"^(?:On|Am|Le|El|Il giorno|Op|Dnia|Em|Den|Dne|Den)\s", "", date[0]) if date else ""
