"""The grammar of queries: operands, which are terms, brackets, fields, counts and references to topics."""

from abc import ABC, abstractmethod

from handlers.answers.errors import QueryError
from handlers.topics.query.cursor import OPERAND_KINDS
from handlers.topics.query.describe import describe
from handlers.topics.query.expansion import MAX_DEPTH, MAX_EXPANDED, UnknownTopic
from handlers.topics.query.lexer import Kind, Lexeme
from handlers.topics.query.regex_classes import InvalidLeaf
from handlers.topics.query.terms import TermParser
from handlers.topics.query.tree import And, AtLeast, Or, Reference, Tree, depth_of


class OperandParser(TermParser, ABC):
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
                return self.regex(lexeme)
            case Kind.EXACT:
                return self.exact(lexeme)
            case Kind.WORD | Kind.PHRASE:
                return self.phrase(lexeme)
            case _:
                raise self.error("A word or a phrase is missing here.", lexeme.column)

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
            return self.condition(lexeme)
        opening = self.take()
        self.enter(opening)
        parts = [self.condition(lexeme)]
        while self.next.kind in (Kind.OR, Kind.COMMA):
            self.take()
            parts.append(self.condition(lexeme))
        self.close(opening)
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

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
