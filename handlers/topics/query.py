"""The grammar: a query as typed becomes a tree, or an error with its place. The table is in docs/topics.md."""

from collections.abc import Callable
from typing import Final

from handlers.errors import QueryError
from handlers.topics.checks import check
from handlers.topics.groups import required_groups
from handlers.topics.leaves import BadLeaf, compiled, read_language, read_phrase, read_site
from handlers.topics.lexer import NEAR_MOST, Kind, Lexeme, read_lexemes
from handlers.topics.tree import About, And, AtLeast, Near, Not, Or, Outside, Phrase, Reference, Regex, Tree, leaves

__all__ = ["QueryError", "Tree", "leaves", "parse", "parse_phrase", "point_at", "required_groups"]

Resolve = Callable[[str], str | None]
DEPTH_MOST: Final = 50
LEAVES_MOST: Final = 1000

_STARTS: Final = frozenset(
    {Kind.WORD, Kind.PHRASE, Kind.REGEX, Kind.TOPIC, Kind.FIELD, Kind.OF, Kind.EXACT, Kind.OPEN, Kind.NOT}
)
_NAMES: Final = {Kind.AND: "AND", Kind.OR: "OR", Kind.NOT: "NOT", Kind.NEAR: "NEAR", Kind.OUTSIDE: "OUTSIDE"}


def parse(query: str, *, resolve: Resolve | None = None) -> Tree:
    """The tree of a query. `resolve` gives the query of a topic's name, for @name. Raises QueryError."""
    try:
        return _parse(query, resolve)
    except QueryError as error:
        if error.suggestion is not None and not _can_be_saved(error.suggestion, resolve):
            error.suggestion = None
        raise


def _parse(query: str, resolve: Resolve | None) -> Tree:
    tree = _Parser(query, resolve, ()).parse()
    if len(leaves(tree)) > LEAVES_MOST:
        raise QueryError(f"This query has more than {LEAVES_MOST} words to look for.", query=query, column=0)
    check(tree, query)
    return tree


def _can_be_saved(query: str, resolve: Resolve | None) -> bool:
    try:
        _parse(query, resolve)
    except QueryError:
        return False
    return True


def parse_phrase(text: str) -> Phrase | None:
    """A plain name as a phrase, such as an alias. None where there is no word in it."""
    try:
        return read_phrase(text.replace("*", " ").replace("?", " "), 0, quoted=True, exact=False, field="")
    except BadLeaf:
        return None


def point_at(error: QueryError) -> str:
    """The query with a caret under the place, to be shown in a fixed-width font."""
    start = error.query.rfind("\n", 0, error.column) + 1
    end = error.query.find("\n", error.column)
    line = error.query[start : end if end >= 0 else None]
    return f"{line}\n{' ' * (error.column - start)}^"


def told(error: QueryError) -> str:
    """The whole error in plain text: the place, the caret under it, and the query that was perhaps meant."""
    line = error.query.count("\n", 0, error.column) + 1
    column = error.column - (error.query.rfind("\n", 0, error.column) + 1) + 1
    text = f"Line {line}, column {column}: {error.message}\n{point_at(error)}"
    return f"{text}\n\nDid you mean\n{error.suggestion}" if error.suggestion else text


class _Parser:
    def __init__(self, query: str, resolve: Resolve | None, inside: tuple[str, ...], field: str = "") -> None:
        self.query = query
        self.resolve = resolve
        self.inside = inside
        self.field = field
        self.depth = 0
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

    def parse(self) -> Tree:
        if self.next.kind is Kind.END:
            raise self.error("The query is empty.", 0, "huawei OR zte")
        tree = self.any_of()
        rest = self.next
        if rest.kind is Kind.CLOSE:
            cut = self.query[: rest.column] + self.query[rest.column + 1 :]
            raise self.error("This bracket closes nothing.", rest.column, cut)
        if rest.kind is Kind.COMMA:
            better = f"{self.query[: rest.column].rstrip()} OR {self.query[rest.column + 1 :].lstrip()}"
            raise self.error("A comma joins nothing here: write OR, AND, or 2 of (a, b, c).", rest.column, better)
        return tree

    def any_of(self) -> Tree:
        parts = [self.all_of()]
        while self.next.kind is Kind.OR:
            operator = self.take()
            self.want_operand(operator)
            parts.append(self.all_of())
        return parts[0] if len(parts) == 1 else Or(tuple(_flat(parts, Or)))

    def all_of(self) -> Tree:
        first = self.next
        if first.kind in _NAMES and first.kind is not Kind.NOT:
            better = self.query[: first.column] + self.query[first.column + len(first.text) :].lstrip()
            raise self.error(f"{_NAMES[first.kind]} wants something on both sides.", first.column, better.strip())
        parts = [self.perhaps_not()]
        while True:
            if self.next.kind is Kind.AND:
                operator = self.take()
                self.want_operand(operator)
                parts.append(self.perhaps_not())
            elif self.next.kind in _STARTS:
                parts.append(self.perhaps_not())
            else:
                return parts[0] if len(parts) == 1 else And(tuple(_flat(parts, And)))

    def perhaps_not(self) -> Tree:
        if self.next.kind is not Kind.NOT:
            return self.near()
        operator = self.take()
        self.want_operand(operator)
        self.deeper(operator)
        tree = Not(self.perhaps_not(), column=operator.column)
        self.depth -= 1
        return tree

    def near(self) -> Tree:
        tree = self.outside()
        while self.next.kind is Kind.NEAR:
            operator = self.take()
            if operator.number > NEAR_MOST:
                rest = self.query[operator.column + len(operator.text) :]
                better = f"{self.query[: operator.column]}NEAR/{NEAR_MOST}{rest}"
                raise self.error(f"NEAR reaches {NEAR_MOST} words at most.", operator.column, better)
            self.want_operand(operator)
            tree = Near(operator.number, tree, self.outside(), column=operator.column)
        return tree

    def outside(self) -> Tree:
        tree = self.primary()
        while self.next.kind is Kind.OUTSIDE:
            operator = self.take()
            self.want_operand(operator)
            tree = Outside(tree, self.primary(), column=operator.column)
        return tree

    def want_operand(self, operator: Lexeme) -> None:
        """Raises where an operator is followed by nothing to work on."""
        allowed = _STARTS if operator.kind in (Kind.AND, Kind.OR, Kind.NOT) else _STARTS - {Kind.NOT}
        if self.next.kind in allowed:
            return
        cut = self.query[: operator.column].rstrip() + " " + self.query[operator.column + len(operator.text) :].lstrip()
        name = _NAMES[operator.kind]
        sides = "something after it" if operator.kind is Kind.NOT else "something on both sides"
        raise self.error(f"{name} wants {sides}.", operator.column, cut.strip() or None)

    def deeper(self, lexeme: Lexeme) -> None:
        self.depth += 1
        if self.depth > DEPTH_MOST:
            raise self.error(f"Brackets stand more than {DEPTH_MOST} deep here.", lexeme.column)

    def primary(self) -> Tree:
        lexeme = self.take()
        try:
            return self.primary_of(lexeme)
        except BadLeaf as error:
            raise self.error(str(error), lexeme.column) from error

    def primary_of(self, lexeme: Lexeme) -> Tree:
        match lexeme.kind:
            case Kind.OPEN:
                return self.group(lexeme)
            case Kind.OF:
                return self.at_least(lexeme)
            case Kind.FIELD:
                return self.fielded(lexeme)
            case Kind.TOPIC:
                return self.reference(lexeme)
            case Kind.REGEX:
                compiled(lexeme.text)
                return Regex(f"/{lexeme.text}/", lexeme.column, lexeme.text, self.field)
            case Kind.EXACT:
                word = self.take()
                if word.kind not in (Kind.WORD, Kind.PHRASE):
                    raise self.error("= wants a word or a phrase right after it.", lexeme.column)
                return self.leaf(word, exact=True)
            case Kind.WORD | Kind.PHRASE:
                return self.leaf(lexeme)
            case _:
                raise self.error("Something to look for is missing here.", lexeme.column)

    def leaf(self, lexeme: Lexeme, *, exact: bool = False) -> Tree:
        quoted = lexeme.kind is Kind.PHRASE
        phrase = read_phrase(lexeme.text, lexeme.column, quoted=quoted, exact=exact, field=self.field)
        if lexeme.number and len(phrase.forms[0].atoms) > 1:
            words = [
                read_phrase(word, lexeme.column, quoted=True, exact=exact, field=self.field)
                for word in lexeme.text.split()
            ]
            tree: Tree = words[0]
            for word in words[1:]:
                tree = Near(min(lexeme.number - 1, NEAR_MOST), tree, word, column=lexeme.column)
            return tree
        return phrase

    def group(self, opening: Lexeme) -> Tree:
        self.deeper(opening)
        if self.next.kind is Kind.CLOSE:
            cut = self.query[: opening.column] + self.query[self.next.column + 1 :]
            raise self.error("There is nothing between these brackets.", opening.column, cut.strip() or None)
        if self.next.kind is Kind.END:
            raise self.unclosed(opening)
        tree = self.any_of()
        if self.next.kind is Kind.COMMA:
            comma = self.next.column
            better = f"{self.query[:comma].rstrip()} OR {self.query[comma + 1 :].lstrip()}"
            raise self.error("A comma joins nothing here: write OR, AND, or 2 of (a, b, c).", comma, better)
        self.close(opening)
        return tree

    def close(self, opening: Lexeme) -> None:
        if self.next.kind is not Kind.CLOSE:
            raise self.unclosed(opening)
        self.take()
        self.depth -= 1

    def unclosed(self, opening: Lexeme) -> QueryError:
        return self.error("This bracket is never closed.", opening.column, f"{self.query.rstrip()})")

    def at_least(self, lexeme: Lexeme) -> Tree:
        opening = self.take()
        self.deeper(opening)
        parts = [self.any_of()]
        while self.next.kind is Kind.COMMA:
            self.take()
            parts.append(self.any_of())
        self.close(opening)
        if not 1 <= lexeme.number <= len(parts):
            better = self.query[: lexeme.column] + str(len(parts)) + self.query[lexeme.column :].lstrip("0123456789")
            only = f"There are {len(parts)} things in these brackets, so {lexeme.number} of them is never true."
            always = "0 of them is always true."
            raise self.error(only if lexeme.number else always, lexeme.column, better)
        return AtLeast(lexeme.number, tuple(parts), column=lexeme.column)

    def fielded(self, lexeme: Lexeme) -> Tree:
        if lexeme.text in ("lang", "site", "url"):
            return self.about(lexeme)
        if self.next.kind not in _STARTS - {Kind.NOT, Kind.FIELD}:
            raise self.error(f"{lexeme.text}: wants a word, a phrase or brackets right after it.", lexeme.column)
        before, self.field = self.field, lexeme.text
        tree = self.primary()
        self.field = before
        return tree

    def about(self, lexeme: Lexeme) -> Tree:
        if self.next.kind is Kind.OPEN:
            opening = self.take()
            self.deeper(opening)
            parts = [self.about_one(lexeme)]
            while self.next.kind in (Kind.OR, Kind.COMMA):
                self.take()
                parts.append(self.about_one(lexeme))
            self.close(opening)
            return parts[0] if len(parts) == 1 else Or(tuple(parts))
        return self.about_one(lexeme)

    def about_one(self, lexeme: Lexeme) -> Tree:
        value = self.take()
        if value.kind is Kind.REGEX and lexeme.text == "url":
            return About(f"url:/{value.text}/", value.column, "url", f"/{value.text}/".casefold())
        if value.kind not in (Kind.WORD, Kind.PHRASE):
            raise self.error(f"{lexeme.text}: wants a value right after it.", lexeme.column)
        read = {"lang": read_language, "site": read_site}.get(lexeme.text, str.casefold)
        return About(f"{lexeme.text}:{value.text}", value.column, lexeme.text, read(value.text))

    def reference(self, lexeme: Lexeme) -> Tree:
        name = lexeme.text.casefold()
        if name in self.inside:
            circle = " -> ".join(f"@{one}" for one in (*self.inside[self.inside.index(name) :], name))
            raise self.error(f"This topic names itself: {circle}.", lexeme.column)
        query = self.resolve(lexeme.text) if self.resolve is not None else None
        if query is None:
            raise self.error(f'There is no topic named "{lexeme.text}" here.', lexeme.column, None)
        try:
            part = _Parser(query, self.resolve, (*self.inside, name), self.field).parse()
        except QueryError as error:
            raise self.error(f"In @{lexeme.text}: {error.message}", lexeme.column) from error
        return Reference(lexeme.text, lexeme.column, part)


def _flat(parts: list[Tree], kind: type[And] | type[Or]) -> list[Tree]:
    return [inner for part in parts for inner in (part.parts if isinstance(part, kind) else (part,))]
