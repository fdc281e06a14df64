"""The fields of an article, split into tokens, and where the leaves of queries occur in them.

Results are cached for all queries on the same article. Each budget pays the full price the first time it asks for a
result, so the cost of a query does not depend on other workspaces.
"""

from dataclasses import dataclass

from handlers.topics.index.budget import Budget
from handlers.topics.index.hashtag_words import located, without_nested
from handlers.topics.index.occurrences import Text, find_variant, find_words, may_contain, regex_matches
from handlers.topics.index.reverse_join import ReversibleJoin
from handlers.topics.index.word_spans import NO_SPANS, MergedSpans, WordSpans, union
from handlers.topics.query.lexer import MAX_NEAR
from handlers.topics.query.tree import TEXT_FIELDS, Metadata, Phrase, Regex, Variant, Word
from handlers.topics.text.query_words import wanted_keys


@dataclass(frozen=True, slots=True, kw_only=True)
class Readable:
    """The parts of an article that a query can ask about."""

    title: str
    body: str
    language: str = "und"
    """An ISO 639-1 code with an optional region, or "und". Decides conditions such as lang:en."""
    inflection: str = ""
    """The language in which words are inflected if `language` is "und": a guess. Empty for none."""
    url: str | None = None
    author: str | None = None
    tags: tuple[str, ...] = ()
    source: str = ""


CharSpan = tuple[str, int, int]
"""The name of a field, and the start and end (exclusive) of some characters in it."""


def language_of(readable: Readable) -> str:
    """Return the ISO 639-1 code without its region, or "und"."""
    return readable.language.split("-")[0].casefold() or "und"


def inflection_of(readable: Readable) -> str:
    """Return the ISO 639-1 code of the language in which words are inflected, or "und"."""
    language = language_of(readable)
    if language != "und" or not readable.inflection:
        return language
    return readable.inflection.split("-")[0].casefold() or "und"


class Fields:
    """The fields of one article.

    The words of title and body are numbered in sequence. Between them is a gap that no NEAR reaches across.
    """

    __slots__ = (
        "_body",
        "_merged_spans",
        "_near_join",
        "_other_fields",
        "_phrases",
        "_prepared",
        "_regexes",
        "_title",
        "language",
        "readable",
    )

    def __init__(self, readable: Readable, prepared: tuple[str | None, str | None] = (None, None)) -> None:
        """`prepared` is the title and the body after `words.prepare`, if the caller has them."""
        self.readable = readable
        self.language = inflection_of(readable)
        self._prepared = prepared
        self._title: Text | None = None
        self._body: Text | None = None
        # Cached results, each with the number of steps that finding it took.
        self._phrases: dict[tuple[str, tuple[Variant, ...]], tuple[WordSpans, int]] = {}
        self._regexes: dict[tuple[str, str], tuple[list[CharSpan], int]] = {}
        self._other_fields: dict[str, tuple[Text, ...]] = {}
        self._near_join: ReversibleJoin | None = None
        self._merged_spans = MergedSpans()

    @property
    def title(self) -> Text:
        if self._title is None:
            self._title = Text(self.readable.title, self.language, self._prepared[0])
        return self._title

    @property
    def body(self) -> Text:
        if self._body is None:
            self._body = Text(self.readable.body, self.language, self._prepared[1])
        return self._body

    @property
    def body_at(self) -> int:
        """The number of the first word of the body."""
        return self.title.size + MAX_NEAR + 1

    @property
    def size(self) -> int:
        """The number of all words and of the gap; at least, the number after the last word of the body."""
        return self.body_at + self.body.size

    def near_join(self, budget: Budget) -> ReversibleJoin:
        """Return an object that joins spans of this article. The budget pays for its work from now on."""
        if self._near_join is None:
            self._near_join = ReversibleJoin(self.size)
        self._near_join.budget = budget
        return self._near_join

    def merged_spans(self) -> MergedSpans:
        """Return an empty `MergedSpans`. It is the same object each time."""
        self._merged_spans.reset(self.size)
        return self._merged_spans

    def texts(self, field: str) -> tuple[Text, ...]:
        """Return the texts of a field; for an empty name, title and body."""
        match field:
            case "":
                return (self.title, self.body)
            case "title":
                return (self.title,)
            case "body":
                return (self.body,)
        if field not in self._other_fields:
            self._other_fields[field] = tuple(Text(value, self.language) for value in values_of(self.readable, field))
        return self._other_fields[field]

    def char_span(self, first: int, end: int) -> CharSpan:
        """Return the characters of the words `first` to `end` (exclusive) in the title or body as published."""
        if first < self.body_at:
            return "title", *self.title.char_span_at(first, end)
        return "body", *self.body.char_span_at(first - self.body_at, end - self.body_at)

    def contains(self, leaf: Phrase, budget: Budget) -> bool:
        """Return whether a phrase occurs in its field. Raises: OverBudget."""
        if not leaf.field and len(leaf.variants) == 1 and len(leaf.variants[0].atoms) == 1:
            atom = leaf.variants[0].atoms[0]
            if isinstance(atom, Word) and atom.is_plain:
                wanted = wanted_keys(atom.folded, atom.lower, atom.inflection, self.language)
                return not (self.body.keys.isdisjoint(wanted) and self.title.keys.isdisjoint(wanted))
        if leaf.field in ("", *TEXT_FIELDS):
            return self.spans_of(leaf, budget).count > 0
        return any(
            find_variant(find_words(variant, text, budget), budget).count
            for text in self.texts(leaf.field)
            for variant in leaf.variants
        )

    def spans_of(self, leaf: Phrase, budget: Budget) -> WordSpans:
        """Return where a phrase occurs in title and body. Raises: OverBudget."""
        budget.spend(len(leaf.variants))
        texts = self.texts(leaf.field) if leaf.field in ("", *TEXT_FIELDS) else ()
        if not any(may_contain(variant, text) for variant in leaf.variants for text in texts):
            return NO_SPANS
        key = (leaf.field, leaf.variants)
        cached = self._phrases.get(key)
        if cached is not None and budget.has_paid(key):
            return cached[0]
        found = [find_words(variant, text, budget) for variant in leaf.variants for text in texts]
        if cached is None:
            before = budget.total
            spans = NO_SPANS
            for words in found:
                in_text = _located(find_variant(words, budget), words.text)
                spans = union(spans, in_text, 0 if words.text is self.title else self.body_at)
                budget.spend(spans.count)
            cached = self._phrases[key] = (self._without_nested(spans), before - budget.total)
        else:
            budget.spend(cached[1])
        budget.mark_paid(key)
        return cached[0]

    def _without_nested(self, spans: WordSpans) -> WordSpans:
        hashtags: list[tuple[int, int]] = []
        for text, by in ((self.title, 0), (self.body, self.body_at)):
            if text.positions is not None:
                hashtags += [(first + by, end + by) for first, end in text.positions.hashtags]
        return without_nested(spans, hashtags) if hashtags else spans

    def regex_spans(self, leaf: Regex, budget: Budget) -> list[CharSpan]:
        """Return the matches of a regular expression that are not empty, at most 100 a text. Raises: OverBudget."""
        key = (leaf.field, leaf.pattern)
        cached = self._regexes.get(key)
        if cached is None:
            before = budget.total
            found = [
                (field, start, end)
                for field in (TEXT_FIELDS if not leaf.field else (leaf.field,))
                for text in values_of(self.readable, field)
                for start, end in regex_matches(text, leaf.pattern, budget)
            ]
            cached = self._regexes[key] = (found, before - budget.total)
        elif not budget.has_paid(key):
            budget.spend(cached[1])
        budget.mark_paid(key)
        return cached[0]


def _located(spans: WordSpans, text: Text) -> WordSpans:
    """Return spans of tokens by position."""
    return spans if text.positions is None else located(spans.listed(), text.positions)


def values_of(readable: Readable, field: str) -> tuple[str, ...]:
    """Return the texts of a field as published."""
    match field:
        case "title":
            return (readable.title,)
        case "body":
            return (readable.body,)
        case "author":
            return (readable.author or "",)
        case "tag":
            return readable.tags
        case _:
            return (readable.source,)


def has_metadata(readable: Readable, leaf: Metadata) -> bool:
    """Return whether an article has the language, address or site."""
    url = (readable.url or "").casefold()
    match leaf.field:
        case "lang":
            return leaf.value == language_of(readable)
        case "url":
            return leaf.value in url
        case _:
            host = url.partition("://")[2].partition("/")[0].rpartition("@")[2].partition(":")[0]
            return host == leaf.value or host.endswith(f".{leaf.value}")
