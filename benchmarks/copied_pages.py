"""Measures how well an article is read from a whole page that somebody copied with its menus and footer.

Usage: python -m benchmarks.copied_pages [--pages N] [--show]

The copies are made from labelled pages in ../shared/data/extraction: the text that a browser shows, block by block.
The headline is found if one of both headlines contains the other. A sentence is foreign if the labelled text of the
article does not contain it.
"""

import argparse
import re
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from typing import Any, Final

from benchmarks.labelled_data import DATA, require
from handlers.answers.errors import UnreadableDocument
from handlers.drafts import ArticleDraft
from handlers.sources.documents.document import read_document
from handlers.sources.documents.page import read_page
from handlers.sources.text.html_limits import limit_html
from handlers.sources.text.html_text import is_unseen
from handlers.sources.text.html_tree import Element, page_tree

_BLOCKS: Final = frozenset(
    "address article aside blockquote button dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 "
    "h5 h6 header hr li main nav ol p pre section summary table tr ul option label".split()
)
_NOT_COPIED: Final = frozenset(
    "script style noscript template head title svg iframe object select textarea audio video canvas".split()
)
_SENTENCE: Final = re.compile(r"(?<=[.!?。！？])[”\"’)]*\s+|\n+")
_SHORTEST: Final = 25
"""Letters and digits of a sentence that is judged."""


def copied(page: str) -> str:
    """Return the text that copying this whole page from a browser gives."""
    tree = page_tree(limit_html(page))
    body = tree.find("body") if tree is not None else None
    if body is None:
        return ""
    lines = (" ".join(line.split()) for line in "".join(_pieces(body)).split("\n"))
    return "\n".join(line for line in lines if line)


def _pieces(element: Element) -> Iterator[str]:
    tag = str(element.tag)
    if tag not in _NOT_COPIED and not is_unseen(element):
        end = "\n" if tag in _BLOCKS or tag == "br" else "\t" if tag in ("td", "th") else ""
        yield end
        yield (element.text or "").replace("\n", " ")
        for child in element:
            yield from _pieces(child)
        yield end
    yield (element.tail or "").replace("\n", " ")


def letters(text: str) -> str:
    """Return the letters and digits of a text in lower case."""
    return re.sub(r"\W+", "", text).lower()


def headline_of(page: dict[str, Any]) -> str:
    """Return the labelled headline, else the one in the page's markup."""
    return page.get("title") or read_page(page["html"], origin="page", base_url=page["url"]).title


def is_found(headline: str, found: str) -> bool:
    """Whether one of both headlines contains the other."""
    first, second = letters(headline), letters(found)
    return first == second or (len(second) > _SHORTEST // 2 and (first in second or second in first))


def foreign_sentences(draft: ArticleDraft, article: str) -> tuple[int, int]:
    """Return how many sentences of the text are not in the article, and how many it has."""
    own = letters(article)
    sentences = [letters(sentence) for sentence in _SENTENCE.split(draft.text)]
    judged = [sentence for sentence in sentences if len(sentence) >= _SHORTEST]
    return sum(sentence not in own for sentence in judged), len(judged)


def coverage(draft: ArticleDraft, article: str) -> float:
    """Return the share of the article's sentences that the text contains."""
    text = letters(f"{draft.title} {draft.text}")
    sentences = [letters(sentence) for sentence in _SENTENCE.split(article)]
    judged = [sentence for sentence in sentences if len(sentence) >= _SHORTEST]
    return sum(sentence in text for sentence in judged) / max(len(judged), 1)


def spread(pages: Sequence[dict[str, Any]], count: int) -> list[dict[str, Any]]:
    """Return `count` of the pages, evenly spread."""
    return [pages[position * len(pages) // count] for position in range(min(count, len(pages)))]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=30, help="how many pages are copied")
    parser.add_argument("--show", action="store_true", help="print the headline of each page")
    arguments = parser.parse_args()
    require(DATA / "extraction")
    sys.path.insert(0, str(DATA / "score"))
    from packio import pack  # type: ignore[import-not-found]

    pages = [page for page in pack("extraction/pages", "dev") if page["gold_kind"] == "full"]
    found: list[bool] = []
    foreign: list[tuple[int, int]] = []
    covered: list[float] = []
    times: list[float] = []
    for page in spread(pages, arguments.pages):
        text, headline = copied(page["html"]), headline_of(page)
        start = time.perf_counter()
        try:
            (draft,) = read_document(text.encode(), content_type="text/plain", name="page.txt")
        except UnreadableDocument:
            draft = ArticleDraft(title="", text="", origin="page.txt")
        times.append((time.perf_counter() - start) * 1000)
        assert isinstance(draft, ArticleDraft)
        found.append(is_found(headline, draft.title))
        foreign.append(foreign_sentences(draft, page["gold"]))
        covered.append(coverage(draft, page["gold"]))
        if arguments.show:
            state = f"{'found' if found[-1] else 'NOT':5} {foreign[-1][0] / max(foreign[-1][1], 1):4.0%}"
            print(f"{state} {covered[-1]:4.0%} {page['id']} {headline!r} {draft.title!r}")
    share = sum(count for count, _ in foreign) / max(sum(total for _, total in foreign), 1)
    print(
        f"headlines found: {sum(found)} of {len(found)}; foreign sentences: {share:.1%}; "
        f"sentences of the articles that are read: {statistics.mean(covered):.1%}; "
        f"{statistics.median(times):.1f} ms per page (median), {max(times):.0f} ms at most"
    )


if __name__ == "__main__":
    main()
