"""The parser's position in a query, and errors that show where they occurred."""

from typing import Final

from handlers.answers.errors import QueryError
from handlers.topics.query.expansion import MAX_DEPTH, MAX_LEAVES, Expansion, Resolve
from handlers.topics.query.lexer import Kind, Lexeme, read_lexemes

OPERAND_KINDS: Final = frozenset(
    {Kind.WORD, Kind.PHRASE, Kind.REGEX, Kind.TOPIC, Kind.FIELD, Kind.OF, Kind.EXACT, Kind.OPEN, Kind.NOT}
)
"""The kinds of token that an operand can start with."""
OPERATOR_NAMES: Final = {
    Kind.AND: "AND",
    Kind.OR: "OR",
    Kind.NOT: "NOT",
    Kind.NEAR: "NEAR",
    Kind.ORDERED: "ONEAR",
    Kind.OUTSIDE: "OUTSIDE",
}
_MAX_QUOTED: Final = 40
"""Characters of a query that are quoted in a message."""


class Cursor:
    """A position in the tokens of one query."""

    def __init__(
        self,
        query: str,
        resolve: Resolve | None,
        expansion: Expansion,
        *,
        referrers: tuple[tuple[str, str], ...] = (),
        field: str = "",
        depth: int = 0,
    ) -> None:
        """For the query of a topic that another query refers to, `depth` and `referrers` say from where.

        `referrers` are the names and queries of the topics on the way to this one, outermost first. `field` is the
        field that the query is restricted to, or empty.
        """
        self.query = query
        self.resolve = resolve
        self.expansion = expansion
        self.referrers = referrers
        self.field = field
        self.depth = depth
        self.lexemes = read_lexemes(query)
        self.position = 0

    @property
    def next(self) -> Lexeme:
        return self.lexemes[self.position]

    def take(self) -> Lexeme:
        """Return the next token and move past it."""
        self.position += 1
        return self.lexemes[self.position - 1]

    def error(self, message: str, column: int, suggestion: str | None = None) -> QueryError:
        return QueryError(message, query=self.query, column=column, suggestion=suggestion)

    def stray_comma(self, comma: Lexeme) -> QueryError:
        before = self.query[self.lexemes[self.position - 1].column : comma.column].strip()
        shown = before if before.startswith(('"', "“", "„", "«")) else f'"{before}"'
        after = f" (after {shown})" if 0 < len(before) <= _MAX_QUOTED else ""
        suggestion = f"{self.query[: comma.column].rstrip()} OR {self.query[comma.column + 1 :].lstrip()}"
        return self.error(f"Put OR or AND instead of the comma{after}.", comma.column, suggestion)

    def require_operand(self, operator: Lexeme) -> None:
        """Raises: QueryError if no operand follows the operator."""
        allowed = OPERAND_KINDS if operator.kind in (Kind.AND, Kind.OR, Kind.NOT) else OPERAND_KINDS - {Kind.NOT}
        if self.next.kind in allowed:
            return
        after = self.query[operator.column + len(operator.text) :]
        suggestion = f"{self.query[: operator.column].rstrip()} {after.lstrip()}".strip()
        name = OPERATOR_NAMES[operator.kind]
        sides = "something after it" if operator.kind is Kind.NOT else "something on both sides"
        raise self.error(f"{name} needs {sides}.", operator.column, suggestion or None)

    def enter(self, lexeme: Lexeme) -> None:
        """Count one more level of nesting. Raises: QueryError if there are too many."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            what = "Topics that refer to topics" if lexeme.kind is Kind.TOPIC else "Brackets"
            raise self.error(f"{what} are nested more than {MAX_DEPTH} deep here.", lexeme.column)

    def count_leaves(self, lexeme: Lexeme, count: int) -> None:
        """Count more leaves. Raises: QueryError if the query has too many."""
        if not self.expansion.add_leaves(count):
            with_topics = self.referrers or lexeme.kind is Kind.TOPIC
            including = ", including those of the topics it refers to" if with_topics else ""
            raise self.error(f"This query has more than {MAX_LEAVES:,} words to look for{including}.", lexeme.column)

    def close(self, opening: Lexeme) -> None:
        """Move past the closing bracket. Raises: QueryError if there is none."""
        if self.next.kind is not Kind.CLOSE:
            raise self.unclosed(opening)
        self.take()
        self.depth -= 1

    def unclosed(self, opening: Lexeme) -> QueryError:
        return self.error("This bracket is never closed.", opening.column, f"{self.query.rstrip()})")
