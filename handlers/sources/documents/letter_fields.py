"""Reads the header lines with which mail programs introduce a quoted or forwarded letter, in many languages."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from handlers.sources.documents.mail_lines import Line

_NAMES: Final[Mapping[str, str]] = {
    name: kind
    for kind, names in {
        "from": "from|von|absender|de|expéditeur|remitente|da|mittente|van|afzender|från|avsändare|fra|lähettäjä|od|"
        "nadawca|"
        "feladó|šalje|pošiljatelj|de la|expeditor|expeditorul|kimden|gönderen|от|от кого|отправитель|від|від кого|"
        "відправник|saatja|από|αποστολέας|מאת|من|المرسل|مرسل|发件人|发信人|寄件者|寄件人|發件人|差出人|送信元|送信者|"
        "보낸 사람|보낸사람|発信者",
        "date": "date|sent|sent at|sent on|datum|gesendet|gesendet am|envoyé|envoyé le|envoyée|fecha|enviado|"
        "enviado el|"
        "enviado em|enviada|enviada em|data|inviato|data invio|verzonden|verzonden op|skickat|dato|sendt|sendt den|"
        "päivämäärä|päiväys|lähetetty|wysłano|data wysłania|odesláno|odoslané|dátum|elküldve|küldve|poslano|дата|"
        "отправлено|дата отправки|відправлено|надіслано|dată|trimis|data trimiterii|tarih|gönderildi|gönderilen|"
        "gönderme tarihi|kuupäev|saadetud|ημερομηνία|תאריך|נשלח|التاريخ|تاريخ|تاريخ الإرسال|أرسلت|تم الإرسال|"
        "الإرسال|日期|发送时间|发送日期|發送時間|發送日期|寄件日期|寄送日期|时间|時間|日時|送信日時|日付|날짜|"
        "보낸 날짜",
        "subject": "subject|betreff|objet|sujet|asunto|oggetto|assunto|onderwerp|ämne|emne|aihe|temat|předmět|predmet|"
        "tárgy|naslov|subiect|subiectul|konu|тема|teema|θέμα|נושא|الموضوع|موضوع|主题|主題|主旨|标题|標題|题目|件名|"
        "題名|제목",
        "to": "to|an|empfänger|à|pour|destinataire|destinataires|para|destinatario|a|aan|till|til|vastaanottaja|do|"
        "adresat|"
        "komu|pre|címzett|prima|primatelj|către|destinatarul|kime|alıcı|кому|получатель|saaja|προς|אל|إلى|الى|المستلم|"
        "收件人|收信人|收件者|宛先|送信先|받는 사람|받는사람",
        "cc": "cc|bcc|ccn|cci|kopie|kopie (cc)|copie|copie à|copia|kopia|kopi|kopio|kópia|másolat|másolatot kap|dw|"
        "do wiadomości|bilgi|копия|копія|коп|κοιν|עותק|نسخة|نسخة إلى|نسخه|抄送|抄送人|副本|密送|참조",
        "other": "reply-to|reply to|antwort an|répondre à|responder a|отвечать|ответить|回复|回覆|attachments|"
        "attachment|anlagen|"
        "anhänge|pièces jointes|pièce jointe|adjuntos|datos adjuntos|вложения|附件|المرفقات|importance|wichtigkeit|"
        "priority|priorität|priorité|importancia|важность|重要性|newsgroups|organization|organisation|mailing-list|"
        "list-id|message-id|resent-from|x-mailer|categories|kategorien|sender|signed by|mailed-by",
    }.items()
    for name in names.split("|")
}
"""Labels of header lines in lower case, and the field that each states."""
_LINE: Final = re.compile(
    r"[*_|\s]*+(?P<name>[^\W\d_][^:：*_<>@|\n]{0,24}?)\s?[*_]*+\s?[:：][*_|\s]*+(?P<value>.*)", re.DOTALL
)
_GLUED: Final = re.compile(
    r"(?P<name>{})\s?[:：]".format(
        "|".join(
            sorted((re.escape(name[0].upper() + name[1:]) for name in _NAMES if len(name) > 1), key=len, reverse=True)
        )
    )
)
_GLUED_SUBJECT: Final = re.compile(r"(?:Assunto|Subject|Asunto|Objet|Betreff|Oggetto|Temat)\s(?P<value>.*)")
_LONGEST_GLUED: Final = 2_000
_MOST_LINES: Final = 40
"""Lines of a header, counting those between its fields."""
_LONGEST_VALUE: Final = 2_000
_FULL_LINE: Final = 55
"""Characters from which on a subject may go on in the next line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterFields:
    """The header lines above a quoted or forwarded letter, as they stand there."""

    values: Mapping[str, str] = field(default_factory=dict)
    """The values of "from", "date", "subject", "to" and "cc"."""

    @property
    def sender(self) -> str:
        return self.values.get("from", "")

    @property
    def date(self) -> str:
        return self.values.get("date", "")

    @property
    def subject(self) -> str:
        return self.values.get("subject", "")

    @property
    def is_clear(self) -> bool:
        """Whether these lines are the header of a letter even if no mark stands above them."""
        fields = self.values.keys()
        return "from" in fields and len(fields & {"from", "date", "subject", "to", "cc"}) >= 3

    @property
    def is_plausible(self) -> bool:
        """Whether these lines are the header of a letter if a mark stands above them."""
        fields = self.values.keys() & {"from", "date", "subject", "to"}
        return len(fields) >= 2 or "subject" in fields or "from" in fields


def field_of(text: str) -> tuple[str, str] | None:
    """Return the field that a header line states, such as "from", and its value; None for any other line."""
    line = _LINE.match(text[:_LONGEST_VALUE])
    kind = _NAMES.get(line["name"].strip().casefold()) if line else None
    return (kind, line["value"].strip(" *_|\t")) if line and kind else None


def read_fields(lines: Sequence[Line], start: int) -> tuple[LetterFields, int]:
    """Return the header lines from `start` on, and the position behind them.

    Empty lines between the fields are skipped. A value may go on in the next line.
    """
    values: dict[str, str] = {}
    position = start
    last = ""
    for position, text in _texts(lines, start):
        stated = field_of(text)
        if stated is not None and (stated[0] not in values or stated[0] in ("cc", "other")):
            last = stated[0]
            values.setdefault(last, stated[1])
        elif stated is None and last and _continues(lines, position, last, values[last]):
            values[last] = f"{values[last]} {text.strip(' *_|')}".strip()[:_LONGEST_VALUE]
        else:
            return LetterFields(values=values), _behind(lines, start, position)
    return LetterFields(values=values), min(position + 1, len(lines)) if values else start


def read_glued_fields(text: str) -> LetterFields:
    """Return the fields of a header whose line breaks are lost, as in plain text by Yahoo Mail."""
    text = text[:_LONGEST_GLUED]
    values: dict[str, str] = {}
    found = list(_GLUED.finditer(text))
    for position, match in enumerate(found):
        kind = _NAMES[match["name"].casefold()]
        end = len(text) if kind == "subject" or position + 1 == len(found) else found[position + 1].start()
        values.setdefault(kind, text[match.end() : end].strip())
        if kind == "subject":
            break
    if "subject" not in values and (subject := _GLUED_SUBJECT.search(text)):
        values = {kind: value.partition(subject[0])[0].strip() for kind, value in values.items()}
        values["subject"] = subject["value"].strip()
    return LetterFields(values=values)


def _texts(lines: Sequence[Line], start: int) -> Iterator[tuple[int, str]]:
    """Yield the lines that are not empty, at the first line's level of quotation."""
    depth = lines[start].depth if start < len(lines) else 0
    for position in range(start, min(start + _MOST_LINES, len(lines))):
        line = lines[position]
        if line.text and line.depth != depth:
            yield position, ""
            return
        if line.text:
            yield position, line.text


def _continues(lines: Sequence[Line], position: int, kind: str, value: str) -> bool:
    """Whether a line that is no header line belongs to the value of the field above it."""
    if not value:
        return True
    if position and lines[position - 1].is_empty:
        return False
    text = lines[position].text
    if kind in ("to", "cc"):
        return value.endswith((",", ";")) or ("@" in text and len(text) < 200 and not text.endswith("."))
    if kind != "subject" or len(value) < _FULL_LINE or not lines[position].is_wrapped:
        return False
    following = lines[position + 1].text if position + 1 < len(lines) else ""
    return not following or field_of(following) is not None


def _behind(lines: Sequence[Line], start: int, position: int) -> int:
    """Return the position behind the last header line, in front of empty lines."""
    while position > start and lines[position - 1].is_empty:
        position -= 1
    return position
