"""The tree of a parsed query. All nodes are frozen; `column` is a 0-based offset into the query as typed."""

from dataclasses import dataclass, field
from typing import Final

from handlers.topics.text.query_words import Inflection

ANY_SEPARATOR: Final = "*"
"""Anything may separate two words."""
NO_SEPARATOR: Final = ""
"""Only spaces may separate two words, as between the characters of 华为. A comma separates them."""

TEXT_FIELDS: Final = ("title", "body")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a query."""

    folded: str
    lower: str
    """In lower case with its accents, as stemmers need it."""
    inflection: Inflection = Inflection.WORD
    """Which inflected forms match too."""
    capitals_only: bool = False
    """The word is short and written in capitals: US, SWIFT. It matches capitals only."""
    written: str = ""
    """If set, the word matches only tokens written like this: one half of a word such as 5-G."""
    sign_before: str = ""
    """The sign that must come right before the word: "." in .NET."""
    signs_after: str = ""
    """The signs that must come right after the word: "++" in C++."""

    @property
    def is_plain(self) -> bool:
        """Whether the keys of a token alone decide if it matches."""
        return not (self.capitals_only or self.written or self.sign_before or self.signs_after)


@dataclass(frozen=True, slots=True)
class Wildcard:
    """A word with * (any letters) or ? (one letter). A lone * matches any one word."""

    folded: str

    @property
    def is_any_word(self) -> bool:
        return self.folded == "*"

    @property
    def is_prefix(self) -> bool:
        return self.folded.endswith("*") and "*" not in self.folded[:-1] and "?" not in self.folded


Atom = Word | Wildcard


@dataclass(frozen=True, slots=True)
class Variant:
    """Adjacent words, one way to write a phrase: 5G and 5-G are variants."""

    atoms: tuple[Atom, ...]
    separators: tuple[str, ...]
    """`separators[i]` must come between atom i and the next, apart from spaces: a sign, or one of the constants."""

    @property
    def has_separators(self) -> bool:
        """Whether any separator restricts the match."""
        return any(separator != ANY_SEPARATOR for separator in self.separators)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A word or a phrase. It matches where any of its variants occurs within one field."""

    text: str
    column: int = field(compare=False)
    variants: tuple[Variant, ...]
    field: str = ""
    """Empty for title or body."""
    exact: bool = False
    """The phrase was written with "=". The variants already take this into account."""


@dataclass(frozen=True, slots=True)
class Regex:
    """A regular expression on the text as published."""

    text: str
    column: int = field(compare=False)
    pattern: str
    field: str = ""
    """Empty for title and body."""


@dataclass(frozen=True, slots=True)
class Metadata:
    """A condition on the article's language, site or address."""

    text: str
    column: int = field(compare=False)
    field: str
    """ "lang", "site" or "url"."""
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
    """At least `count` of the parts match."""

    count: int
    parts: tuple["Tree", ...]
    column: int = field(compare=False, default=0)


@dataclass(frozen=True, slots=True)
class Near:
    """Both sides occur in one field with at most `words` words between them; if `ordered`, the left side first."""

    words: int
    left: "Tree"
    right: "Tree"
    column: int = field(compare=False, default=0)
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Outside:
    """Occurrences of `part` that overlap no occurrence of `excluded`: gold OUTSIDE "gold coast"."""

    part: "Tree"
    excluded: "Tree"
    column: int = field(compare=False, default=0)


@dataclass(frozen=True, slots=True)
class Reference:
    """Another topic, referred to by its name."""

    name: str
    column: int = field(compare=False)
    part: "Tree"
    """The tree of the other topic's query."""


Leaf = Phrase | Regex | Metadata
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
            return (tree.part, tree.excluded)
        case _:
            return ()


def leaves(tree: Tree) -> tuple[Leaf, ...]:
    """Return the leaves in the order in which they were typed."""
    if isinstance(tree, Phrase | Regex | Metadata):
        return (tree,)
    return tuple(leaf for child in children(tree) for leaf in leaves(child))


def depth_of(tree: Tree) -> int:
    """Return the number of nested levels. The function does not recurse, so no tree is too deep for it."""
    depth, level = 0, [tree]
    while level:
        depth += 1
        level = list({id(child): child for part in level for child in children(part)}.values())
    return depth
