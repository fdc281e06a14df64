"""Measures how often different articles are taken for one story: entries of one feed, official notices, daily series.

Also reports of invented events by several outlets in different words, which show what is missed for it. Everything is
deterministic. The feeds are in ../shared/data; the rest is made from benchmarks/notices.toml.

Run: python -m benchmarks.stories_negative [--data FOLDER] [--show 20]
"""

import argparse
import sys
import tarfile
import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from benchmarks.inventor import MONTHS, WEEKDAYS, Inventor
from benchmarks.labelled_data import DATA
from benchmarks.story_sets import group
from handlers.answers.errors import UnreadableDocument
from handlers.drafts import ArticleDraft
from handlers.sources.feeds.feed import read_feed
from handlers.sources.text.language import language_of
from handlers.stories.shown_headlines import headline_key

_START: Final = datetime(2026, 11, 24, 9, tzinfo=UTC)
_CUTS: Final = (10, 15, 30, 60)
"""Words to which the teaser of a feed's entry is cut."""
_TAILS: Final = {
    "none": "",
    "credit": "(Reporting by Ann Roe in Nord; Editing by Bo Ek)",
    "credits that vary": "(Reporting by {person}; Additional reporting by {person2}; Editing by {person3})",
    "credit without brackets": "Reporting by {person}; editing by {person2}",
    "read more": "Read more",
    "continue": "[…] Continue reading on {feed}",
    "first appeared": "The post {title} appeared first on {feed}.",
    "copyright": "© 2026 {feed}. All rights reserved. This material may not be published or redistributed.",
    "self-praise": "{feed} has reported from the coast since 1998; write to our desk with tips about the harbour.",
    "newsletter": "Sign up for our newsletter to get the best of {feed} in your inbox every morning, for free.",
    "share": "Share on Facebook Share on Twitter Comments (0)",
    "German": "Lesen Sie den ganzen Artikel auf {feed}",
    "French": "Lire la suite sur le site de {feed} (avec AFP)",
    "Russian": "Подписывайтесь на наш канал, чтобы узнавать новости первыми",
    "Chinese": "（记者 {person}）责任编辑：王小明",
    "Arabic": "(إعداد {person} للنشرة العربية - تحرير {person2})",
}
_PROGRESS: Final = 20
"""Feeds after which progress is reported."""
_INSTANCES: Final = 30
"""Notices of each template, days of each series, events of each kind."""
_MAX_ENTRIES: Final = 40
Row = dict[str, Any]


def read_feeds(data: Path) -> Iterator[tuple[str, list[ArticleDraft]]]:
    """Yield the real feeds of the data with their entries, oldest first, at most 40 and no two with one title."""
    yield from _feeds_of(data / "feeds" / "feeds.dev.tar.xz", ("real",))
    newest: dict[str, tuple[str, list[ArticleDraft]]] = {}
    for name, drafts in _feeds_of(data / "feeds" / "polling.dev.tar.xz", ("polling",)):
        newest[name.split("/")[1]] = (name, drafts)
    yield from newest.values()


def _feeds_of(path: Path, beginnings: tuple[str, ...]) -> Iterator[tuple[str, list[ArticleDraft]]]:
    with tarfile.open(path) as archive:
        for member in archive:
            file = archive.extractfile(member)
            if file is None or not member.name.startswith(beginnings):
                continue
            try:
                drafts = read_feed(file.read(), content_type=None, url="https://feed.example/").entries
            except UnreadableDocument:
                continue
            articles = {d.title.casefold(): d for d in drafts if isinstance(d, ArticleDraft) and d.title and d.text}
            if len(articles) > 2:
                yield member.name, list(articles.values())[:_MAX_ENTRIES][::-1]


def cut(text: str, words: int) -> str:
    """Return the first words of a text; in Chinese and Japanese, two characters count as a word."""
    pieces = text.split()
    if len(pieces) * 12 < len(text):
        return text[: 2 * words]
    return " ".join(pieces[:words])


def _row(id: str, title: str, text: str, at: datetime, **values: str) -> Row:
    return {"id": id, "title": title, "text": text, "published": at.isoformat(), **values}


def feed_rows(name: str, drafts: Sequence[ArticleDraft], words: int, tail: str) -> list[Row]:
    """Return the entries of a feed, cut to that many words, with a tail. Each is a story of its own."""
    feed = " ".join(Inventor(name).name() for _ in range(2))
    rows = []
    for number, draft in enumerate(drafts):
        end = Inventor(f"{name}{number}").fill(tail, feed=feed, title=draft.title)
        text = f"{cut(draft.text, words)} {end}".strip()
        language = draft.language or language_of(draft.title, draft.text)
        at = _START + timedelta(minutes=20 * number)
        rows.append(_row(f"{name}/{number}", draft.title, text, at, story=str(number), lang=language, site=name))
    return rows


@cache
def _templates() -> dict[str, list[dict[str, Any]]]:
    return tomllib.loads(Path(__file__).with_name("notices.toml").read_text(encoding="utf-8"))


def notice_rows(template: Mapping[str, Any], apart: timedelta) -> list[Row]:
    """Return the notices of one template, or the days of one series, from one source. Each is a story of its own."""
    name, cjk = template["name"], template.get("cjk", False)
    base = Inventor(name, cjk=cjk).name()
    rows = []
    for number in range(_INSTANCES):
        at = _START + number * apart
        inventor = Inventor(f"{name} {number}", cjk=cjk)
        given = {"base": base, "serial": str(number + 2), "n": str(1_200 + 7 * number)}
        if "series" in template or apart >= timedelta(hours=12):
            given |= {
                "day": f"{at.day} {MONTHS[at.month - 1]} {at.year}",
                "date": f"{at:%d.%m.%Y}",
                "weekday": WEEKDAYS[at.weekday()],
            }
        if kinds := template.get("kinds"):
            given["kind"] = inventor.fill(kinds[number % len(kinds)], **given)
        title, text = (inventor.fill(template[part], **given) for part in ("title", "text"))
        language = template.get("language", "en")
        rows.append(_row(f"{name}/{number}", title, text, at, story=str(number), lang=language, site=name))
    return rows


def event_rows(template: Mapping[str, Any], *, seed: str = "") -> list[Row]:
    """Return reports of events of one kind, each by three outlets in different words, within hours."""
    name = template["name"]
    rows = []
    for number in range(_INSTANCES):
        inventor = Inventor(f"{seed}{name} {number}")
        for place, (title, text) in enumerate(template["reports"]):
            at = _START + timedelta(minutes=40 * number + 75 * place)
            values = {"story": f"{name} {number}", "lang": "en", "site": f"paper {place}"}
            id = f"{name}/{3 * number + place}"
            rows.append(_row(id, inventor.fill(title), inventor.fill(text), at, **values))
    return rows


class FalseJoins(NamedTuple):
    joined: list[tuple[Row, Row]]
    """Each article that joined the story of an article about something else, with the first one of the story."""
    hidden: int
    """How many of them have a headline that the story shows already, so that they get no line of their own."""


def false_joins(rows: Sequence[Row]) -> FalseJoins:
    """Group the articles into stories and return those in the story of another event."""
    found, _ = group(rows)
    first: dict[int, Row] = {}
    shown: defaultdict[int, set[str]] = defaultdict(set)
    joined = []
    hidden = 0
    for row in rows:
        story = found[row["id"]]
        lead = first.setdefault(story, row)
        headline = headline_key(row["title"])
        if lead["story"] != row["story"]:
            joined.append((row, lead))
            hidden += headline in shown[story]
        shown[story].add(headline)
    return FalseJoins(joined, hidden)


def pair_figures(rows: Sequence[Row]) -> tuple[int, int, int]:
    """Return the pairs of articles that are rightly in one story, those found in one, and those that should be."""
    found, _ = group(rows)

    def pairs(key: Callable[[Row], Any]) -> int:
        return sum(count * (count - 1) // 2 for count in Counter(map(key, rows)).values())

    return (
        pairs(lambda row: (row["story"], found[row["id"]])),
        pairs(lambda row: found[row["id"]]),
        pairs(lambda row: row["story"]),
    )


class _Tally:
    """Counts articles and false joins by name, and keeps some for display."""

    def __init__(self, show: int) -> None:
        self._show = show
        self._articles: Counter[str] = Counter()
        self._joins: defaultdict[str, list[tuple[Row, Row]]] = defaultdict(list)
        self._hidden: Counter[str] = Counter()

    def add(self, name: str, articles: int, joins: FalseJoins) -> None:
        self._articles[name] += articles
        self._joins[name] += joins.joined
        self._hidden[name] += joins.hidden

    def report(self, title: str) -> None:
        print(f"\n{title:32} articles  false joins    without a line")
        for name, articles in self._articles.items():
            count = len(self._joins[name])
            print(f"  {name:30} {articles:8} {count:6}  {count / articles:7.2%} {self._hidden[name]:6}")
            for row, lead in self._joins[name][: self._show]:
                print(f"      {row['title']} | {row['text'][:120]}\n        <- {lead['title']} | {lead['text'][:120]}")
        total, joins = self._articles.total(), sum(map(len, self._joins.values()))
        print(f"  {'all':30} {total:8} {joins:6}  {joins / total:7.2%} {self._hidden.total():6}")


def report_false_joins(data: Path, *, show: int = 0) -> None:
    """Print how many articles joined the story of another event, by kind. `show` is how many of each kind to print."""
    if (data / "feeds").exists():
        _report_feeds(list(read_feeds(data)), show)
    else:
        print(f"The feeds were not measured: there is nothing at {data}.")
    for kind, apart in (("notice", timedelta(minutes=40)), ("series", timedelta(days=1))):
        tally = _Tally(show)
        for template in _templates()[kind]:
            rows = notice_rows(template, apart)
            tally.add(template["name"], len(rows), false_joins(rows))
        tally.report({"notice": "notices of one source", "series": "series of one source"}[kind])
    _report_events()


def _report_feeds(feeds: Sequence[tuple[str, list[ArticleDraft]]], show: int) -> None:
    """Print the figures of every feed with every cut and tail, by tail and by cut. Takes some minutes."""
    by_tail, by_cut = _Tally(show), _Tally(0)
    for number, (name, drafts) in enumerate(feeds, start=1):
        for tail_name, tail in _TAILS.items():
            for words in _CUTS:
                rows = feed_rows(name, drafts, words, tail)
                joins = false_joins(rows)
                by_tail.add(tail_name, len(rows), joins)
                by_cut.add(f"cut to {words} words", len(rows), joins)
        if number % _PROGRESS == 0:
            print(f"{number} of {len(feeds)} feeds", file=sys.stderr)
    by_tail.report(f"entries of one feed ({len(feeds)} feeds)")
    by_cut.report("the same by length of teaser")


def _report_events() -> None:
    """Print how many pairs of reports of one event by different outlets are found, and how many are right."""
    print(f"\n{'events of three outlets':32} pairs   P     R     F1")
    sets = {template["name"]: event_rows(template) for template in _templates()["event"]}
    sets["all together"] = [row for rows in sets.values() for row in rows]
    for name, rows in sets.items():
        right, found, wanted = pair_figures(rows)
        precision, recall = right / max(found, 1), right / wanted
        print(f"  {name:30} {wanted:5}  {precision:.3f} {recall:.3f} {2 * right / (found + wanted):.3f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--show", type=int, default=0, help="show this many false joins of each kind")
    options = parser.parse_args()
    report_false_joins(options.data, show=options.show)


if __name__ == "__main__":
    main()
