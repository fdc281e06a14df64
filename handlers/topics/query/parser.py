"""The grammar of queries: operators, from the loosest to the tightest. `operands.py` parses what they join."""

from handlers.topics.query.cursor import OPERAND_KINDS, OPERATOR_NAMES
from handlers.topics.query.lexer import MAX_NEAR, Kind
from handlers.topics.query.operands import OperandParser
from handlers.topics.query.tree import And, Near, Not, Or, Outside, Tree


class Parser(OperandParser):
    """Parses one query by recursive descent, and counts on the way what it uses of its limits."""

    def parse(self) -> Tree:
        """Return the tree of the whole query. Raises: QueryError."""
        if self.next.kind is Kind.END:
            raise self.error("The query is empty.", 0, "huawei OR zte")
        tree = self.disjunction()
        rest = self.next
        if rest.kind is Kind.CLOSE:
            without = self.query[: rest.column] + self.query[rest.column + 1 :]
            raise self.error("This closing bracket has no opening bracket.", rest.column, without)
        if rest.kind is Kind.COMMA:
            raise self.stray_comma(rest)
        return tree

    def disjunction(self) -> Tree:
        parts = [self.conjunction()]
        while self.next.kind is Kind.OR:
            self.require_operand(self.take())
            parts.append(self.conjunction())
        return parts[0] if len(parts) == 1 else Or(tuple(_flatten(parts, Or)))

    def conjunction(self) -> Tree:
        first = self.next
        if first.kind in OPERATOR_NAMES and first.kind is not Kind.NOT:
            suggestion = self.query[: first.column] + self.query[first.column + len(first.text) :].lstrip()
            message = f"{OPERATOR_NAMES[first.kind]} needs something on both sides."
            raise self.error(message, first.column, suggestion.strip())
        parts = [self.negation()]
        while True:
            if self.next.kind is Kind.AND:
                self.require_operand(self.take())
                parts.append(self.negation())
            elif self.next.kind in OPERAND_KINDS:
                parts.append(self.negation())
            else:
                return parts[0] if len(parts) == 1 else And(tuple(_flatten(parts, And)))

    def negation(self) -> Tree:
        if self.next.kind is not Kind.NOT:
            return self.near()
        operator = self.take()
        self.require_operand(operator)
        self.enter(operator)
        tree = Not(self.negation(), column=operator.column)
        self.depth -= 1
        return tree

    def near(self) -> Tree:
        tree = self.outside()
        while self.next.kind in (Kind.NEAR, Kind.ORDERED):
            operator = self.take()
            name = OPERATOR_NAMES[operator.kind]
            if operator.number > MAX_NEAR:
                rest = self.query[operator.column + len(operator.text) :]
                suggestion = f"{self.query[: operator.column]}{name}/{MAX_NEAR}{rest}"
                raise self.error(f"{name} allows {MAX_NEAR} words at most.", operator.column, suggestion)
            self.require_operand(operator)
            ordered = operator.kind is Kind.ORDERED
            tree = Near(operator.number, tree, self.outside(), column=operator.column, ordered=ordered)
        return tree

    def outside(self) -> Tree:
        tree = self.operand()
        while self.next.kind is Kind.OUTSIDE:
            operator = self.take()
            self.require_operand(operator)
            tree = Outside(tree, self.operand(), column=operator.column)
        return tree


def _flatten(parts: list[Tree], kind: type[And] | type[Or]) -> list[Tree]:
    return [inner for part in parts for inner in (part.parts if isinstance(part, kind) else (part,))]
