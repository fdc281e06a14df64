"""Stories as lines of a brief or a digest: grouped, ranked, and each with one sentence taken word for word."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Final

from handlers.answers.parts import Link, Quote, Report, StoryLine
from handlers.stories.ranking import StoryFacts, rank
from handlers.stories.sentences import sentences
from handlers.stories.summary import summarise
from storage.records import Article, Evidence, Mention, Tally

_TRIED: Final = 4
"""Articles of a story that are tried for a sentence fit to quote."""
_CITED: Final = 3
"""References that one sentence may have."""
_SUMMARY: Final = 3
"""Sentences of a summary among which one is chosen."""
KEPT_CHARS: Final = 10_000
"""Characters of a text whose quotation is kept in memory; longer ones are rare, and would fill it."""
_LONGEST: Final = 300
"""Characters of a sentence that is quoted only because it shows the match."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouped:
    """The mentions of one story, the oldest first."""

    story_id: int
    mentions: tuple[Mention, ...]

    @property
    def sources(self) -> int:
        return len({mention.publisher.casefold() for mention in self.mentions})

    @property
    def first_received_at(self) -> datetime:
        return min(mention.received_at for mention in self.mentions)

    @property
    def ids(self) -> tuple[int, ...]:
        """Articles worth quoting, the best first: those with the topic in the headline, then the first to report."""
        best = sorted(self.mentions, key=lambda one: (not one.title_hit, one.at, one.article_id))
        return tuple(mention.article_id for mention in best[:_TRIED])


def group(mentions: Iterable[Mention], *, now: datetime) -> tuple[Grouped, ...]:
    """The stories of these mentions, the most important first."""
    by_story: dict[int, list[Mention]] = {}
    for mention in mentions:
        # An article that has no story yet is one of its own; no story has a negative id.
        by_story.setdefault(mention.story_id or -mention.article_id, []).append(mention)
    grouped = {
        story_id: Grouped(story_id=story_id, mentions=tuple(sorted(found, key=lambda one: (one.at, one.article_id))))
        for story_id, found in by_story.items()
    }
    facts = [
        StoryFacts(
            story_id=story.story_id,
            independent=story.sources,
            articles=len(story.mentions),
            sources=story.sources,
            score=max(mention.score for mention in story.mentions),
            title_hit=any(mention.title_hit for mention in story.mentions),
            last_at=max(mention.at for mention in story.mentions),
        )
        for story in grouped.values()
    ]
    return tuple(grouped[fact.story_id] for fact in rank(facts, now=now))


def rank_tallies(tallies: Iterable[Tally], *, now: datetime) -> tuple[StoryFacts, ...]:
    """Stories in the same order as `group` gives them, from what their mentions add up to."""
    return rank(
        (
            StoryFacts(
                story_id=tally.story_id,
                independent=tally.sources,
                articles=tally.articles,
                sources=tally.sources,
                score=tally.score,
                title_hit=tally.title_hit,
                last_at=tally.last_at,
            )
            for tally in tallies
        ),
        now=now,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoted:
    """A story's line, and the articles that say its sentence, the quoted one first."""

    line: StoryLine
    articles: tuple[Article, ...]


def quote_story(
    story: Grouped, articles: Mapping[int, Article], evidence: Mapping[int, Sequence[Evidence]]
) -> Quoted | None:
    """Its headline and the best sentence of the best article. None where none of its articles is there any more."""
    at_hand = [articles[id] for id in story.ids if id in articles]
    if not at_hand:
        return None
    lead, quote = at_hand[0], None
    for article in at_hand:
        quote = quote_article(article, evidence.get(article.id, ()))
        if quote is not None:
            lead = article
            break
    if quote is None:
        quote = Quote(text=lead.title)
    others = [article for article in at_hand if article.id != lead.id and quote.text in article.text]
    return Quoted(
        line=StoryLine(
            story_id=story.story_id,
            headline=Link(text=lead.title, url=lead.url),
            sources=story.sources,
            articles=len(story.mentions),
            sentence=quote,
            report=report(lead),
        ),
        articles=(lead, *others[: _CITED - 1]),
    )


def quote_article(article: Article, evidence: Sequence[Evidence]) -> Quote | None:
    """One sentence of its text, verbatim, with the words that matched; None where it has no text.

    The best sentence of a summary that shows why the article matched; else the first one that does; else the best.
    """
    hits = tuple(evidence)
    if len(article.text) > KEPT_CHARS:
        return _quote(article.title, article.text, article.highlights, article.language, hits)
    return _kept_quote(article.title, article.text, article.highlights, article.language, hits)


def _quote(
    title: str, text: str, highlights: tuple[str, ...], language: str, evidence: tuple[Evidence, ...]
) -> Quote | None:
    whole = sentences(text, language)
    spans = (
        summarise(
            title=title,
            text=text,
            highlights=highlights,
            language=language,
            evidence=evidence,
            limit=_SUMMARY,
        )
        or whole[:1]
    )
    if not spans:
        return None
    short = [span for span in whole if len(span.text) <= _LONGEST]
    showing = (span for span in (*spans, *short) if bold(span.start, span.end, evidence))
    chosen = next(showing, spans[0])
    return Quote(text=chosen.text, bold=bold(chosen.start, chosen.end, evidence))


_kept_quote: Final = lru_cache(maxsize=1_024)(_quote)
"""The stories of the day are quoted to everybody who asks: the same words always give the same quotation."""


def bold(start: int, end: int, evidence: Iterable[Evidence], *, field: str = "body") -> tuple[tuple[int, int], ...]:
    """The spans of `article.text[start:end]` that are evidence: sorted, apart from one another."""
    merged: list[tuple[int, int]] = []
    inside = sorted(
        (max(hit.start, start) - start, min(hit.end, end) - start)
        for hit in evidence
        if hit.field == field and hit.start < end and hit.end > start
    )
    for left, right in inside:
        if merged and left <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], right))
        else:
            merged.append((left, right))
    return tuple(merged)


def report(article: Article) -> Report:
    return Report(publisher=article.publisher, url=article.url, at=min(article.published_at, article.received_at))
