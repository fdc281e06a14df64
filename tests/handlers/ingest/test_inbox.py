"""The inbox: files are ingested when they are complete, then moved, and stay while the database fails."""

import asyncio
import logging
import os
from pathlib import Path

import pytest

from handlers.drafts import FailedDraft
from storage.errors import StorageError
from storage.records import SHARED, SourceKind
from storage.store import Store
from tests.support.inbox import TEXT, RecordingIngest, names_in, until, watching


async def test_files_in_the_folder_and_files_added_later_are_ingested_and_move_to_done(
    inbox: Path, sqlite_store: Store
) -> None:
    ingest = RecordingIngest(folder=inbox)
    (inbox / "before.txt").write_text(TEXT)

    async with watching(inbox, sqlite_store, ingest):
        await until((inbox / "done" / "before.txt").exists)
        (inbox / "later.md").write_text("# Another headline\n\nIts words.")
        await until((inbox / "done" / "later.md").exists)

    assert ingest.titles == ["Huawei signs a deal", "Another headline"]
    assert ingest.in_place == [True, True], "files are ingested before they move"
    assert (ingest.sources[0].kind, ingest.sources[0].workspace_id) == (SourceKind.INBOX, SHARED)
    assert names_in(inbox) == ["done", "failed"]


async def test_missing_folders_are_created(tmp_path: Path, sqlite_store: Store) -> None:
    inbox = tmp_path / "data" / "inbox"

    async with watching(inbox, sqlite_store, RecordingIngest()):
        await until((inbox / "failed").is_dir)

    assert (inbox / "done").is_dir()


@pytest.mark.parametrize(
    ("name", "body", "reason"),
    [
        ("empty.txt", b"", "empty"),
        ("report.pdf", b"%PDF-1.7", "damaged"),
        ("noise.txt", bytes(range(256)) * 20, "not text"),
    ],
)
async def test_an_unreadable_file_moves_to_failed_with_the_reason_beside_it(
    name: str, body: bytes, reason: str, inbox: Path, sqlite_store: Store
) -> None:
    ingest = RecordingIngest()
    (inbox / name).write_bytes(body)

    async with watching(inbox, sqlite_store, ingest):
        await until((inbox / "failed" / name).exists)

    assert reason in (inbox / "failed" / f"{name}.why").read_text()
    (draft,) = ingest.drafts
    assert isinstance(draft, FailedDraft)
    assert reason in draft.reason
    assert draft.key


async def test_a_growing_file_is_read_when_it_is_complete(inbox: Path, sqlite_store: Store) -> None:
    ingest = RecordingIngest()

    async with watching(inbox, sqlite_store, ingest):
        with (inbox / "slow.txt").open("w") as file:
            for part in TEXT.split(" "):
                file.write(part + " ")
                file.flush()
                await asyncio.sleep(0.02)
            assert ingest.drafts == []
        await until((inbox / "done" / "slow.txt").exists)

    assert ingest.titles == ["Huawei signs a deal"]
    assert "it had signed." in str(ingest.drafts[0])


async def test_a_renamed_file_is_ingested_under_its_final_name(inbox: Path, sqlite_store: Store) -> None:
    ingest = RecordingIngest()

    async with watching(inbox, sqlite_store, ingest):
        (inbox / "a.txt.part").write_text(TEXT)
        (inbox / "a.txt.part").rename(inbox / "a.txt")
        await until((inbox / "done" / "a.txt").exists)

    assert [draft.origin for draft in ingest.drafts] == ["a.txt"]


async def test_a_named_pipe_does_not_stop_other_files(inbox: Path, sqlite_store: Store) -> None:
    os.mkfifo(inbox / "pipe.txt")
    (inbox / "a.txt").write_text(TEXT)

    async with watching(inbox, sqlite_store, RecordingIngest()):
        await until((inbox / "done" / "a.txt").exists)

    assert (inbox / "pipe.txt").exists()


async def test_a_file_stays_in_the_inbox_while_the_database_fails(
    inbox: Path, sqlite_store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    ingest = RecordingIngest(failures=[StorageError("the disk is full"), StorageError("the disk is full")])
    (inbox / "a.txt").write_text(TEXT)

    async with watching(inbox, sqlite_store, ingest):
        await until((inbox / "done" / "a.txt").exists)

    assert ingest.titles == ["Huawei signs a deal"]
    warnings = [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
    assert [line for line in warnings if "a.txt" in line] == []  # the store logs the outage, once


async def test_a_file_whose_name_is_not_utf8_is_ingested(inbox: Path, sqlite_store: Store) -> None:
    (inbox / os.fsdecode(b"caf\xe9.txt")).write_text(TEXT)
    ingest = RecordingIngest()

    async with watching(inbox, sqlite_store, ingest):
        await until(lambda: len(ingest.drafts) == 1)

    ingest.drafts[0].origin.encode("utf-8")
