"""Documents made to keep a parser busy are read or refused within seconds. Without the limits they take minutes."""

import time

import pytest

from handlers.answers.errors import UnreadableDocument
from handlers.sources.documents.document import read_document

MAIL = "From: a@example.org\nMessage-ID: <a@example.org>\nDate: x\n"
CASES = {
    "brackets": ("x.md", "# Title\n\n" + "[" * 190_000),
    "pictures": ("x.md", "# Title\n\n" + "![" * 95_000),
    "emphasis": ("x.md", "# Title\n\n" + "**a" * 60_000),
    "empty lines in a letter": ("x.eml", f"{MAIL}Subject: Title\n\nHello there\n{chr(10) * 500_000}end"),
    "a subject without end": ("x.eml", f"{MAIL}Subject: {'By ' * 150_000}\n\nHello there, this is the letter.\n"),
    "a content type without end": ("x.eml", f"{MAIL}Content-Type: text/plain; {'a=b; ' * 100_000}\n\nHello there.\n"),
}


@pytest.mark.parametrize("name", CASES)
def test_a_document_cannot_keep_the_bot_busy(name: str) -> None:
    file, text = CASES[name]
    began = time.process_time()

    try:
        drafts = read_document(text.encode(), content_type=None, name=file)
    except UnreadableDocument:
        drafts = ()

    assert len(drafts) <= 1
    # Not a benchmark: without its limit each case takes minutes to hours.
    assert time.process_time() - began < 30
