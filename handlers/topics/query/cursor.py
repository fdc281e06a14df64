"""Where the parser stands in a query: the next token, what is still allowed, and errors that show their place."""

from typing import Final

from handlers.answers.errors import QueryError
from handlers.topics.query.expansion import DEPTH_MOST, LEAVES_MOST, Expansion, Resolve
from handlers.topics.query.lexer import Kind, Lexeme, read_lexemes

STARTS: Final = frozenset(
    {Kind.WORD, Kind.PHRASE, Kind.REGEX, Kind.TOPIC, Kind.FIELD, Kind.OF, Kind.EXACT, Kind.OPEN, Kind.NOT}
)
NAMES: Final = {
    Kind.AND: "AND",
    Kind.OR: "OR",
    Kind.NOT: "NOT",
    Kind.NEAR: "NEAR",
    Kind.ORDERED: "ONEAR",
    Kind.OUTSIDE: "OUTSIDE",
}


class Cursor:
    """One query, `inside` those that name it (name to query), at a depth that goes on from theirs."""

    def __init__(
        self,
        query: str,
        resolve: Resolve | None,
        expansion: Expansion,
        *,
        inside: tuple[tuple[str, str], ...] = (),
        field: str = "",
        depth: int = 0,
    ) -> None:
        self.query = query
        self.resolve = resolve
        self.expansion = expansion
        self.inside = inside
        self.field = field
        self.depth = depth
        self.lexemes = read_lexemes(query)
        self.place = 0

    @property
    def next(self) -> Lexeme:
        return self.lexemes[self.place]

    def take(self) -> Lexeme:
        self.place += 1
        return self.lexemes[self.place - 1]

    def error(self, message: str, column: int, suggestion: str | None = None) -> QueryError:
        return QueryError(message, query=self.query, column=column, suggestion=suggestion)

    def stray(self, comma: Lexeme) -> QueryError:
        better = f"{self.query[: comma.column].rstrip()} OR {self.query[comma.column + 1 :].lstrip()}"
        return self.error("A comma joins nothing here: write OR, AND, or 2 of (a, b, c).", comma.column, better)

    def want_operand(self, operator: Lexeme) -> None:
        """Raises where an operator is followed by nothing to work on."""
        allowed = STARTS if operator.kind in (Kind.AND, Kind.OR, Kind.NOT) else STARTS - {Kind.NOT}
        if self.next.kind in allowed:
            return
        cut = self.query[: operator.column].rstrip() + " " + self.query[operator.column + len(operator.text) :].lstrip()
        name = NAMES[operator.kind]
        sides = "something after it" if operator.kind is Kind.NOT else "something on both sides"
        raise self.error(f"{name} wants {sides}.", operator.column, cut.strip() or None)

    def deeper(self, lexeme: Lexeme) -> None:
        self.depth += 1
        if self.depth > DEPTH_MOST:
            what = "Topics that name topics" if lexeme.kind is Kind.TOPIC else "Brackets"
            raise self.error(f"{what} stand more than {DEPTH_MOST} deep here.", lexeme.column)

    def spend(self, lexeme: Lexeme, leaves: int) -> None:
        """Raises where the query would look for too much."""
        if not self.expansion.has_room(leaves):
            what = "with the topics it names " if self.inside or lexeme.kind is Kind.TOPIC else ""
            raise self.error(f"This query {what}has more than {LEAVES_MOST} words to look for.", lexeme.column)

    def close(self, opening: Lexeme) -> None:
        if self.next.kind is not Kind.CLOSE:
            raise self.unclosed(opening)
        self.take()
        self.depth -= 1

    def unclosed(self, opening: Lexeme) -> QueryError:
        return self.error("This bracket is never closed.", opening.column, f"{self.query.rstrip()})")
