"""The grammar of queries: terms, which are words, phrases, regular expressions and conditions such as lang:en."""

from handlers.topics.query.cursor import Cursor
from handlers.topics.query.expansion import MAX_LEAVES, MAX_REGEXES
from handlers.topics.query.leaves import compile_regex, read_language, read_phrase, read_site
from handlers.topics.query.lexer import MAX_NEAR, Kind, Lexeme
from handlers.topics.query.tree import Metadata, Near, Regex, Tree


class TermParser(Cursor):
    """Parses terms. Each method is given the first token of the term, and raises QueryError or InvalidLeaf."""

    def phrase(self, lexeme: Lexeme, *, exact: bool = False) -> Tree:
        """Return a word or phrase, or NEAR of its words for a phrase with a slop, such as "a b"~5."""
        quoted = lexeme.kind is Kind.PHRASE
        self.count_leaves(lexeme, 1)
        phrase = read_phrase(lexeme.text, lexeme.column, quoted=quoted, exact=exact, field=self.field)
        if not lexeme.number or len(phrase.variants[0].atoms) < 2:
            return phrase
        self.count_leaves(lexeme, lexeme.text.count(" "))
        words = [
            read_phrase(word, lexeme.column, quoted=True, exact=exact, field=self.field) for word in lexeme.text.split()
        ]
        tree: Tree = words[0]
        for word in words[1:]:
            tree = Near(min(lexeme.number - 1, MAX_NEAR), tree, word, column=lexeme.column)
        return tree

    def exact(self, lexeme: Lexeme) -> Tree:
        """Return a word or phrase after "=", which matches without inflection."""
        word = self.take()
        if word.kind not in (Kind.WORD, Kind.PHRASE):
            raise self.error("= needs a word or a phrase right after it.", lexeme.column)
        return self.phrase(word, exact=True)

    def regex(self, lexeme: Lexeme) -> Regex:
        self.count_leaves(lexeme, MAX_LEAVES // MAX_REGEXES)
        compile_regex(lexeme.text)
        return Regex(f"/{lexeme.text}/", lexeme.column, lexeme.text, self.field)

    def condition(self, lexeme: Lexeme) -> Metadata:
        """Return a condition on the field that `lexeme` names. Its value follows."""
        value = self.take()
        self.count_leaves(value, 1)
        if value.kind is Kind.REGEX and lexeme.text == "url":
            return Metadata(f"url:/{value.text}/", value.column, "url", f"/{value.text}/".casefold())
        if value.kind not in (Kind.WORD, Kind.PHRASE):
            raise self.error(f"{lexeme.text}: needs a value right after it.", lexeme.column)
        read = {"lang": read_language, "site": read_site}.get(lexeme.text, str.casefold)
        return Metadata(f"{lexeme.text}:{value.text}", value.column, lexeme.text, read(value.text))
