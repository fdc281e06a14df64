"""Files of the inbox: which are read, with which keys, and where they move."""

import os
from pathlib import Path

import pytest

from handlers.answers.errors import UnreadableDocument
from handlers.drafts import ArticleDraft
from handlers.ingest.inbox import read_path
from handlers.sources.documents.document import MAX_DOCUMENT_BYTES
from storage.store import Store
from tests.support.inbox import TEXT, RecordingIngest, names_in, until, watching
from tests.support.paths import ROOT


async def test_a_reason_left_by_a_crash_without_its_file_is_overwritten(inbox: Path, sqlite_store: Store) -> None:
    (inbox / "failed").mkdir()
    (inbox / "failed" / "empty.txt.why").write_text("Half a rea")
    (inbox / "empty.txt").write_bytes(b"")

    async with watching(inbox, sqlite_store, RecordingIngest()):
        await until(lambda: "empty.txt" not in names_in(inbox))

    assert names_in(inbox / "failed") == ["empty.txt", "empty.txt.why"]
    assert "empty" in (inbox / "failed" / "empty.txt.why").read_text()


async def test_a_failed_file_with_the_name_of_a_reason_is_not_overwritten(inbox: Path, sqlite_store: Store) -> None:
    (inbox / "empty.txt.why").write_bytes(b"%PDF-1.7")

    async with watching(inbox, sqlite_store, RecordingIngest()):
        await until((inbox / "failed" / "empty.txt.why").exists)
        (inbox / "empty.txt").write_bytes(b"")
        await until(lambda: "empty.txt" not in names_in(inbox))

    assert (inbox / "failed" / "empty.txt.why").read_bytes() == b"%PDF-1.7"
    assert "empty" in (inbox / "failed" / "empty-2.txt.why").read_text()


async def test_a_huge_file_is_refused_without_reading_it(inbox: Path, sqlite_store: Store) -> None:
    with (inbox / "huge.txt").open("wb") as file:
        file.truncate(200_000_000)

    async with watching(inbox, sqlite_store, RecordingIngest()):
        await until((inbox / "failed" / "huge.txt").exists)

    assert "too large: 200 MB" in (inbox / "failed" / "huge.txt.why").read_text()


async def test_files_with_names_of_unfinished_files_are_ignored(inbox: Path, sqlite_store: Store) -> None:
    names = (".hidden.txt", "a.txt.part", "b.tmp", "~lock.txt", "c.txt~", "d.crdownload")
    for name in names:
        (inbox / name).write_text(TEXT)
    ingest = RecordingIngest()

    async with watching(inbox, sqlite_store, ingest):
        (inbox / "real.txt").write_text(TEXT)
        await until((inbox / "done" / "real.txt").exists)

    assert len(ingest.drafts) == 1
    assert all((inbox / name).exists() for name in names)


async def test_a_name_already_used_in_done_gets_a_number(inbox: Path, sqlite_store: Store) -> None:
    (inbox / "done").mkdir()
    (inbox / "done" / "a.txt").write_text("older")
    (inbox / "a.txt").write_text(TEXT)

    async with watching(inbox, sqlite_store, RecordingIngest()):
        await until((inbox / "done" / "a-2.txt").exists)

    assert (inbox / "done" / "a.txt").read_text() == "older"


async def test_a_symbolic_link_is_not_followed(inbox: Path, sqlite_store: Store, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text(TEXT)
    (inbox / "link.txt").symlink_to(secret)
    ingest = RecordingIngest()

    async with watching(inbox, sqlite_store, ingest):
        await until((inbox / "failed" / "link.txt").is_symlink)

    assert ingest.titles == []
    assert secret.read_text() == TEXT
    assert "which is not followed" in (inbox / "failed" / "link.txt.why").read_text()


async def test_a_file_always_has_the_same_key_and_other_files_have_other_keys(tmp_path: Path) -> None:
    first, other = tmp_path / "a.txt", tmp_path / "b.txt"
    first.write_text(TEXT)
    other.write_text(TEXT)

    assert read_path(first)[0].key == read_path(first)[0].key
    assert read_path(first)[0].key != read_path(other)[0].key
    first.write_text(TEXT + "More.")
    assert read_path(first)[0].key != read_path(other)[0].key


@pytest.mark.parametrize("size", [MAX_DOCUMENT_BYTES + 1, 200_000_000])
def test_a_file_that_is_too_large_is_refused_before_it_is_read(size: int, tmp_path: Path) -> None:
    with (tmp_path / "a.txt").open("wb") as file:
        file.truncate(size)

    with pytest.raises(UnreadableDocument, match="too large"):
        read_path(tmp_path / "a.txt")


@pytest.mark.parametrize("path", sorted((ROOT / "seeds" / "articles").iterdir()), ids=lambda p: p.name)
def test_every_example_document_is_an_article_with_an_address(path: Path) -> None:
    (draft,) = read_path(path)

    assert isinstance(draft, ArticleDraft)
    assert draft.url is not None
    assert draft.url.startswith(("https://example.com/", "https://example.org/"))
    assert draft.publisher
    assert draft.published_at is None, "its date is the time of arrival, so that it causes alerts"
    assert draft.language in {"en", "de", "ru", "zh"}


async def test_ingested_files_can_be_read_by_their_owner_only(tmp_path: Path, sqlite_store: Store) -> None:
    inbox = tmp_path / "data" / "inbox"
    before = os.umask(0)
    try:
        async with watching(inbox, sqlite_store, RecordingIngest()):
            await until((inbox / "failed").is_dir)
            (inbox / "good.txt").write_text(TEXT)
            (inbox / "bad.txt").write_text(" ")
            await until(lambda: (inbox / "done" / "good.txt").exists() and (inbox / "failed" / "bad.txt").exists())
    finally:
        os.umask(before)

    everything = [tmp_path / "data", *(tmp_path / "data").rglob("*")]
    assert {path.name: path.stat().st_mode & 0o777 for path in everything} == {
        "data": 0o700,
        "inbox": 0o700,
        "done": 0o700,
        "failed": 0o700,
        "good.txt": 0o600,
        "bad.txt": 0o600,
        "bad.txt.why": 0o600,
    }
