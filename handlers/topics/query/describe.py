"""A tree written back as the words of a query, as it was typed or nearly so."""

from typing import assert_never

from handlers.topics.query.tree import About, And, AtLeast, Near, Not, Or, Outside, Phrase, Reference, Regex, Tree


def describe(tree: Tree) -> str:
    """A part in words, as it was typed or nearly so."""
    match tree:
        case Phrase():
            text = f'"{tree.text}"' if len(tree.forms[0].atoms) > 1 and " " in tree.text else tree.text
            text = f"={text}" if tree.exact else text
            return f"{tree.field}:{text}" if tree.field else text
        case Regex():
            return f"{tree.field}:{tree.text}" if tree.field else tree.text
        case About():
            return tree.text
        case Not():
            return f"NOT {describe(tree.part)}"
        case Near():
            operator = "ONEAR" if tree.ordered else "NEAR"
            return f"{_side(tree.left, Near, Outside)} {operator}/{tree.words} {_side(tree.right, Outside)}"
        case Outside():
            return f"{_side(tree.part, Outside)} OUTSIDE {_side(tree.but)}"
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


def _side(tree: Tree, *bare: type[Near] | type[Outside]) -> str:
    """A side of NEAR or OUTSIDE, in brackets unless it is of a kind that may stand there bare."""
    text = describe(tree)
    return f"({text})" if isinstance(tree, Near | Outside) and not isinstance(tree, bare) else text
