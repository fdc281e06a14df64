"""The grammar of queries: operands, which are words, phrases, brackets, fields, counts and references to topics."""

from abc import ABC, abstractmethod

from handlers.answers.errors import QueryError
from handlers.topics.query.cursor import OPERAND_KINDS, Cursor
from handlers.topics.query.describe import describe
from handlers.topics.query.expansion import MAX_DEPTH, MAX_EXPANDED, MAX_LEAVES, MAX_REGEXES, UnknownTopic
from handlers.topics.query.leaves import InvalidLeaf, compile_regex, read_language, read_phrase, read_site
from handlers.topics.query.lexer import MAX_NEAR, Kind, Lexeme
from handlers.topics.query.tree import And, AtLeast, Metadata, Near, Or, Reference, Regex, Tree, depth_of


class OperandParser(Cursor, ABC):
    """Parses operands. The operators between them are left to the subclass."""

    @abstractmethod
    def parse(self) -> Tree:
        """Return the tree of the whole query. Raises: QueryError."""

    @abstractmethod
    def disjunction(self) -> Tree:
        """Return the tree of operands and operators, up to a closing bracket, a comma or the end."""

    def operand(self) -> Tree:
        """Return the operand that starts at the next token. Raises: QueryError."""
        lexeme = self.take()
        try:
            return self._operand(lexeme)
        except InvalidLeaf as error:
            suggestion = None
            if lexeme.kind is Kind.WORD and not any(letter.isalnum() for letter in lexeme.text):
                rest = self.query[lexeme.column + len(lexeme.text) :].lstrip()
                suggestion = f"{self.query[: lexeme.column]}{rest}".strip()
            raise self.error(str(error), lexeme.column, suggestion) from error

    def _operand(self, lexeme: Lexeme) -> Tree:
        match lexeme.kind:
            case Kind.OPEN:
                return self._brackets(lexeme)
            case Kind.OF:
                return self._at_least(lexeme)
            case Kind.FIELD:
                return self._field(lexeme)
            case Kind.TOPIC:
                return self._reference(lexeme)
            case Kind.REGEX:
                self.count_leaves(lexeme, MAX_LEAVES // MAX_REGEXES)
                compile_regex(lexeme.text)
                return Regex(f"/{lexeme.text}/", lexeme.column, lexeme.text, self.field)
            case Kind.EXACT:
                word = self.take()
                if word.kind not in (Kind.WORD, Kind.PHRASE):
                    raise self.error("= needs a word or a phrase right after it.", lexeme.column)
                return self._phrase(word, exact=True)
            case Kind.WORD | Kind.PHRASE:
                return self._phrase(lexeme)
            case _:
                raise self.error("A word or a phrase is missing here.", lexeme.column)

    def _phrase(self, lexeme: Lexeme, *, exact: bool = False) -> Tree:
        """Return a word or phrase, or NEAR of its words for a phrase with a slop, such as "a b"~5."""
        quoted = lexeme.kind is Kind.PHRASE
        self.count_leaves(lexeme, 1)
        phrase = read_phrase(lexeme.text, lexeme.column, quoted=quoted, exact=exact, field=self.field)
        if not lexeme.number or len(phrase.variants[0].atoms) < 2:
            return phrase
        self.count_leaves(lexeme, lexeme.text.count(" "))
        words = [
            read_phrase(word, lexeme.column, quoted=True, exact=exact, field=self.field) for word in lexeme.text.split()
        ]
        tree: Tree = words[0]
        for word in words[1:]:
            tree = Near(min(lexeme.number - 1, MAX_NEAR), tree, word, column=lexeme.column)
        return tree

    def _brackets(self, opening: Lexeme) -> Tree:
        self.enter(opening)
        if self.next.kind is Kind.CLOSE:
            without = self.query[: opening.column] + self.query[self.next.column + 1 :]
            raise self.error("There is nothing between these brackets.", opening.column, without.strip() or None)
        if self.next.kind is Kind.END:
            raise self.unclosed(opening)
        tree = self.disjunction()
        if self.next.kind is Kind.COMMA:
            raise self.stray_comma(self.next)
        self.close(opening)
        return tree

    def _at_least(self, lexeme: Lexeme) -> Tree:
        opening = self.take()
        self.enter(opening)
        parts = [self.disjunction()]
        while self.next.kind is Kind.COMMA:
            self.take()
            parts.append(self.disjunction())
        self.close(opening)
        if not 1 <= lexeme.number <= len(parts):
            raise self._wrong_count(lexeme, parts)
        return AtLeast(lexeme.number, tuple(parts), column=lexeme.column)

    def _wrong_count(self, lexeme: Lexeme, parts: list[Tree]) -> QueryError:
        count = lexeme.number
        only_part = parts[0] if len(parts) == 1 and depth_of(parts[0]) <= MAX_DEPTH else None
        inner = only_part.parts if isinstance(only_part, Or | And) else ()
        before = self.query[: lexeme.column]
        if 1 <= count <= len(inner):  # 2 of (a OR b OR c), 2 of (a b c)
            with_commas = f"{count} of ({', '.join(map(describe, inner))})"
            suggestion = before + with_commas + self.query[self.lexemes[self.position - 1].column + 1 :]
        else:
            words, _, rest = self.query[lexeme.column :].partition(str(count))
            suggestion = f"{before}{words}{len(parts)}{rest}"
        if not count:
            message = "0 of them is always true."
        elif inner:
            message = f"Put commas between the things in these brackets, of which {count} must match."
        else:
            things = "is 1 thing" if len(parts) == 1 else f"are {len(parts)} things"
            message = f"There {things} in these brackets, so {count} of them is never true."
        return self.error(message, lexeme.column, suggestion)

    def _field(self, lexeme: Lexeme) -> Tree:
        if lexeme.text in ("lang", "site", "url"):
            return self._metadata(lexeme)
        if self.next.kind not in OPERAND_KINDS - {Kind.NOT, Kind.FIELD}:
            raise self.error(f"{lexeme.text}: needs a word, a phrase or brackets right after it.", lexeme.column)
        outer, self.field = self.field, lexeme.text
        tree = self.operand()
        self.field = outer
        return tree

    def _metadata(self, lexeme: Lexeme) -> Tree:
        """Return one condition, or an OR of the values in brackets."""
        if self.next.kind is not Kind.OPEN:
            return self._condition(lexeme)
        opening = self.take()
        self.enter(opening)
        parts = [self._condition(lexeme)]
        while self.next.kind in (Kind.OR, Kind.COMMA):
            self.take()
            parts.append(self._condition(lexeme))
        self.close(opening)
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def _condition(self, lexeme: Lexeme) -> Tree:
        value = self.take()
        self.count_leaves(value, 1)
        if value.kind is Kind.REGEX and lexeme.text == "url":
            return Metadata(f"url:/{value.text}/", value.column, "url", f"/{value.text}/".casefold())
        if value.kind not in (Kind.WORD, Kind.PHRASE):
            raise self.error(f"{lexeme.text}: needs a value right after it.", lexeme.column)
        read = {"lang": read_language, "site": read_site}.get(lexeme.text, str.casefold)
        return Metadata(f"{lexeme.text}:{value.text}", value.column, lexeme.text, read(value.text))

    def _reference(self, lexeme: Lexeme) -> Tree:
        query = self.resolve(lexeme.text) if self.resolve is not None else None
        if query is None:
            raise UnknownTopic(lexeme.text, query=self.query, column=lexeme.column)
        names = [name for name, _ in self.referrers]
        for position, (_, other) in enumerate(self.referrers):
            if other == query:
                circle = " -> ".join(f"@{name}" for name in (*names[position:], lexeme.text))
                raise self.error(f"This topic refers to itself: {circle}.", lexeme.column)
        return Reference(lexeme.text, lexeme.column, self._referenced_tree(lexeme, query))

    def _referenced_tree(self, lexeme: Lexeme, query: str) -> Tree:
        """Return the tree of another topic's query, which is parsed once however often it is referred to."""
        cached = self.expansion.parts.get((query, self.field))
        if cached is not None:
            self.count_leaves(lexeme, cached[1])
            return cached[0]
        self.expansion.characters += len(query)
        if self.expansion.characters > MAX_EXPANDED:
            message = f"The topics that this query refers to have more than {MAX_EXPANDED:,} characters."
            raise self.error(message, lexeme.column)
        self.enter(lexeme)
        before = self.expansion.leaves
        parser = type(self)(
            query,
            self.resolve,
            self.expansion,
            referrers=(*self.referrers, (lexeme.text, query)),
            field=self.field,
            depth=self.depth,
        )
        try:
            tree = parser.parse()
        except QueryError as error:
            cause = error.__cause__ if isinstance(error.__cause__, QueryError) else error
            raise self.error(f"In @{lexeme.text}: {cause.message}", lexeme.column) from cause
        self.depth -= 1
        self.expansion.parts[query, self.field] = tree, self.expansion.leaves - before
        return tree
