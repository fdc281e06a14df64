"""Write a tree as a query again, as it was typed or nearly so."""

from typing import assert_never

from handlers.topics.query.tree import And, AtLeast, Metadata, Near, Not, Or, Outside, Phrase, Reference, Regex, Tree


def describe(tree: Tree) -> str:
    """Return the tree as a query. AND and OR are in brackets."""
    match tree:
        case Phrase():
            text = f'"{tree.text}"' if len(tree.variants[0].atoms) > 1 and " " in tree.text else tree.text
            text = f"={text}" if tree.exact else text
            return f"{tree.field}:{text}" if tree.field else text
        case Regex():
            return f"{tree.field}:{tree.text}" if tree.field else tree.text
        case Metadata():
            return tree.text
        case Not():
            return f"NOT {describe(tree.part)}"
        case Near():
            operator = "ONEAR" if tree.ordered else "NEAR"
            return f"{_operand(tree.left, Near, Outside)} {operator}/{tree.words} {_operand(tree.right, Outside)}"
        case Outside():
            return f"{_operand(tree.part, Outside)} OUTSIDE {_operand(tree.excluded)}"
        case Reference():
            return f'@"{tree.name}"' if " " in tree.name else f"@{tree.name}"
        case And():
            return f"({' AND '.join(map(describe, tree.parts))})"
        case Or():
            return f"({' OR '.join(map(describe, tree.parts))})"
        case AtLeast():
            return f"{tree.count} of ({', '.join(map(describe, tree.parts))})"
        case _:
            assert_never(tree)


def _operand(tree: Tree, *without_brackets: type[Near] | type[Outside]) -> str:
    """Return an operand of NEAR or OUTSIDE. A NEAR or OUTSIDE within it is in brackets unless its type is given."""
    text = describe(tree)
    return f"({text})" if isinstance(tree, Near | Outside) and not isinstance(tree, without_brackets) else text
