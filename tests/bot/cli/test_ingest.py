"""`ingest`: files, folders, standard input and web addresses; its output, exit codes and reasons of failure."""

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.command_line import CommandLine, command_line
from tests.support.http_server import Answer, LocalServer, local_server
from tests.support.paths import SHARED

SAMPLES = SHARED / "seeds"
ARTICLE = """MTS and Huawei agree to build 5G in Russia

The agreement was signed in Moscow on Wednesday between MTS and Huawei and covers pilot 5G networks in 2019 and 2020.

The two companies will build the first stations in Moscow, and the operator expects to open them in spring.
"""
LETTER = """From: Ann Tamm <ann@desk.example>
To: Bo Lind <bo@desk.example>
Subject: Re: The plant
Date: Mon, 2 Nov 2026 09:00:00 +0000
Content-Type: text/plain; charset=utf-8

Yes, it opened on Monday, and it will employ nine hundred people.

On Mon, 2 Nov 2026 at 08:00, Bo Lind <bo@desk.example> wrote:
> Is the plant of Norvane open?
"""
PAGE = f"""<html lang="en"><head><title>{ARTICLE.splitlines()[0]}</title></head><body><article>
<h1>{ARTICLE.splitlines()[0]}</h1><p>{ARTICLE.splitlines()[2]}</p><p>{ARTICLE.splitlines()[4]}</p>
</article></body></html>"""
FEED = b"""<rss version="2.0"><channel><title>Example Wire</title><link>https://example.com/</link>
<item><title>Huawei opens a plant</title><link>https://example.com/plant</link>
<description>Huawei opened a plant on Monday, it said.</description></item>
<item><title>Rain in the valley</title><link>https://example.com/rain</link>
<description>It rained all day in the valley.</description></item></channel></rss>"""


@pytest.fixture
def cli(tmp_path: Path, started_template: Path) -> CommandLine:
    return command_line(tmp_path, started_template, WIREWATCH_ALLOW_PRIVATE_FETCH="true")


@pytest.fixture
async def server() -> AsyncIterator[LocalServer]:
    async with local_server() as running:
        yield running


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "article.txt"
    path.write_text(ARTICLE, encoding="utf-8")
    return path


def test_what_was_set_aside_of_a_letter_is_printed_and_found_later(cli: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "re.eml").write_text(LETTER, encoding="utf-8")

    ran = cli("ingest", "--json", str(tmp_path / "re.eml"))
    printed = cli("ingest", str(tmp_path / "re.eml"))

    (part,) = ran.row["set_aside"]
    assert part["rule"] == "quoted letter" and "Is the plant of Norvane open?" in part["text"]
    assert part["words"] == len(part["text"].split())
    assert f"Set aside: quoted letter ({part['words']} words)" in printed.out


def test_each_line_is_an_article_with_its_topics_story_and_deliveries(cli: CommandLine, article: Path) -> None:
    ran = cli("ingest", "--json", str(article))

    assert ran.code == 0
    assert ran.err == ""
    row = ran.row
    assert set(row) == {"article", "state", "topics", "story", "deliveries"}
    assert set(row["article"]) == {"id", "title", "url", "published_at", "language", "source"}
    assert row["article"]["title"] == "MTS and Huawei agree to build 5G in Russia"
    assert row["article"]["language"] == "en"
    assert row["article"]["published_at"].endswith("+00:00")
    assert row["state"] == "new"
    assert row["story"] == {"id": row["story"]["id"], "articles": 1}
    assert row["deliveries"] == 1
    assert {topic["topic"] for topic in row["topics"]} >= {"huawei", "5g"}
    pieces = [piece for topic in row["topics"] for piece in topic["evidence"]]
    assert pieces
    assert all(set(piece) == {"field", "start", "end", "text"} for piece in pieces)
    titles = [piece for piece in pieces if piece["field"] == "title"]
    assert titles
    assert all(row["article"]["title"][piece["start"] : piece["end"]] == piece["text"] for piece in titles)


def test_a_guessed_encoding_is_said(cli: CommandLine, tmp_path: Path) -> None:
    line = tmp_path / "line.txt"
    line.write_bytes("Хуавэй подписала соглашение с оператором связи в Москве".encode("cp1251"))

    row, page = cli("ingest", "--json", str(line)).row, cli("ingest", str(line))

    assert row["note"].startswith("Its encoding is a guess (cp1251).")
    assert row["note"] in page.out


def test_ingesting_a_document_again_queues_nothing(cli: CommandLine, article: Path, tmp_path: Path) -> None:
    first = cli("ingest", "--json", str(article)).row
    renamed = tmp_path / "copy.txt"
    renamed.write_text(ARTICLE, encoding="utf-8")

    for path in (article, renamed):
        again = cli("ingest", "--json", str(path))

        assert again.code == 0
        assert again.row == {**first, "state": "known", "deliveries": 0}


def test_a_folder_and_standard_input_give_the_same_article(cli: CommandLine, article: Path) -> None:
    folder = article.parent / "folder"
    folder.mkdir()
    (folder / ".hidden").write_text("hidden")
    (folder / "a.txt").write_text(ARTICLE, encoding="utf-8")
    (folder / "b.md").write_text(
        "# Huawei opens a plant\n\nHuawei opened a plant on Monday, it said.\n", encoding="utf-8"
    )

    both = cli("ingest", "--json", str(folder)).rows
    piped = cli("ingest", "--json", "-", stdin=ARTICLE.encode()).row

    assert [row["article"]["title"] for row in both] == [ARTICLE.splitlines()[0], "Huawei opens a plant"]
    assert piped["article"]["id"] == both[0]["article"]["id"]
    assert piped["state"] == "known"


async def test_a_page_is_fetched_from_its_address(cli: CommandLine, server: LocalServer) -> None:
    url = server.answer("/mts", Answer(body=PAGE.encode(), headers={"Content-Type": "text/html; charset=utf-8"}))

    ran = await asyncio.to_thread(cli, "ingest", "--json", url)

    assert ran.code == 0
    assert ran.row["article"]["url"] == url
    assert ran.row["article"]["title"] == ARTICLE.splitlines()[0]


async def test_a_feed_gives_a_line_for_each_article(cli: CommandLine, server: LocalServer) -> None:
    url = server.answer("/feed", Answer(body=FEED, headers={"Content-Type": "application/rss+xml"}))

    ran = await asyncio.to_thread(cli, "ingest", "--json", url)

    assert ran.code == 0
    assert {row["article"]["url"] for row in ran.rows} == {"https://example.com/plant", "https://example.com/rain"}
    assert {row["article"]["source"] for row in ran.rows} == {"Example Wire"}


async def test_an_address_that_cannot_be_fetched_is_a_failed_document(cli: CommandLine, server: LocalServer) -> None:
    ran = await asyncio.to_thread(cli, "ingest", "--json", server.address + "/nothing")

    assert ran.code == 1
    assert ran.row["state"] == "failed"
    assert "404" in ran.err


def test_failed_documents_are_named_and_the_others_are_ingested(cli: CommandLine, article: Path) -> None:
    empty = article.with_name("empty.txt")
    empty.touch()

    ran = cli("ingest", "--json", str(empty), "gone.txt", str(article))

    assert ran.code == 1
    assert [row["state"] for row in ran.rows] == ["failed", "failed", "new"]
    assert ran.rows[0]["article"] is None
    first, second = ran.err.splitlines()
    assert "empty.txt" in first
    assert "gone.txt" in second
    assert "No such file" in second
    ledger = cli("ledger", "--json").row
    assert (ledger["failed"], ledger["matched"], ledger["agrees"]) == (2, 1, True)


def test_a_file_name_that_is_not_valid_utf_8_is_read_and_printed(cli: CommandLine, tmp_path: Path) -> None:
    names = [
        os.fsdecode(os.fsencode(tmp_path) + name) for name in (b"/good\xff.txt", b"/empty\xff.txt", b"/gone\xff.txt")
    ]
    Path(names[0]).write_text(ARTICLE, encoding="utf-8")
    Path(names[1]).touch()

    ran = cli("ingest", "--json", *names)

    assert ran.code == 1
    assert [row["state"] for row in ran.rows] == ["new", "failed", "failed"]
    assert "empty" in ran.err
    assert "gone" in ran.err
    assert ran.err.encode("utf-8")
    assert "There is no word to look for in" in cli("topics", "add", "half", "=", "huawei \udcff").err
    assert "Traceback" not in cli("topics", "check", "5g", *names, "--json").err


def test_people_see_the_state_the_topics_and_the_queued_deliveries(cli: CommandLine, article: Path) -> None:
    ran = cli("ingest", str(article))

    assert ran.code == 0
    assert ran.out.startswith("new       MTS and Huawei agree to build 5G in Russia\n")
    assert "Huawei · 5G" in ran.out
    assert "1 delivery queued\n" in ran.out


@pytest.mark.parametrize(
    ("words", "code"),
    [((), 2), (("--nonsense", "x"), 2), (("--help",), 0)],
    ids=["nothing named", "an unknown option", "help"],
)
def test_wrong_usage_exits_with_2(words: tuple[str, ...], code: int, cli: CommandLine) -> None:
    ran = cli("ingest", *words)

    assert ran.code == code
    assert "Usage" in ran.out + ran.err


def test_an_empty_folder_is_reported(cli: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()

    ran = cli("ingest", str(tmp_path / "none"))

    assert ran.code == 1
    assert "No documents in" in ran.err


def test_the_shared_sample_is_about_huawei_5g_and_sanctions(cli: CommandLine) -> None:
    samples = sorted(SAMPLES.glob("*.txt"))
    if not samples:
        pytest.skip("the shared sample documents are not available")

    ran = cli("ingest", "--json", *map(str, samples))

    assert ran.code == 0
    for row in ran.rows:
        assert {topic["topic"] for topic in row["topics"]} >= {"huawei", "5g", "sanctions"}
        assert row["deliveries"] >= 1
