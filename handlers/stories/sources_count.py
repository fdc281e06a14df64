"""How many sources report a story, and how many of them independently: the same figures wherever they are shown."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from handlers.stories.near_duplicates import copied_from
from handlers.stories.outlets import outlet_name

_AGENCIES: Final = (
    "Reuters",
    "AFP",
    "Agence France-Presse",
    "Associated Press",
    "AP",
    "dpa",
    "Bloomberg",
    "EFE",
    "Europa Press",
    "ANSA",
    "Lusa",
    "Belga",
    "APA",
    "PA Media",
    "PTI",
    "ANI",
    "Kyodo",
    "Jiji",
    "Yonhap",
    "Xinhua",
    "TASS",
    "RIA Novosti",
    "Interfax",
    "ТАСС",
    "РИА Новости",
    "Интерфакс",
    "新华社",
    "新華社",
    "共同社",
    "时事社",
)
"""Agencies whose reports other outlets print or retell."""
_READ_CHARS: Final = 4_000
"""Credits are in the first paragraphs or at the end of short texts."""
_CREDIT_BEFORE: Final = (
    r"according to(?: the)?|(?:first )?reported (?:by|in)(?: the)?|t(?:ells?|old)(?: the)?|citing(?: the)?|via|"
    r"quoted by(?: the)?|laut|berichtete?n? d(?:ie|er|as)|wie d(?:ie|er|as)(?: nachrichtenagentur)?|gegenüber(?: der)?|"
    r"selon(?: l['’]| la| le)?|d['’]après(?: l['’]| la| le)?|según(?: la agencia| informa)?|recoge|segundo a|"
    r"secondo(?: l['’])?|сообщает|сообщил[аои]?|передает|передаёт|по данным|со ссылкой на|据|據"
)
_CREDIT_AFTER: Final = (
    r"(?:first |has |have |exclusively )?(?:reported|reports|says|said|writes|wrote|learned|revealed)\b|"
    r"berichte(?:t|te|ten)?\b|meldet\b|zufolge\b|rapporte\b|informó\b|informa\b|сообщает\b|сообщил[аои]?\b|"
    r"报道|報道|报导|報導|消息"
)


class Report(NamedTuple):
    """An article of a story, as far as it is counted."""

    publisher: str
    text: str
    """Headline and text."""
    features: bytes
    """The result of `features.encode_features`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcesCount:
    """The sources of a story."""

    outlets: int
    """The number of publishers: several reports of one are one source."""
    independent: int
    """The number of origins of what they report. A copy and a report that credits another have the other's origin."""


def count_outlets(publishers: Iterable[str]) -> int:
    """Return how many different publishers there are."""
    return len(set(map(outlet_name, publishers)))


def count_sources(reports: Sequence[Report]) -> SourcesCount:
    """Count the publishers of a story, and those that report it independently. `reports` are oldest first.

    A publisher is independent if one of its reports is neither a copy of an earlier one nor credits another publisher
    of the story or an agency. Publishers that print the same agency have one origin.
    """
    names = [outlet_name(report.publisher) for report in reports]
    credits = _credit_pattern(report.publisher for report in reports)
    origins: list[str] = []
    for report, name, original in zip(
        reports, names, copied_from([report.features for report in reports]), strict=True
    ):
        credited = _credited(credits, report.text[:_READ_CHARS], name)
        origins.append(credited or (name if original is None else origins[original]))
    by_outlet: dict[str, str] = {}
    for name, origin in zip(names, origins, strict=True):
        by_outlet[name] = name if origin == name else by_outlet.get(name, origin)
    return SourcesCount(outlets=len(by_outlet), independent=len(set(by_outlet.values())))


def _credit_pattern(publishers: Iterable[str]) -> re.Pattern[str]:
    """Return a pattern whose groups are the names that a text credits: agencies and publishers of the story."""
    own = {publisher.strip() for publisher in publishers if len(outlet_name(publisher)) > 2}
    names = sorted({*_AGENCIES, *own}, key=lambda name: (-len(name), name))
    name = "|".join(rf"\b{re.escape(name)}\b" if name[:1].isascii() else re.escape(name) for name in names)
    case = rf"(?-i:{name})"  # "AP" and "ANI" are names in capitals only
    return re.compile(
        rf"(?:{_CREDIT_BEFORE})\s*({case})|({case})\s*(?:{_CREDIT_AFTER})|[(（\[]\s*({case})\s*[)）\]]", re.IGNORECASE
    )


def _credited(credits: re.Pattern[str], text: str, own: str) -> str | None:
    """Return the first other publisher or agency that the text credits."""
    for found in credits.finditer(text):
        name = outlet_name(found[1] or found[2] or found[3])
        if name != own and name not in own:
            return name
    return None
