"""The grammar: tokens become a tree, or an error with its place. What a whole query may cost is counted on the way."""

from handlers.answers.errors import QueryError
from handlers.topics.query.cursor import NAMES, STARTS, Cursor
from handlers.topics.query.describe import describe
from handlers.topics.query.expansion import (
    DEPTH_MOST,
    EXPANDED_MOST,
    EXPRESSIONS_MOST,
    LEAVES_MOST,
    UnknownTopic,
)
from handlers.topics.query.leaves import BadLeaf, compiled, read_language, read_phrase, read_site
from handlers.topics.query.lexer import NEAR_MOST, Kind, Lexeme
from handlers.topics.query.tree import About, And, AtLeast, Near, Not, Or, Outside, Reference, Regex, Tree, depth_of


class Parser(Cursor):
    """One query, `inside` those that name it (name to query), at a depth that goes on from theirs."""

    def parse(self) -> Tree:
        if self.next.kind is Kind.END:
            raise self.error("The query is empty.", 0, "huawei OR zte")
        tree = self.any_of()
        rest = self.next
        if rest.kind is Kind.CLOSE:
            cut = self.query[: rest.column] + self.query[rest.column + 1 :]
            raise self.error("This bracket closes nothing.", rest.column, cut)
        if rest.kind is Kind.COMMA:
            raise self.stray(rest)
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
        if first.kind in NAMES and first.kind is not Kind.NOT:
            better = self.query[: first.column] + self.query[first.column + len(first.text) :].lstrip()
            raise self.error(f"{NAMES[first.kind]} wants something on both sides.", first.column, better.strip())
        parts = [self.perhaps_not()]
        while True:
            if self.next.kind is Kind.AND:
                operator = self.take()
                self.want_operand(operator)
                parts.append(self.perhaps_not())
            elif self.next.kind in STARTS:
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
        while self.next.kind in (Kind.NEAR, Kind.ORDERED):
            operator = self.take()
            name = NAMES[operator.kind]
            if operator.number > NEAR_MOST:
                rest = self.query[operator.column + len(operator.text) :]
                better = f"{self.query[: operator.column]}{name}/{NEAR_MOST}{rest}"
                raise self.error(f"{name} reaches {NEAR_MOST} words at most.", operator.column, better)
            self.want_operand(operator)
            ordered = operator.kind is Kind.ORDERED
            tree = Near(operator.number, tree, self.outside(), column=operator.column, ordered=ordered)
        return tree

    def outside(self) -> Tree:
        tree = self.primary()
        while self.next.kind is Kind.OUTSIDE:
            operator = self.take()
            self.want_operand(operator)
            tree = Outside(tree, self.primary(), column=operator.column)
        return tree

    def primary(self) -> Tree:
        lexeme = self.take()
        try:
            return self.primary_of(lexeme)
        except BadLeaf as error:
            better = self.query[: lexeme.column] + self.query[lexeme.column + len(lexeme.text) :].lstrip()
            left_out = lexeme.kind is Kind.WORD and not any(letter.isalnum() for letter in lexeme.text)
            raise self.error(str(error), lexeme.column, better.strip() if left_out else None) from error

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
                self.spend(lexeme, LEAVES_MOST // EXPRESSIONS_MOST)
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
        self.spend(lexeme, 1)
        phrase = read_phrase(lexeme.text, lexeme.column, quoted=quoted, exact=exact, field=self.field)
        if lexeme.number and len(phrase.forms[0].atoms) > 1:
            self.spend(lexeme, lexeme.text.count(" "))
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
            raise self.stray(self.next)
        self.close(opening)
        return tree

    def at_least(self, lexeme: Lexeme) -> Tree:
        opening = self.take()
        self.deeper(opening)
        parts = [self.any_of()]
        while self.next.kind is Kind.COMMA:
            self.take()
            parts.append(self.any_of())
        self.close(opening)
        if not 1 <= lexeme.number <= len(parts):
            alone = parts[0] if len(parts) == 1 and depth_of(parts[0]) <= DEPTH_MOST else None
            inner = alone.parts if isinstance(alone, Or | And) else ()
            if 1 <= lexeme.number <= len(inner):  # 2 of (a OR b OR c), 2 of (a b c)
                whole = f"{lexeme.number} of ({', '.join(map(describe, inner))})"
                better = self.query[: lexeme.column] + whole + self.query[self.lexemes[self.place - 1].column + 1 :]
            else:
                digits = self.query[lexeme.column :].partition(str(lexeme.number))
                better = self.query[: lexeme.column] + digits[0] + str(len(parts)) + digits[2]
            only = f"There are {len(parts)} things in these brackets, so {lexeme.number} of them is never true."
            if inner:
                only = f"Commas are missing between the {lexeme.number} or more things in these brackets."
            always = "0 of them is always true."
            raise self.error(only if lexeme.number else always, lexeme.column, better)
        return AtLeast(lexeme.number, tuple(parts), column=lexeme.column)

    def fielded(self, lexeme: Lexeme) -> Tree:
        if lexeme.text in ("lang", "site", "url"):
            return self.about(lexeme)
        if self.next.kind not in STARTS - {Kind.NOT, Kind.FIELD}:
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
        self.spend(value, 1)
        if value.kind is Kind.REGEX and lexeme.text == "url":
            return About(f"url:/{value.text}/", value.column, "url", f"/{value.text}/".casefold())
        if value.kind not in (Kind.WORD, Kind.PHRASE):
            raise self.error(f"{lexeme.text}: wants a value right after it.", lexeme.column)
        read = {"lang": read_language, "site": read_site}.get(lexeme.text, str.casefold)
        return About(f"{lexeme.text}:{value.text}", value.column, lexeme.text, read(value.text))

    def reference(self, lexeme: Lexeme) -> Tree:
        query = self.resolve(lexeme.text) if self.resolve is not None else None
        if query is None:
            raise UnknownTopic(lexeme.text, query=self.query, column=lexeme.column)
        circle = [name for name, _ in self.inside]
        for place, (_, other) in enumerate(self.inside):
            if other == query:
                names = " -> ".join(f"@{one}" for one in (*circle[place:], lexeme.text))
                raise self.error(f"This topic names itself: {names}.", lexeme.column)
        return Reference(lexeme.text, lexeme.column, self.named(lexeme, query))

    def named(self, lexeme: Lexeme, query: str) -> Tree:
        """The tree of a named query; read once, however often it is named."""
        known = self.expansion.parts.get((query, self.field))
        if known is not None:
            self.spend(lexeme, known[1])
            return known[0]
        self.expansion.characters += len(query)
        if self.expansion.characters > EXPANDED_MOST:
            raise self.error(f"The topics named here have more than {EXPANDED_MOST:,} characters.", lexeme.column)
        self.deeper(lexeme)
        before = self.expansion.leaves
        inside = (*self.inside, (lexeme.text, query))
        try:
            part = Parser(
                query, self.resolve, self.expansion, inside=inside, field=self.field, depth=self.depth
            ).parse()
        except QueryError as error:
            root = error.__cause__ if isinstance(error.__cause__, QueryError) else error
            raise self.error(f"In @{lexeme.text}: {root.message}", lexeme.column) from root
        self.depth -= 1
        self.expansion.parts[query, self.field] = part, self.expansion.leaves - before
        return part


def _flat(parts: list[Tree], kind: type[And] | type[Or]) -> list[Tree]:
    return [inner for part in parts for inner in (part.parts if isinstance(part, kind) else (part,))]
