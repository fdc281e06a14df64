"""Names of months, weekdays and halves of the day in many languages, and the words between the parts of a date.

A date is reduced to one spelling before it is parsed: `simplify` replaces each name by one capital letter.
"""

import re
import unicodedata
from typing import Final

MONTH: Final = "[A-LZ]"
"""Matches a month in a simplified date."""
WEEKDAY: Final = "(?:[M-SZ]|pt|ut|ct)"
"""Matches a weekday in a simplified date. Polish "pt" and Czech "út" and "čt" are also names of time zones."""
HALF: Final = "[UV]"
"""Matches the half of the day in a simplified date: U before noon, V after noon."""
AFTERNOON: Final = "V"
_WEEKDAY_OR_ZONE: Final = {"pt": 4, "ut": 1, "ct": 3}
_TUESDAY_OR_MARCH: Final = "Z"
"""In French, Spanish and Italian "mar" abbreviates Tuesday, in other languages March."""

_MONTHS: Final = (
    "january jan januar jänner januari gennaio gen janvier janv enero ene janeiro января январь янв يناير "
    "كانون styczeń stycznia sty leden ledna led tammikuu tammikuuta ianuarie ian ocak oca січень січня січ януари "
    "ιανουάριος ιανουαρίου ιαν januári janúar januára ינואר בינואר ژانویه जनवरी มกราคม",
    "february feb februar februari février févr fév febrero febbraio fevereiro fev февраля февраль фев февр فبراير "
    "شباط luty lutego lut únor února úno helmikuu helmikuuta februarie şubat şub лютий лютого лют февруари "
    "φεβρουάριος φεβρουαρίου φεβ február februára פברואר בפברואר فوریه फ़रवरी फरवरी กุมภาพันธ์",
    "march märz mär mrz mars marzo março maart mrt marts марта март مارس آذار marzec marca březen března bře "
    "maaliskuu maaliskuuta martie mart березень березня бер μάρτιος μαρτίου μαρ március márc marec "
    "מרץ במרץ मार्च มีนาคม maret",
    "april apr avril avr abril abr aprile апреля апрель апр أبريل نيسان kwiecień kwietnia kwi duben dubna dub "
    "huhtikuu huhtikuuta aprilie nisan nis квітень квітня кві април απρίλιος απριλίου απρ április ápr apríl apríla "
    "אפריל באפריל آوریل अप्रैल เมษายน",
    "may mai mayo maggio mag maio mei maj мая май مايو أيار maja květen května kvě toukokuu toukokuuta mayıs травень "
    "травня тра μάιος μαΐου μαι május máj mája מאי במאי مه मई พฤษภาคม",
    "june jun juni juin junio giugno giu junho июня июнь июн يونيو حزيران czerwiec czerwca cze červen června čvn "
    "kesäkuu kesäkuuta iunie iun haziran haz червень червня чер юни ιούνιος ιουνίου ιουν június jún júna "
    "יוני ביוני ژوئن जून มิถุนายน",
    "july jul juli juillet juil julio luglio lug julho июля июль июл يوليو تموز lipiec lipca lip červenec července čvc "
    "heinäkuu heinäkuuta iulie iul temmuz tem липень липня лип юли ιούλιος ιουλίου ιουλ július júl júla "
    "יולי ביולי ژوئیه जुलाई กรกฎาคม",
    "august aug août aoû agosto ago augustus augusti августа август авг أغسطس آب sierpień sierpnia sie srpen srpna srp "
    "elokuu elokuuta ağustos ağu серпень серпня сер αύγουστος αυγούστου αυγ augusztus augusta "
    "אוגוסט באוגוסט اوت अगस्त สิงหาคม agustus",
    "september sep sept septembre septiembre setiembre settembre set setembro сентября сентябрь сен сент سبتمبر أيلول "
    "wrzesień września wrz září zář syyskuu syyskuuta septembrie eylül eyl вересень вересня вер септември "
    "σεπτέμβριος σεπτεμβρίου σεπ szeptember szept septembra ספטמבר בספטמבר سپتامبر सितंबर กันยายน",
    "october oct oktober okt octobre octubre ottobre ott outubro out октября октябрь окт أكتوبر październik "
    "października paź říjen října říj lokakuu lokakuuta octombrie ekim eki жовтень жовтня жов октомври "
    "οκτώβριος οκτωβρίου οκτ október októbra אוקטובר באוקטובר اکتبر अक्टूबर अक्तूबर ตุลาคม",
    "november nov novembre noviembre novembro ноября ноябрь ноя нояб نوفمبر listopad listopada lis listopadu "
    "marraskuu marraskuuta noiembrie noi kasım kas листопад листопада лис ноември "
    "νοέμβριος νοεμβρίου νοε novembra נובמבר בנובמבר نوامبر नवंबर नवम्बर พฤศจิกายน nopember",
    "december dec dezember dez décembre déc diciembre dic dicembre dezembro декабря декабрь дек ديسمبر grudzień "
    "grudnia gru prosinec prosince pro joulukuu joulukuuta decembrie aralık ara грудень грудня гру декември "
    "δεκέμβριος δεκεμβρίου δεκ decembra דצמבר בדצמבר دسامبر दिसंबर ธันวาคม desember des",
)
"""The names of the twelve months, full and abbreviated."""
_WEEKDAYS: Final = (
    "monday mon montag mo lundi lun lunes lunedì segunda segunda-feira seg maandag ma måndag mån mandag man "
    "понедельник пн понеділок poniedziałek pon pondělí po maanantai luni pazartesi pzt δευτέρα δευ hétfő senin الاثنين "
    "الإثنين pondelok понеделник שני sen",
    "tuesday tue tues dienstag di mardi martes martedì terça terça-feira ter dinsdag tisdag tis tirsdag вторник вт "
    "вівторок wtorek wt wto úterý út tiistai marți salı sal τρίτη τρι kedd selasa sel الثلاثاء utorok שלישי",
    "wednesday wed weds mittwoch mi mercredi mer mercoledì miércoles mié quarta quarta-feira qua woensdag wo onsdag "
    "ons среда ср середа środa śr środ středa st keskiviikko miercuri mie çarşamba çar τετάρτη τετ szerda rabu rab "
    "الأربعاء streda сряда רביעי",
    "thursday thu thur thurs donnerstag do jeudi jeu jueves jue giovedì gio quinta quinta-feira qui donderdag torsdag "
    "tors tor четверг чт четвер czwartek czw čtvrtek čt torstai joi perşembe per πέμπτη πεμ csütörtök kamis kam الخميس "
    "štvrtok четвъртък חמישי",
    "friday fri freitag fr vendredi ven viernes vie venerdì sexta sexta-feira sex vrijdag vr fredag fre пятница пт "
    "п'ятниця п’ятниця piątek pt pią pátek pá perjantai vineri cuma cum παρασκευή παρ péntek jumat jum الجمعة piatok "
    "петък שישי",
    "saturday sat samstag sa sonnabend samedi sam sábado sáb sabato sab zaterdag za lördag lör lørdag lør суббота сб "
    "субота sobota sob so lauantai sâmbătă cumartesi cmt σάββατο σαβ szombat sabtu السبت събота שבת",
    "sunday sun sonntag dimanche dim domingo dom domenica zondag zo söndag sön søndag søn воскресенье вс неділя нд "
    "niedziela nie neděle ne sunnuntai duminică pazar paz κυριακή κυρ vasárnap minggu min الأحد nedeľa неделя ראשון",
)
_HALVES: Final = ("ص صباحا صباحاً πμ öö", "م مساء مساءً μμ ös")
_CONNECTING: Final = (
    "at um à a las as às alle ore om kl klo в о о об v ve o godz saat pukul jam la ora στις בשעה الساعة de del of den "
    "der le el il am on г года год р року рік r roku року dne ngày dd"
)
"""Words between the parts of a date that say nothing about it."""
_UNITS: Final = "uhr uur hrs hr hours hour heures horas ч น"
"""Words after a time of day. They become "h"."""

_MARKS: Final = "Mn"
"""The Unicode category of accents."""
_DASHES: Final = str.maketrans(dict.fromkeys("\u2010\u2011\u2212", "-") | dict.fromkeys("\u2018\u2019\u02bc", "'"))


def plain_letters(text: str) -> str:
    """Return the text in lower case and NFKC, without accents."""
    if text.isascii():
        return text.lower()
    letters = unicodedata.normalize("NFKD", text.translate(_DASHES)).casefold()
    return unicodedata.normalize("NFC", "".join(char for char in letters if unicodedata.category(char) != _MARKS))


def _codes() -> dict[str, str]:
    codes = dict.fromkeys(plain_letters(_CONNECTING).split(), "")
    codes |= dict.fromkeys(plain_letters(_UNITS).split(), "h")
    for first, names in (("M", _WEEKDAYS), ("A", _MONTHS), ("U", _HALVES)):
        codes |= {
            name: chr(ord(first) + number) for number, line in enumerate(names) for name in plain_letters(line).split()
        }
    for name in _WEEKDAY_OR_ZONE:
        del codes[name]
    return codes | {"mar": _TUESDAY_OR_MARCH}


_CODES: Final = _codes()
"""By name in plain letters: the letter that replaces it."""
_CJK: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_ERAS: Final = {"令和": 2018, "平成": 1988, "民國": 1911, "民国": 1911}
"""The year before the first year of each era."""
_NUMERALS: Final = {
    char: number for number, chars in enumerate(("〇零○", *"一二三四五六七八九", "十")) for char in chars
}
_CJK_NUMBER: Final = re.compile(f"[{''.join(_NUMERALS)}]+(?=\\s?[年月日號号时時点點分])")
_CJK_YEAR: Final = re.compile(r"(?:(?P<era>令和|平成|民國|民国)\s?)?(?P<year>元|\d{1,4})\s?[年년]\s?")
_CJK_DAY_FIRST: Final = re.compile(r"(?<!\d)(\d{1,2}) (\d{1,2})\s?[月월]? (\d{4})(?!\d)")
"""A date in the order of RFC 5322 with a month in such a language, as some programs write it."""
_CJK_SIGNS: Final = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"(?<=\d)\s?[月월]\s?(?=\d)", "-"),
        (r"(?<=\d)\s?[日號号일](?!曜)", " "),
        (r"\(?(?:(?:星期|周|週|礼拜|禮拜)[一二三四五六日天]|[月火水木金土日]曜日?|[월화수목금토일]요일)\)?", " "),
        (r"\([月火水木金土日월화수목금토一二三四五六]\)|^[月火水木金土日월화수목금토일](?=[,，])", " "),
        (r"上午|午前|오전|凌晨|早上|清晨|새벽|아침", " U "),
        (r"下午|午後|오후|中午|正午|傍晚|晚上|夜晚|저녁|밤", " V "),
        (r"(?<=\d)\s?[时時点點시]\s?(?=\d)", ":"),
        (r"(?<=\d)\s?[时時点點시](?:整|정각)?", "h"),
        (r"(?<=\d)\s?[分분]\s?(?=\d)", ":"),
        (r"(?<=\d)\s?[分秒분초]", ""),
        ("北京时间|北京時間", " +0800 "),
        ("日本時間|한국시간", " +0900 "),
    )
)
_VIETNAMESE: Final = re.compile(r"(?<=\d) ?thang (\d{1,2}),? (?:nam )?(?=\d{4})")
_ZONE_PHRASES: Final = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"\b(e|c|m|p)(?:astern|entral|ountain|acific) (?:(s|d)(?:tandard|aylight) )?time\b", r"\1\2t"),
        (r"(?:по )?московс\w+ времен\w|по москве|moscow time|moskauer zeit", "msk"),
        (r"beijing time", "+0800"),
        (r"london time|uk time", "europe/london"),
    )
)
_HALF_AFTER_TIME: Final = re.compile(r"(?<=\d)\s?([ap])\.?\s?m\b\.?")
_ORDINAL: Final = re.compile(r"(?<=\d)(?:st|nd|rd|th|er|o|a)(?=[ ,-])")
_COMMENT: Final = re.compile(r"([+-]\d{2}:?\d{2})\s*[(\[][^()\[\]]*[)\]]$")
_WORD: Final = re.compile(r"(?<![\w/])[^\W\d_]+(?:['-][^\W\d_]+)*(?![/_\w])\.?")
_SEPARATORS: Final = re.compile(r"(?:[\s,،、;|·•@()\[\]]|(?<=\s)[-–—](?=\s)|[–—]|(?<=[ A-Z])\.)+")
_COLON: Final = re.compile(r"\s?([:：])\s?(?=\d)")


def simplify(text: str) -> str:
    """Return a date in one spelling: each name is one capital letter, and single spaces are the only separators.

    "Fr., 20. November 2026 um 10 Uhr" becomes "Q 20. K 2026 10 h". Unknown words remain in lower case.
    """
    text = plain_letters(text)
    if not text.isascii():
        text = _without_cjk(text) if _CJK.search(text) else text
        text = text.replace("٫", ".")
    for phrase, replacement in _ZONE_PHRASES:
        text = phrase.sub(replacement, text)
    text = _COMMENT.sub(r"\1", text)
    text = _VIETNAMESE.sub(r".\1.", text)
    text = _ORDINAL.sub("", text)
    text = _HALF_AFTER_TIME.sub(lambda half: " U" if half[1] == "a" else " V", text)
    text = _WORD.sub(lambda word: _CODES.get(name := word[0].removesuffix("."), name), text)
    return _SEPARATORS.sub(" ", _COLON.sub(":", text)).strip()


def month_number(letter: str) -> int:
    """Return the month, 1 to 12, of a letter in a simplified date."""
    return 3 if letter == _TUESDAY_OR_MARCH else ord(letter) - ord("A") + 1


def weekday_number(letter: str | None) -> int | None:
    """Return the weekday, 0 for Monday, of what stands for it in a simplified date."""
    if letter is None or letter in _WEEKDAY_OR_ZONE:
        return _WEEKDAY_OR_ZONE.get(letter or "")
    return 1 if letter == _TUESDAY_OR_MARCH else ord(letter) - ord("M")


def _without_cjk(text: str) -> str:
    """Replace the signs of Chinese, Japanese and Korean dates: "2026年11月20日 下午3时" becomes "2026-11-20 V 3h"."""
    text = _CJK_NUMBER.sub(lambda numeral: _number(numeral[0]), text)
    text = _CJK_DAY_FIRST.sub(r"\1.\2.\3", text)
    text = _CJK_YEAR.sub(lambda year: f"{_year(year)}-", text, count=1)
    for sign, replacement in _CJK_SIGNS:
        text = sign.sub(replacement, text)
    return text


def _number(numerals: str) -> str:
    """Return a number in Chinese numerals, by digits (二〇二六) or up to 99 (二十一), in digits."""
    if "十" not in numerals:
        return "".join(str(_NUMERALS[char]) for char in numerals)
    tens, _, ones = numerals.partition("十")
    return str(10 * (_NUMERALS.get(tens, 1) if tens else 1) + (_NUMERALS.get(ones, 0) if ones else 0))


def _year(year: re.Match[str]) -> int:
    number = 1 if year["year"] == "元" else int(year["year"])
    return _ERAS.get(year["era"] or "", 0) + number
