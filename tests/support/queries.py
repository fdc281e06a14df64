"""Random queries of any permitted size over few words, and texts that are dense in those words."""

from random import Random

from handlers.topics.query.lexer import MAX_NEAR

VOCABULARIES = (
    ("the", "of", "to", "in", "for"),
    ("huawei", "sanctions", "trade", "war", "ban", "china", "firms", "export", "chips", "deal"),
    ("a1", "b2", "c3"),
    ("huawei", "zte", "5G", "US", "AT&T", "C++", "sanctions", "5-G"),
    ("华为", "中兴", "制裁", "5G"),
)
SIZES = (1, 2, 5, 10, 20, 50, 100, 300, 900)
"""Words of a query."""
_MAX_PARTS = 30
"""Parts of one AND, OR or NEAR."""


def dense_text(random: Random, words: tuple[str, ...], size: int) -> str:
    """Return a text of these words in random order, some of them capitalized, of about `size` bytes of UTF-8."""
    text: list[str] = []
    while size > 0:
        word = random.choice(words)
        text.append(word.capitalize() if random.random() < 0.1 else word)
        size -= len(word.encode()) + 1
    return " ".join(text)


def random_query(random: Random, words: tuple[str, ...], size: int) -> str:
    """Return a query of about `size` words. The parser may rightly refuse it."""
    if size <= 1:
        return _leaf(random, words)
    parts = min(size, random.choice((2, 2, 3, 5, 12, _MAX_PARTS)))
    sizes = [size // parts] * parts
    match random.choice(("and", "or", "of", "not", "expression", "positional", "positional", "positional")):
        case "and":
            return f"({' AND '.join(random_query(random, words, part) for part in sizes)})"
        case "or":
            return f"({' OR '.join(random_query(random, words, part) for part in sizes)})"
        case "of":
            some = ", ".join(random_query(random, words, part) for part in sizes)
            return f"{random.randint(1, parts)} of ({some})"
        case "not":
            return f"({random_query(random, words, size // 2)} NOT {random_query(random, words, size // 2)})"
        case "expression" if size >= 100:
            return random.choice((r"/hua\w+/", r"/[a-z]+s\b/", r"/(the|of) .{0,30}in/"))
        case _:
            return _positional(random, words, size)


def _positional(random: Random, words: tuple[str, ...], size: int) -> str:
    """Return a part that has positions in the text, so that NEAR and OUTSIDE accept it."""
    if size <= 1:
        return _leaf(random, words)
    parts = min(size, random.choice((2, 2, 2, 3, 4, 8, _MAX_PARTS)))
    sides = [_positional(random, words, size // parts) for _ in range(parts)]
    match random.choice(("or", "near", "near", "outside", "pairs")):
        case "or":
            return f"({' OR '.join(sides)})"
        case "near":
            near = f" {random.choice(('NEAR', 'ONEAR'))}/{random.choice((0, 1, 3, 10, 50, MAX_NEAR))} "
            return f"({near.join(sides)})"
        case "outside":
            return f"({sides[0]} OUTSIDE {sides[1]})"
        case _:
            pairs = zip(sides[::2], sides[1::2], strict=False)
            return f"({' OR '.join(f'({a} NEAR/{random.choice((1, 5, MAX_NEAR))} {b})' for a, b in pairs)})"


def _leaf(random: Random, words: tuple[str, ...]) -> str:
    word, other = random.choice(words), random.choice(words)
    match random.choice(("word",) * 5 + ("phrase", "anything", "exact", "wildcard", "field", "loose")):
        case "phrase":
            return f'"{word} {other}"'
        case "anything":
            return f'"{word} * {other}"'
        case "exact":
            return f"={word}"
        case "wildcard" if len(word) > 2 and word.isascii() and word.isalpha():
            return random.choice((f"{word[:3]}*", f"*{word[-3:]}", f"{word[0]}?{word[2:]}"))
        case "field":
            return random.choice(("title:", "body:")) + word
        case "loose":
            return f'"{word} {other} {random.choice(words)}"~{random.randint(1, 30)}'
        case _:
            return word
