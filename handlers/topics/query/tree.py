"""The shapes a query takes once it is understood. All frozen; columns are 0-based places in the query as typed."""

from dataclasses import dataclass, field
from typing import Final

ANYTHING: Final = "*"
"""Glue: no matter what stands between two words."""
CLOSED: Final = ""
"""Glue: nothing but spaces between them, as between the characters of 华为; a comma parts them."""

TEXT_FIELDS: Final = ("title", "body")


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a query. `head` and `tail` are signs that must stand around it: "++" in C++, "." in .NET."""

    folded: str
    lower: str
    inflects: bool = True
    upper: bool = False
    """Written in capitals and an ordinary word otherwise: US, IT, WHO. Found in capitals only."""
    written: str = ""
    """Found only as written, whatever its case means elsewhere; for the halves of a number-letter word: 5-G."""
    head: str = ""
    tail: str = ""

    @property
    def is_plain(self) -> bool:
        """Whether its keys alone decide."""
        return not (self.upper or self.written or self.head or self.tail)


@dataclass(frozen=True, slots=True)
class Wildcard:
    """A word with * (any letters) or ? (one letter). A lone * is any one word."""

    folded: str

    @property
    def is_anything(self) -> bool:
        return self.folded == "*"

    @property
    def is_prefix(self) -> bool:
        return self.folded.endswith("*") and "*" not in self.folded[:-1] and "?" not in self.folded


Atom = Word | Wildcard


@dataclass(frozen=True, slots=True)
class Form:
    """Words in a row. `glue[i]` must stand between the words i and i+1, spaces aside: a sign, CLOSED, or ANYTHING."""

    atoms: tuple[Atom, ...]
    glue: tuple[str, ...]

    @property
    def is_glued(self) -> bool:
        return any(glue != ANYTHING for glue in self.glue)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A word or a phrase: any of its forms, each a run of words within one field. Field "": title or body."""

    text: str
    column: int = field(compare=False)
    forms: tuple[Form, ...]
    field: str = ""
    exact: bool = False
    """Written with =; the forms say already what that means."""


@dataclass(frozen=True, slots=True)
class Regex:
    """A regular expression over the text as published."""

    text: str
    column: int = field(compare=False)
    pattern: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class About:
    """Something about the article: its language, site or address."""

    text: str
    column: int = field(compare=False)
    field: str
    value: str


@dataclass(frozen=True, slots=True)
class And:
    parts: tuple["Tree", ...]


@dataclass(frozen=True, slots=True)
class Or:
    parts: tuple["Tree", ...]


@dataclass(frozen=True, slots=True)
class Not:
    part: "Tree"
    column: int = field(compare=False, default=0)


@dataclass(frozen=True, slots=True)
class AtLeast:
    """At least `count` of the parts hold."""

    count: int
    parts: tuple["Tree", ...]
    column: int = field(compare=False, default=0)


@dataclass(frozen=True, slots=True)
class Near:
    """At most `words` words stand between the two, in either order or only left before right, in one field."""

    words: int
    left: "Tree"
    right: "Tree"
    column: int = field(compare=False, default=0)
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Outside:
    """Occurrences of `part` that touch no occurrence of `but`: gold OUTSIDE "gold coast"."""

    part: "Tree"
    but: "Tree"
    column: int = field(compare=False, default=0)


@dataclass(frozen=True, slots=True)
class Reference:
    """Another topic, by its name."""

    name: str
    column: int = field(compare=False)
    part: "Tree"


Leaf = Phrase | Regex | About
Tree = Leaf | And | Or | Not | AtLeast | Near | Outside | Reference


def children(tree: Tree) -> tuple[Tree, ...]:
    match tree:
        case And() | Or() | AtLeast():
            return tree.parts
        case Not() | Reference():
            return (tree.part,)
        case Near():
            return (tree.left, tree.right)
        case Outside():
            return (tree.part, tree.but)
        case _:
            return ()


def leaves(tree: Tree) -> tuple[Leaf, ...]:
    """The leaves in the order they were typed."""
    if isinstance(tree, Phrase | Regex | About):
        return (tree,)
    return tuple(leaf for child in children(tree) for leaf in leaves(child))


def depth_of(tree: Tree) -> int:
    """How many parts stand within one another; without recursion, so that no tree is too deep to be asked."""
    depth, level = 0, [tree]
    while level:
        depth += 1
        level = list({id(child): child for part in level for child in children(part)}.values())
    return depth
