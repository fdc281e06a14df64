"""Counters in headlines: numbers of comments and votes, times of day and ages, which change without any news."""

import re
from typing import Final

_COUNTED: Final = (
    r"(?:comments?|(?:up|down)?votes?|views?|viewers?|viewing|watching|watchers?|listeners?|online|likes?|hearts?|claps?"
    r"|shares?|re(?:ads?|plies|plys?|actions?|tweets?|posts?|views?|sponses?)|readers?|answers?|karma|ratings?"
    r"|downloads?|followers?|subscribers?|signatures?|participants?|boosts?|stars?|bids?|updates?|notes?"
    r"|kommentare?|stimmen?|aufrufe?|antwort(?:en)?|beitr(?:ag|äge)|leser|zuschauer|teilnehmer|bewertung(?:en)?|gebote?"
    r"|commentaires?|vues?|réponses?|avis|lecteurs?|partages?|téléchargements?|comentários?|comentarios?|votos?|visitas?"
    r"|respuestas?|respostas?|lecturas?|visualizações|commenti|commento|voti|visualizzazioni|risposte|reacties|stemmen"
    r"|комментари\w*|голос\w*|просмотр\w*|ответ\w*|отзыв\w*|лайк\w*|коментар\w*|перегляд\w*|تعليق\w*|مشاهد\w*"
    r"|评论|評論|条评论|條評論|浏览|瀏覽|点赞|播放|回复|コメント|閲覧|いいね|댓글|조회)(?!\w)"
)
_NUMBER: Final = r"\d(?:[\d.,' \u00a0\u202f]{0,14}\d)?\s?[kKmM]?(?!\w)"
_TIME: Final = (
    r"(?:\d{1,2}[:h]\d{2}(?::\d{2})?(?:\s?(?:[ap]\.?m\.?|uhr|h|[A-Z]{2,4})(?!\w))?|\d{1,2}\.\d{2}\s?uhr)(?!\w)"
)
_UNIT: Final = (
    r"(?:s|secs?|seconds?|mins?|minutes?|hrs?|hours?|h|days?|minuten?|stunden?|std|tage?n?|heures?|jours?|minutos?|horas?"
    r"|días?|dias?|minuti|ore|giorni|minuten|uur|мин\w*|час\w*|хв\w*|годин\w*|分钟?|小时|時間|분|시간)\.?"
)
_AGO: Final = (
    rf"(?:{_NUMBER}\s?{_UNIT}\s?(?:ago|назад|тому|fa|geleden|atrás|前|전)|(?:vor|il y a|hace|há)\s{_NUMBER}\s?{_UNIT})"
)
_READING: Final = (
    rf"(?:{_NUMBER}[\s-]?{_UNIT}\s(?:read(?:ing time)?|de lecture|de lectura|de leitura|lesezeit)"
    rf"|(?:lesezeit|reading time|temps de lecture)\s?:?\s?{_NUMBER}\s?{_UNIT})"
)
_UPDATED: Final = (
    r"(?:update[sd]?|aktualisiert|mis à jour|actualizado|aggiornato|обновлено)\s?#?\d{0,3}"
    r"(?:\s(?:times|mal|fois|veces))?"
)
_FEW_WORDS: Final = r"(?:[^\W\d]+[\s:.,]*){0,2}"
_MARK: Final = r"\s*[:|·•,–—-]\s*"
_SYMBOL: Final = r"[^\w\s\[\](){}.,:;!?%$€£¥#&@/+*=<>'\"“”„«»‘’°§–—|·•-]\ufe0f?"
_COUNT: Final = (
    rf"(?:{_NUMBER}\s*(?:[^\W\d]+\s){{0,2}}{_COUNTED}|(?:{_COUNTED}|score)\s?:?\s?{_NUMBER}|{_SYMBOL}\s*{_NUMBER}"
    rf"|{_NUMBER}\s*{_SYMBOL}|{_AGO}|{_READING})"
)
_COUNTS: Final = rf"{_COUNT}(?:[\s,;/|·•&]{{0,3}}{_COUNT}){{0,2}}"
# Not a year, which tells headlines apart.
_BARE: Final = rf"[+±−-]?(?!(?:19|20)\d\d(?!\d)){_NUMBER}(?:\s?[/|]\s?{_NUMBER})?(?:\spoints?)?"
_DEGREES: Final = r"[+−-]?\d{1,3}(?:[.,]\d)?\s?°\s?[CFK]?(?!\w)"
_COUNTER: Final = re.compile(
    "|".join(
        (
            # in brackets, or between plus signs
            rf"[\[({{【（]\s*(?:{_FEW_WORDS}(?:{_TIME}|{_COUNTS})\s*{_FEW_WORDS}|{_BARE}|{_DEGREES}|{_UPDATED})\s*[\])}}】）]",
            rf"\+{{2,}}\s*{_FEW_WORDS}(?:{_TIME}|{_COUNTS}|{_NUMBER})\s*\+{{2,}}",
            # at the start
            rf"^[^\w\[({{]*{_FEW_WORDS}{_TIME}(?:{_MARK}|\s+(?=\w))",
            rf"^[^\w\[({{]*{_COUNTS}{_MARK}",
            rf"^[^\w\[({{]*(?:{_DEGREES}|{_NUMBER}\s*{_SYMBOL})(?:{_MARK}|\s+)",
            # at the end
            rf"{_MARK}(?:{_COUNTS}|{_DEGREES}|{_UPDATED})$",
            rf"\s+(?={_SYMBOL}){_COUNTS}$",
            rf"(?:{_MARK}|\s){_TIME}$",
        )
    ),
    re.IGNORECASE,
)
_LONGEST: Final = 300
"""Characters. A longer headline is a text, in which nothing counts as a counter."""


def without_counters(title: str) -> str:
    """Return the headline without counters and times of day; unchanged if nothing else would be left."""
    if len(title) > _LONGEST:
        return " ".join(title.split())
    rest = " ".join(_COUNTER.sub(" ", title).split()).strip(" |·-–—:,+")
    return rest if any(map(str.isalpha, rest)) else " ".join(title.split())
