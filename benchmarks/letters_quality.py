"""Measures how completely e-mails are read: the words of their articles, beside two readers that only take text out.

A word counts as missing if both other readers have it, and neither an article nor a part that is kept apart does. An
e-mail that is refused, such as a bounce, is counted by its reason.

Usage: python -m benchmarks.letters_quality FOLDER... [--worst N]
"""

import argparse
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

from handlers.answers.errors import UnreadableDocument
from handlers.drafts import ArticleDraft, Draft
from handlers.sources.documents.document import read_document
from handlers.sources.documents.mail_recognition import is_mail

_NO_WORDS: Final = re.compile(r"https?://\S+|\S+@\S+")
_HIDDEN: Final = frozenset({"style", "script", "head", "title"})


@dataclass(slots=True)
class Figures:
    emails: int = 0
    articles: int = 0
    words: int = 0
    missing: int = 0
    without_first: int = 0
    without_last: int = 0
    refusals: Counter[str] = field(default_factory=Counter)
    worst: list[tuple[int, str]] = field(default_factory=list)


class _Text(HTMLParser):
    """Collects the text of an HTML page."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in _HIDDEN
        self.pieces.append(" " if tag in ("b", "i", "a", "span", "em", "strong", "font") else "\n")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in _HIDDEN and self._hidden > 0

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.pieces.append(data)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "folders", nargs="*", type=Path, help="folders with e-mails, which are read with their subfolders"
    )
    parser.add_argument("--worst", type=int, default=0, help="show the N e-mails that lose most words")
    options = parser.parse_args()
    if not options.folders:
        raise SystemExit("Name a folder with e-mails: python -m benchmarks.letters_quality FOLDER")
    figures = Figures()
    for path in _files(options.folders):
        _measure(path, figures)
    share = figures.missing / max(figures.words, 1)
    print(f"{figures.emails} e-mails, {figures.articles} articles, {figures.words} words: {share:.2%} missing")
    print(f"{figures.without_first} lose words of their first paragraph, {figures.without_last} of their last one")
    for reason, count in figures.refusals.most_common(20):
        print(f"{count:6} refused: {reason}")
    for missing, name in sorted(figures.worst, reverse=True)[: options.worst]:
        print(f"{missing:6} words missing: {name}")


def _files(folders: list[Path]) -> Iterator[Path]:
    for folder in folders:
        yield from sorted(path for path in folder.rglob("*") if path.is_file())


def _measure(path: Path, figures: Figures) -> None:
    body = path.read_bytes()
    if not is_mail(body, is_declared=path.suffix == ".eml"):
        return
    figures.emails += 1
    try:
        drafts = read_document(body, content_type="message/rfc822", name=f"{path.name}.eml")
    except UnreadableDocument as error:
        figures.refusals[str(error)[:100]] += 1
        return
    figures.articles += sum(isinstance(draft, ArticleDraft) for draft in drafts)
    text = _plain_or_html(message_from_bytes(body.lstrip(), policy=policy.default))
    expected = _words(text) & _words("\n".join(_all_texts(message_from_bytes(body.lstrip()))))
    own = sum((_words(part) for draft in drafts for part in _parts(draft)), Counter[str]())
    lost = (expected - own).total()
    figures.words += expected.total()
    figures.missing += lost
    paragraphs = [words for part in re.split(r"\n\s*\n", text) if (words := _words(part) & expected)]
    if paragraphs:
        figures.without_first += bool(paragraphs[0] - own)
        figures.without_last += bool(paragraphs[-1] - own)
    if lost:
        figures.worst.append((lost, str(path)))


def _parts(draft: Draft) -> list[str]:
    if not isinstance(draft, ArticleDraft):
        return []
    return [draft.title, draft.text, *(part.text for part in draft.set_aside)]


def _words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", _NO_WORDS.sub("", text).casefold()))


def _plain_or_html(message: Message) -> str:
    """Return the text as the standard library chooses it: plain text, else HTML."""
    try:
        part = message.get_body(("plain", "html")) if isinstance(message, EmailMessage) else None
        content = part.get_content() if part is not None else ""
    except (LookupError, ValueError, AttributeError, TypeError):
        return ""
    is_html = part is not None and part.get_content_subtype() == "html"
    return _without_tags(content) if is_html else str(content)


def _all_texts(message: Message) -> Iterator[str]:
    """Yield every text in the message that is not an attachment."""
    for part in message.walk():
        if part.get_content_maintype() != "text" or part.get_content_disposition() == "attachment":
            continue
        payload = part.get_payload(decode=True)
        body = payload if isinstance(payload, bytes) else b""
        try:
            text = body.decode(part.get_content_charset() or "utf-8", "replace")
        except LookupError:
            text = body.decode("latin-1")
        yield _without_tags(text) if part.get_content_subtype() == "html" else text


def _without_tags(page: str) -> str:
    reader = _Text()
    reader.feed(page)
    return "".join(reader.pieces)


if __name__ == "__main__":
    main()
