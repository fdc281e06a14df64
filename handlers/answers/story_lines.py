"""Stories as lines of a brief or a digest: mentions grouped by story, ranked, each with a verbatim sentence."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Final

from handlers.answers.parts import Link, OtherHeadline, Quote, Report, StoryLine
from handlers.stories.ranking import StoryFacts, rank
from handlers.stories.sentences import sentences
from handlers.stories.shown_headlines import Headline, unshown
from handlers.stories.sources_count import count_outlets
from handlers.stories.summary import summarize
from storage.channel_stories import StoryMember
from storage.records import Article, Evidence, Mention, Tally

_QUOTED_ARTICLES: Final = 4
"""How many articles of a story are searched for a sentence to quote."""
_MAX_REFERENCES: Final = 3
"""Of one sentence."""
_MAX_ALSO: Final = 2
"""Different headlines of a story that are shown. The others are counted."""
_MAX_ALSO_CHARS: Final = 110
_SUMMARY_SENTENCES: Final = 3
"""The quoted sentence is chosen among this many."""
CACHED_CHARS: Final = 10_000
"""Quotations from texts up to this length are cached. Longer texts are rare and would fill the memory."""
_MAX_SENTENCE_CHARS: Final = 300
"""Of a sentence outside the summary, quoted because it shows the match."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MentionedStory:
    """A story and its mentions of a topic, oldest first."""

    story_id: int
    """Negative for an article without a story: its id."""
    mentions: tuple[Mention, ...]
    outlets: int | None = None
    """The number of publishers of the whole story, including articles that are no mentions; None: not counted."""

    @property
    def sources(self) -> int:
        """The number of different publishers, of the whole story if that was counted."""
        if self.outlets is not None:
            return self.outlets
        return count_outlets(mention.publisher for mention in self.mentions)

    @property
    def first_received_at(self) -> datetime:
        return min(mention.received_at for mention in self.mentions)

    @property
    def ids(self) -> tuple[int, ...]:
        """The articles to quote, best first: those with the topic in the headline, then the earliest."""
        best = sorted(self.mentions, key=lambda mention: (not mention.in_title, mention.at, mention.article_id))
        return tuple(mention.article_id for mention in best[:_QUOTED_ARTICLES])


def group_mentions(mentions: Iterable[Mention], *, now: datetime) -> tuple[MentionedStory, ...]:
    """Group mentions by story. Return the stories, most important first."""
    by_story: dict[int, list[Mention]] = {}
    for mention in mentions:
        # An article without a story counts as a story of its own. Ids of stories are positive.
        by_story.setdefault(mention.story_id or -mention.article_id, []).append(mention)
    grouped = {
        story_id: MentionedStory(story_id=story_id, mentions=tuple(sorted(found, key=_by_time)))
        for story_id, found in by_story.items()
    }
    facts = [
        StoryFacts(
            story_id=story.story_id,
            independent=story.sources,
            articles=len(story.mentions),
            sources=story.sources,
            score=max(mention.score for mention in story.mentions),
            in_title=any(mention.in_title for mention in story.mentions),
            last_at=max(mention.at for mention in story.mentions),
        )
        for story in grouped.values()
    ]
    return tuple(grouped[fact.story_id] for fact in rank(facts, now=now))


def with_outlets(
    stories: Iterable[MentionedStory], publishers: Mapping[int, Iterable[str]]
) -> tuple[MentionedStory, ...]:
    """Return the stories with the number of their publishers. `publishers` are those of all articles, by story id."""
    return tuple(
        replace(story, outlets=count_outlets(publishers[story.story_id])) if story.story_id in publishers else story
        for story in stories
    )


def _by_time(mention: Mention) -> tuple[datetime, int]:
    return mention.at, mention.article_id


def rank_tallies(tallies: Iterable[Tally], *, now: datetime) -> tuple[StoryFacts, ...]:
    """Rank stories in the same order as `group_mentions`, from the sums of their mentions."""
    return rank(
        (
            StoryFacts(
                story_id=tally.story_id,
                independent=tally.sources,
                articles=tally.articles,
                sources=tally.sources,
                score=tally.score,
                in_title=tally.in_title,
                last_at=tally.last_at,
            )
            for tally in tallies
        ),
        now=now,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotedStory:
    """The line of a story, and the articles that contain its sentence, the quoted one first."""

    line: StoryLine
    articles: tuple[Article, ...]


def quote_story(
    story: MentionedStory, articles: Mapping[int, Article], evidence: Mapping[int, Sequence[Evidence]]
) -> QuotedStory | None:
    """Return the line of a story: the headline and the best sentence of its best article.

    `evidence` is by article id. Returns None if none of its articles is stored any more.
    """
    available = [articles[id] for id in story.ids if id in articles]
    if not available:
        return None
    lead, quote = available[0], None
    for article in available:
        quote = quote_article(article, evidence.get(article.id, ()))
        if quote is not None:
            lead = article
            break
    if quote is None:
        quote = Quote(text=lead.title)
    others = [article for article in available if article.id != lead.id and quote.text in article.text]
    return QuotedStory(
        line=StoryLine(
            story_id=story.story_id,
            headline=Link(text=lead.title, url=lead.url),
            sources=story.sources,
            articles=len(story.mentions),
            sentence=quote,
            report=report(lead),
        ),
        articles=(lead, *others[: _MAX_REFERENCES - 1]),
    )


def other_headlines(members: Sequence[StoryMember], shown: int) -> tuple[tuple[OtherHeadline, ...], int]:
    """Return headlines of a story that differ from that of the article `shown`, oldest first, and how many more differ.

    Long headlines are shortened.
    """
    headlines = [Headline(member.article_id, member.title, member.publisher) for member in members]
    others = unshown(headlines, {shown})
    by_id = {member.article_id: member for member in members}
    listed = tuple(
        OtherHeadline(headline=Link(text=_shortened(by_id[id].title), url=by_id[id].url), publisher=by_id[id].publisher)
        for id in others[:_MAX_ALSO]
    )
    return listed, len(others) - len(listed)


def _shortened(text: str) -> str:
    return text if len(text) <= _MAX_ALSO_CHARS else f"{text[: _MAX_ALSO_CHARS - 1].rstrip()}…"


def quote_article(article: Article, evidence: Sequence[Evidence]) -> Quote | None:
    """Return a sentence of the article, verbatim, with its matched words; None if the article has no text.

    It is the best sentence of a summary that contains evidence, else the first sentence of the text that does, else the
    best sentence of the summary.
    """
    if len(article.text) > CACHED_CHARS:
        return _quote(article.title, article.text, article.highlights, article.language, tuple(evidence))
    return _cached_quote(article.title, article.text, article.highlights, article.language, tuple(evidence))


def _quote(
    title: str, text: str, highlights: tuple[str, ...], language: str, evidence: tuple[Evidence, ...]
) -> Quote | None:
    every = sentences(text, language)
    spans = (
        summarize(
            title=title,
            text=text,
            highlights=highlights,
            language=language,
            evidence=evidence,
            limit=_SUMMARY_SENTENCES,
        )
        or every[:1]
    )
    if not spans:
        return None
    short = [span for span in every if len(span.text) <= _MAX_SENTENCE_CHARS]
    with_evidence = (span for span in (*spans, *short) if bold_spans(span.start, span.end, evidence))
    chosen = next(with_evidence, spans[0])
    return Quote(text=chosen.text, bold=bold_spans(chosen.start, chosen.end, evidence))


_cached_quote: Final = lru_cache(maxsize=1_024)(_quote)
"""Cached, because everybody asks for the stories of the day. The same text always gives the same quotation."""


def bold_spans(
    start: int, end: int, evidence: Iterable[Evidence], *, field: str = "body"
) -> tuple[tuple[int, int], ...]:
    """Return the (start, end) of the evidence in `article.text[start:end]`, relative to `start`.

    The spans are in order and do not overlap. `field` is "body" or "title"; for a title, the offsets refer to it.
    """
    merged: list[tuple[int, int]] = []
    inside = sorted(
        (max(piece.start, start) - start, min(piece.end, end) - start)
        for piece in evidence
        if piece.field == field and piece.start < end and piece.end > start
    )
    for left, right in inside:
        if merged and left <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], right))
        else:
            merged.append((left, right))
    return tuple(merged)


def report(article: Article) -> Report:
    """Return who published the article, where and when: at the time of its arrival if the publisher dates it later."""
    return Report(publisher=article.publisher, url=article.url, at=min(article.published_at, article.received_at))
